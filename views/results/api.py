"""Results for programmes: what the screens of results show, under the same thresholds, and nothing before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint
from werkzeug.datastructures import MultiDict

from models.grading import shown
from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from models.scoring import Level
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.api.operations import PAGED, Asked, choice, code_of, figures, key, text
from portal.core.api.shapes import (
    COUNT,
    KEY,
    NUMBER,
    TEXT,
    YES,
    Code,
    Field,
    Inner,
    Page,
    Shape,
    attributes,
    inner,
    many,
    maybe,
    one_of,
    paged,
)
from portal.core.errors import NotFound
from portal.core.lookup import participation_or_404, round_or_404
from portal.core.scopes import Reach
from portal.core.texts import lazy
from portal.results import lists, means, tree, trends
from portal.results.lists import INSTRUMENTS
from portal.results.means import MeanRow
from portal.results.trends import AgencyPast
from views.results.lists import criteria_of
from views.results.trend_words import why_words

blueprint = Blueprint("results_api", __name__)
ROUND = "/rounds/<int:round_id>/results"

_SCORE = maybe(NUMBER)
_PROVINCE = key("province", "The id of a province")
_KIND = code_of("kind", AGENCY_KINDS, "Agencies of this kind alone")


def _score(value: Decimal | None) -> Decimal | None:
    return None if value is None else shown(value)


def _score_of(name: str) -> Field:
    return Field(name, _SCORE, lambda row: _score(getattr(row, name)))


def _score_at(place: int) -> Callable[[Sequence[Decimal | None]], Decimal | None]:
    return lambda scores: _score(scores[place])


_SHARE = Shape(
    "GradeShare",
    "How many agencies have a grade, or a reason for having none",
    attributes(label=TEXT, count=COUNT, passes=YES),
)
_SPREAD = Shape(
    "Spread",
    "How the grades are spread; below: grades that rest on fewer answers than the minimum sample",
    attributes(
        grades=many(_SHARE), reasons=many(_SHARE), agencies=COUNT, graded=COUNT, passed=COUNT, below=COUNT
    ),
)
_SCORES = Shape(
    "Scores",
    "Scores of the instruments, null where none may be shown",
    tuple(Field(kind.value, _SCORE, _score_at(place)) for place, kind in enumerate(INSTRUMENTS)),
)
_ROW = Shape(
    "Result",
    "The result of an agency; without a total the reason says why",
    (
        Field("id", KEY, lambda row: row.participation_id, "The id of the agency in this round"),
        *attributes(code=maybe(TEXT), full_name=TEXT, kind=Code(AGENCY_KINDS), district=TEXT, province=TEXT),
        _score_of("total"),
        *attributes(grade=maybe(TEXT), passes=YES, reason=TEXT),
        Field("below", TEXT, lambda row: row.below, "Surveys with fewer answers than their minimum"),
        *attributes(scores=inner(_SCORES)),
    ),
)


@dataclass(frozen=True)
class _Results(Page):
    spread: lists.Spread


@figures(
    blueprint,
    ROUND,
    P.RESULTS_READ,
    lazy("Results of agencies"),
    paged(_ROW, *attributes(spread=inner(_SPREAD))),
    text("q", "Words of an agency's name, place or code, as people type them"),
    _PROVINCE,
    text("grade", "A grade, or a reason for having none"),
    _KIND,
    choice("by", ["score", "name"], "The order: by score if left"),
    *PAGED,
)
def results(asked: Asked, round_id: int) -> Page:
    """Agencies with their results, and how the grades are spread; an agency's own desk sees its own."""
    round = round_or_404(round_id)
    lists.require_opened(round)
    criteria = criteria_of(round, MultiDict(asked.words))
    rows = lists.rows_of(round, criteria, page=asked.page, size=asked.per_page)
    found = lists.count_of(round, criteria)
    return _Results(rows, asked.page, asked.per_page, found, lists.spread(round, criteria))


