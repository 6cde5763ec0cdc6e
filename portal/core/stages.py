"""Whether a stage of a round is open, the reason where it is not, and how long there is still time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.participation import EXTENDABLE, Extension, Participation
from models.round import Round, Stage
from models.thai import NBSP, local_day, thai_date_short, thai_datetime, thai_deadline, thai_deadline_short
from models.windows import A_MOMENT, StageState, WindowSpan
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Closed
from portal.core.texts import _, lazy

URGENT_DAYS = 7
#: stages in which offices type for long: what was begun inside a window is taken for a short time after it
WITH_GRACE = frozenset({Stage.PREPARATION, Stage.OIT})
#: what goes on with the work of a stage: an extension ends while each of these still runs
GOES_ON = {Stage.PREPARATION: (Stage.IIT, Stage.EIT), Stage.OIT: (Stage.OIT_SCORING,)}
#: stages as tasks and countdowns name them, and in full with who does what
STAGE_NAMES: dict[Stage, Any] = {
    Stage.PREPARATION: lazy("Preparation stage"),
    Stage.IIT: lazy("IIT survey"),
    Stage.EIT: lazy("EIT survey"),
    Stage.EIT_INTERVIEW: lazy("EIT interviews"),
    Stage.OIT: lazy("OIT answers"),
    Stage.OIT_SCORING: lazy("OIT scoring"),
}
STAGE_TITLES: dict[Stage, Any] = {
    Stage.PREPARATION: lazy("Preparation of data"),
    Stage.IIT: lazy("IIT survey (internal)"),
    Stage.EIT: lazy("EIT survey part 1 (external)"),
    Stage.EIT_INTERVIEW: lazy("EIT survey part 2 (interviews by the assessor)"),
    Stage.OIT: lazy("OIT answers and approval"),
    Stage.OIT_SCORING: lazy("OIT scoring by the assessor"),
}


def spans_of(round: Round, stage: Stage) -> tuple[WindowSpan, ...]:
    """The windows of a stage in a round's calendar."""
    return tuple(window.span for window in round.windows if window.stage is stage)


def stage_state(round: Round, stage: Stage, now: datetime | None = None) -> StageState:
    """A stage in the round's calendar at a moment (the clock's, unless given): for who looks at many."""
    return StageState.at(spans_of(round, stage), now or clock.now(), grace=grace_of(round, stage))


def grace_of(round: Round, stage: Stage) -> timedelta:
    """How long after a window the acts of offices are still taken; surveys have a time of their own."""
    return timedelta(seconds=round.office_grace_seconds if stage in WITH_GRACE else 0)


def latest_extension(round: Round, stage: Stage, ends: Collection[datetime]) -> date | None:
    """The last day that an extension may have where what follows ends then: it goes on with what comes in
    the grace time. None where nothing follows."""
    return local_day(min(ends) - grace_of(round, stage)) - timedelta(days=1) if ends else None


def stage_of(participation: Participation, stage: Stage, now: datetime | None = None) -> StageState:
    """A stage as it holds for one agency of the round: what its acts, pages and letters ask.

    With the extensions that it was given; who asks about many loads ``Participation.extensions`` first.
    """
    round = participation.round
    spans = (*spans_of(round, stage), *(one.span for one in _standing(participation, stage)))
    return StageState.at(spans, now or clock.now(), grace=grace_of(round, stage))


def extension_of(participation: Participation, stage: Stage) -> Extension | None:
    """The extension that names an agency's last day of a stage; None where the round's calendar does."""
    last = max(_standing(participation, stage), key=lambda one: one.until, default=None)
    ends = max((span.closes_at for span in spans_of(participation.round, stage)), default=None)
    return None if last is None or (ends is not None and last.until <= ends) else last


def runs_longer(round: Round, stage: Stage, now: datetime) -> ColumnElement[bool]:
    """A condition on Participation: an extension of the stage, given to the agency, runs at this moment."""
    return (
        select(Extension.id)
        .where(
            Extension.participation_id == Participation.id,
            Extension.stage == stage,
            Extension.taken_back_at.is_(None),
            Extension.given_at <= now,
            Extension.until > now - grace_of(round, stage),
        )
        .exists()
    )


