"""While the database is away or a key is missing, nothing is lost that a respondent filled in."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from portal.ballot.keys import key_folder
from portal.core.database.session import db
from portal.core.web import Portal
from survey_forms import blueprint, context, limits
from tests.support.ballots import answers_counted
from tests.support.databases import Database
from tests.support.respondents import EIT, LINES, citizen_id, confirm, filled, link_codes, token_in
from tests.support.world import World


@pytest.fixture
def url(app: Portal, world: World) -> str:
    confirm(app, world)
    return f"/s/{link_codes(app, world)[EIT]}"


def leave(app: Portal) -> None:
    """Nobody is connected any more."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def is_given_back(answer: TestResponse, number: int) -> bool:
    """True where the filled form came back whole, with a time after which to send it again."""
    page = html.unescape(answer.text)
    whole = citizen_id(number) in page and page.count(" checked") == LINES[EIT]
    return whole and answer.headers["Retry-After"] == str(limits.RETRY_SECONDS)


@pytest.mark.only("sqlite")
def test_a_filled_form_comes_back_and_can_be_sent_later(
    app: Portal, world: World, database: Database, url: str
) -> None:
    client = app.test_client()
    form = filled(token_in(client.get(url).text), citizen_id(1), EIT)
    leave(app)
    with database.away():
        away = client.post(url, data=form)
        leave(app)
    assert (away.status_code, is_given_back(away, 1)) == (503, True)
    assert client.post(url, data=form).status_code == 303
    with app.app_context():
        assert answers_counted(world.round_id) == 1


@pytest.mark.only("sqlite")
def test_of_a_link_that_is_known_the_form_is_shown_of_another_that_the_system_is_away(
    app: Portal, database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "SECONDS", 0.0)
    client = app.test_client()
    client.get(url)
    leave(app)
    with database.away():
        known = client.get(url)
        context.clear()
        unknown = client.get(url)
        leave(app)
    assert (known.status_code, "<form" in known.text) == (200, True)
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (503, str(limits.RETRY_SECONDS))
    assert "ระบบไม่พร้อมชั่วคราว" in unknown.text and "คำตอบยังไม่ได้ถูกส่ง" in unknown.text
    assert unknown.headers["Cache-Control"] == "private, no-store"


@pytest.mark.only("sqlite")
def test_a_mistake_of_ours_is_no_system_that_is_away(app: Portal, database: Database, url: str) -> None:
    """Who reads "wait half a minute" of a fault would wait for ever."""
    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE survey_link RENAME TO lost")
    engine.dispose()
    context.clear()
    answer = app.test_client().get(url)
    assert answer.status_code == 500
    assert "ระบบไม่พร้อมชั่วคราว" not in answer.text and "survey_link" not in answer.text


def test_without_the_key_of_the_marks_a_filled_form_comes_back(
    app: Portal, world: World, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    form = filled(token_in(client.get(url).text), citizen_id(1), EIT)
    with app.app_context():
        key_folder().destroy_mark_key(world.round_id)
    answer = client.post(url, data=form)
    assert (answer.status_code, is_given_back(answer, 1)) == (503, True)
    assert "could not be stored: KeyMissing" in caplog.text
    assert citizen_id(1) not in caplog.text


# -- that was not me ----------------------------------------------------------------------------------------


def refused_token(app: Portal, url: str) -> str:
    """What the page carries that says "this number has answered"."""
    client = app.test_client()
    client.post(url, data=filled(token_in(client.get(url).text), citizen_id(5), EIT))
    page = client.post(url, data=filled(token_in(client.get(url).text), citizen_id(5), EIT)).text
    return token_in(page.split("/not-me")[1])


def test_a_report_that_cannot_be_counted_now_says_so(
    app: Portal, world: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"t": refused_token(app, url)}
    full = limits.Gate()
    full.agencies = limits.Buckets(burst=0, per_second=0.0)
    with monkeypatch.context() as patch:
        patch.setattr(blueprint, "gate", full)
        busy = app.test_client().post(f"{url}/not-me", data=sent)
    with app.app_context():
        key_folder().destroy_mark_key(world.round_id)
    without_key = app.test_client().post(f"{url}/not-me", data=sent)
    for answer in (busy, without_key):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(limits.RETRY_SECONDS))
        assert "ยังไม่ได้นับเรื่องที่แจ้ง" in answer.text
        assert "รอประมาณครึ่งนาที แล้วแจ้งอีกครั้ง" in answer.text
