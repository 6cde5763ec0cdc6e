"""Words and kinds of state of a call's outcomes, and the tabs of the call list."""

from __future__ import annotations

from typing import Any

from models.roster import InterviewOutcome as Outcome
from portal.core.texts import lazy

OUTCOME_WORDS = {
    Outcome.PENDING: lazy("Not called yet"),
    Outcome.ANSWERED: lazy("Answered"),
    Outcome.NO_ANSWER: lazy("No answer"),
    Outcome.REFUSED: lazy("Refused"),
    Outcome.WRONG_NUMBER: lazy("Wrong number"),
    Outcome.VOIDED: lazy("Voided"),
}
OUTCOME_KINDS = {
    Outcome.PENDING: "idle",
    Outcome.ANSWERED: "ok",
    Outcome.NO_ANSWER: "warn",
    Outcome.REFUSED: "bad",
    Outcome.WRONG_NUMBER: "bad",
    Outcome.VOIDED: "bad",
}
#: the tabs of the list: whom to call, whom to call again, the rest
VIEWS: dict[str, tuple[Any, frozenset[Outcome]]] = {
    "": (lazy("All"), frozenset(Outcome)),
    "pending": (lazy("To call"), frozenset({Outcome.PENDING})),
    "again": (lazy("Call again"), frozenset({Outcome.NO_ANSWER, Outcome.WRONG_NUMBER})),
    "answered": (lazy("Answered"), frozenset({Outcome.ANSWERED})),
    "closed": (lazy("Cannot be used"), frozenset({Outcome.REFUSED, Outcome.VOIDED})),
}
