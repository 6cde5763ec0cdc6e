"""How far the assessment has come, country to agency: the figures of every screen, file and letter.

Everything is an ORM column select in the scoped session, so a desk's sums hold only what the desk may see.
Preparation is counted by its first step that is not done: that is where an agency is behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from models.agency import AgencyKind
from models.instrument import InstrumentKind
from models.participation import Participation, PreparationState
from models.place import District, Province
from models.round import Round
from portal.core.database.session import db
from portal.disclosure.progress import OitCounts, oit_counts
from portal.surveys.minimum import Targets, targets_in

STEPS = 4
#: a span ends just before its half-open end
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Counts:
    """Agencies and the steps of preparation that they have done; ``behind``: stuck at step 1, 2, 3, 4."""

    agencies: int = 0
    done: tuple[int, ...] = (0,) * STEPS
    behind: tuple[int, ...] = (0,) * STEPS

    @property
    def complete(self) -> int:
        """Agencies whose executive has confirmed."""
        return self.done[-1]

    @property
    def incomplete(self) -> int:
        """Agencies that lack at least the confirmation."""
        return self.agencies - self.complete

    @property
    def percent_incomplete(self) -> float:
        """Share of the agencies that are not complete, 0 to 100."""
        return 100 * self.incomplete / self.agencies if self.agencies else 0.0

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

    def plus(self, *, reached: bool, answers: int, minimum: int) -> SurveyCounts:
        """With one more agency."""
        return SurveyCounts(
            self.agencies + 1, self.reached + reached, self.answers + answers, self.minimum + minimum
        )


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
    district: str
    steps: tuple[bool, ...]
    dates: tuple[datetime | None, ...]
    state: PreparationState
    targets: Targets
    oit: OitCounts

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short if self.kind is AgencyKind.SPECIAL else f"{self.kind.short}{self.name}"

    @property
    def behind(self) -> int:
        """The first step that is not done, from 1; 0 where all are."""
        return next((place for place, done in enumerate(self.steps, start=1) if not done), 0)


def _done() -> tuple[Any, ...]:
    return (
        Participation.activated_at.is_not(None),
        Participation.headcount.is_not(None),
        Participation.roster_count > 0,
        Participation.state == PreparationState.CONFIRMED,
    )


def _behind() -> Any:
    """The first step that is not done as SQL; 0 where all are."""
    return case(*((~done, place) for place, done in enumerate(_done(), start=1)), else_=0)


def provinces(round: Round, *, region: str = "", kind: AgencyKind | None = None) -> list[ProvinceRow]:
    """Preparation per province inside the actor's scope, in Thai order; one query."""
    finished = [func.sum(case((done, 1), else_=0)) for done in _done()]
    stuck = [func.sum(case((_behind() == place, 1), else_=0)) for place in range(1, STEPS + 1)]
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
    return [
        ProvinceRow(key, code, name, of, Counts(int(agencies), _whole(sums[:STEPS]), _whole(sums[STEPS:])))
        for key, code, name, of, agencies, *sums in db.session.execute(query)
    ]


def _whole(numbers: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)


def total(rows: Iterable[ProvinceRow]) -> Counts:
    """The sum of provinces."""
    return sum((row.counts for row in rows), Counts())


def most_behind_first(rows: Iterable[ProvinceRow]) -> list[ProvinceRow]:
    """Provinces by their share of agencies that are not complete."""
    return sorted(rows, key=lambda row: -row.counts.percent_incomplete)


def regions() -> list[str]:
    """The regions that provinces belong to."""
    query = select(Province.region).where(Province.region != "").distinct().order_by(Province.region)
    return list(db.session.scalars(query))


def surveys(round: Round, instrument: InstrumentKind) -> dict[int, SurveyCounts]:
    """Answers against the minimum per province, of the agencies that were confirmed."""
    confirmed = Participation.state == PreparationState.CONFIRMED
    query = select(Participation.id, Participation.province_id)
    places = dict(db.session.execute(query.where(Participation.round_id == round.id, confirmed)).all())
    found: dict[int, SurveyCounts] = {}
    for key, targets in targets_in(round, confirmed).items():
        target = targets[instrument]
        place = places[key]
        found[place] = found.get(place, SurveyCounts()).plus(
            reached=target.reached, answers=target.answers, minimum=target.minimum or 0
        )
    return found


def agencies(round: Round, *criteria: Any) -> list[AgencyRow]:
    """Agencies inside the actor's scope, what is behind first, then in Thai order; three queries.

    ``criteria`` are SQL conditions on Participation.
    """
    here = (Participation.round_id == round.id, *criteria)
    query = select(Participation).where(*here).order_by(Participation.sort_key, Participation.id)
    rows = list(db.session.scalars(query))
    targets = targets_in(round, *criteria)
    oit = oit_counts(participation_ids=[row.id for row in rows]) if rows else {}
    found = [_agency(row, targets[row.id], oit.get(row.id, OitCounts())) for row in rows]
    return sorted(found, key=lambda row: row.behind or STEPS + 1)


def _agency(row: Participation, targets: Targets, oit: OitCounts) -> AgencyRow:
    confirmed = row.state is PreparationState.CONFIRMED
    return AgencyRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        full_name=row.full_name,
        district=row.district_name,
        steps=(row.activated_at is not None, row.headcount is not None, row.roster_count > 0, confirmed),
        dates=(row.activated_at, row.headcount_at, row.roster_at, row.confirmed_at),
        state=row.state,
        targets=targets,
        oit=oit,
    )


def counts_of(rows: Iterable[AgencyRow]) -> Counts:
    """The counts of a list of agencies."""
    rows = list(rows)
    done = tuple(sum(row.steps[place] for row in rows) for place in range(STEPS))
    behind = tuple(sum(row.behind == place for row in rows) for place in range(1, STEPS + 1))
    return Counts(len(rows), done, behind)


def districts_in(province_id: int) -> list[str]:
    """Names of a province's districts in Thai order."""
    query = select(District.name).where(District.province_id == province_id).order_by(District.sort_key)
    return list(db.session.scalars(query))
