"""More time for some: an extension of preparation or OIT for agencies that are late, given and taken back.

A survey is the whole round's: its last day moves the closing of the boxes, and is set with the round's dates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.disclosure import Disclosure
from models.participation import Extension, Participation
from models.round import Round, RoundState, Stage
from models.thai import local_day, midnight_after, thai_date, thai_date_short
from models.windows import StageState
from portal.chasing.listing import Chase, Narrowed
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.stages import GOES_ON, STAGE_NAMES, latest_extension, stage_of, stage_state

#: OIT counts until the boxes are opened, also after the round was closed
STATES = {
    Stage.PREPARATION: (RoundState.OPEN,),
    Stage.OIT: (RoundState.OPEN, RoundState.CLOSED),
}
#: so many agencies get their time at once: each has its line in the record, and others wait meanwhile. More
#: are given it by a job, in portions of as many
AT_ONCE = 300
#: a day further away than this is a slip of the year; asked where nothing follows that would end it
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """An agency that gets more time: its last day until now, and the moment at which that ends."""

    participation: Participation
    before: date
    close: datetime
    #: it could not be assessed any more, and can again
    again: bool


@dataclass(frozen=True)
class Plan:
    """What an extension would do, or did.

    ``kept``: agencies that have as much time or more already and keep it; ``finished``: by the ids of their
    participations, who was to get more time and needs none any more.
    """

    stage: Stage
    day: date
    lines: tuple[Line, ...]
    kept: int
    finished: tuple[int, ...] = ()

    @property
    def again(self) -> int:
        """How many of them could not be assessed any more."""
        return sum(line.again for line in self.lines)

    @property
    def is_long(self) -> bool:
        """True where so many get their time that a job gives it."""
        return len(self.lines) > AT_ONCE


def late_in(
    round: Round, stage: Stage, narrowed: Narrowed, *, among: Collection[int] | None = None
) -> list[Participation]:
    """The agencies that have not finished a stage, also after its end. ``among``: of these alone."""
    found = Chase.in_stage(round, stage, clock.now()).agencies(narrowed, among=among)
    return [one for one in found if stage is not Stage.PREPARATION or not one.is_confirmed]


def is_late(one: Participation, stage: Stage) -> bool:
    """The same of one agency: what is late has not been finished, whether its time is over or not."""
    if stage is Stage.PREPARATION:
        return not one.is_confirmed
    query = select(Disclosure.state).where(Disclosure.participation_id == one.id)
    state = db.session.scalar(query)
    return bool(one.is_confirmed) and (state is None or not state.approved)


def latest_day(round: Round, stage: Stage) -> date | None:
    """The latest last day that can be given: what follows goes on with what comes in the grace time."""
    ends = [end for after in GOES_ON[stage] if (end := stage_state(round, after).final_close) is not None]
    return latest_extension(round, stage, ends)


def why_not(round: Round, stage: Stage) -> Refused | None:
    """The reason why nobody can have more time in a stage now; None where it is possible."""
    state = stage_state(round, stage)
    if round.state not in STATES[stage]:
        return Refused("This round is not open: nobody can have more time in it")
    if state.first_opening is None or state.first_opening > state.now:
        return Refused("This stage has not begun: change its dates in the round instead")
    latest = latest_day(round, stage)
    if latest is not None and latest < local_day(state.now):
        return Refused(
            "What follows this stage ends on %(day)s: more time would come too late. "
            "The dates of the round must be moved first",
            day=thai_date_short(latest + timedelta(days=1)),
        )
    return None


def plan(round: Round, stage: Stage, day: date, agencies: Collection[Participation]) -> Plan:
    """What an extension to this last day would do for late agencies.

    Raises Refused, at the day's field, for a day that cannot be given, or where nobody would get more time.
    """
    found = _planned(round, stage, day, agencies)
    if not found.lines:
        raise Refused("None of these agencies would get more time by this day", field="until")
    return found


def _planned(round: Round, stage: Stage, day: date, agencies: Collection[Participation]) -> Plan:
    require_possible(round, stage, day)
    now, ends, lines = clock.now(), midnight_after(day), []
    for one in agencies:
        state = stage_of(one, stage, now)
        close, before = state.final_close, state.last_day
        if close is not None and before is not None and close < ends:
            lines.append(Line(one, before, close, stage is Stage.PREPARATION and state.is_over))
    return Plan(stage, day, tuple(lines), len(agencies) - len(lines))


def give(round: Round, stage: Stage, day: date, reason: str, whom: Collection[int], *, actor: Actor) -> Plan:
    """Give late agencies, by the ids of their participations, until the end of this day; gives what was done.

    Who has finished meanwhile gets none. Raises NotFound for who may not, Refused for a day or reason that
    cannot be, or where somebody else extended the time of one of them at the same moment.
    """
    done = give_some(round, stage, day, reason, whom, actor=actor)
    if not done.lines:
        raise Refused("None of these agencies would get more time by this day", field="until")
    return done


def give_some(
    round: Round, stage: Stage, day: date, reason: str, whom: Collection[int], *, actor: Actor
) -> Plan:
    """The same of a portion of many, in which perhaps nobody is left who would get more time."""
    require_may(actor)
    reason = require_reason(reason)
    hold(round)
    _hold_all(whom)
    late = late_in(round, stage, Narrowed(), among=whom)
    done = _planned(round, stage, day, late)
    now, by = clock.now(), actor.name_and_place
    with audit.act("extension.give"):
        for line in done.lines:
            db.session.add(
                Extension(
                    participation_id=line.participation.id,
                    stage=stage,
                    extends_from=line.close,
                    until=midnight_after(day),
                    reason=reason,
                    given_at=now,
                    given_by=by,
                )
            )
            if stage is Stage.PREPARATION and line.participation.not_assessable_at is not None:
                line.participation.not_assessable_at = None  # noted anew where it passes once more
        db.session.flush()
    for line in done.lines:  # it was not told of its new one, so that it is not looked at as changed
        db.session.expire(line.participation, ["extensions"])
    return replace(done, finished=tuple(sorted(set(whom) - {one.id for one in late})))


def names_of(whom: Sequence[int]) -> list[str]:
    """The names of these agencies, by the ids of their participations, as a list has them."""
    query = select(Participation.full_name).where(Participation.id.in_(whom)).order_by(Participation.sort_key)
    return list(db.session.scalars(query))


def without(extension: Extension) -> StageState:
    """The stage as it holds for the agency once this extension is taken back."""
    one = extension.participation
    state = stage_of(one, extension.stage)
    others = [span for span in state.spans if span != extension.span]
    return StageState.at(others, state.now, grace=state.grace)


def why_not_take_back(extension: Extension) -> Refused | None:
    """The reason why an extension cannot be taken back any more; None where it can."""
    one = extension.participation
    if not extension.stands:
        return Refused("This extension was taken back already")
    if one.round.state not in STATES[extension.stage]:
        return Refused("This round is not open any more: what was given in it stays")
    if extension.until <= clock.now():
        return Refused("This extension is over: it cannot be taken back any more")
    if not is_late(one, extension.stage):
        return Refused("The agency has finished this stage within its time: nothing is left to take back")
    return None


def take_back(extension: Extension, reason: str, *, actor: Actor) -> None:
    """Take an extension back that is not used up, with a reason. Raises NotFound, Refused."""
    require_may(actor)
    reason = require_reason(reason)
    hold(extension.participation)
    hold(extension)
    if (refused := why_not_take_back(extension)) is not None:
        raise refused
    with audit.act("extension.take_back"):
        extension.taken_back_at, extension.taken_back_by = clock.now(), actor.name_and_place
        extension.taken_back_reason = reason
        db.session.flush()


def surveys_said(round: Round) -> Iterator[tuple[Stage, StageState]]:
    """What an agency that can be assessed again finds of the surveys: each as it stands in the calendar."""
    for stage in GOES_ON[Stage.PREPARATION]:
        yield stage, stage_state(round, stage)


def require_possible(round: Round, stage: Stage, day: date) -> None:
    """Raises Refused, at the day's field, where nobody can have time until this day, whoever it is."""
    if (reason := why_not(round, stage)) is not None:
        raise reason
    now = clock.now()
    latest, own = latest_day(round, stage), stage_state(round, stage, now).last_day
    if day < local_day(now):
        raise Refused("This day is over: write a day from today on", field="until")
    if own is not None and day <= own:
        raise Refused(
            "The round's own last day of this stage is %(day)s: choose a later one",
            field="until",
            day=thai_date(own),
        )
    if latest is not None and day > latest:
        raise Refused(
            "At the latest %(day)s: what follows (%(stages)s) must still have time",
            field="until",
            day=thai_date(latest),
            stages=" · ".join(str(STAGE_NAMES[after]) for after in GOES_ON[stage]),
        )
    if day > local_day(now) + FARTHEST:
        raise Refused("This day is more than a year away: look at the year", field="until")


def require_may(actor: Actor) -> None:
    """Raises NotFound for who may not give more time, or take it back."""
    if not can(actor, P.EXTENSIONS_GIVE):
        raise NotFound


def require_reason(reason: str) -> str:
    """The reason, trimmed. Raises Refused, at its field, where there is none."""
    reason = reason.strip()
    if not reason:
        raise Refused("Write the reason: the agency and its province read it", field="reason")
    return reason


def _hold_all(whom: Collection[int]) -> None:
    """Let acts on these agencies wait, in the order of their ids, and read them as they are now."""
    query = select(Participation).where(Participation.id.in_(whom)).order_by(Participation.id)
    held = db.session.scalars(
        query.with_for_update(key_share=True, of=Participation).execution_options(populate_existing=True)
    )
    held.all()
