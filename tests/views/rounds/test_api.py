"""What programmes read of rounds: the rounds of the frame, with the dates of the stages."""

from __future__ import annotations

import pytest

from portal.core.web import Portal
from tests.support.api import reader
from tests.support.world import World

pytestmark = pytest.mark.postgres


def test_rounds_have_the_keys_of_the_screens_and_their_stages(app: Portal, world: World) -> None:
    programme = reader(app, world, "agency_admin")
    (one,) = programme.read("/rounds")["rows"]
    assert (one["id"], one["state"], one["results_shown"]) == (world.round_id, "open", False)
    stages = {stage["stage"]: stage for stage in programme.read(f"/rounds/{world.round_id}")["stages"]}
    assert stages["iit"]["phase"] == "open" and stages["iit"]["windows"]
    assert programme.get("/rounds/999").status_code == 404
