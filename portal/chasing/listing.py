"""Who lacks what: counted by the step at which agencies hang, and listed with how to reach them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate, compress, groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import load_only, selectinload

from models.account import Grant, Role
from models.audit import AuditEvent
from models.chasing import ChaseNote
from models.contact import AgencyContact
from models.kinds import AgencyKind
from models.outlook import Outlook
from models.participation import Extension, Participation
from models.place import Province
from models.round import Round, Stage
from models.survey import QuarterCount
from models.thai import local_day, sort_key
from models.windows import StageState
from portal.chasing.lacks import ABOUT, Due, Lack, Sight, sight
from portal.core.database.session import db, privileged, reading
from portal.core.outlook import named, outlooks_of
from portal.core.search import matching
from portal.core.stages import extension_of, stage_of, stage_state
from portal.register.contacts import contacts_of

#: whose sign-ins show whether somebody of an agency works in the portal
OF_THE_AGENCY = (Role.AGENCY_ADMIN, Role.EXECUTIVE)
#: what a list can be narrowed to by the notes of its agencies
NOTED = ("none", "promised", "broken")


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: words of its name, place and kind, a stage in which something is lacking,
    the step at which it hangs, its notes; ``likely``: in which the forecast says that it will miss."""

    search: str = ""
    region: str = ""
    province_id: int | None = None
    district: str = ""
    kind: AgencyKind | None = None
    stage: Stage | None = None
    at: Lack | None = None
    noted: str = ""
    likely: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on Participation, without the step and the notes."""
        found: list[ColumnElement[bool]] = []
        if self.search:
            found.append(matching(self.search, Participation))
        if self.region:
            there = select(Province.id).where(Province.region == self.region)
            found.append(Participation.province_id.in_(there))
        if self.province_id is not None:
            found.append(Participation.province_id == self.province_id)
        if self.district:
            found.append(Participation.district_name == self.district)
        if self.kind is not None:
            found.append(Participation.kind == self.kind)
        return found


@dataclass(frozen=True)
class Missing:
    """A step that an agency lacks, and for a survey how many answers it has and needs."""

    lack: Lack
    answers: int | None = None
    minimum: int | None = None
    #: the answers that the agency itself reads, as of the last quarter of an hour: what texts to it say
    told: int = 0

    @property
    def left(self) -> int | None:
        """Answers that are still needed."""
        return None if self.minimum is None or self.answers is None else self.minimum - self.answers


@dataclass(frozen=True)
class Late:
    """An agency that lacks something, and how it is reached. ``note``: the newest of who called.

    ``times``: the stages that it is behind in, as they hold for this agency; ``extensions``: those that name
    its own last day of them.
    """

    id: int
    agency_id: int
    kind: AgencyKind
    name: str
    full_name: str
    district: str
    province: str
    province_id: int
    missing: tuple[Missing, ...]
    times: Mapping[Stage, StageState]
    extensions: Mapping[Stage, Extension]
    contact: AgencyContact | None
    note: ChaseNote | None
    signed_in_at: datetime | None
    #: what the forecast says that it will miss, of what it lacks; nothing where it was not asked for
    outlooks: tuple[Outlook, ...] = ()

    @property
    def short_name(self) -> str:
        """The official short form: "ทต.เกาะคา"."""
        return self.kind.short_name(self.name)

    @property
    def at(self) -> Lack:
        """The step at which it hangs."""
        return self.missing[0].lack

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that it is behind in, in the order of the work."""
        return tuple(dict.fromkeys(ABOUT[one.lack].stage for one in self.missing))

    def last_day(self, stage: Stage) -> date:
        """Its last day of a stage that it is behind in."""
        day = self.times[stage].last_day
        assert day is not None, "a stage that is due has windows"
        return day