_LINE: Shape = Shape(
    "ResultLine",
    "A place of the tree of scores. Without a score, few is the number of answers that it would need",
    (
        *attributes(level=one_of(Level), code=TEXT, name=TEXT),
        _score_of("score"),
        *attributes(n=COUNT, few=COUNT, beside=YES),
        Field("lines", Inner(lambda: _LINE, many=True), lambda line: line.lines),
    ),
)
_PART = Shape(
    "Instrument",
    "An instrument with its weight and its tree",
    (
        *attributes(kind=one_of(InstrumentKind), name=TEXT),
        Field("weight", NUMBER, lambda part: part.weight),
        *attributes(line=inner(_LINE)),
    ),
)
_EARLIER = Shape(
    "EarlierTotal",
    "The total of an earlier year; a change only where both years may be compared",
    (
        Field("fiscal_year", COUNT, lambda past: past.year.round.fiscal_year),
        *attributes(took_part=YES, grade=maybe(TEXT)),
        Field("total", _SCORE, lambda past: _score(past.total.score)),
        Field("change", _SCORE, lambda past: past.total.change),
        Field("why", TEXT, lambda past: why_words(past.total, past.year.round.fiscal_year)),
    ),
)


@dataclass(frozen=True)
class _OneResult:
    id: int
    full_name: str
    result: tree.AgencyResult
    earlier: list[AgencyPast]


_ONE = Shape(
    "AgencyResult",
    "Everything that may be shown of one agency's result",
    (
        *attributes(id=KEY, full_name=TEXT),
        Field("total", _SCORE, lambda one: _score(one.result.total)),
        Field("grade", maybe(TEXT), lambda one: one.result.grade),
        Field("passes", YES, lambda one: one.result.passes),
        Field("reason", TEXT, lambda one: one.result.reason),
        Field("below", TEXT, lambda one: one.result.below),
        Field("parts", many(_PART), lambda one: one.result.parts),
        *attributes(earlier=many(_EARLIER)),
    ),
)


@figures(
    blueprint,
    f"{ROUND}/agencies/<int:participation_id>",
    P.RESULTS_READ,
    lazy("The result of an agency"),
    _ONE,
)
def agency_result(asked: Asked, round_id: int, participation_id: int) -> Any:
    """The result of one agency as a tree, and its totals of earlier years."""
    one = participation_or_404(round_id, participation_id)
    result = tree.result_of(one)
    if result is None:
        raise NotFound
    return _OneResult(one.id, one.full_name, result, trends.past_of(one, result.total))


def _before(row: MeanRow) -> Decimal | None:
    return _score(row.before) if row.has_figures else None


def _now(row: MeanRow) -> Decimal | None:
    return _score(row.now) if row.has_figures else None


_MEAN = Shape(
    "Mean",
    "The mean of a place of the tree over the agencies that have a score in both years; kind null: the total",
    (
        Field("kind", maybe(TEXT), lambda row: row.kind.value if row.kind else None),
        Field("level", maybe(TEXT), lambda row: row.level.value if row.level else None),
        *attributes(code=TEXT, name=TEXT),
        Field("before", _SCORE, _before),
        Field("now", _SCORE, _now),
        *attributes(change=_SCORE),
        Field("agencies", maybe(COUNT), lambda row: row.agencies if row.has_figures else None),
        Field("why", maybe(TEXT), lambda row: row.why.value if row.why else None, "Why not compared"),
    ),
)
_YEAR = Shape(
    "MeansBesideYear",
    "The means of a round beside those of one earlier year",
    (
        Field("fiscal_year", COUNT, lambda one: one.year.round.fiscal_year),
        *attributes(agencies=COUNT, changed=COUNT, rows=many(_MEAN)),
    ),
)
_TRENDS = Shape("Trends", "Means beside earlier years", attributes(years=many(_YEAR)))


@dataclass(frozen=True)
class _Trends:
    years: list[means.Means]


@figures(
    blueprint,
    f"{ROUND}/trends",
    P.RESULTS_READ,
    lazy("Means beside earlier years"),
    _TRENDS,
    _PROVINCE,
    _KIND,
)
def result_trends(asked: Asked, round_id: int) -> _Trends:
    """Means of a country or a province beside earlier years. Not for an agency's own desk."""
    round = round_or_404(round_id)
    if scope_of(the_actor()).reach is Reach.AGENCY:
        raise NotFound
    return _Trends(means.means_of(round, criteria_of(round, MultiDict(asked.words))))
