"""The preparation stage between admin and executive of one agency (step 4 of the letter's four steps).

The first three steps are facts, not states: the password is activated, the headcount and the roster are
there. They are what the guards ask for.
"""

from __future__ import annotations

from models.correction import CorrectionState, HeadcountCorrection
from models.participation import Participation, PreparationState
from models.round import RoundState, Stage
from models.thai import thai_datetime
from portal.ballot.closed_boxes import boxes_are_closed
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.holders import require_executive
from portal.core.stages import require_open
from portal.core.workflow import Transition, Workflow

S = PreparationState


def stage_is_open(participation: Participation) -> None:
    """Refuse outside the windows of the preparation stage, and in a round that is not open."""
    if participation.round.state is not RoundState.OPEN:
        raise Refused("This round is not open, so its data cannot be changed")
    require_open(participation, Stage.PREPARATION)


def data_are_complete(participation: Participation) -> None:
    """Refuse, naming the first step that is missing, in the order of the letter."""
    stage_is_open(participation)
    if not participation.is_activated:
        raise Refused("The agency's admin has not activated the password yet")
    if not participation.is_counted:
        raise Refused("Enter the number of internal stakeholders first")
    if not participation.has_roster:
        raise Refused("The roster of external stakeholders is still empty: add names first")


def somebody_can_confirm(participation: Participation) -> None:
    """Refuse to send data that are not complete, or that nobody could confirm."""
    data_are_complete(participation)
    require_executive(participation)


_WHERE = {
    S.ENTERING: "The admin of the agency is still entering the data and has not sent them",
    S.SUBMITTED: "The data lie with the executive since %(when)s",
    S.RETURNED: "The data were returned to the admin to be changed",
    S.CONFIRMED: "The executive has confirmed the data: they can no longer be changed",
}


def where_they_lie(participation: Participation) -> Refused:
    """Why the steps of another state are closed: where the agency's data lie, and since when."""
    moment = participation.submitted_at
    return Refused(_WHERE[participation.state], when=thai_datetime(moment) if moment else "–")


PREPARATION = Workflow(
    "preparation",
    "state",
    (
        Transition(
            "submit",
            frozenset({S.ENTERING, S.RETURNED}),
            S.SUBMITTED,
            P.PREPARATION_ENTER,
            somebody_can_confirm,
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
    elsewhere=where_they_lie,
)


def still_closed(correction: HeadcountCorrection) -> None:
    """Refuse once the boxes of the agency were opened: its results stand on the number that was confirmed."""
    require_closed_boxes(correction.participation)


def require_closed_boxes(participation: Participation) -> None:
    """Refuse a correction once the boxes were opened. Raises Refused."""
    if not boxes_are_closed(participation):
        raise Refused("The boxes were opened, and the results stand on this number: it stays as it is")


_DECIDED = {
    CorrectionState.CONFIRMED: "The executive has confirmed this correction already",
    CorrectionState.DECLINED: "The executive has declined this correction already",
    CorrectionState.WITHDRAWN: "The admin has taken this correction back",
}


def how_it_ended(correction: HeadcountCorrection) -> Refused:
    """Why nothing more is decided about a correction."""
    return Refused(_DECIDED[correction.state])


_ASKED = frozenset({CorrectionState.ASKED})
#: a confirmed headcount that was wrong, between admin and executive
CORRECTION = Workflow(
    "headcount",
    "state",
    (
        Transition(
            "confirm",
            _ASKED,
            CorrectionState.CONFIRMED,
            P.PREPARATION_CONFIRM,
            still_closed,
            "Confirm the new number",
        ),
        Transition(
            "decline", _ASKED, CorrectionState.DECLINED, P.PREPARATION_CONFIRM, label="Keep the old number"
        ),
        Transition(
            "withdraw",
            _ASKED,
            CorrectionState.WITHDRAWN,
            P.PREPARATION_ENTER,
            label="Take the correction back",
        ),
    ),
    elsewhere=how_it_ended,
)
