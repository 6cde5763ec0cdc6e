"""The states of a round: prepared as a draft, open, closed for good; its boxes are opened by a command."""

from __future__ import annotations

from models.round import Round, RoundState
from portal.ballot.closing import require_over
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.workflow import Transition, Workflow
from portal.rounds.checks import checks


def require_ready(round: Round) -> None:
    """Raise Refused with the first thing that a round still lacks before it can open."""
    for check in checks(round):
        if not check.ok:
            raise Refused(check.reason, **check.values)


ROUND = Workflow(
    "round",
    "state",
    (
        Transition(
            "open",
            frozenset({RoundState.DRAFT}),
            RoundState.OPEN,
            P.ROUNDS_WRITE,
            require_ready,
            "Open the round",
        ),
        Transition(
            "close",
            frozenset({RoundState.OPEN}),
            RoundState.CLOSED,
            P.BOXES_CLOSE,
            require_over,
            "Close the round",
        ),
        Transition(
            "open_boxes",
            frozenset({RoundState.CLOSED}),
            RoundState.OPENED,
            P.BOXES_OPEN,
            None,
            "Open the boxes",
        ),
    ),
)
