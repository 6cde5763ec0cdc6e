"""Where generated screens lead back to, and what their files refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World

As = Callable[[str], PortalClient]
LIST = "/admin/t-agencies/"


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/admin/t-agencies/?flt_kind=sao", "/admin/t-agencies/?flt_kind=sao"),
        ("https://evil.example/", LIST),
        ("http://[::1", LIST),
        ("", LIST),
    ],
)
def test_the_way_back_is_the_list_as_it_was_left_and_never_another_site(
    client_as: As, desk: Portal, back: str, leads: str
) -> None:
    answer = client_as("dla").submit(LIST + "action/", {"action": "retire", "url": back})
    assert (answer.status_code, answer.location) == (302, leads)


def test_who_saves_to_go_on_stays_on_the_form(client_as: As, desk: Portal, world: World) -> None:
    url = f"/admin/t-rounds/edit/?id={world.round_id}"
    sent = {"name": "รอบใหม่", "first_digits": "12345678", "_continue_editing": "1"}
    assert client_as("nacc").submit(url, sent).location == url


def test_a_file_of_a_list_that_cannot_be_narrowed_so_is_refused_in_words(client_as: As, desk: Portal) -> None:
    """Else the file would hold more than its reader asked for."""
    answer = client_as("dla").get(LIST + "export/csv/?flt_kind=castle")
    assert answer.status_code == 409 and "Content-Disposition" not in answer.headers


def test_the_room_of_generated_screens_has_no_page_of_its_own(client_as: As, desk: Portal) -> None:
    assert client_as("dla").get("/admin/").location == "/"
