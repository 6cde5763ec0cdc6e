"""The figures that letters enclose: preparation as plain data, by province and for the country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from models.contact import AgencyContact
from models.participation import STEPS, Participation
from models.phones import numbers_of, shown
from models.place import District, Province
from models.round import Round, Stage, WindowKind
from models.thai import local_day, thai_date_short
from models.windows import WindowSpan
from portal.core import clock
from portal.core.database.session import db
from portal.core.stages import own_days, stage_state
from portal.status import figures as status
from reports.calendar_wording import INSTRUMENTS, Period, RoundFacts, without_breaks
from reports.letter_data import (
    AgencyStatus,
    CountryRow,
    CountryStatus,
    DistrictStatus,
    ProvinceStatus,
    StepState,
)

#: what letters call the windows that come after the main one
WINDOW_NAMES: dict[Any, str] = {WindowKind.SUPPLEMENTARY: "รอบเสริม", WindowKind.LAST_CALL: "รอบสุดท้าย"}


def province_statuses(
    round: Round, province_ids: Iterable[int] | None = None, *, agency_id: int | None = None
) -> dict[int, ProvinceStatus]:
    """The status of every province with agencies in the round, by its id; two queries for all agencies.

    ``agency_id``: of this one alone.
    """
    query = (
        select(
            Participation.id,
            Participation.province_id,
            Participation.province_name,
            Participation.district_name,
            Participation.kind,
            Participation.name,
            AgencyContact.phone,
            *(column for step in STEPS for column in (step.sql.label(step.done), step.sql_date)),
        )
        .join(District, District.id == Participation.district_id)
        .join(Province, Province.id == Participation.province_id)
        .outerjoin(AgencyContact, AgencyContact.agency_id == Participation.agency_id)
        .where(Participation.round_id == round.id)
        .order_by(Province.sort_key, District.sort_key, Participation.sort_key, Participation.id)
    )
    if province_ids is not None:
        query = query.where(Participation.province_id.in_(list(province_ids)))
    if agency_id is not None:
        query = query.where(Participation.agency_id == agency_id)
    now = clock.now()
    today, own = local_day(now), own_days(round, Stage.PREPARATION, now)
    return {
        key: _province(list(rows), round, today, own)
        for key, rows in groupby(db.session.execute(query), key=lambda row: row.province_id)
    }


def country_status(round: Round) -> CountryStatus:
    """The status of the whole country, province by province in Thai order."""
    rows = tuple(
        CountryRow(row.name, row.counts.agencies, row.counts.done, row.counts.complete)
        for row in status.provinces(round)
    )
    return CountryStatus(round.fiscal_year, local_day(clock.now()), rows)


def facts_of(round: Round) -> RoundFacts:
    """What letters say about the round's dates. Raises LookupError where preparation has no window."""
    preparation = stage_state(round, Stage.PREPARATION)
    deadline = preparation.last_day
    if deadline is None:
        raise LookupError("preparation has no window")
    return RoundFacts(
        fiscal_year=round.fiscal_year,
        preparation=tuple(_period(span) for span in preparation.spans),
        deadline=deadline,
        collections=tuple(
            replace(one, periods=without_breaks(_period(span) for span in stage_state(round, stage).spans))
            for one, stage in zip(INSTRUMENTS, (Stage.IIT, Stage.EIT, Stage.OIT), strict=True)
        ),
    )


def by_district(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    """The agencies of a province as letters list them, in the order in which they are given.

    That of the whole province first, in a group without a district, then district by district.
    """
    whole = [row for row in rows if row.kind.whole_province]
    local = [row for row in rows if not row.kind.whole_province]
    groups = [(name, list(group)) for name, group in groupby(local, key=lambda row: row.district_name)]
    return [(name, group) for name, group in [("", whole), *groups] if group]


def _province(rows: list[Any], round: Round, today: date, own: Mapping[int, date]) -> ProvinceStatus:
    districts = tuple(
        DistrictStatus(name, tuple(_agency(row, own.get(row.id)) for row in group))
        for name, group in by_district(rows)
    )
    return ProvinceStatus(rows[0].province_name, round.fiscal_year, today, districts)


def _agency(row: Any, own_day: date | None) -> AgencyStatus:
    """``own_day``: the last day of an agency that has more time; said beside one that is not complete."""
    steps = tuple(_step(getattr(row, step.done), getattr(row, step.on)) for step in STEPS)
    name = row.kind.short_name(row.name)
    if own_day is not None and not steps[-1].done:
        name = f"{name} (ขยายเวลาถึง {thai_date_short(own_day)})"
    return AgencyStatus(name, steps, _first_number(row.phone))


def _first_number(phone: str | None) -> str:
    """The number that a column of a letter has room for, without its extension; "" where none is sure."""
    numbers = [number for number in numbers_of(phone or "") if number.dialled]
    return shown(numbers[0].dialled) if numbers else ""


def _step(done: bool, when: datetime | None) -> StepState:
    return StepState(done, local_day(when) if done and when else None)


def _period(span: WindowSpan) -> Period:
    return Period(span.first_day, span.last_day, WINDOW_NAMES.get(span.kind, ""))