def own_days(round: Round, stage: Stage, now: datetime) -> dict[int, date]:
    """The last day of each agency that has more time than the calendar and not used it up; one query.

    By the ids of participations, in the actor's scope.
    """
    ends = stage_state(round, stage, now).final_close
    query = (
        select(Extension.participation_id, func.max(Extension.until))
        .join(Participation, Participation.id == Extension.participation_id)
        .where(Participation.round_id == round.id, Extension.stage == stage)
        .where(Extension.taken_back_at.is_(None), Extension.until > max(now, ends or now))
        .group_by(Extension.participation_id)
    )
    return {key: local_day(until - A_MOMENT) for key, until in db.session.execute(query)}


def _standing(participation: Participation, stage: Stage) -> list[Extension]:
    if stage not in EXTENDABLE:
        return []
    return [one for one in participation.extensions if one.stage is stage and one.stands]


def require_open(participation: Participation, stage: Stage) -> StageState:
    """The open stage's state. Raises Closed, which says when it opens or that it is over."""
    state = stage_of(participation, stage)
    if not state.is_open:
        raise closed(state)
    return state


def closed(state: StageState) -> Closed:
    """Why a stage is closed, with its times, as an error to raise or to show."""
    opens_at, closed_at = state.opens_at, state.closes_at
    if opens_at is not None:
        return Closed(
            "This stage is not open: it opens on %(when)s",
            when=thai_datetime(opens_at),
            opens_at=opens_at,
            closed_at=closed_at,
        )
    if closed_at is None:
        return Closed("This stage has no dates yet", opens_at=None, closed_at=None)
    return Closed(
        "This stage has closed: it was open until %(when)s",
        when=thai_deadline(closed_at),
        opens_at=None,
        closed_at=closed_at,
    )


def time_left(now: datetime, until: datetime) -> tuple[str, str]:
    """The time left as a number and its unit: days, on the last day hours, in the last hour minutes."""
    seconds = max(0, int((until - now).total_seconds()))
    if seconds >= 86400:
        return str(seconds // 86400), _("days")
    if seconds >= 3600:
        return str(seconds // 3600), _("hours")
    return str(max(1, seconds // 60)), _("minutes")


def due_words(state: StageState) -> tuple[str, str]:
    """ "within 15 Nov · 6 days left" of an open stage and its kind: warn when it is near."""
    until = state.closes_at
    assert until is not None, "only an open stage is due"
    if state.in_grace:
        return _(
            "closed on %(when)s · what is being sent is still taken", when=thai_deadline_short(until)
        ), "warn"
    number, unit = time_left(state.now, until)
    words = _("by %(when)s · %(left)s left", when=thai_deadline_short(until), left=f"{number}{NBSP}{unit}")
    if again := reopening(state):
        words = f"{words} · {again}"
    return words, "warn" if (until - state.now).days < URGENT_DAYS else ""


def reopening(state: StageState) -> str:
    """That an open stage opens once more after a break, and which day is its last; "" where it does not."""
    if state.reopens is None or state.last_day is None:
        return ""
    return _(
        "opens again on %(first)s, last day %(last)s",
        first=thai_date_short(state.reopens.opens_at),
        last=thai_date_short(state.last_day),
    )


def open_until(state: StageState) -> str:
    """When an open stage closes, in words; with its last day where it opens once more after a break."""
    until = thai_deadline(state.closes_at) if state.closes_at else "–"
    again = reopening(state)
    return f"{until} ({again})" if again else until


def last_close(round: Round, stages: Iterable[Stage]) -> datetime | None:
    """The end of the last window of several stages of a round; None where none of them has dates."""
    ends = (stage_state(round, stage).final_close for stage in stages)
    return max((end for end in ends if end is not None), default=None)
