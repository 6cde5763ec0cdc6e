"""The way of an agency's data between admin and executive."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.participation import Participation, PreparationState
from models.round import RoundState, Stage
from models.zone import BANGKOK
from portal.core.access import Permission as P
from portal.core.errors import Closed, Refused
from portal.preparation.workflow import PREPARATION, stage_is_open, where_they_lie
from tests.support.steps import in_round, steps_of

S = PreparationState


def test_the_way_between_admin_and_executive() -> None:
    assert steps_of(PREPARATION) == {
        "submit": ({S.ENTERING, S.RETURNED}, S.SUBMITTED, P.PREPARATION_ENTER),
        "withdraw": ({S.SUBMITTED}, S.ENTERING, P.PREPARATION_ENTER),
        "return": ({S.SUBMITTED}, S.RETURNED, P.PREPARATION_CONFIRM),
        "confirm": ({S.SUBMITTED}, S.CONFIRMED, P.PREPARATION_CONFIRM),
    }


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (S.ENTERING, "still entering"),
        (S.SUBMITTED, "lie with the executive"),
        (S.RETURNED, "were returned to the admin"),
        (S.CONFIRMED, "has confirmed the data"),
    ],
)
def test_a_closed_step_says_where_the_data_lie(state: PreparationState, says: str) -> None:
    assert says in where_they_lie(Participation(state=state)).message_id


def test_data_that_were_sent_are_said_to_lie_there_since_a_moment() -> None:
    sent = datetime(2018, 11, 12, 9, 30, tzinfo=BANGKOK)
    assert "12" in where_they_lie(Participation(state=S.SUBMITTED, submitted_at=sent)).values["when"]
    assert where_they_lie(Participation(state=S.ENTERING)).values["when"] == "–"


@pytest.mark.usefixtures("clock")
def test_data_move_in_their_own_stage_of_an_open_round() -> None:
    stage_is_open(in_round(Stage.PREPARATION))
    with pytest.raises(Closed):
        stage_is_open(in_round(Stage.OIT))
    for state in (RoundState.DRAFT, RoundState.CLOSED, RoundState.OPENED):
        with pytest.raises(Refused, match="not open"):
            stage_is_open(in_round(Stage.PREPARATION, state))
