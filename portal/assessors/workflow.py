"""How a call of EIT part 2 may go: from the drawn row to its outcome, and back while nothing is sealed.

"answer" and "void" are carried out by the ballot box together with the sealed answer; the table says from
where they are possible, and the service asks it first.
"""

from __future__ import annotations

from models.participation import Participation
from models.roster import Interview
from models.roster import InterviewOutcome as Outcome
from models.round import RoundState, Stage
from portal.core.access import Permission as P
from portal.core.errors import Refused
from portal.core.stages import require_open
from portal.core.texts import lazy
from portal.core.workflow import Transition, Workflow

#: whom one may call: nobody has, or the last call came to nothing
CALLABLE = frozenset({Outcome.PENDING, Outcome.NO_ANSWER, Outcome.WRONG_NUMBER})


def stage_is_open(participation: Participation) -> None:
    """Refuse outside the interview stage, and in a round that is not open. Raises Refused, Closed."""
    if participation.round.state is not RoundState.OPEN:
        raise Refused("The round has closed: it takes no more answers")
    require_open(participation, Stage.EIT_INTERVIEW)


def _stage_open(interview: Interview) -> None:
    stage_is_open(interview.participation)


def _box_closed_to_eyes(interview: Interview) -> None:
    """Voiding is possible until the round closes, also after the window: the answers are still sealed."""
    if interview.participation.round.state is not RoundState.OPEN:
        raise Refused("The round has closed: this interview can no longer be voided")


INTERVIEW = Workflow(
    "interview",
    "outcome",
    (
        Transition("answer", CALLABLE, Outcome.ANSWERED, P.INTERVIEW_RECORD, _stage_open, lazy("Answered")),
        Transition(
            "no_answer", CALLABLE, Outcome.NO_ANSWER, P.INTERVIEW_RECORD, _stage_open, lazy("No answer")
        ),
        Transition("refuse", CALLABLE, Outcome.REFUSED, P.INTERVIEW_RECORD, _stage_open, lazy("Refused")),
        Transition(
            "wrong_number",
            CALLABLE,
            Outcome.WRONG_NUMBER,
            P.INTERVIEW_RECORD,
            _stage_open,
            lazy("Wrong number"),
        ),
        Transition(
            "reopen",
            frozenset({Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.WRONG_NUMBER}),
            Outcome.PENDING,
            P.INTERVIEW_RECORD,
            _stage_open,
            lazy("Back to the call list"),
        ),
        # the lead's act: an interviewer cannot take out answers that were not to the liking
        Transition(
            "void",
            frozenset({Outcome.ANSWERED}),
            Outcome.VOIDED,
            P.SAMPLE_DRAW,
            _box_closed_to_eyes,
            lazy("Void"),
        ),
    ),
)
