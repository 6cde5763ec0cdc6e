"""The table of an interview's outcomes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.participation import Participation
from models.roster import InterviewOutcome as Outcome
from models.round import Round, RoundState, Stage, Window, WindowKind
from portal.assessors.workflow import INTERVIEW, stage_is_open
from portal.core.access import Permission as P
from portal.core.errors import Refused
from tests.support.steps import steps_of
from tests.support.world import NOW


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


def test_a_closed_round_takes_no_call_although_its_window_still_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORTAL_CLOCK", NOW.isoformat())
    day = timedelta(days=1)
    window = Window(stage=Stage.EIT_INTERVIEW, kind=WindowKind.MAIN, opens_at=NOW - day, closes_at=NOW + day)
    round = Round(state=RoundState.OPEN, office_grace_seconds=0, windows=[window])
    stage_is_open(Participation(round=round))
    round.state = RoundState.CLOSED
    with pytest.raises(Refused, match="The round has closed"):
        stage_is_open(Participation(round=round))
