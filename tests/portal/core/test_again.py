"""A form that was not taken: its page is made again with what was typed, or the words can be copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.participation import Participation, PreparationState
from portal.core import again, sign_in
from portal.core.database.session import privileged, writing
from portal.core.sent.unsent import BY_SCRIPT
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]


def headcount(world: World) -> str:
    return f"/rounds/{world.round_id}/preparation/headcount"


def without_token(client: PortalClient, **fields: str) -> dict[str, str]:
    """A form of a page that was open too long."""
    return {"sent_from": client.sent_from(), "csrf_token": "of yesterday", **fields}


def test_a_stale_token_shows_the_page_again_with_what_was_typed(world: World, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    answer = client.post(headcount(world), data=without_token(client, headcount="4321"))
    assert answer.status_code == 400
    assert 'value="4321"' in answer.text
    assert "เปิดไว้นาน" in answer.text


def test_a_stale_token_of_a_stranger_leads_to_sign_in(world: World, client_as: ClientAs) -> None:
    client = client_as("")
    answer = client.post(headcount(world), data=without_token(client, headcount="4321"))
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next={headcount(world)}")


def test_a_stale_token_on_a_page_for_everybody_asks_nobody_to_sign_in(client_as: ClientAs) -> None:
    client = client_as("")
    answer = client.post("/sign-in", data=without_token(client, username="nacc", password="a secret"))
    assert answer.status_code == 400
    assert 'value="nacc"' in answer.text
    assert "a secret" not in answer.text


def test_a_form_without_a_page_of_its_own_has_none_to_be_shown_on(client_as: ClientAs) -> None:
    client = client_as("nacc")
    answer = client.post("/sign-out", data=without_token(client))
    assert answer.status_code == 400
    assert "<form" not in answer.text.split("<main")[1].split("</main>")[0]


def test_where_the_page_cannot_be_made_the_words_can_be_copied(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("agency_admin")
    sent = without_token(client, headcount="a long word that was typed")
    answer = client.post("/rounds/999/preparation/headcount", data=sent)
    assert answer.status_code == 400
    assert "a long word that was typed" in answer.text


def test_only_a_sent_form_is_shown_again(app: Portal) -> None:
    with app.test_request_context("/sign-in"):
        assert again.show("old", "words", 400) is None
    with app.test_request_context("/nowhere", method="POST"):
        assert again.show("old", "words", 400) is None


def test_a_kept_form_is_forgotten_once_it_was_taken(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client, url = client_as("agency_admin"), headcount(world)
    fields = {**client.page(), "headcount": "43"}
    clock(NOW + sign_in.IDLE + timedelta(minutes=1))
    client.post(url, data=fields)
    client.sign_in_as(world.account["agency_admin"])
    other = f"/rounds/{world.round_id}/preparation/submit"
    client.submit(other)
    assert 'value="43"' in client.get(url).text, "another form was taken meanwhile"
    assert client.submit(url, {"headcount": "52", "version": "0"}).status_code == 302
    with client.session_transaction() as stored:
        assert stored["kept"] == {}
    assert 'value="52"' in client.get(url).text


@pytest.mark.parametrize(("headers", "status"), [({}, 302), ({BY_SCRIPT: "1"}, 204)])
def test_a_script_is_told_where_to_go_and_follows_nothing_by_itself(
    app: Portal, world: World, client_as: ClientAs, headers: dict[str, str], status: int
) -> None:
    client = client_as("agency_admin")
    answer = client.submit(headcount(world), {"headcount": "52", "version": "0"}, headers=headers)
    assert answer.status_code == status
    where = answer.headers.get(again.GO_TO) if headers else answer.location
    assert where == f"/rounds/{world.round_id}/preparation"
    assert (answer.location is None) is bool(headers)


def test_a_refused_act_shows_its_page_as_it_is_now(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("the data were sent meanwhile") as session:
        session.get_one(Participation, world.participation["a1"]).state = PreparationState.SUBMITTED
    answer = client_as("agency_admin").submit(headcount(world), {"headcount": "4321", "version": "0"})
    assert answer.status_code in {409, 422}
    assert "4321" in answer.text


def test_a_page_that_only_leads_elsewhere_is_not_shown_as_an_answer(client_as: ClientAs) -> None:
    """The notices stand on every home; the page they name sends on to one."""
    client = client_as("nacc")
    answer = client.post("/notices", data=without_token(client, newest="1"))
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "แบบนี้ยังไม่ได้ส่ง" in answer.text
