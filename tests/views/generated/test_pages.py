"""A page that is gone shows the last one, never an empty list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.world import World


@pytest.mark.parametrize(
    ("person", "address"),
    [("dla", "/admin/agencies/?page=9999"), ("dla", "/rounds/{round}/status/provinces/{province}?page=9999")],
)
def test_a_page_beyond_the_last_shows_the_last(
    world: World, client_as: Callable[[str], Any], person: str, address: str
) -> None:
    page = client_as(person).get(address.format(round=world.round_id, province=world.province["52"]))
    assert page.status_code == 200
    assert "เกาะคา" in page.text.split("<main")[1]
