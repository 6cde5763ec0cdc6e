"""What OIT lacks before a round is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.disclosure import DisclosureState
from models.round import Round, Stage
from portal.core.database.session import db
from portal.core.stages import stage_state
from portal.rounds.unscored import Unscored, unscored
from tests.support.checklists import bring_to, confirm_preparation
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


def test_closing_counts_what_is_not_scored_and_asks(
    app: Any, world: World, client_as: Callable[[str], Any], clock: Callable[[object], None]
) -> None:
    with app.app_context():
        confirm_preparation(world, "b1")
    with app.app_context():
        bring_to(world, DisclosureState.CONFIRMED)
    with app.app_context(), acting_as(world.actor("nacc")):
        round = db.session.get_one(Round, world.round_id)
        end = stage_state(round, Stage.OIT_SCORING).final_close
        assert unscored(round) == Unscored(scored=0, waiting=1, never=1, until=end)
    clock("2030-01-01T10:00:00+07:00")
    page, client = f"/rounds/{world.round_id}/close", client_as("nacc")
    text = client.get(page).text
    assert "ยังไม่มีคะแนน 1 แห่ง" in text
    assert "มี 1 แห่งที่ผู้บริหารไม่ได้อนุมัติ" in text
    asked = client.submit(page, {"typed_name": "2562"})
    assert asked.status_code == 422
    assert "โปรดทำเครื่องหมาย" in asked.text
