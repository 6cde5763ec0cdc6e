"""The preparation stage between admin and executive of one agency (step 4 of the letter's four steps).

The first three steps are facts, not states: the password is activated, the headcount and the roster are
there. They are what the guards ask for.
"""

from __future__ import annotations

from models.participation import Participation, PreparationState
from models.round import RoundState, Stage
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.stages import require_open
from portal.core.workflow import Transition, Workflow

S = PreparationState


def stage_is_open(participation: Participation) -> None:
    """Refuse outside the windows of the preparation stage, and in a round that is not open."""
    if participation.round.state is not RoundState.OPEN:
        raise Refused("This round is not open, so its data cannot be changed")
    require_open(participation.round, Stage.PREPARATION)


def data_are_complete(participation: Participation) -> None:
    """Refuse, naming the first step that is missing, in the order of the letter."""
    stage_is_open(participation)
    if participation.activated_at is None:
        raise Refused("The agency's admin has not activated the password yet")
    if participation.headcount is None:
        raise Refused("Enter the number of internal stakeholders first")
    if participation.roster_count < 1:
        raise Refused("The roster of external stakeholders is still empty: add names first")


PREPARATION = Workflow(
    "preparation",
    "state",
    (
        Transition(
            "submit",
            frozenset({S.ENTERING, S.RETURNED}),
            S.SUBMITTED,
            P.PREPARATION_ENTER,
            data_are_complete,
            "Send to the executive",
        ),
        Transition(
            "withdraw",
            frozenset({S.SUBMITTED}),
            S.ENTERING,
            P.PREPARATION_ENTER,
            stage_is_open,
            "Take back to change",
        ),
        Transition(
            "return",
            frozenset({S.SUBMITTED}),
            S.RETURNED,
            P.PREPARATION_CONFIRM,
            stage_is_open,
            "Return for changes",
        ),
        Transition(
            "confirm",
            frozenset({S.SUBMITTED}),
            S.CONFIRMED,
            P.PREPARATION_CONFIRM,
            data_are_complete,
            "Confirm the data",
        ),
    ),
)
