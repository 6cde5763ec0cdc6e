"""A round is prepared, open, closed for good; its boxes are opened afterwards, by a command."""

from __future__ import annotations

from models.round import RoundState
from portal.core.access import Permission as P
from portal.rounds.workflow import ROUND
from tests.support.steps import steps_of

S = RoundState


def test_a_round_goes_one_way_only() -> None:
    assert steps_of(ROUND) == {
        "open": ({S.DRAFT}, S.OPEN, P.ROUNDS_WRITE),
        "close": ({S.OPEN}, S.CLOSED, P.BOXES_CLOSE),
        "open_boxes": ({S.CLOSED}, S.OPENED, P.BOXES_OPEN),
    }
