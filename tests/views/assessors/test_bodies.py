"""The screens of assessor bodies and their agencies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World


@pytest.mark.parametrize(("state", "offered"), [(RoundState.OPEN, True), (RoundState.OPENED, False)])
def test_an_assignment_is_offered_until_the_boxes_are_opened(
    app: Portal,
    world: World,
    client_as: Callable[[str], PortalClient],
    state: RoundState,
    offered: bool,
) -> None:
    with app.app_context(), writing(), privileged("a test opens the boxes") as session:
        session.get_one(Round, world.round_id).state = state
    page = client_as("nacc").get(f"/rounds/{world.round_id}/assignments/")
    assert page.status_code == 200
    assert (f"/rounds/{world.round_id}/assignments/new/" in page.text) is offered
