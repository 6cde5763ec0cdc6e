"""Reminders by rule: so many days before an agency's own last day of a stage, if it lacks something in it.

What goes out is asked of the day that it is: a worker that was away yesterday sends nothing of yesterday's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from models.participation import Participation
from models.reminder import FARTHEST, ChaseMail, MailState, ReminderRule, ReminderStop
from models.round import Round, RoundState, Stage
from models.thai import local_day
from portal.chasing import outbox
from portal.chasing.lacks import CHASED
from portal.chasing.listing import Addressed, Chase, Narrowed
from portal.core import audit, clock
from portal.core.access import SYSTEM_ACTOR, Actor, can
from portal.core.access import Permission as P
from portal.core.acting import seated
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold, one_or_404
from portal.core.stages import stage_of, stage_state

#: nobody is written to in the night
BEGINS = time(8)


# -- rules -----------------------------------------------------------------------------------------------


def rules_of(round_id: int) -> list[ReminderRule]:
    """The rules of a round in the actor's scope: stage by stage, what comes first in front."""
    rows = db.session.scalars(select(ReminderRule).where(ReminderRule.round_id == round_id))
    return sorted(rows, key=lambda one: (list(Stage).index(one.stage), -one.days))


def add(round: Round, *, stage: Stage, days: int, actor: Actor) -> ReminderRule:
    """Make a rule, which is on. Raises NotFound for who may not, Refused for one that is there already."""
    _require(actor)
    if stage not in CHASED:
        raise Refused("Nobody is chased in this stage", field="stage")
    if not 0 <= days <= FARTHEST:
        raise Refused("Write a number of days from 0 to 60", field="days")
    rule = ReminderRule(round_id=round.id, stage=stage, days=days)
    with audit.act("reminders.add"):
        db.session.add(rule)
    return rule


def turn(rule_id: int, round_id: int, *, on: bool, actor: Actor) -> ReminderRule:
    """Turn a rule on or off. Off, what waits of it stays here; on again the same day, it goes out after all.

    Raises NotFound for who may not, or for a rule that is gone.
    """
    rule = _rule(rule_id, round_id, actor)
    hold(rule)
    with audit.act("reminders.on" if on else "reminders.off"):
        rule.active = on
    if on:
        today = local_day(clock.now())
        outbox.let_go(db.session(), ChaseMail.rule_id == rule.id, ChaseMail.day == today)
    else:
        outbox.stop_waiting(db.session(), ChaseMail.rule_id == rule.id)
    return rule


def remove(rule_id: int, round_id: int, *, actor: Actor) -> None:
    """Remove a rule by which nothing was ever made. Raises Refused for another, NotFound as ``turn``."""
    rule = _rule(rule_id, round_id, actor)
    hold(rule)
    if db.session.scalar(select(ChaseMail.id).where(ChaseMail.rule_id == rule.id).limit(1)) is not None:
        raise Refused("E-mails went out by this rule: turn it off instead")
    with audit.act("reminders.remove"):
        db.session.delete(rule)


def _rule(rule_id: int, round_id: int, actor: Actor) -> ReminderRule:
    _require(actor)
    query = select(ReminderRule).where(ReminderRule.id == rule_id, ReminderRule.round_id == round_id)
    rule: ReminderRule = one_or_404(query)
    return rule


def _require(actor: Actor) -> None:
    if not can(actor, P.REMINDERS_WRITE):
        raise NotFound


# -- agencies that get none ------------------------------------------------------------------------------


def stop_of(participation_id: int) -> ReminderStop | None:
    """Who took an agency out, and when; None where it gets reminders. In the actor's scope."""
    query = select(ReminderStop).where(ReminderStop.participation_id == participation_id)
    return db.session.scalars(query).one_or_none()


def take_out(participation: Participation, *, out: bool, actor: Actor) -> None:
    """Let an agency get no reminders by rule any more, or get them again. Raises NotFound for who may not."""
    if not can(actor, P.CHASING_MAIL):
        raise NotFound
    hold(participation)
    stop = stop_of(participation.id)
    if out and stop is None:
        with audit.act("reminders.take_out"):
            db.session.add(
                ReminderStop(
                    participation_id=participation.id,
                    province_id=participation.province_id,
                    at=clock.now(),
                    by=actor.name_and_place,
                )
            )
        outbox.stop_waiting(db.session(), ChaseMail.participation_id == participation.id)
    elif not out and stop is not None:
        with audit.act("reminders.take_in"):
            db.session.delete(stop)


