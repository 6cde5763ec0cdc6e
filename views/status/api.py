"""How far the assessment has come, for programmes: the figures of the screens of status, and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from flask import Blueprint

from models.disclosure import DisclosureState
from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS
from models.outlook import Why
from models.participation import Participation, PreparationState
from models.place import Province
from models.round import Round, Stage
from models.survey import QuarterCount
from portal.ballot.counting import counted_at, counts_seen
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.api.operations import PAGED, Asked, choice, code_of, key, text
from portal.core.api.operations import figures as figures_of
from portal.core.api.shapes import (
    COUNT,
    DAY,
    KEY,
    MOMENT,
    NUMBER,
    TEXT,
    YES,
    Code,
    Field,
    Page,
    Shape,
    attributes,
    inner,
    many,
    maybe,
    one_of,
    paged,
    through,
)
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.lookup import get_or_404, participation_or_404, round_or_404
from portal.core.outlook import why_words
from portal.core.scopes import Reach
from portal.core.texts import lazy
from portal.status import figures
from portal.status.progress import progress_of
from portal.status.stages import StageRow, stage_rows
from views.status.files import percent
from views.status.queries import (
    ANY,
    MISSES,
    OIT_STATES,
    CountryPicture,
    CountryQuery,
    StagesQuery,
    StatusQuery,
    country_picture,
    looks_ahead,
    within,
)

blueprint = Blueprint("status_api", __name__)
STEPS = ("password", "headcount", "roster", "confirmation")
ROUND = "/rounds/<int:round_id>/status"

_REGION = text("region", "Provinces of this region alone, by its name")
_KIND = code_of("kind", AGENCY_KINDS, "Agencies of this kind alone")
_PROVINCE = key("province", "The id of a province; a desk of one place has no other to choose")
_SURVEY = choice("survey", ["iit", "eit"], "IIT if left")
_Q = text("q", "Words of an agency's name, place or code, as people type them")

_STEPS = Shape(
    "StepsOfPreparation",
    "A number of agencies at each step of preparation",
    tuple(Field(name, COUNT, itemgetter(place)) for place, name in enumerate(STEPS)),
)
_COUNTS = Shape(
    "Preparation",
    "Agencies and the steps of preparation that they have done",
    (
        *attributes(agencies=COUNT, complete=COUNT, incomplete=COUNT),
        Field("percent_complete", NUMBER, lambda row: percent(row.percent_complete)),
        Field("done", inner(_STEPS), lambda row: row.done, "Agencies that have done each step"),
        Field("stuck_at", inner(_STEPS), lambda row: row.behind, "By the first step that is not done"),
    ),
)
_SURVEYED = Shape(
    "SurveyOfPlace",
    "Answers of the confirmed agencies of a place against their minimum samples",
    (
        *attributes(agencies=COUNT, reached=COUNT, answers=COUNT, minimum=COUNT),
        Field("above", COUNT, lambda row: row.above, "Agencies with more answers than people known"),
    ),
)


def _number_in(state: DisclosureState) -> Callable[[Mapping[DisclosureState, int]], int]:
    return lambda states: states.get(state, 0)


_OIT_OF_PLACE = Shape(
    "OitOfPlace",
    "Agencies by the state of their checklist; those that have not begun are in none",
    tuple(Field(state.value, COUNT, _number_in(state)) for state, _name in OIT_STATES),
)


def _of_province(name: str, about: str, *more: Field) -> Shape:
    place = attributes(id=KEY, code=TEXT, name=TEXT, region=TEXT)
    return Shape(name, about, (*through(itemgetter(0), place), *more))


_PREPARATION = _of_province(
    "ProvincePreparation",
    "Preparation in a province",
    Field("preparation", inner(_COUNTS), lambda pair: pair[0].counts),
)
_SURVEY_ROW = _of_province(
    "ProvinceSurvey",
    "A survey in a province",
    Field("survey", inner(_SURVEYED), lambda pair: pair[1].surveys.get(pair[0].id, figures.SurveyCounts())),
    Field(
        "likely_to_miss",
        COUNT,
        lambda pair: pair[1].surveys.get(pair[0].id, figures.SurveyCounts()).likely,
        "Agencies that the forecast of the night names",
    ),
)
_OIT_ROW = _of_province(
    "ProvinceOit",
    "OIT in a province",
    Field("agencies", COUNT, lambda pair: pair[0].counts.agencies),
    Field("oit", inner(_OIT_OF_PLACE), lambda pair: pair[1].oit.get(pair[0].id, {})),
)


@figures_of(
    blueprint,
    f"{ROUND}/preparation",
    P.STATUS_READ,
    lazy("Preparation by province"),
    paged(_PREPARATION),
    _REGION,
    _KIND,
)
def preparation(asked: Asked, round_id: int) -> Page:
    """Preparation of every province, what is behind first. For offices of the country."""
    return _provinces(asked, round_id, "preparation")


@figures_of(
    blueprint, f"{ROUND}/iit", P.STATUS_READ, lazy("IIT by province"), paged(_SURVEY_ROW), _REGION, _KIND
)
def iit(asked: Asked, round_id: int) -> Page:
    """IIT of every province, furthest from the minimum first. For offices of the country."""
    return _provinces(asked, round_id, "iit")


@figures_of(
    blueprint, f"{ROUND}/eit", P.STATUS_READ, lazy("EIT by province"), paged(_SURVEY_ROW), _REGION, _KIND
)
def eit(asked: Asked, round_id: int) -> Page:
    """EIT of every province, furthest from the minimum first. For offices of the country."""
    return _provinces(asked, round_id, "eit")


@figures_of(
    blueprint, f"{ROUND}/oit", P.STATUS_READ, lazy("OIT by province"), paged(_OIT_ROW), _REGION, _KIND
)
def oit(asked: Asked, round_id: int) -> Page:
    """OIT of every province, fewest confirmed first. For offices of the country."""
    return _provinces(asked, round_id, "oit")


def _provinces(asked: Asked, round_id: int, tab: str) -> Page:
    if scope_of(the_actor()).reach is not Reach.COUNTRY:
        raise NotFound
    criteria = CountryQuery.of({**asked.words, "tab": tab})
    picture: CountryPicture = country_picture(round_or_404(round_id), criteria)
    rows = [(row, picture) for row in picture.rows]
    return Page(rows, 1, max(1, len(rows)), len(rows))


@dataclass(frozen=True)
class _Place:
    preparation: figures.Counts
    iit: figures.SurveyCounts
    eit: figures.SurveyCounts


_PLACE = Shape(
    "StatusOfPlace",
    "Preparation and both surveys of the agencies of a place",
    attributes(preparation=inner(_COUNTS), iit=inner(_SURVEYED), eit=inner(_SURVEYED)),
)


@figures_of(
    blueprint,
    f"{ROUND}/counts",
    P.STATUS_READ,
    lazy("Counts of a place: country, region, province, district, kind"),
    _PLACE,
    _REGION,
    _PROVINCE,
    text("district", "Agencies of this district alone, by its name"),
    _KIND,
)
def counts(asked: Asked, round_id: int) -> _Place:
    """Counts of the agencies that the desk sees, narrowed by place and kind. Not for an agency's own desk."""
    round, reach = round_or_404(round_id), _reach_of_many()
    here = StagesQuery.of(asked.words, reach).conditions(round) + StatusQuery.of(asked.words).conditions()
    surveys = [figures.survey_of(round, one, *here) for one in (InstrumentKind.IIT, InstrumentKind.EIT)]
    return _Place(figures.counts(round, *here), *surveys)


