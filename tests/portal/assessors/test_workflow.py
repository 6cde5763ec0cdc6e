"""The table of an interview's outcomes."""

from __future__ import annotations

import pytest

from models.roster import InterviewOutcome as Outcome
from models.round import RoundState, Stage
from portal.assessors.workflow import INTERVIEW, stage_is_open
from portal.core.access import Permission as P
from portal.core.errors import Closed, Refused
from tests.support.steps import in_round, steps_of


def steps_from(outcome: Outcome) -> set[str]:
    return {step.name for step in INTERVIEW.transitions if outcome in step.sources}


def test_an_answered_interview_can_only_be_voided() -> None:
    assert steps_from(Outcome.ANSWERED) == {"void"}


def test_a_voided_row_is_used_up() -> None:
    assert steps_from(Outcome.VOIDED) == set()


def test_who_refused_is_left_alone_until_put_back() -> None:
    assert steps_from(Outcome.REFUSED) == {"reopen"}


def test_every_other_outcome_can_be_called_again() -> None:
    call = {"answer", "no_answer", "refuse", "wrong_number"}
    assert steps_from(Outcome.PENDING) == call
    assert steps_from(Outcome.NO_ANSWER) == steps_from(Outcome.WRONG_NUMBER) == call | {"reopen"}


def test_every_outcome_can_be_reached() -> None:
    assert {step.target for step in INTERVIEW.transitions} == set(Outcome)


def test_each_step_leads_to_its_outcome_and_only_the_lead_voids() -> None:
    assert {name: step[1:] for name, step in steps_of(INTERVIEW).items()} == {
        "answer": (Outcome.ANSWERED, P.INTERVIEW_RECORD),
        "no_answer": (Outcome.NO_ANSWER, P.INTERVIEW_RECORD),
        "refuse": (Outcome.REFUSED, P.INTERVIEW_RECORD),
        "wrong_number": (Outcome.WRONG_NUMBER, P.INTERVIEW_RECORD),
        "reopen": (Outcome.PENDING, P.INTERVIEW_RECORD),
        "void": (Outcome.VOIDED, P.SAMPLE_DRAW),
    }


@pytest.mark.usefixtures("clock")
def test_calls_are_made_in_their_own_stage_of_an_open_round() -> None:
    stage_is_open(in_round(Stage.EIT_INTERVIEW))
    with pytest.raises(Closed):
        stage_is_open(in_round(Stage.EIT))
    with pytest.raises(Refused, match="The round has closed"):
        stage_is_open(in_round(Stage.EIT_INTERVIEW, RoundState.CLOSED))