@dataclass(frozen=True)
class Addressed:
    """A late agency to be written to: its address ("" where none is known), the stages it is behind in.

    ``extended``: the agency itself where it was ever given more time, for its own last days.
    """

    id: int
    address: str
    stages: frozenset[Stage]
    extended: Participation | None


@dataclass(frozen=True)
class Group:
    """Agencies of one province that hang at one step: ``place`` among the steps that are due, from 1."""

    place: int
    province_id: int
    count: int


@dataclass(frozen=True)
class Stretch:
    """Groups that follow each other in a list, and how many of their agencies stand before a page."""

    groups: tuple[Group, ...]
    offset: int


@dataclass(frozen=True)
class Standing:
    """How many agencies of a list hang where, in its order: a page is found without reading all rows."""

    lacks: tuple[Lack, ...]
    groups: list[Group] = field(repr=False)

    @property
    def counts(self) -> dict[Lack, int]:
        """How many agencies hang at each step that is due."""
        found: Counter[int] = Counter()
        for group in self.groups:
            found[group.place] += group.count
        return {lack: found[place] for place, lack in enumerate(self.lacks, start=1)}

    def stretch(self, at: Lack | None, offset: int, most: int) -> Stretch:
        """Where ``most`` agencies after ``offset`` stand, of one step, or where that is not due, of all."""
        wanted = self.lacks.index(at) + 1 if at in self.lacks else None
        here = [group for group in self.groups if wanted in (None, group.place)]
        ends = list(accumulate(group.count for group in here))
        first, last = bisect_right(ends, offset), bisect_left(ends, offset + most)
        before = ends[first - 1] if first else 0
        return Stretch(tuple(here[first : last + 1]), offset - before)


