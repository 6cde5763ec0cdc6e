"""The guides as people read them, and the "?" that leads to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from portal.help import shelf
from tests.support.client import PortalClient, client_of
from tests.support.world import World


def test_ones_own_guide_stands_first(client_as: Callable[[str], PortalClient]) -> None:
    page = client_as("province").get("/help").text
    assert page.index("คู่มือเจ้าหน้าที่จังหวัด") < page.index("คู่มืออื่น") < page.index("คู่มือผู้ประเมิน")
    assert 'href="/help/province#slips"' in page


@pytest.mark.parametrize("name", shelf.GUIDES)
def test_every_guide_is_read_by_everybody_at_a_desk(
    name: str, client_as: Callable[[str], PortalClient]
) -> None:
    guide = shelf.guide(name)
    page = client_as("executive").get(f"/help/{name}").text
    assert f"<h1>{guide.title}</h1>" in page
    assert all(page.count(f'id="{place}"') == 1 and f'href="#{place}"' in page for place in guide.places)


def test_strangers_read_how_to_come_in_and_how_to_answer(app: Portal) -> None:
    stranger = client_of(app)
    for name in shelf.OPEN:
        answer = stranger.get(f"/help/open/{name}")
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    for address in ("/help", "/help/respondent", "/help/nacc"):
        assert "/sign-in" in stranger.get(address).headers["Location"]
    assert stranger.get("/help/open/nacc").status_code == 404
    assert stranger.get("/help/open/README").status_code == 404


def test_the_sign_in_page_leads_strangers_to_the_guide(app: Portal) -> None:
    assert 'href="/help/open/coming-in"' in client_of(app).get("/sign-in").text


def test_pictures_come_from_their_folder_only(app: Portal) -> None:
    stranger = client_of(app)
    for name in shelf.pictures():
        answer = stranger.get(f"/help/pictures/{name}")
        assert answer.status_code == 200 and answer.mimetype == "image/png"
        answer.close()
    assert stranger.get("/help/pictures/none.png").status_code == 404
    assert stranger.get("/help/pictures/..%2Fnacc.md").status_code == 404


def test_a_page_leads_to_what_the_own_guide_says_of_it(
    world: World, client_as: Callable[[str], PortalClient]
) -> None:
    for person, guide in (("dla", "every-desk"), ("province", "province"), ("assessor", "every-desk")):
        page = client_as(person).get(f"/rounds/{world.round_id}/status", follow_redirects=True).text
        assert f'class="ita-help" href="/help/{guide}#status" target="_blank"' in page


def test_a_form_that_was_not_taken_leads_there_too(
    world: World, client_as: Callable[[str], PortalClient]
) -> None:
    """Its page is made in the answer to the form."""
    client = client_as("agency_admin")
    page = client.submit(f"/rounds/{world.round_id}/preparation/headcount", {"headcount": "x"}).text
    assert 'href="/help/agency-admin#preparation"' in page
