"""Whether a stage of a round is open, and the reason to show where it is not."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.round import Round, Stage
from models.thai import thai_datetime, thai_deadline
from models.windows import Phase, StageState, WindowSpan
from portal.core import clock
from portal.core.errors import Closed


def stage_state(round: Round, stage: Stage, now: datetime | None = None) -> StageState:
    """The state of a stage at a moment (the clock's, unless given)."""
    spans = (
        WindowSpan(window.opens_at, window.closes_at, window.kind)
        for window in round.windows
        if window.stage is stage
    )
    return StageState.at(spans, now or clock.now())


def require_open(round: Round, stage: Stage, *, grace: timedelta = timedelta(0)) -> StageState:
    """The open stage's state. Raises Closed, which says when it opens or that it is over."""
    state = stage_state(round, stage)
    if not state.accepts(grace):
        raise closed(state)
    return state


def closed(state: StageState) -> Closed:
    """Why a stage is closed, with its times, as an error to raise or to show."""
    opens_at, closed_at = state.opens_at, state.closes_at
    if state.phase is Phase.NO_WINDOW or (opens_at is None and closed_at is None):
        return Closed("This stage has no dates yet", opens_at=None, closed_at=None)
    if opens_at is not None:
        return Closed(
            "This stage is not open: it opens on %(when)s",
            when=thai_datetime(opens_at),
            opens_at=opens_at,
            closed_at=closed_at,
        )
    assert closed_at is not None
    return Closed(
        "This stage has closed: it was open until %(when)s",
        when=thai_deadline(closed_at),
        opens_at=None,
        closed_at=closed_at,
    )
