"""Anybody concerned can check a draw: those who draw at once, the agency once the calls are over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.rosters import draw
from tests.support.world import World

pytestmark = pytest.mark.postgres
CONCERNED = ("agency_admin", "executive", "province", "dla")


def test_seed_and_rule_of_a_draw_are_shown_to_all_concerned(
    app: Any, world: World, client_as: Callable[[str], Any], clock: Callable[[object], None]
) -> None:
    draw(app, world)
    page = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/draw"
    for person in ("assessor", "nacc"):
        assert "openssl dgst -sha256" in client_as(person).get(page).text
    for person in CONCERNED:
        assert client_as(person).get(page).status_code == 404
    clock("2030-01-01T10:00:00+07:00")
    for person in CONCERNED:
        assert "openssl dgst -sha256" in client_as(person).get(page).text
    assert client_as("agency_admin_other").get(page).status_code == 404
    roster = client_as("agency_admin").get(f"/rounds/{world.round_id}/preparation/roster").text
    assert f'href="{page}"' in roster
