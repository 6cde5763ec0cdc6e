"""Reminders by rule: on their day, to those who lack something, once a day, and stopped by a click."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.audit import AuditEvent
from models.participation import Participation, PreparationState
from models.reminder import MailState, ReminderRule
from models.round import Round, RoundState, Stage
from models.survey import AnswerCount, Channel
from portal.chasing import posting, reminders
from portal.chasing.listing import Chase
from portal.core.acting import acting, seated
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.stages import stage_state
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.reminders import ChaseMailFactory, ReminderRuleFactory
from tests.support.country import IIT
from tests.support.mail import do_jobs, mails
from tests.support.reminders import addressed, all_mails, ordered, stand, time_to_try_again
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
A1, B1 = "a1@example.go.th", "b1@example.go.th"


def last_day(world: World, stage: Stage = Stage.PREPARATION) -> date:
    with privileged("a test looks") as session:
        found = stage_state(session.get_one(Round, world.round_id), stage, NOW).last_day
    assert found is not None
    return found


def ruled(world: World, days: int | None = None, stage: Stage = Stage.PREPARATION) -> int:
    """A rule; without a number of days one whose day is today. Gives its id."""
    actor = world.actor("dla")
    number = (last_day(world, stage) - NOW.date()).days if days is None else days
    with acting(actor):
        round = db.session.get_one(Round, world.round_id)
        rule = reminders.add(round, stage=stage, days=number, actor=actor)
        db.session.flush()
        return rule.id


def turned(world: World, rule: int, *, on: bool) -> None:
    actor = world.actor("dla")
    with acting(actor):
        reminders.turn(rule, world.round_id, on=on, actor=actor)


def sent() -> None:
    """What the worker does by the clock."""
    reminders.write_due()
    posting.look_after()
    do_jobs()


def it_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", moment.isoformat())


def test_on_its_day_a_rule_reaches_who_lacks_something_once(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1", "b1")
        with writing(), privileged("one has done it") as session:
            session.info["unrecorded"] = True
            confirmed(session.get_one(Participation, world.participation["b1"]))
        rule = ruled(world)
        sent()
        sent()
        assert stand() == {A1: MailState.SENT}
        (message,) = mails(app)
        assert "เปิดใช้งานรหัสผ่าน" in message.get_content()
        (made,) = all_mails()
        assert (made.rule_id, made.day, made.by) == (rule, NOW.date(), "")
        with privileged("a test looks") as session:
            acts = session.scalars(select(AuditEvent).where(AuditEvent.act == "chasing.remind")).all()
            assert [one.after["participation_id"] for one in acts] == [world.participation["a1"]]


def confirmed(row: Participation) -> None:
    row.activated_at = row.headcount_at = row.roster_at = NOW
    row.headcount, row.roster_count, row.state = 40, 30, PreparationState.CONFIRMED
    row.confirmed_at = NOW


@pytest.mark.parametrize(("answers", "reached"), [(29, True), (30, False)])
def test_a_survey_reaches_who_is_below_its_minimum(
    app: Portal, world: World, answers: int, reached: bool
) -> None:
    with app.app_context():
        addressed(world, "a1")
        with writing(), privileged("a test's answers") as session:
            session.info["unrecorded"] = True
            row = session.get_one(Participation, world.participation["a1"])
            confirmed(row)
            owner = {"participation_id": row.id, "agency_id": row.agency_id, "province_id": row.province_id}
            session.add(AnswerCount(**owner, instrument=IIT, channel=Channel.SELF, count=answers))
        ruled(world, stage=Stage.IIT)
        sent()
        assert bool(all_mails()) is reached


def test_neither_early_nor_late_nor_in_the_night(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        addressed(world, "a1")
        ruled(world)
        for moment in (NOW - timedelta(days=1), NOW + timedelta(days=1), NOW.replace(hour=7, minute=59)):
            it_is(monkeypatch, moment)
            sent()
            assert all_mails() == [], moment
        it_is(monkeypatch, NOW.replace(hour=8, minute=0))
        sent()
        assert len(all_mails()) == 1


def test_a_worker_that_was_away_for_a_day_does_not_send_yesterdays(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        addressed(world, "a1")
        ruled(world)
        reminders.write_due()
        assert stand() == {A1: MailState.WAITING}
        it_is(monkeypatch, NOW.replace(hour=0, minute=0) + timedelta(days=1))
        sent()
        assert stand() == {A1: MailState.STOPPED} and mails(app) == []


def test_a_rule_that_is_off_sends_nothing_not_even_what_waits(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1")
        rule = ruled(world)
        reminders.write_due()
        turned(world, rule, on=False)
        sent()
        assert stand() == {A1: MailState.STOPPED} and mails(app) == []
        turned(world, rule, on=True)
        sent()
        assert stand() == {A1: MailState.SENT} and len(mails(app)) == 1
        with privileged("a test looks") as session:
            acts = set(session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "reminder_rule")))
        assert acts == {"reminders.add", "reminders.off", "reminders.on"}


def test_an_agency_that_was_taken_out_gets_none_by_rule_but_by_hand(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1", "b1")
        ruled(world)
        reminders.write_due()
        taken_out(world, "province", "a1", out=True)
        sent()
        assert stand() == {A1: MailState.STOPPED, B1: MailState.SENT}
        with acting(world.actor("dla")):
            assert reminders.stop_of(world.participation["a1"]) is not None
            assert reminders.stop_of(world.participation["b1"]) is None
        taken_out(world, "province", "a1", out=False)
        with acting(world.actor("dla")):
            assert reminders.stop_of(world.participation["a1"]) is None
        with pytest.raises(NotFound):
            taken_out(world, "nacc", "a1", out=True)


def taken_out(world: World, person: str, key: str, *, out: bool) -> None:
    actor = world.actor(person)
    with acting(actor):
        one = db.session.get_one(Participation, world.participation[key])
        reminders.take_out(one, out=out, actor=actor)
        reminders.take_out(one, out=out, actor=actor)


def test_who_had_an_e_mail_by_hand_today_gets_none_by_rule(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1")
        ordered(world)
        do_jobs()
        ruled(world)
        ruled(world, days=(last_day(world, Stage.IIT) - NOW.date()).days, stage=Stage.IIT)
        sent()
        assert [one.rule_id for one in all_mails()] == [None]


def test_what_goes_out_next_is_what_goes_out(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        addressed(world, "a1", "b1", "b2")
        taken_out(world, "dla", "b2", out=True)
        day = NOW.date() + timedelta(days=2)
        rule = ruled(world, (last_day(world) - day).days)
        with seated(world.actor("nacc")):
            chase = Chase.of(db.session.get_one(Round, world.round_id), NOW)
            (next_one,) = reminders.ahead(chase, reminders.rules_of(world.round_id))
            assert reminders.past(reminders.rules_of(world.round_id)) == {}
        getting = {world.participation[key] for key in ("a1", "b1")}
        assert (next_one.rule.id, next_one.day, set(next_one.getting)) == (rule, day, getting)
        assert (next_one.unknown, next_one.out) == (1, 1)
        it_is(monkeypatch, NOW + timedelta(days=2))
        sent()
        assert {one.participation_id for one in all_mails()} == getting
        with seated(world.actor("nacc")):
            gone = reminders.past(reminders.rules_of(world.round_id))[rule]
        assert gone.day == day and gone.stand == {MailState.SENT: 2}


def test_a_closed_round_reminds_nobody(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1")
        ruled(world)
        with writing(), privileged("a test closes") as session:
            session.info["unrecorded"] = True
            session.get_one(Round, world.round_id).state = RoundState.CLOSED
        sent()
        assert all_mails() == []


def test_a_rule_by_which_something_went_out_is_turned_off_and_not_removed(app: Portal, world: World) -> None:
    with app.app_context():
        addressed(world, "a1")
        used, unused = ruled(world), ruled(world, 0)
        reminders.write_due()
        actor = world.actor("dla")
        with pytest.raises(Refused), acting(actor):
            reminders.remove(used, world.round_id, actor=actor)
        with acting(actor):
            reminders.remove(unused, world.round_id, actor=actor)
        with privileged("a test looks") as session:
            assert list(session.scalars(select(ReminderRule.id))) == [used]


@pytest.mark.parametrize(("stage", "days"), [(Stage.OIT_SCORING, 3), (Stage.OIT, -1), (Stage.OIT, 61)])
def test_a_rule_that_could_never_go_out_is_refused(
    app: Portal, world: World, stage: Stage, days: int
) -> None:
    with app.app_context(), pytest.raises(Refused):
        ruled(world, days, stage)


def test_a_rule_is_dla_s_alone_and_there_once(app: Portal, world: World) -> None:
    with app.app_context():
        rule = ruled(world, 3)
        with pytest.raises(Refused):
            ruled(world, 3)
        for person in ("nacc", "province"):
            actor = world.actor(person)
            with pytest.raises(NotFound), acting(actor):
                reminders.turn(rule, world.round_id, on=False, actor=actor)


def test_the_database_holds_one_of_a_rule_an_agency_and_a_day(app: Portal, make: Make) -> None:
    rule = make(ReminderRuleFactory)
    first = make(ChaseMailFactory, rule_id=rule.id)
    with app.app_context(), privileged("a test reads") as session:
        whose = session.get_one(Participation, first.participation_id)
        session.expunge_all()
    with pytest.raises(IntegrityError):
        make(ChaseMailFactory, participation=whose, rule_id=rule.id, address="another@example.go.th")
    with pytest.raises(IntegrityError):
        make(ChaseMailFactory, participation=whose)
    make(ChaseMailFactory, participation=whose, rule_id=rule.id, day=first.day + timedelta(days=1))


def test_a_mail_that_waits_longer_is_not_sent_to_who_has_been_taken_out_meanwhile(
    app: Portal, world: World
) -> None:
    with app.app_context():
        addressed(world, "a1")
        ruled(world)
        reminders.write_due()
        taken_out(world, "dla", "a1", out=True)
        time_to_try_again()
        assert posting._take(all_mails()[0].id) is None