def _reach_of_many() -> Reach:
    """The reach of a desk that sees more than one agency, as on screen. Raises NotFound for an agency's."""
    reach = scope_of(the_actor()).reach
    if reach is Reach.AGENCY:
        raise NotFound
    return reach


_TARGET = Shape(
    "Survey",
    "A survey of one agency: answers, people known, the minimum sample (null while it is not known)",
    attributes(answers=COUNT, population=maybe(COUNT), minimum=maybe(COUNT), reached=YES, above=COUNT),
)
_CHECKLIST = Shape(
    "Oit",
    "The checklist of one agency",
    attributes(state=one_of(DisclosureState), total=COUNT, answered=COUNT, scored=COUNT),
)
_STEP = Shape(
    "Step",
    "A step of preparation of one agency",
    (
        Field("step", {"type": "string", "enum": list(STEPS)}, lambda row: row[0]),
        Field("done", YES, lambda row: row[1]),
        Field("at", maybe(MOMENT), lambda row: row[2], "When it was done, where that is known"),
    ),
)


def _survey(instrument: InstrumentKind) -> Callable[[figures.AgencyRow], Any]:
    return lambda row: row.targets[instrument]


_AGENCY = (
    Field("id", KEY, lambda row: row.id, "The id of the agency in this round, as on screen"),
    *attributes(full_name=TEXT, kind=Code(AGENCY_KINDS), district=TEXT, province=TEXT),
    *attributes(state=one_of(PreparationState), steps_done=COUNT),
    Field("steps", many(_STEP), lambda row: list(zip(STEPS, row.steps, row.dates, strict=True))),
    Field("iit", inner(_TARGET), _survey(InstrumentKind.IIT)),
    Field("eit", inner(_TARGET), _survey(InstrumentKind.EIT)),
    Field("oit", inner(_CHECKLIST), lambda row: row.oit),
)
_OUTLOOK = Shape(
    "LikelyToMiss",
    "A stage that the forecast of the night says the agency will miss, and lacks still",
    (
        *attributes(stage=one_of(Stage), why=one_of(Why), done=COUNT, needed=COUNT, expected=COUNT),
        Field("words", TEXT, why_words),
    ),
)
_IN_A_ROW = Shape(
    "AgencyStages",
    "All stages of one agency",
    (
        *through(attrgetter("agency"), _AGENCY),
        Field("eit_by_link", COUNT, lambda row: row.by_link),
        Field("eit_interviews", COUNT, lambda row: row.interviews),
        Field("eit_drawn", maybe(COUNT), lambda row: row.drawn, "People drawn; null while none are"),
        Field("likely_to_miss", many(_OUTLOOK), lambda row: row.outlooks),
    ),
)