@dataclass(frozen=True)
class Chase:
    """The late agencies of a round as the actor's desk sees them. Make it with ``Chase.of``."""

    round: Round
    due: Due
    now: datetime
    _sight: Sight | None = field(repr=False)

    @classmethod
    def of(cls, round: Round, now: datetime) -> Chase:
        """Of a round at a moment; it lists nobody while no stage is due."""
        due = Due.of(round, now)
        return cls(round, due, now, sight(round, due) if due.lacks else None)

    @classmethod
    def in_stage(cls, round: Round, stage: Stage, now: datetime) -> Chase:
        """Of one stage alone, also after its end: whom an extension can help."""
        due = Due({stage: stage_state(round, stage, now)})
        return cls(round, due, now, sight(round, due))

    def counts(self, narrowed: Narrowed) -> dict[Lack, int]:
        """How many agencies hang at each step that is due; one query. The step asked for narrows nothing."""
        return self.standing(narrowed).counts

    def standing(self, narrowed: Narrowed) -> Standing:
        """How many agencies of each province hang at each step, in the list's order; one query. The step
        asked for narrows nothing: a page of the list and the counts of all steps come of it."""
        if self._sight is None:
            return Standing((), [])
        # as an expression: the session refuses columns that do not say whose class they are of
        place = type_coerce(Participation.province_id, Integer).label("province_id")
        query = self._placed(select(place, self._sight.first.label("first")), narrowed)
        if narrowed.stage is not None or narrowed.likely:
            query = query.where(self._lacking(narrowed))
        # each agency once: unless they are kept apart, a database asks for the step anew wherever it is named
        each = query.cte("each").prefix_with("MATERIALIZED")
        sums = select(each.c.first, each.c.province_id, func.count().label("count")).where(each.c.first > 0)
        of = sums.group_by(each.c.first, each.c.province_id).subquery()
        found = select(*of.c).join(Province, Province.id == of.c.province_id)
        rows = db.session.execute(found.order_by(of.c.first, Province.sort_key))
        return Standing(self.due.lacks, [Group(*row) for row in rows])

    def late(
        self,
        narrowed: Narrowed,
        *,
        offset: int = 0,
        most: int | None = None,
        among: Collection[int] | None = None,
        within: Sequence[Group] = (),
        ahead: bool = False,
    ) -> list[Late]:
        """Agencies that lack something: by the step at which they hang, then by place; seven queries.

        ``among``: of these participations alone, ``within``: of these groups. ``ahead``: with the forecast,
        one query more, which offices of the country and of provinces alone may read.
        """
        if self._sight is None:
            return []
        seen = self._sight
        columns = [
            *(condition.label(f"lacks_{lack.value}") for lack, condition in seen.conditions.items()),
            *(answers.label(f"answers_{lack.value}") for lack, answers in seen.answers.items()),
            *(minimum.label(f"minimum_{lack.value}") for lack, minimum in seen.minimum.items()),
        ]
        query = self._at(self._placed(select(Participation, *columns), narrowed), narrowed)
        if among is not None:
            query = query.where(Participation.id.in_(among))
        if within:
            query = query.where(self._of_groups(within))
        query = self._in_order(query, seen.first).options(selectinload(Participation.extensions))
        rows = db.session.execute(query.offset(offset).limit(most)).all()
        people = [row.Participation.agency_id for row in rows]
        keys = [row.Participation.id for row in rows]
        contacts, notes = contacts_of(people), newest_notes(keys)
        signed_in, told = last_sign_ins(people), self._told(keys)
        said = outlooks_of(keys) if ahead and keys else {}
        return [
            self._late(
                row,
                contacts.get(row.Participation.agency_id),
                notes.get(row.Participation.id),
                signed_in.get(row.Participation.agency_id),
                told,
                said.get(row.Participation.id, ()),
            )
            for row in rows
        ]

    def page(
        self, narrowed: Narrowed, standing: Standing, *, offset: int, most: int, ahead: bool = False
    ) -> list[Late]:
        """``most`` agencies of a list after ``offset``, by where its agencies stand; as ``late``."""
        here = standing.stretch(narrowed.at, offset, most)
        if not here.groups:
            return []
        return self.late(narrowed, within=here.groups, offset=here.offset, most=most, ahead=ahead)

    def agencies(self, narrowed: Narrowed, *, among: Collection[int] | None = None) -> list[Participation]:
        """The same agencies by place, with what tells their times; two queries. ``among``: of these alone."""
        if self._sight is None:
            return []
        query = self._at(self._placed(select(Participation), narrowed), narrowed)
        if among is not None:
            query = query.where(Participation.id.in_(among))
        query = self._in_order(query).options(selectinload(Participation.extensions))
        return list(db.session.scalars(query))

    def count(self, narrowed: Narrowed) -> int:
        """How many agencies a list has."""
        return self.listed(self.counts(narrowed), narrowed.at)

    @staticmethod
    def listed(counts: dict[Lack, int], at: Lack | None) -> int:
        """How many of what was counted a list shows: those at one step, or where that is not due, all."""
        return counts[at] if at in counts else sum(counts.values())

    def one(self, participation_id: int) -> Late | None:
        """What one agency lacks; None where it lacks nothing."""
        return next(iter(self.late(Narrowed(), among=(participation_id,))), None)

    def addressed(self, narrowed: Narrowed) -> list[Addressed]:
        """Agencies of a list with what tells their times, their addresses and stages; three queries."""
        if self._sight is None:
            return []
        lacks = [condition.label(f"lacks_{lack.value}") for lack, condition in self._sight.conditions.items()]
        key = type_coerce(Participation.id, Integer).label("key")
        query = self._with_address(select(key, *lacks), narrowed)
        stages = [ABOUT[lack].stage for lack in self._sight.conditions]
        longer = self._extended()
        return [
            Addressed(key, address, frozenset(compress(stages, lacking)), longer.get(key))
            for key, *lacking, address in db.session.execute(query)
        ]

    def _extended(self) -> dict[int, Participation]:
        """The agencies of the round that were ever given more time, by id; two queries."""
        given = select(Extension.participation_id)
        query = select(Participation).where(
            Participation.round_id == self.round.id, Participation.id.in_(given)
        )
        few = load_only(Participation.id, Participation.round_id)
        rows = db.session.scalars(query.options(few, selectinload(Participation.extensions)))
        return {row.id: row for row in rows}

    def addresses(self, narrowed: Narrowed, among: Collection[int] | None = None) -> list[tuple[int, str]]:
        """The ids of a list's participations, or of some of them, with the address of each; one query."""
        if self._sight is None:
            return []
        query = self._with_address(select(Participation.id), narrowed)
        if among is not None:
            query = query.where(Participation.id.in_(among))
        return [(key, address) for key, address in db.session.execute(query)]

    def _with_address(self, query: Any, narrowed: Narrowed) -> Any:
        """In the list's order, with the e-mail address of each, "" where none is known."""
        assert self._sight is not None, "asked where something is due"
        query = query.add_columns(func.coalesce(AgencyContact.email, "").label("address"))
        query = self._at(self._placed(query, narrowed), narrowed)
        query = query.outerjoin(AgencyContact, AgencyContact.agency_id == Participation.agency_id)
        return self._in_order(query, self._sight.first)

    def _placed(self, query: Any, narrowed: Narrowed) -> Any:
        assert self._sight is not None, "asked where something is due"
        query = self._sight.joined(query.select_from(Participation)).where(*narrowed.conditions())
        return self._noted(query, narrowed.noted)

    @staticmethod
    def _in_order(query: Any, *first: ColumnElement[Any]) -> Any:
        """By place and name, after what comes ``first``."""
        query = query.join(Province, Province.id == Participation.province_id)
        return query.order_by(*first, Province.sort_key, Participation.sort_key, Participation.id)

    def _of_groups(self, groups: Iterable[Group]) -> ColumnElement[bool]:
        assert self._sight is not None, "asked where something is due"
        found = []
        for place, here in groupby(groups, key=lambda group: group.place):
            provinces = [group.province_id for group in here]
            found.append(and_(Participation.province_id.in_(provinces), self._sight.first == place))
        return or_(false(), *found)

    def _at(self, query: Any, narrowed: Narrowed) -> Any:
        assert self._sight is not None, "asked where something is due"
        query = query.where(self._lacking(narrowed))
        if narrowed.at is None or narrowed.at not in self.due.lacks:
            return query
        return query.where(self._sight.first == self.due.lacks.index(narrowed.at) + 1)

    def _lacking(self, narrowed: Narrowed) -> ColumnElement[bool]:
        assert self._sight is not None, "asked where something is due"
        found = []
        for lack in self.due.lacks:
            stage, condition = ABOUT[lack].stage, self._sight.conditions[lack]
            if narrowed.stage in (None, stage):
                found.append(and_(condition, named(stage)) if narrowed.likely else condition)
        return or_(false(), *found)

    def _noted(self, query: Any, noted: str) -> Any:
        if noted not in NOTED:
            return query
        newest = _newest().subquery()
        query = query.outerjoin(newest, newest.c.participation_id == Participation.id)
        if noted == "none":
            return query.where(newest.c.id.is_(None))
        query = query.join(ChaseNote, ChaseNote.id == newest.c.id)
        today = local_day(self.now)
        until = ChaseNote.promised_until
        return query.where(until >= today if noted == "promised" else until < today)

    def _late(
        self,
        row: Any,
        contact: AgencyContact | None,
        note: ChaseNote | None,
        signed_in_at: datetime | None,
        told: dict[tuple[int, str], int],
        said: Sequence[Outlook],
    ) -> Late:
        one: Participation = row.Participation
        missing = tuple(
            Missing(
                lack,
                getattr(row, f"answers_{lack.value}", None),
                getattr(row, f"minimum_{lack.value}", None),
                told.get((one.id, lack.value), 0),
            )
            for lack in self.due.lacks
            if getattr(row, f"lacks_{lack.value}")
        )
        stages = dict.fromkeys(ABOUT[each.lack].stage for each in missing)
        longer = {stage: extension_of(one, stage) for stage in stages if one.extensions}
        return Late(
            id=one.id,
            agency_id=one.agency_id,
            kind=one.kind,
            name=one.name,
            full_name=one.full_name,
            district=one.district_name,
            province=one.province_name,
            province_id=one.province_id,
            missing=missing,
            times={stage: self._state(one, stage) for stage in stages},
            extensions={stage: found for stage, found in longer.items() if found is not None},
            contact=contact,
            note=note,
            signed_in_at=signed_in_at,
            outlooks=tuple(one for one in said if one.stage in stages),
        )

    def _state(self, one: Participation, stage: Stage) -> StageState:
        """A stage as it holds for an agency: as for the round, unless it was ever given more time."""
        return stage_of(one, stage, self.now) if one.extensions else self.due.stages[stage]

    def _told(self, participation_ids: Sequence[int]) -> dict[tuple[int, str], int]:
        """The answers of the surveys that are due as the agencies read them; one query."""
        assert self._sight is not None, "asked where something is due"
        if not self._sight.answers or not participation_ids:
            return {}
        query = (
            select(QuarterCount.participation_id, QuarterCount.instrument, func.sum(QuarterCount.count))
            .where(QuarterCount.participation_id.in_(participation_ids))
            .group_by(QuarterCount.participation_id, QuarterCount.instrument)
        )
        found = db.session.execute(query)
        return {(key, instrument.value): int(number) for key, instrument, number in found}


