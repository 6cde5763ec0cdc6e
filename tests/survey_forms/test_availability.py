"""When a link takes answers: inside its window, after the confirmation, until it is revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation
from models.round import Round, RoundState, Stage
from portal.ballot import links
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import context
from survey_forms.token import make_token, open_form
from tests.support.ballots import bring_round_to
from tests.support.respondents import LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import NOW, World

EIT = InstrumentKind.EIT
Clock = Callable[[object], None]


def set_window(app: Portal, world: World, *, opens: timedelta, closes: timedelta, grace: int = 900) -> None:
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        round.grace_seconds = grace
        mine = [window for window in round.windows if window.stage is Stage.EIT]
        for extra in mine[1:]:
            round.windows.remove(extra)
        mine[0].opens_at, mine[0].closes_at = NOW + opens, NOW + closes
    context.clear()


def test_before_the_executive_confirms_it_says_so(app: Portal, world: World) -> None:
    client, url = app.test_client(), f"/s/{link_codes(app, world)[EIT]}"
    assert "ยังไม่ได้ยืนยันข้อมูล" in client.get(url).text
    confirm(app, world, "a1")
    assert "<form" in client.get(url).text


def test_before_the_window_it_says_when_it_opens(app: Portal, world: World) -> None:
    confirm(app, world)
    set_window(app, world, opens=timedelta(days=7), closes=timedelta(days=20))
    page = app.test_client().get(f"/s/{link_codes(app, world)[EIT]}")
    assert page.status_code == 200
    assert "แบบสำรวจยังไม่เปิด" in page.text
    assert "16 พฤศจิกายน 2561" in page.text.replace("\u00a0", " ")
    assert "ใช้ลิงก์เดิมนี้ได้เมื่อถึงเวลา" in page.text


def test_a_form_opened_in_time_may_be_sent_in_the_grace_time_only(
    app: Portal, world: World, clock: Clock
) -> None:
    confirm(app, world)
    set_window(app, world, opens=timedelta(days=-1), closes=timedelta(minutes=5), grace=600)
    client, url = app.test_client(), f"/s/{link_codes(app, world)[EIT]}"
    token = token_in(client.get(url).text)
    clock(NOW + timedelta(minutes=14))
    assert "แบบสำรวจปิดแล้ว" in client.get(url).text
    assert client.post(url, data=filled(token, citizen_id(1), EIT)).status_code == 303
    clock(NOW + timedelta(minutes=15))
    late = client.post(url, data=filled(token, citizen_id(2), EIT))
    assert late.status_code == 409
    assert "คำตอบชุดนี้ไม่ได้ส่ง และไม่ถูกนับ" in late.text
    assert "หลังแบบสำรวจปิดแล้ว" in late.text
    assert late.text.count("<li value=") == LINES[EIT], "what was chosen is shown once more"
    assert citizen_id(2) not in late.text


def test_a_form_opened_too_late_has_no_grace_time(app: Portal, world: World, clock: Clock) -> None:
    confirm(app, world)
    set_window(app, world, opens=timedelta(days=-1), closes=timedelta(minutes=5), grace=600)
    client, url = app.test_client(), f"/s/{link_codes(app, world)[EIT]}"
    clock(NOW + timedelta(minutes=6))
    with app.test_request_context():
        token = make_token(url.removeprefix("/s/"), open_form(NOW + timedelta(minutes=6)))
    assert client.post(url, data=filled(token, citizen_id(2), EIT)).status_code == 409


@pytest.mark.postgres
def test_a_rotated_link_stops_and_the_new_one_works(app: Portal, world: World) -> None:
    confirm(app, world)
    old = link_codes(app, world)[EIT]
    with app.app_context(), writing(), privileged("test") as session:
        row = session.get_one(Participation, world.participation["a1"])
        new = links.rotate_link(row, EIT).code
        assert set(links.living_links(row)) == {InstrumentKind.IIT, EIT}
    context.clear()
    client = app.test_client()
    gone = client.get(f"/s/{old}")
    assert gone.status_code == 410
    assert "หน่วยงานเปลี่ยนลิงก์แล้ว" in gone.text
    assert client.get(f"/s/{new}").status_code == 200


def test_what_changed_shows_within_seconds(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "SECONDS", 0.0)
    client, url = app.test_client(), f"/s/{link_codes(app, world)[EIT]}"
    assert "ยังไม่ได้ยืนยันข้อมูล" in client.get(url).text
    with app.app_context(), writing(), privileged("test") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    assert "แบบสำรวจปิดแล้ว" in client.get(url).text


def test_a_form_that_comes_as_the_round_closes_is_told_that_it_came_too_late(
    app: Portal, world: World
) -> None:
    """For some seconds the door still takes the survey for open; the box does not."""
    confirm(app, world)
    client, url = app.test_client(), f"/s/{link_codes(app, world)[EIT]}"
    form = filled(token_in(client.get(url).text), citizen_id(1), EIT)
    with app.app_context():
        bring_round_to(world.round_id, RoundState.CLOSED)
    late = client.post(url, data=form)
    assert (late.status_code, "เพราะส่งมาถึงหลังแบบสำรวจปิดแล้ว" in late.text) == (409, True)
    assert late.text.count("<li value=") == LINES[EIT]


def test_without_a_drilled_key_no_survey_opens(app: Portal, world: World) -> None:
    confirm(app, world)
    with app.app_context(), writing(), privileged("test") as session:
        session.get_one(Round, world.round_id).urn_drill_at = None
    context.clear()
    page = app.test_client().get(f"/s/{link_codes(app, world)[EIT]}").text
    assert "กำลังเตรียมการ" in page


def test_an_unknown_code_is_a_clear_page(app: Portal, world: World) -> None:
    for code in ("nothing", "x" * 300):
        page = app.test_client().get(f"/s/{code}")
        assert page.status_code == 404
        assert "ไม่พบลิงก์นี้" in page.text


def test_codes_cannot_be_guessed() -> None:
    made = {links.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(len(code) * 4.95 >= 96 and not set(code) & set("01ilo") for code in made)


@pytest.mark.usefixtures("thawed")
def test_the_notice_follows_the_rounds_thresholds(app: Portal, world: World) -> None:
    confirm(app, world)
    with app.app_context(), writing(), privileged("test") as session:
        round = session.get_one(Round, world.round_id)
        round.detail_threshold, round.total_threshold = 12, 5
    context.clear()
    page = app.test_client().get(f"/s/{link_codes(app, world)[EIT]}").text
    assert "5 คนขึ้นไป" in page
    assert "12 คนขึ้นไป" in page
