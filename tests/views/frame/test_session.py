"""The end of a session as its person sees it: what is left, staying, and letting go of a kept form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import NOW

ClientAs = Callable[[str], PortalClient]
Clock = Callable[[object], None]


def left(client: PortalClient) -> dict[str, Any]:
    answer = client.get("/session").json
    assert isinstance(answer, dict)
    return answer


def test_a_page_learns_what_is_left_and_asking_keeps_nobody_signed_in(
    client_as: ClientAs, clock: Clock
) -> None:
    client = client_as("dla")
    clock(NOW + timedelta(minutes=29))
    assert (left(client)["left"], left(client)["last"]) == (60, 11 * 3600 + 31 * 60)
    assert left(client)["token"] and left(client)["desk"]
    clock(NOW + timedelta(minutes=31))
    assert left(client) == {"left": 0, "last": 0, "desk": "", "token": ""}


def test_who_says_to_be_there_has_half_an_hour_again(client_as: ClientAs, clock: Clock) -> None:
    client = client_as("dla")
    clock(NOW + timedelta(minutes=29))
    answer = client.submit("/session/stay").json
    assert answer is not None and answer["left"] == 30 * 60


def test_nobody_has_no_session(client_as: ClientAs) -> None:
    assert left(client_as(""))["left"] == 0
    assert client_as("").submit("/session/stay").status_code in {302, 400}


def test_two_desks_are_told_apart_without_a_name(client_as: ClientAs) -> None:
    """A page compares them: another desk's token is none for its forms."""
    marks = [left(client_as(person))["desk"] for person in ("dla", "nacc", "dla")]
    assert marks[0] == marks[2] != marks[1]


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/rounds/1/preparation", "/rounds/1/preparation"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_what_was_kept_is_erased_and_the_way_leads_on_here(
    app: Portal, client_as: ClientAs, address: str, leads: str
) -> None:
    client = client_as("agency_admin")
    with client.session_transaction() as stored:
        stored["kept"] = {address: "a token", "/other": "another"}
    answer = client.submit("/session/kept/discard", {"address": address})
    assert (answer.status_code, answer.location) == (302, leads)
    with client.session_transaction() as stored:
        assert stored["kept"] == {"/other": "another"}
