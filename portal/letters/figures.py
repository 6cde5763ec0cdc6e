"""The figures that letters enclose: preparation as plain data, by province and for the country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from models.agency import AgencyKind
from models.participation import Participation, PreparationState
from models.place import District, Province
from models.round import Round, Stage, Window
from models.thai import local_day
from portal.core import clock
from portal.core.database.session import db
from portal.status import figures as status
from reports.letter_data import (
    AgencyStatus,
    CountryRow,
    CountryStatus,
    DistrictStatus,
    ProvinceStatus,
    StepState,
)
from reports.wording import Period, RoundFacts


def province_statuses(round: Round, province_ids: Iterable[int] | None = None) -> dict[int, ProvinceStatus]:
    """The status of every province with agencies in the round, by its id; one query for all agencies."""
    query = (
        select(
            Participation.province_id, Participation.province_name, Participation.district_name,
            Participation.kind, Participation.name, Participation.activated_at, Participation.headcount,
            Participation.headcount_at, Participation.roster_count, Participation.roster_at,
            Participation.state, Participation.confirmed_at,
        )
        .join(District, District.id == Participation.district_id)
        .join(Province, Province.id == Participation.province_id)
        .where(Participation.round_id == round.id)
        .order_by(Province.sort_key, District.sort_key, Participation.sort_key, Participation.id)
    )  # fmt: skip
    if province_ids is not None:
        query = query.where(Participation.province_id.in_(list(province_ids)))
    today = local_day(clock.now())
    return {
        key: _province(list(rows), round, today)
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
    windows = sorted(_windows(round, Stage.PREPARATION), key=lambda window: window.opens_at)
    if not windows:
        raise LookupError("preparation has no window")
    surveys = [*_windows(round, Stage.IIT), *_windows(round, Stage.EIT)]
    return RoundFacts(
        fiscal_year=round.fiscal_year,
        preparation=tuple(_period(window) for window in windows[:-1] or windows),
        deadline=_last_day(max(window.closes_at for window in windows)),
        survey=_span(surveys) if surveys else None,
    )


def _province(rows: list[Any], round: Round, today: date) -> ProvinceStatus:
    districts = tuple(
        DistrictStatus(name, tuple(_agency(row) for row in group))
        for name, group in groupby(rows, key=lambda row: row.district_name)
    )
    return ProvinceStatus(rows[0].province_name, round.fiscal_year, today, districts)


def _agency(row: Any) -> AgencyStatus:
    name = row.kind.short if row.kind is AgencyKind.SPECIAL else f"{row.kind.short}{row.name}"
    confirmed = row.state is PreparationState.CONFIRMED
    return AgencyStatus(
        name,
        (
            _step(row.activated_at is not None, row.activated_at),
            _step(row.headcount is not None, row.headcount_at),
            _step(row.roster_count > 0, row.roster_at),
            _step(confirmed, row.confirmed_at),
        ),
    )


def _step(done: bool, when: datetime | None) -> StepState:
    return StepState(done, local_day(when) if done and when else None)


def _windows(round: Round, stage: Stage) -> list[Window]:
    return [window for window in round.windows if window.stage is stage]


def _period(window: Window) -> Period:
    return Period(local_day(window.opens_at), _last_day(window.closes_at))


def _span(windows: list[Window]) -> Period:
    first = min(window.opens_at for window in windows)
    return Period(local_day(first), _last_day(max(window.closes_at for window in windows)))


def _last_day(closes_at: datetime) -> date:
    """The last day of a half-open span that ends at midnight."""
    return local_day(closes_at.replace(microsecond=0) - status.A_MOMENT)