@figures_of(
    blueprint,
    f"{ROUND}/agencies",
    P.STATUS_READ,
    lazy("Agencies, all stages"),
    paged(_IN_A_ROW),
    _Q,
    _REGION,
    _PROVINCE,
    _KIND,
    choice("miss", MISSES, f"Likely to miss this stage, or {ANY}"),
    *PAGED,
)
def agencies(asked: Asked, round_id: int) -> Page:
    """Every agency of the desk with all of its stages. Not for an agency's own desk."""
    reach, round = _reach_of_many(), round_or_404(round_id)
    here = StagesQuery.of(asked.words, reach).conditions(round)
    rows: list[StageRow] = stage_rows(
        round, *here, offset=asked.offset, most=asked.per_page, ahead=looks_ahead(reach)
    )
    return asked.paged(rows, figures.how_many(round, *here))


@dataclass(frozen=True)
class _One:
    row: figures.AgencyRow
    counted_at: datetime | None


_ONE = Shape(
    "AgencyStatus",
    "One agency of a round",
    (
        *through(attrgetter("row"), _AGENCY),
        Field(
            "counted_at",
            maybe(MOMENT),
            lambda it: it.counted_at,
            "Since when the answers stand that the agency's own desk reads; null for other desks: now",
        ),
    ),
)


@figures_of(blueprint, f"{ROUND}/agencies/<int:participation_id>", P.STATUS_READ, lazy("One agency"), _ONE)
def agency(asked: Asked, round_id: int, participation_id: int) -> _One:
    """One agency by its id of the round. Its own desk reads its answers as of the last quarter of an hour."""
    one = participation_or_404(round_id, participation_id)
    rows = figures.agencies(one.round, Participation.id == one.id, most=1)
    return _One(rows[0], counted_at() if counts_seen(db.session()) is QuarterCount else None)


_DAY = Shape(
    "DayOfAnswers",
    "The answers of a day, and until its end",
    (
        Field("day", DAY, lambda pair: pair[0][0]),
        Field("answers", COUNT, lambda pair: pair[0][1]),
        Field("sum", COUNT, lambda pair: pair[1][1]),
    ),
)


@dataclass(frozen=True)
class _Progress:
    survey: InstrumentKind
    counts: figures.SurveyCounts
    days: list[Any]


_PROGRESS = Shape(
    "Progress",
    "A survey over time; without days while it has no dates",
    attributes(survey={"type": "string", "enum": ["iit", "eit"]}, counts=inner(_SURVEYED), days=many(_DAY)),
)


@figures_of(
    blueprint, f"{ROUND}/progress", P.STATUS_READ, lazy("A survey day by day"), _PROGRESS, _SURVEY, _PROVINCE
)
def progress(asked: Asked, round_id: int) -> _Progress:
    """Answers of each day, of the country or a province. For offices of the country and of provinces."""
    reach = scope_of(the_actor()).reach
    if not looks_ahead(reach):
        raise NotFound
    round, survey = round_or_404(round_id), InstrumentKind(asked.words.get("survey", "iit"))
    wanted = asked.number("province") if reach is Reach.COUNTRY else the_actor().province_id
    place = get_or_404(Province, wanted) if wanted else None
    whole = _whole(round, survey, place)
    seen = progress_of(round, survey, whole, province_id=place.id if place else None)
    return _Progress(survey, whole, list(zip(seen.days, seen.sums, strict=True)) if seen else [])


def _whole(round: Round, survey: InstrumentKind, place: Province | None) -> figures.SurveyCounts:
    if place is None:
        return figures.summed(figures.surveys(round, survey).values())
    return figures.survey_of(round, survey, *within(place))
