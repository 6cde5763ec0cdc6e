"""Which agency came from which: what a change made in the register, seen from one of its agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState, PartSide
from models.participation import Participation
from models.round import Round, RoundState
from portal.core.database.session import db, privileged, reading

_OPEN = [state for state in ChangeState if state.is_open]
_OLDER = {PartSide.ENDS, PartSide.GOES_ON}


@dataclass(frozen=True)
class Link:
    """One change as an agency lived through it: the agencies that it came from, and those that it became."""

    change: AgencyChange
    came_from: Sequence[Agency]
    became: Sequence[Agency]


@dataclass(frozen=True)
class Origin:
    """What an agency of a round comes from, where the agency of the earlier round is not simply itself.

    ``agency_ids``: those that it was in the earlier round, itself among them where it went on.
    """

    agency_ids: frozenset[int]
    #: from when the last change between the two rounds holds
    holds_from: date
    #: something was split off, so that no figure of the earlier round is this agency's
    divided: bool


def origins(round_id: int, earlier_ids: Collection[int]) -> dict[int, dict[int, Origin]]:
    """By earlier round, then by agency of a round: where a merger or a split lies between.

    All others are themselves. A change lies between two rounds if what it ended or made stands in one of them
    only: rounds are snapshots, made before or after it whatever its day. Two queries past the walls, however
    many agencies and rounds, since agencies see no change; who asks shows no more than the reader may see.
    """
    if not earlier_ids:
        return {}
    with reading(), privileged("which agencies came from which") as session:
        steps = _steps(session)
        concerned = set().union(*(one.concerned for one in steps))
        standing: dict[int, set[int]] = defaultdict(set)
        query = select(Participation.round_id, Participation.agency_id).where(
            Participation.round_id.in_([round_id, *earlier_ids]), Participation.agency_id.in_(concerned)
        )
        for key, agency_id in session.execute(query) if steps else ():
            standing[key].add(agency_id)
    return {key: _origins(steps, standing[key], standing[round_id]) for key in earlier_ids}


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
        .order_by(Round.fiscal_year.desc(), Round.id.desc(), Participation.sort_key)
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


# -- between two rounds ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A merger or a split that was made, with the agencies on each side."""

    sort: ChangeSort
    holds_from: date
    sides: Mapping[PartSide, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def concerned(self) -> set[int]:
        """All of its agencies."""
        return set().union(*self.sides.values())

    @property
    def older(self) -> set[int]:
        """The agencies that were there before it."""
        return self.sides[PartSide.ENDS] | self.sides[PartSide.GOES_ON]

    @property
    def newer(self) -> set[int]:
        """The agencies that are there after it."""
        return self.sides[PartSide.GOES_ON] | self.sides[PartSide.MADE]


def _steps(session: Session) -> list[_Step]:
    """All mergers and splits that hold, the oldest first."""
    part = AgencyChangePart
    query = (
        select(part.change_id, AgencyChange.sort, AgencyChange.holds_from, part.side, part.agency_id)
        .join(part.change)
        .where(AgencyChange.state == ChangeState.APPLIED, AgencyChange.sort != ChangeSort.RENEWED)
        .order_by(AgencyChange.applied_at, AgencyChange.id)
    )
    found: dict[int, _Step] = {}
    for change_id, sort, day, side, agency_id in session.execute(query):
        found.setdefault(change_id, _Step(sort, day)).sides[side].add(agency_id)
    return list(found.values())


def _lie_between(steps: Sequence[_Step], before: set[int], now: set[int]) -> list[_Step]:
    """Those that were made after the earlier round and before the later one, the oldest first."""
    found = []
    lead_here = set(now)  # agencies of the later round, and those that ended in them on the way
    for one in reversed(steps):
        ended, made = one.sides[PartSide.ENDS], one.sides[PartSide.MADE]
        if not ended & now and not made & before and (not made or made & lead_here):
            lead_here |= ended
            found.append(one)
    return found[::-1]


def _origins(steps: Sequence[_Step], before: set[int], now: set[int]) -> dict[int, Origin]:
    came: dict[int, Origin] = {}
    for one in _lie_between(steps, before, now):
        known = [came.get(key, Origin(frozenset({key}), one.holds_from, divided=False)) for key in one.older]
        keys = frozenset[int]().union(*(each.agency_ids for each in known))
        divided = one.sort is ChangeSort.SPLIT or any(each.divided for each in known)
        came |= dict.fromkeys(one.newer, Origin(keys, one.holds_from, divided))
    found = {key: replace(one, agency_ids=one.agency_ids & before) for key, one in came.items() if key in now}
    return {
        key: one
        for key, one in found.items()
        if one.agency_ids and (one.divided or one.agency_ids != frozenset({key}))
    }
