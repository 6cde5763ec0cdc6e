"""The offices' homes as pages: every role has one, its links lead somewhere, no foreign name is on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.portal.results.test_computing import confirmed
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres
OFFICES = ("nacc", "dla", "province", "assessor", "interviewer")


@pytest.mark.parametrize("person", OFFICES)
def test_a_home_renders_and_all_its_links_open(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], person: str
) -> None:
    with app.app_context():
        confirmed(world, "a1", "b1")
    client = client_as(person)
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    main = answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]
    assert "สิ่งที่ต้องทำต่อ" in main
    links = set(re.findall(r'href="(/[^"#]*)"', main))
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code in (200, 302), link
    assert links or person == "interviewer"


def test_the_numbers_of_the_province_are_on_its_page(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    with app.app_context():
        confirmed(world, "a1", "b1", "b2")
    text = client_as("province").get(f"/rounds/{world.round_id}/home").get_data(as_text=True)
    assert "จาก 2" in text
    assert "ไสไทย" not in text
