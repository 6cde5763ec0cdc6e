"""The form at the office: a blank page for each person, nothing kept, a pause between two."""

from __future__ import annotations

from typing import Any

import pytest

from models.roster import RosterVerdict
from portal.core.web import Portal
from survey_forms import context
from tests.support.on_site import judged, office_codes
from tests.support.respondents import EIT, citizen_id, confirm, link_codes, token_in
from tests.support.world import World


@pytest.fixture
def code(app: Portal, world: World) -> str:
    confirm(app, world, "a1")
    with app.app_context():
        judged(world)
        context.clear()
        return office_codes()[0]


def filled(page: str, number: int) -> dict[str, str]:
    lines = {f"q{slot}": "1" for slot in range(40) if f'name="q{slot}"' in page}
    return {"t": token_in(page), "id": citizen_id(number), **lines}


def test_its_page_offers_to_keep_nothing(app: Portal, world: World, code: str) -> None:
    usual = app.test_client().get(f"/s/{link_codes(app, world)[EIT]}").text
    page = app.test_client().get(f"/s/{code}")
    assert 'id="k"' in usual and 'id="o"' in usual
    assert 'id="k"' not in page.text and 'id="o"' not in page.text
    assert "ที่ทำการของหน่วยงาน" in page.text and 'autocomplete="off"' in page.text
    assert "no-store" in page.headers["Cache-Control"] and "Set-Cookie" not in page.headers


def test_after_the_thanks_a_blank_form_comes_by_itself(app: Portal, world: World, code: str) -> None:
    client = app.test_client()
    sent = client.post(f"/s/{code}", data=filled(client.get(f"/s/{code}").text, 1))
    assert sent.status_code == 303
    thanks = client.get(sent.headers["Location"])
    assert f'<meta http-equiv="refresh" content="25;url=/s/{code}">' in thanks.text
    assert "อีก 25 วินาที" in thanks.text and "no-store" in thanks.headers["Cache-Control"]
    again = client.get(f"/s/{code}").text
    assert " checked" not in again and citizen_id(1) not in again
    usual = client.get(f"/s/{link_codes(app, world)[EIT]}/thanks").text
    assert "http-equiv" not in usual and "หากใช้โทรศัพท์" in usual


def test_a_refused_id_leaves_the_device_after_a_while(app: Portal, world: World, code: str) -> None:
    client = app.test_client()
    for status in (303, 409):
        answer = client.post(f"/s/{code}", data=filled(client.get(f"/s/{code}").text, 1))
        assert answer.status_code == status
    assert f'content="90;url=/s/{code}"' in answer.text and citizen_id(1) not in answer.text


def test_a_form_of_a_link_that_was_taken_back_is_not_taken(
    app: Portal, world: World, code: str, clock: Any
) -> None:
    client = app.test_client()
    data = filled(client.get(f"/s/{code}").text, 1)
    with app.app_context():
        judged(world, RosterVerdict.REPRESENTATIVE)
    answer = client.post(f"/s/{code}", data=data)  # the door keeps what it knew for some seconds
    assert answer.status_code == 410 and "ไม่ได้ส่ง" in answer.text
    context.clear()
    assert client.get(f"/s/{code}").status_code == 404
