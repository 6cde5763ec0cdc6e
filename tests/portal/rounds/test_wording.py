"""Until when words may change, and what is said afterwards."""

from __future__ import annotations

import pytest

from models.round import Round, RoundState
from portal.core.web import Portal
from portal.rounds.wording import words_locked


@pytest.mark.parametrize("state", list(RoundState))
def test_words_stay_once_the_round_was_opened_and_it_says_what_can_be_done(
    app: Portal, state: RoundState
) -> None:
    with app.app_context():
        locked = words_locked(Round(state=state))
        assert (locked.message if locked else "") == (
            ""
            if state is RoundState.DRAFT
            else "รอบนี้เปิดแล้ว ข้อความจึงคงไว้ตามเดิม หากพบคำผิด สำนักงาน ป.ป.ช. แก้คำผิดได้"
        )
