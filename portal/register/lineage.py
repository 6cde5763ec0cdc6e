"""Which agency came from which: what a change made in the register, seen from one of its agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState, PartSide
from models.participation import Participation
from models.round import RoundState
from portal.core.database.session import db

_OPEN = [state for state in ChangeState if state.is_open]
_OLDER = {PartSide.ENDS, PartSide.GOES_ON}


@dataclass(frozen=True)
class Link:
    """One change as an agency lived through it: the agencies that it came from, and those that it became."""

    change: AgencyChange
    came_from: Sequence[Agency]
    became: Sequence[Agency]


def history_of(agency_id: int) -> list[Link]:
    """The changes of an agency that hold in the register, or wait: the newest first."""
    mine = select(AgencyChangePart.change_id).where(AgencyChangePart.agency_id == agency_id)
    query = (
        select(AgencyChange)
        .where(AgencyChange.id.in_(mine), AgencyChange.state != ChangeState.UNDONE)
        .options(selectinload(AgencyChange.parts).joinedload(AgencyChangePart.agency))
        .order_by(AgencyChange.holds_from.desc(), AgencyChange.id.desc())
    )
    return [_seen_from(change, agency_id) for change in db.session.scalars(query)]


def open_change_of(agency_id: int) -> AgencyChange | None:
    """The change of an agency that is ahead: there is one at most."""
    query = select(AgencyChange).join(AgencyChange.parts).where(AgencyChangePart.agency_id == agency_id)
    return db.session.scalar(query.where(AgencyChangePart.state.in_(_OPEN)))


def rounds_of_older(history: Sequence[Link]) -> list[Participation]:
    """Where agencies that another one came from stand in rounds whose results are out; the newest first."""
    keys = {one.id for link in history for one in link.came_from}
    if not keys:
        return []
    query = (
        select(Participation)
        .join(Participation.round)
        .where(Participation.agency_id.in_(keys), Participation.round.has(state=RoundState.OPENED))
        .options(selectinload(Participation.round))
        .order_by(Participation.round_id.desc(), Participation.sort_key)
    )
    return list(db.session.scalars(query))


def _seen_from(change: AgencyChange, agency_id: int) -> Link:
    """Of what is made, the older parts are where it came from; so are those that end for what goes on."""
    side = next(part.side for part in change.parts if part.agency_id == agency_id)
    others = [part for part in change.parts if part.agency_id != agency_id]
    ended = [part.agency for part in others if part.side is PartSide.ENDS]
    older = [part.agency for part in others if part.side in _OLDER]
    newer = [part.agency for part in others if part.side is not PartSide.ENDS]
    if change.state is not ChangeState.APPLIED:
        return Link(change, [], [])
    if side is PartSide.MADE:
        return Link(change, older, [])
    if side is PartSide.ENDS:
        return Link(change, [], newer)
    return Link(change, ended, newer if change.sort is ChangeSort.SPLIT else [])
