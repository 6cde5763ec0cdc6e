"""The four steps as an agency's pages show them: done with its day, to do now, or why not yet."""

from __future__ import annotations

from typing import Any

import pytest

from models.participation import Participation, PreparationState
from portal.core.web import Portal
from portal.preparation.steps import steps_of
from tests.support.world import NOW

S = PreparationState
DAY = "9 พ.ย. 2561".replace(" ", "\N{NO-BREAK SPACE}")
COUNTED = {"activated_at": NOW, "headcount": 1052, "headcount_at": NOW}
LISTED = {**COUNTED, "roster_count": 40, "roster_at": NOW}


def lines(app: Portal, **facts: Any) -> list[tuple[str, str]]:
    """State and detail of each step for an agency with these facts."""
    with app.test_request_context():
        row = Participation(**{"roster_count": 0, "state": S.ENTERING, **facts})
        return [(line.state, line.detail) for line in steps_of(row)]


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        ({}, ["info", "idle", "idle", "idle"]),
        ({"activated_at": NOW}, ["ok", "info", "idle", "idle"]),
        (COUNTED, ["ok", "ok", "info", "idle"]),
        ({**COUNTED, "headcount": None, "roster_count": 40}, ["ok", "info", "ok", "idle"]),
        (LISTED, ["ok", "ok", "ok", "info"]),
        ({**LISTED, "state": S.SUBMITTED}, ["ok", "ok", "ok", "warn"]),
        ({**LISTED, "state": S.RETURNED}, ["ok", "ok", "ok", "info"]),
        ({**LISTED, "state": S.CONFIRMED, "confirmed_at": NOW}, ["ok", "ok", "ok", "ok"]),
    ],
)
def test_the_first_step_that_is_not_done_is_the_one_to_do(
    app: Portal, facts: dict[str, Any], states: list[str]
) -> None:
    assert [state for state, _detail in lines(app, **facts)] == states


def test_what_is_done_says_how_many_and_when(app: Portal) -> None:
    shown = [detail for _state, detail in lines(app, **LISTED, state=S.CONFIRMED, confirmed_at=NOW)]
    assert shown == [DAY, f"1,052 คน · {DAY}", f"40 รายชื่อ · {DAY}", DAY]
    older = {**LISTED, "headcount_at": None, "roster_at": None}  # entered before the moments were kept
    assert [detail for _state, detail in lines(app, **older)][1:3] == ["1,052 คน", "40 รายชื่อ"]


@pytest.mark.parametrize(
    ("state", "says"),
    [(S.ENTERING, "ขั้นที่ 1"), (S.SUBMITTED, "รอผู้บริหาร"), (S.RETURNED, "ส่งกลับ")],
)
def test_the_last_step_says_what_it_waits_for(app: Portal, state: PreparationState, says: str) -> None:
    assert says in lines(app, **LISTED, state=state)[3][1]
