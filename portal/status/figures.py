"""How far the assessment has come, country to agency: the figures of every screen, file and letter.

Everything is an ORM column select in the scoped session, so a desk's sums hold only what the desk may see.
Preparation is counted by its first step that is not done: that is where an agency is behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, case, exists, func, select, type_coerce

from models.contact import AgencyContact
from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.kinds import AgencyKind
from models.outlook import Outlook
from models.participation import STEPS, Participation, PreparationState
from models.place import Province
from models.round import Round, Stage
from models.survey import AnswerCount
from models.thai import sort_key
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
    #: agencies below their minimum of which the night's forecast says that they will miss it
    likely: int = 0


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
    province: str
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
    def steps_done(self) -> int:
        """How many of the steps are done."""
        return sum(self.steps)

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short_name(self.name)


def provinces(round: Round, *, region: str = "", kind: AgencyKind | None = None) -> list[ProvinceRow]:
    """Preparation per province inside the actor's scope, in Thai order; two queries."""
    return _by_province(round, _SUMS, region=region, kind=kind)


def places(round: Round, *, region: str = "", kind: AgencyKind | None = None) -> list[ProvinceRow]:
    """The same with how many agencies there are alone: for who asks for no step of preparation."""
    return _by_province(round, (), region=region, kind=kind)


#: the steps that are done, then at which agencies are stuck
_SUMS = (
    *(func.sum(case((step.sql, 1), else_=0)) for step in STEPS),
    *(func.sum(case((Participation.step_to_do == place, 1), else_=0)) for place in range(1, len(STEPS) + 1)),
)


def _by_province(
    round: Round, sums: Sequence[Any], *, region: str, kind: AgencyKind | None
) -> list[ProvinceRow]:
    here = [Participation.round_id == round.id, *([Participation.kind == kind] if kind else [])]
    query = select(Participation.province_id, func.count(), *sums).where(*here)
    found = db.session.execute(query.group_by(Participation.province_id))
    counted = {place: _counts(number, given) for place, number, *given in found}
    named = select(Province.id, Province.code, Province.name, Province.region).order_by(Province.sort_key)
    if region:
        named = named.where(Province.region == region)
    rows = db.session.execute(named)
    return [ProvinceRow(*about, counted[about[0]]) for about in rows if about[0] in counted]


def counts(round: Round, *criteria: Any) -> Counts:
    """Preparation of the agencies inside the actor's scope that SQL conditions hold for; one query."""
    query = select(func.count(), *_SUMS).where(Participation.round_id == round.id, *criteria)
    number, *given = db.session.execute(query).one()
    return _counts(number, given) if number else Counts()


def how_many(round: Round, *criteria: Any) -> int:
    """How many agencies inside the actor's scope SQL conditions hold for; one query."""
    query = select(func.count(Participation.id)).where(Participation.round_id == round.id, *criteria)
    return db.session.scalar(query) or 0


def _counts(agencies: int, sums: Sequence[Any]) -> Counts:
    steps = len(STEPS)
    return Counts(int(agencies), _whole(sums[:steps]), _whole(sums[steps:])) if sums else Counts(agencies)


def _whole(numbers: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)


def total(rows: Iterable[ProvinceRow]) -> Counts:
    """The sum of provinces."""
    return sum((row.counts for row in rows), Counts())


def summed(counts: Iterable[SurveyCounts]) -> SurveyCounts:
    """The sum of the surveys of places."""
    rows = [astuple(one) for one in counts]
    return SurveyCounts(*(sum(column) for column in zip(*rows, strict=True))) if rows else SurveyCounts()


def most_behind_first(rows: Iterable[ProvinceRow]) -> list[ProvinceRow]:
    """Provinces by their share of agencies that are complete, the lowest first."""
    return sorted(rows, key=lambda row: row.counts.percent_complete)


def furthest_from_minimum_first(
    rows: Iterable[ProvinceRow], surveys: Mapping[int, SurveyCounts]
) -> list[ProvinceRow]:
    """Provinces by their share of agencies at the minimum, the lowest first; those without a survey last."""

    def reached(row: ProvinceRow) -> float:
        one = surveys.get(row.id)
        return one.reached / one.agencies if one else 2

    return sorted(rows, key=reached)


