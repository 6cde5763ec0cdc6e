"""The agencies of a round with what sharing them out asks: their body, their load, whether work has begun.

One query however many agencies; what keeps bodies from them is a second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from models.assessor import AssessorBody, Assignment
from models.disclosure import DisclosureAnswer
from models.distribution import AssessorConflict, Weight
from models.instrument import InstrumentKind
from models.kinds import AgencyKind, AgencySize
from models.participation import Participation
from models.roster import RosterJudgement, SampleDraw
from models.round import Round
from models.thai import sort_key
from portal.core.database.session import db
from portal.surveys.minimum import SampleSizes


@dataclass(frozen=True)
class Held:
    """One agency of the round, with the body that has it (None: nobody yet)."""

    key: int
    agency_id: int
    code: str
    name: str
    kind: AgencyKind
    size: AgencySize | None
    district_id: int
    district: str
    province_id: int
    province: str
    search_key: str
    roster: int
    #: people to be called by the minimum sample of its roster; 0 while that is not known
    sample: int
    body_id: int | None
    #: a roster was judged, a sample drawn (so that people were called) or an OIT answer scored
    begun: bool

    def load(self, weight: Weight) -> int:
        """What the agency counts by a rule's weight."""
        return {Weight.AGENCIES: 1, Weight.ROSTER: self.roster, Weight.SAMPLE: self.sample}[weight]


@dataclass(frozen=True)
class Load:
    """What a body has, or would have: agencies, provinces that they lie in, names, people to be called."""

    agencies: int = 0
    provinces: int = 0
    roster: int = 0
    sample: int = 0
    begun: int = 0


def begun_sql(participation_id: Any) -> ColumnElement[bool]:
    """Whether an assessor's work on an agency has begun. Interviews are drawn with a sample, never before."""
    scored = DisclosureAnswer.participation_id == participation_id, DisclosureAnswer.score.is_not(None)
    return or_(
        exists().where(RosterJudgement.participation_id == participation_id),
        exists().where(SampleDraw.participation_id == participation_id),
        exists().where(*scored),
    )


def holdings(round: Round) -> list[Held]:
    """All agencies of the round in Thai order."""
    sizes, found = SampleSizes(round.sample_rules), []
    query = (
        select(
            Participation.id,
            Participation.agency_id,
            Participation.code,
            Participation.full_name,
            Participation.kind,
            Participation.size,
            Participation.district_id,
            Participation.district_name,
            Participation.province_id,
            Participation.province_name,
            Participation.province_size,
            Participation.search_key,
            Participation.roster_count,
            Assignment.body_id,
            begun_sql(Participation.id).label("begun"),
        )
        .outerjoin(Assignment, Assignment.participation_id == Participation.id)
        .where(Participation.round_id == round.id)
        .order_by(Participation.sort_key, Participation.id)
    )
    for row in db.session.execute(query):
        group = {"kind": row.kind, "size": row.size, "province_size": row.province_size}
        sample = sizes.minimum(InstrumentKind.EIT, row.roster_count, **group) or 0
        found.append(
            Held(
                key=row.id,
                agency_id=row.agency_id,
                code=row.code or "",
                name=row.full_name,
                kind=row.kind,
                size=row.size,
                district_id=row.district_id,
                district=row.district_name,
                province_id=row.province_id,
                province=row.province_name,
                search_key=row.search_key,
                roster=row.roster_count,
                sample=sample,
                body_id=row.body_id,
                begun=bool(row.begun),
            )
        )
    return found


def bodies() -> list[AssessorBody]:
    """All assessor bodies in Thai order."""
    return sorted(db.session.scalars(select(AssessorBody)), key=lambda one: (sort_key(one.name), one.id))


class Conflicts:
    """What conflicts of interest keep from whom, read once."""

    def __init__(self) -> None:
        query = select(
            AssessorConflict.id,
            AssessorConflict.body_id,
            AssessorConflict.province_id,
            AssessorConflict.agency_id,
        ).order_by(AssessorConflict.id)
        rows = db.session.execute(query).all()
        self.ids = [row.id for row in rows]
        self._provinces = {(row.body_id, row.province_id) for row in rows}
        self._agencies = {(row.body_id, row.agency_id) for row in rows}

    def keep(self, body_id: int | None, one: Any) -> bool:
        """True where a conflict keeps the agency (``Held``, or a row with the ids of both) from the body."""
        return (body_id, one.province_id) in self._provinces or (body_id, one.agency_id) in self._agencies


def loads(agencies: Iterable[Held], moved: Mapping[int, int | None] | None = None) -> dict[int | None, Load]:
    """The load of each body; of None: the agencies without one. ``moved``: bodies that some would have."""
    moved = moved or {}
    held: dict[int | None, list[Held]] = {}
    for one in agencies:
        held.setdefault(moved.get(one.key, one.body_id), []).append(one)
    return {body: load_of(some) for body, some in held.items()}


def load_of(some: Sequence[Held]) -> Load:
    """What these agencies are together."""
    return Load(
        agencies=len(some),
        provinces=len({one.province_id for one in some}),
        roster=sum(one.roster for one in some),
        sample=sum(one.sample for one in some),
        begun=sum(one.begun for one in some),
    )


def by_province(some: Iterable[Held]) -> list[tuple[str, Load]]:
    """The load in each province, the most agencies first."""
    names: dict[int, str] = {}
    parts: dict[int, list[Held]] = {}
    for one in some:
        names[one.province_id] = one.province
        parts.setdefault(one.province_id, []).append(one)
    found = [(names[key], load_of(rows)) for key, rows in parts.items()]
    return sorted(found, key=lambda pair: (-pair[1].agencies, sort_key(pair[0])))
