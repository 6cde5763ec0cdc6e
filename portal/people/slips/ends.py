"""Until when a code on a slip works: with the agency's last day of the running stage, else for 30 days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.participation import Participation
from models.round import Round, RoundState, Stage
from models.thai import local_day
from models.windows import A_MOMENT
from portal.core import clock
from portal.core.database.session import db
from portal.core.stages import stage_of
from portal.people.accounts import CODE_LIFE

#: the stages in which an agency's own people work, in their order
AGENCY_STAGES = (Stage.PREPARATION, Stage.OIT)
MOST_AT_ONCE = 1000


@dataclass(frozen=True)
class End:
    """When a code stops working, and the last day on which it works, as people say it."""

    at: datetime
    last_day: date


def otherwise() -> End:
    """The end of a code that belongs to no running stage."""
    at = clock.now() + CODE_LIFE
    return End(at, local_day(at - A_MOMENT))


def running_round() -> Round | None:
    """The open round of the newest year, of several schemes the one made first; None without one."""
    query = select(Round).where(Round.state == RoundState.OPEN)
    query = query.order_by(Round.fiscal_year.desc(), Round.id)
    return db.session.scalars(query.options(selectinload(Round.windows)).limit(1)).one_or_none()


def ends_of(round: Round | None, agency_ids: Iterable[int]) -> dict[int, End]:
    """For each of these agencies that has a stage before its end in the round: when its codes end."""
    if round is None:
        return {}
    wanted = sorted(set(agency_ids))
    found: dict[int, End] = {}
    for start in range(0, len(wanted), MOST_AT_ONCE):
        query = select(Participation).where(
            Participation.round_id == round.id,
            Participation.agency_id.in_(wanted[start : start + MOST_AT_ONCE]),
        )
        known = (joinedload(Participation.round), selectinload(Participation.extensions))
        for participation in db.session.scalars(query.options(*known)):
            if (end := _end_for(participation)) is not None:
                found[participation.agency_id] = end
    return found


def _end_for(participation: Participation) -> End | None:
    """The end of the first stage that is not over; None where all are."""
    return next(_ends(participation), None)


def _ends(participation: Participation) -> Iterator[End]:
    for stage in AGENCY_STAGES:
        state = stage_of(participation, stage)
        close, day = state.final_close, state.last_day
        if close is not None and day is not None and close > state.now:
            yield End(close, day)