def fewest_confirmed_first(
    rows: Iterable[ProvinceRow], oit: Mapping[int, Mapping[DisclosureState, int]]
) -> list[ProvinceRow]:
    """Provinces by their share of agencies whose checklist is confirmed or scored, the lowest first."""

    def confirmed(row: ProvinceRow) -> float:
        states = oit.get(row.id, {})
        done = states.get(DisclosureState.CONFIRMED, 0) + states.get(DisclosureState.SCORED, 0)
        return done / row.counts.agencies

    return sorted(rows, key=confirmed)


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
    """Answers against the minimum per province, of confirmed agencies (of one kind); one query.

    For offices of the country: of one province ``survey_of`` tells.
    """
    which = [Participation.is_confirmed, *([Participation.kind == kind] if kind else [])]
    named = exists().where(
        Outlook.participation_id == Participation.id,
        Outlook.stage == Stage(instrument.value),
        Outlook.why.is_not(None),
    )
    # by an agency's key, whatever the channel: a sum over the table of counts would read all rounds
    counted = and_(AnswerCount.participation_id == Participation.id, AnswerCount.instrument == instrument)
    query = (
        select(
            # as expressions: the session refuses columns that do not say whose class they are of
            type_coerce(Participation.province_id, Integer).label("place"),
            func.coalesce(func.sum(AnswerCount.count), 0).label("answers"),
            minimum_of(round.sample_rules, instrument).label("minimum"),
            type_coerce(_PEOPLE[instrument], Integer).label("people"),
            named.label("named"),
        )
        .outerjoin(AnswerCount, counted)
        .where(Participation.round_id == round.id, *which)
        .group_by(Participation.id)
    )
    # each agency once: unless they are kept apart, a database reckons its minimum anew for each sum
    each = query.cte("each").prefix_with("MATERIALIZED")
    sums = select(
        each.c.place,
        func.count(),
        func.sum(case((each.c.answers >= each.c.minimum, 1), else_=0)),
        func.sum(each.c.answers),
        func.sum(func.coalesce(each.c.minimum, 0)),
        func.sum(case((each.c.answers > each.c.people, 1), else_=0)),
        func.sum(case((and_(each.c.named, each.c.answers < each.c.minimum), 1), else_=0)),
    ).group_by(each.c.place)
    return {place: SurveyCounts(*_whole(found)) for place, *found in db.session.execute(sums)}


def survey_of(round: Round, instrument: InstrumentKind, *criteria: Any) -> SurveyCounts:
    """The same of confirmed agencies inside the actor's scope that SQL conditions hold for, one by one."""
    found = targets_in(round, Participation.is_confirmed, *criteria).values()
    targets = [one[instrument] for one in found]
    return SurveyCounts(
        len(targets),
        sum(one.reached for one in targets),
        sum(one.answers for one in targets),
        sum(one.minimum or 0 for one in targets),
        sum(bool(one.above) for one in targets),
    )


def districts(round: Round, *criteria: Any) -> list[str]:
    """The districts of agencies inside the actor's scope, in Thai order."""
    query = select(Participation.district_name).where(Participation.round_id == round.id, *criteria)
    return sorted(db.session.scalars(query.distinct()), key=sort_key)


def agencies(round: Round, *criteria: Any, offset: int = 0, most: int | None = None) -> list[AgencyRow]:
    """Agencies inside the actor's scope, what is behind first, then in Thai order; five queries.

    ``criteria`` are SQL conditions on Participation.
    """
    step = Participation.step_to_do
    order = (case((step == 0, len(STEPS) + 1), else_=step), Participation.sort_key, Participation.id)
    query = select(Participation).where(Participation.round_id == round.id, *criteria).order_by(*order)
    rows = list(db.session.scalars(query.offset(offset).limit(most)))
    if not rows:
        return []
    # a page by its rows, all by what they were asked for: thousands of keys are no condition
    here = criteria if most is None else [Participation.id.in_([row.id for row in rows])]
    targets = targets_in(round, *here)
    oit = oit_counts(participation_ids=[row.id for row in rows])
    asked = select(Participation.agency_id).where(Participation.round_id == round.id, *here)
    contacts = contacts_of(asked)
    return [
        _agency(row, targets[row.id], oit.get(row.id, OitCounts()), contacts.get(row.agency_id))
        for row in rows
    ]


def _agency(row: Participation, targets: Targets, oit: OitCounts, contact: AgencyContact | None) -> AgencyRow:
    return AgencyRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        full_name=row.full_name,
        district=row.district_name,
        province=row.province_name,
        steps=row.steps,
        dates=row.step_dates,
        behind=row.step_to_do,
        state=row.state,
        targets=targets,
        oit=oit,
        contact=contact,
    )