def provinces(round: Round) -> list[Province]:
    """The provinces that have agencies in a round, in Thai order."""
    here = exists().where(Participation.round_id == round.id, Participation.province_id == Province.id)
    return list(db.session.scalars(select(Province).where(here).order_by(Province.sort_key)))


def districts(round: Round, province_id: int) -> list[str]:
    """The districts of a province that has agencies in a round, in Thai order."""
    query = (
        select(Participation.district_name)
        .where(Participation.round_id == round.id, Participation.province_id == province_id)
        .distinct()
    )
    return sorted(db.session.scalars(query), key=sort_key)


def is_broken(note: ChaseNote | None, today: date) -> bool:
    """True where the newest note says a day that has passed."""
    return note is not None and note.promised_until is not None and note.promised_until < today


def newest_notes(participation_ids: Sequence[int]) -> dict[int, ChaseNote]:
    """The newest note of each of these participations, in the actor's scope; one query."""
    if not participation_ids:
        return {}
    newest = _newest().where(ChaseNote.participation_id.in_(participation_ids)).subquery()
    rows = db.session.scalars(select(ChaseNote).join(newest, newest.c.id == ChaseNote.id))
    return {row.participation_id: row for row in rows}


def last_sign_ins(agency_ids: Iterable[int]) -> dict[int, datetime]:
    """When somebody of each of these agencies signed in last, by the record; one query.

    A desk outside an agency reads no sign-ins: of them, this one moment is told.
    """
    agency_ids = list(agency_ids)
    if not agency_ids:
        return {}
    event = AuditEvent
    query = (
        select(Grant.agency_id, func.max(event.at))
        .join(
            event,
            and_(
                event.thing == "account", event.row == cast(Grant.account_id, String), event.act == "sign_in"
            ),
        )
        .where(Grant.agency_id.in_(agency_ids), Grant.role.in_(OF_THE_AGENCY))
        .group_by(Grant.agency_id)
    )
    with reading(), privileged("when agencies signed in last") as session:
        return {agency: at for agency, at in session.execute(query) if agency is not None and at is not None}


def _newest() -> Any:
    columns = ChaseNote.participation_id, func.max(ChaseNote.id).label("id")
    return select(*columns).group_by(ChaseNote.participation_id)
