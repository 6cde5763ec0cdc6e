"""Power rights between two people: one asks, another confirms, neither for themselves. Lost passwords."""

from __future__ import annotations

from models.granting import AskedState, GrantRequest
from models.onboarding import LostState
from portal.core.access import Permission as P
from portal.core.access import the_actor
from portal.core.errors import Refused
from portal.core.workflow import Transition, Workflow
from portal.people.restoring import decides, why_not_second


def another_decides(request: GrantRequest) -> None:
    """Refuse whoever may not even say no, and whoever is not the second of two (``restoring``)."""
    another_refuses(request)
    reason = why_not_second(request, the_actor())
    if reason is not None:
        raise reason


def another_refuses(request: GrantRequest) -> None:
    """Refuse whoever asked, and whom it is for; saying no needs no second factor."""
    actor = the_actor()
    if actor.account_id == request.asked_by_id:
        raise Refused("You asked for this yourself: another officer has to decide")
    if actor.account_id == request.account_id:
        raise Refused("This is about yourself: another officer has to decide")
    if not decides(request, actor):
        raise Refused("The back office decides about this")


def the_asker_withdraws(request: GrantRequest) -> None:
    """Refuse whoever did not ask."""
    if the_actor().account_id != request.asked_by_id:
        raise Refused("Only the officer who asked can withdraw it")


def decided(_request: object) -> Refused:
    """Why nothing can be done any more."""
    return Refused("This request is decided already")


_WAITING = frozenset({AskedState.WAITING})

GRANTING = Workflow(
    "grant_request",
    "state",
    (
        Transition("confirm", _WAITING, AskedState.CONFIRMED, P.SECOND_DECIDE, another_decides, "Confirm"),
        Transition("refuse", _WAITING, AskedState.REFUSED, P.SECOND_DECIDE, another_refuses, "Refuse"),
        Transition(
            "withdraw", _WAITING, AskedState.WITHDRAWN, P.SECOND_DECIDE, the_asker_withdraws, "Withdraw"
        ),
    ),
    elsewhere=decided,
)

LOST = Workflow(
    "lost_password",
    "state",
    (
        # by the system: the person comes back with a code (portal/people/answered.py)
        Transition("answer", frozenset({LostState.WAITING}), LostState.ANSWERED, P.CODES_ISSUE),
        Transition(
            "refuse", frozenset({LostState.WAITING}), LostState.REFUSED, P.CODES_ISSUE, label="Refuse"
        ),
    ),
    elsewhere=decided,
)
