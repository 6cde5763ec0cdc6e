"""How far the assessment has come, country to agency: the figures of every screen, file and letter.

Everything is an ORM column select in the scoped session, so a desk's sums hold only what the desk may see.
Preparation is counted by its first step that is not done: that is where an agency is behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from models.agency import AgencyKind
from models.contact import AgencyContact
from models.instrument import InstrumentKind
from models.participation import STEPS, Participation, PreparationState
from models.place import Province
from models.round import Round
from models.survey import AnswerCount
from portal.core.database.session import db
from portal.disclosure.progress import OitCounts, oit_counts
from portal.register.contacts import contacts_of
from portal.surveys.minimum import Targets, targets_in
from portal.surveys.minimum_sql import minimum_of


@dataclass(frozen=True)
class Counts:
    """Agencies and the steps of preparation that they have done; ``behind``: stuck at step 1, 2, 3, 4."""

    agencies: int = 0
    done: tuple[int, ...] = (0,) * len(STEPS)
    behind: tuple[int, ...] = (0,) * len(STEPS)

    @property
    def complete(self) -> int:
        """Agencies whose executive has confirmed."""
        return self.done[-1]

    @property
    def incomplete(self) -> int:
        """Agencies that lack at least the confirmation."""
        return self.agencies - self.complete

    @property
    def percent_complete(self) -> float:
        """Share of the agencies that are complete, 0 to 100: the one percentage of preparation."""
        return 100 * self.complete / self.agencies if self.agencies else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.agencies + other.agencies,
            tuple(a + b for a, b in zip(self.done, other.done, strict=True)),
            tuple(a + b for a, b in zip(self.behind, other.behind, strict=True)),
        )


@dataclass(frozen=True)
class SurveyCounts:
    """Answers of the agencies of a place, and how many of them have reached their minimum sample."""

    agencies: int = 0
    reached: int = 0
    answers: int = 0
    minimum: int = 0
    #: agencies with more answers than people known
    above: int = 0


@dataclass(frozen=True)
class ProvinceRow:
    """One province in the picture of the country."""

    id: int
    code: str
    name: str
    region: str
    counts: Counts


@dataclass(frozen=True)
class AgencyRow:
    """One agency in the picture of its province."""

    id: int
    name: str
    kind: AgencyKind
    full_name: str
    search_key: str
    district: str
    steps: tuple[bool, ...]
    dates: tuple[datetime | None, ...]
    #: the first step that is not done, from 1; 0 where all are
    behind: int
    state: PreparationState
    targets: Targets
    oit: OitCounts
    #: how it is reached today, None where it has not said
    contact: AgencyContact | None

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short_name(self.name)


def provinces(round: Round, *, region: str = "", kind: AgencyKind | None = None) -> list[ProvinceRow]:
    """Preparation per province inside the actor's scope, in Thai order; one query."""
    finished = [func.sum(case((step.sql, 1), else_=0)) for step in STEPS]
    stuck = [
        func.sum(case((Participation.step_to_do == place, 1), else_=0)) for place in range(1, len(STEPS) + 1)
    ]
    query = (
        select(Province.id, Province.code, Province.name, Province.region, func.count(), *finished, *stuck)
        .join(Participation, Participation.province_id == Province.id)
        .where(Participation.round_id == round.id)
        .group_by(Province.id, Province.code, Province.name, Province.region, Province.sort_key)
        .order_by(Province.sort_key)
    )
    if region:
        query = query.where(Province.region == region)
    if kind is not None:
        query = query.where(Participation.kind == kind)
    steps = len(STEPS)
    return [
        ProvinceRow(key, code, name, of, Counts(int(agencies), _whole(sums[:steps]), _whole(sums[steps:])))
        for key, code, name, of, agencies, *sums in db.session.execute(query)
    ]


def _whole(numbers: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)


def total(rows: Iterable[ProvinceRow]) -> Counts:
    """The sum of provinces."""
    return sum((row.counts for row in rows), Counts())


def most_behind_first(rows: Iterable[ProvinceRow]) -> list[ProvinceRow]:
    """Provinces by their share of agencies that are complete, the lowest first."""
    return sorted(rows, key=lambda row: row.counts.percent_complete)


def regions() -> list[str]:
    """The regions that provinces belong to."""
    query = select(Province.region).where(Province.region != "").distinct().order_by(Province.region)
    return list(db.session.scalars(query))


#: the people known of each survey, as in ``Target.population``
_PEOPLE = {
    InstrumentKind.IIT: Participation.headcount,
    InstrumentKind.EIT: func.nullif(Participation.roster_count, 0),
}


def surveys(
    round: Round, instrument: InstrumentKind, *, kind: AgencyKind | None = None
) -> dict[int, SurveyCounts]:
    """Answers against the minimum per province, of confirmed agencies (of one kind); one query."""
    which = [Participation.is_confirmed, *([Participation.kind == kind] if kind else [])]
    counted = (
        select(AnswerCount.participation_id, func.sum(AnswerCount.count).label("answers"))
        .where(AnswerCount.instrument == instrument)
        .group_by(AnswerCount.participation_id)
        .subquery()
    )
    minimum, answers = minimum_of(round.sample_rules, instrument), func.coalesce(counted.c.answers, 0)
    query = (
        select(
            Participation.province_id,
            func.count(),
            func.sum(case((answers >= minimum, 1), else_=0)),
            func.sum(answers),
            func.sum(func.coalesce(minimum, 0)),
            func.sum(case((answers > _PEOPLE[instrument], 1), else_=0)),
        )
        .outerjoin(counted, counted.c.participation_id == Participation.id)
        .where(Participation.round_id == round.id, *which)
        .group_by(Participation.province_id)
    )
    return {place: SurveyCounts(*_whole(sums)) for place, *sums in db.session.execute(query)}


def agencies(round: Round, *criteria: Any) -> list[AgencyRow]:
    """Agencies inside the actor's scope, what is behind first, then in Thai order; four queries.

    ``criteria`` are SQL conditions on Participation.
    """
    here = (Participation.round_id == round.id, *criteria)
    query = select(Participation).where(*here).order_by(Participation.sort_key, Participation.id)
    rows = list(db.session.scalars(query))
    targets = targets_in(round, *criteria)
    oit = oit_counts(participation_ids=[row.id for row in rows]) if rows else {}
    contacts = contacts_of(select(Participation.agency_id).where(*here))
    lines = [
        _agency(row, targets[row.id], oit.get(row.id, OitCounts()), contacts.get(row.agency_id))
        for row in rows
    ]
    return sorted(lines, key=lambda row: row.behind or len(STEPS) + 1)


def _agency(row: Participation, targets: Targets, oit: OitCounts, contact: AgencyContact | None) -> AgencyRow:
    return AgencyRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        full_name=row.full_name,
        search_key=row.search_key,
        district=row.district_name,
        steps=row.steps,
        dates=row.step_dates,
        behind=row.step_to_do,
        state=row.state,
        targets=targets,
        oit=oit,
        contact=contact,
    )


def counts_of(rows: Iterable[AgencyRow]) -> Counts:
    """The counts of a list of agencies."""
    rows = list(rows)
    done = tuple(sum(row.steps[place] for row in rows) for place in range(len(STEPS)))
    behind = tuple(sum(row.behind == place for row in rows) for place in range(1, len(STEPS) + 1))
    return Counts(len(rows), done, behind)
