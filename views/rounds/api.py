"""Rounds and the dates of their stages, for programmes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint

from models.round import Round, RoundState, Stage
from models.windows import Phase, StageState, WindowSpan
from portal.core.access import Permission as P
from portal.core.api.operations import Asked, figures
from portal.core.api.shapes import (
    COUNT,
    DAY,
    KEY,
    MOMENT,
    TEXT,
    YES,
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
from portal.core.stages import STAGE_NAMES, stage_state
from portal.core.texts import lazy
from portal.results.lists import figures_shown
from views.frame.navigation import all_rounds

blueprint = Blueprint("rounds_api", __name__)


@dataclass(frozen=True)
class _StageOfRound:
    stage: Stage
    state: StageState

    @property
    def name(self) -> str:
        """The stage in words."""
        return str(STAGE_NAMES[self.stage])

    @property
    def phase(self) -> Phase:
        """Where it stands now."""
        return self.state.phase

    @property
    def last_day(self) -> date | None:
        """Its last day in the round's calendar."""
        return self.state.last_day

    @property
    def windows(self) -> tuple[WindowSpan, ...]:
        """Its windows in their order."""
        return self.state.spans


_WINDOW = Shape(
    "Window",
    "A time in which a stage is open, from its first moment until before its last",
    (
        *attributes(opens_at=MOMENT, closes_at=MOMENT, first_day=DAY, last_day=DAY),
        Field("kind", TEXT, lambda span: getattr(span.kind, "value", span.kind)),
    ),
)
_STAGE = Shape(
    "Stage",
    "A stage in the round's calendar, without the days that single agencies were given more",
    (
        *attributes(stage=one_of(Stage), name=TEXT, phase=one_of(Phase), last_day=maybe(DAY)),
        *attributes(windows=many(_WINDOW)),
    ),
)
_ROUND = Shape(
    "Round",
    "A round of the assessment",
    (
        *attributes(id=KEY, name=TEXT, fiscal_year=COUNT, scheme=TEXT, state=one_of(RoundState)),
        Field("results_shown", YES, figures_shown, "True once results may be read"),
    ),
)
_WITH_STAGES = Shape(
    "RoundWithStages",
    "A round with the dates of its stages",
    (
        *_ROUND.fields,
        Field(
            "stages",
            many(_STAGE),
            lambda round: [_StageOfRound(stage, stage_state(round, stage)) for stage in Stage],
        ),
    ),
)


@figures(blueprint, "/rounds", P.ROUNDS_READ, lazy("Rounds"), paged(_ROUND))
def rounds(asked: Asked) -> Page:
    """Every round, the newest first, on one page."""
    rows = all_rounds()
    return Page(rows, 1, max(1, len(rows)), len(rows))


@figures(
    blueprint,
    "/rounds/<int:round_id>",
    P.ROUNDS_READ,
    lazy("A round with its stages and dates"),
    _WITH_STAGES,
)
def round_with_stages(asked: Asked, round_id: int) -> Round:
    """A round and when its stages are open."""
    return round_or_404(round_id)
