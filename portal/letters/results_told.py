"""The results that letters enclose, as plain data: by province with its districts, and for the country.

What a list of results holds back (A4) is held back here by the same query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from models.participation import Participation
from models.place import District, Province
from models.result import Result
from models.round import Round
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.letters.figures import by_district
from portal.results import lists
from portal.results.computing import INCOMPLETE, NOT_ASSESSABLE, WITHHELD
from reports.result_data import (
    AgencyScore,
    CountryResults,
    DistrictResults,
    Grading,
    ProvinceResults,
    ResultSums,
    sums_of,
)

NOT_YET = "A letter of results is written once the boxes of the round have been opened"
#: what a table of results says beside an agency without a total
NOTES = {
    NOT_ASSESSABLE: "ไม่ได้รับการประเมิน",
    WITHHELD: "ไม่แสดงผล เนื่องจากมีผู้ตอบน้อย",
    INCOMPLETE: "ผลคะแนนไม่ครบทุกแบบ",
}


def require_told(round: Round) -> None:
    """Raise Refused at the choice of the text while no figure of the round may be told."""
    if not lists.figures_shown(round):
        raise Refused(NOT_YET, field="text")


def grading_of(round: Round) -> Grading:
    """How the round grades."""
    bands = sorted(round.bands, key=lambda band: band.lower, reverse=True)
    return Grading(tuple(band.grade for band in bands), lists.pass_score(round))


def province_results(round: Round, province_ids: Iterable[int] | None = None) -> dict[int, ProvinceResults]:
    """The results of every province with agencies in the round, by its id; three queries.

    Raises Refused before the opening.
    """
    only = None if province_ids is None else list(province_ids)
    one = only[0] if only is not None and len(only) == 1 else None
    rows = {row.participation_id: row for row in lists.rows_of(round, lists.ResultQuery(province_id=one))}
    grading = grading_of(round)
    placed = db.session.execute(_placed(round, only))
    return {
        key: _province(list(agencies), rows, round, grading)
        for key, agencies in groupby(placed, key=lambda row: row.province_id)
    }


def country_results(round: Round) -> CountryResults:
    """The results of the whole country, province by province in Thai order; one query.

    Raises Refused before the opening.
    """
    lists.require_opened(round)
    grading, passing = grading_of(round), lists.passing(round)
    query = (
        select(Participation.province_name, Result.total, Result.grade)
        .join(Result, Result.participation_id == Participation.id)
        .join(Province, Province.id == Participation.province_id)
        .where(Participation.round_id == round.id)
        .order_by(Province.sort_key, Province.id)
    )
    rows = groupby(db.session.execute(query), key=lambda row: row.province_name)
    return CountryResults(
        round.fiscal_year, grading, tuple(_sums(name, found, grading, passing) for name, found in rows)
    )


def _sums(name: str, rows: Iterable[Any], grading: Grading, passing: frozenset[str]) -> ResultSums:
    scores = (AgencyScore("", (), row.total, row.grade or "", row.grade in passing) for row in rows)
    return sums_of(name, scores, grading)


def _placed(round: Round, only: Sequence[int] | None) -> Select[Any]:
    """The agencies of the round in the order of a letter: by province and district."""
    query: Select[Any] = select().add_columns(
        Participation.id,
        Participation.province_id,
        Participation.province_name,
        Participation.district_name,
        Participation.kind,
    )
    if only is not None:
        query = query.where(Participation.province_id.in_(only))
    return (
        query.join(District, District.id == Participation.district_id)
        .join(Province, Province.id == Participation.province_id)
        .where(Participation.round_id == round.id)
        .order_by(Province.sort_key, District.sort_key, Participation.sort_key, Participation.id)
    )


def _province(
    placed: list[Any], rows: dict[int, lists.Row], round: Round, grading: Grading
) -> ProvinceResults:
    districts = tuple(
        DistrictResults(name, tuple(_agency(rows[one.id]) for one in group if one.id in rows))
        for name, group in by_district(placed)
    )
    return ProvinceResults(placed[0].province_name, round.fiscal_year, grading, districts)


def _agency(row: lists.Row) -> AgencyScore:
    note = _note(row.total, row.reason, row.below)
    return AgencyScore(row.short_name, row.scores, row.total, row.grade or "", row.passes, note)


def _note(total: Decimal | None, reason: str, below: str) -> str:
    """Why there is no total, or on how few answers it rests."""
    if total is None:
        return NOTES.get(reason, "")
    names = " และ ".join(code.upper() for code in below.split())
    return f"ผู้ตอบ {names} ต่ำกว่าขั้นต่ำ" if names else ""