# -- what goes out ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ahead:
    """What a rule would do on a day, by what is lacking now: who gets it, has no address, was taken out."""

    rule: ReminderRule
    day: date
    getting: tuple[int, ...]
    unknown: int
    out: int


@dataclass(frozen=True)
class Past:
    """How many mails of a rule stand where, and the day of the newest one."""

    day: date
    stand: Mapping[MailState, int]


def ahead(chase: Chase, rules: Sequence[ReminderRule]) -> list[Ahead]:
    """What goes out today and later by these rules while they are on, the next first; five queries.

    An agency gets one a day, by whichever rule comes first.
    """
    today, out = local_day(chase.now), _taken_out(chase.round)
    had = {today: outbox.told_on(chase.round, today)}
    on = [rule for rule in rules if rule.active and rule.stage in chase.due.stages]
    common = {rule.stage: stage_state(chase.round, rule.stage, chase.now).last_day for rule in on}
    found: dict[tuple[int, date], list[Addressed]] = {}
    for one in chase.addressed(Narrowed()) if on else ():
        last = _last_days(one, common, chase.now)
        for rule in (rule for rule in on if rule.stage in last):
            day = last[rule.stage] - timedelta(days=rule.days)
            if day >= today and one.id not in had.setdefault(day, set()):
                had[day].add(one.id)
                found.setdefault((rule.id, day), []).append(one)
    by_id = {rule.id: rule for rule in on}
    made = [_ahead(by_id[key], day, listed, out) for (key, day), listed in found.items()]
    return sorted(made, key=lambda one: (one.day, list(Stage).index(one.rule.stage)))


def _last_days(one: Addressed, common: Mapping[Stage, date | None], now: datetime) -> dict[Stage, date]:
    """The agency's own last day of each stage that it is behind in. ``common``: those of the calendar."""
    days = {
        stage: stage_of(one.extended, stage, now).last_day if one.extended else common[stage]
        for stage in common.keys() & one.stages
    }
    return {stage: day for stage, day in days.items() if day is not None}


def _ahead(rule: ReminderRule, day: date, listed: Sequence[Addressed], out: set[int]) -> Ahead:
    of_them = [one for one in listed if one.id not in out]
    getting = tuple(one.id for one in of_them if one.address)
    return Ahead(rule, day, getting, len(of_them) - len(getting), len(listed) - len(of_them))


def _taken_out(round: Round) -> set[int]:
    here = select(ReminderStop.participation_id).join(
        Participation, Participation.id == ReminderStop.participation_id
    )
    return set(db.session.scalars(here.where(Participation.round_id == round.id)))


def past(rules: Sequence[ReminderRule]) -> dict[int, Past]:
    """What went out by these rules so far, by their ids; one query."""
    query = (
        select(ChaseMail.rule_id, ChaseMail.state, func.count(ChaseMail.id), func.max(ChaseMail.day))
        .where(ChaseMail.rule_id.in_([rule.id for rule in rules]))
        .group_by(ChaseMail.rule_id, ChaseMail.state)
    )
    found: dict[int, tuple[date, dict[MailState, int]]] = {}
    for rule_id, state, number, day in db.session.execute(query):
        assert rule_id is not None, "mails of rules were asked for"
        newest, stand = found.get(rule_id, (day, {}))
        found[rule_id] = max(newest, day), {**stand, state: number}
    return {rule_id: Past(day, stand) for rule_id, (day, stand) in found.items()}


def write_due() -> int:
    """Make the mails of today by the rules that are on; gives how many. Nobody gets two of them in a day."""
    if clock.now().time() < BEGINS:
        return 0
    with privileged("rounds with reminders") as session:
        query = select(Round.id).join(ReminderRule, ReminderRule.round_id == Round.id)
        rounds = session.scalars(query.where(Round.state == RoundState.OPEN, ReminderRule.active).distinct())
        due = list(rounds)
    with seated(SYSTEM_ACTOR):
        made = sum(_write_due(db.session.get_one(Round, round_id)) for round_id in due)
        db.session.rollback()  # it only read: the next duty begins anew
        return made


def _write_due(round: Round) -> int:
    chase = Chase.of(round, clock.now())
    office = round.sector.office
    made = 0
    for one in ahead(chase, rules_of(round.id)):
        if one.day == local_day(chase.now) and one.getting:
            made += sum(outbox.write(chase, one.getting, outbox.Sender(office, rule_id=one.rule.id)))
    return made
