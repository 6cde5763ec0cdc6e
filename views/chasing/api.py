"""Who lacks what, for programmes: the figures of the list, without telephones, e-mails and what was noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from models.kinds import AGENCY_KINDS
from models.round import Stage
from portal.chasing.lacks import ABOUT, CHASED, Lack
from portal.chasing.listing import NOTED, Chase
from portal.chasing.queries import narrowed_by
from portal.core import clock
from portal.core.access import Permission as P
from portal.core.access import scope_of, the_actor
from portal.core.api.operations import PAGED, Asked, choice, code_of, figures, key, text
from portal.core.api.shapes import (
    COUNT,
    DAY,
    KEY,
    TEXT,
    Code,
    Field,
    Page,
    Shape,
    attributes,
    many,
    maybe,
    one_of,
    paged,
)
from portal.core.lookup import round_or_404
from portal.core.texts import lazy

blueprint = Blueprint("chasing_api", __name__)

_MISSING = Shape(
    "Missing",
    "A step that an agency lacks; of a survey with its answers and its minimum",
    (
        *attributes(lack=one_of(Lack), answers=maybe(COUNT), minimum=maybe(COUNT)),
        Field("words", TEXT, lambda one: ABOUT[one.lack].label),
    ),
)
_BEHIND = Shape(
    "StageBehind",
    "A stage that an agency is behind in, with its own last day",
    (
        Field("stage", one_of(Stage), lambda pair: pair[0]),
        Field("last_day", DAY, lambda pair: pair[1]),
    ),
)
_LATE = Shape(
    "LateAgency",
    "An agency that lacks something now",
    (
        *attributes(id=KEY, full_name=TEXT, kind=Code(AGENCY_KINDS), district=TEXT, province=TEXT),
        *attributes(province_id=KEY),
        Field("hangs_at", one_of(Lack), lambda late: late.at, "The first step that it lacks"),
        *attributes(missing=many(_MISSING)),
        Field("stages", many(_BEHIND), lambda late: [(one, late.last_day(one)) for one in late.stages]),
        Field("promised_by", maybe(DAY), lambda late: late.note.promised_until if late.note else None),
    ),
)
_AT = Shape(
    "HangsAt",
    "How many agencies hang at a step that is due",
    (
        Field("lack", one_of(Lack), lambda pair: pair[0]),
        Field("agencies", COUNT, lambda pair: pair[1]),
    ),
)


@dataclass(frozen=True)
class _LatePage(Page):
    counts: Mapping[Lack, int]


@figures(
    blueprint,
    "/rounds/<int:round_id>/chasing",
    P.CHASING_READ,
    lazy("Agencies that lack something now"),
    paged(_LATE, Field("counts", many(_AT), lambda page: list(page.counts.items()))),
    text("q", "Words of an agency's name, place or code, as people type them"),
    text("region", "Provinces of this region alone, by its name"),
    key("province", "The id of a province; a desk of one place has no other to choose"),
    text("district", "Agencies of this district alone, by its name"),
    code_of("kind", AGENCY_KINDS, "Agencies of this kind alone"),
    choice("stage", [stage.value for stage in CHASED], "What is lacking in this stage"),
    choice("at", [lack.value for lack in Lack], "Agencies that hang at this step"),
    choice("noted", NOTED, "By the newest note"),
    choice("miss", ["likely"], "Agencies alone that the forecast of the night names"),
    *PAGED,
)
def late(asked: Asked, round_id: int) -> Any:
    """Agencies that lack something now, what is furthest behind first, and how many hang at each step."""
    chase = Chase.of(round_or_404(round_id), clock.now())
    narrowed = narrowed_by(asked.words, scope_of(the_actor()))
    standing = chase.standing(narrowed)
    counts = standing.counts
    rows = chase.page(narrowed, standing, offset=asked.offset, most=asked.per_page)
    return _LatePage(rows, asked.page, asked.per_page, chase.listed(counts, narrowed.at), counts)
