"""What a person reads when the database is away, and when the fault is ours."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from portal.core.access import open_to_all
from portal.core.database.session import db, is_away, privileged
from portal.core.web import Portal
from tests.support.client import PortalClient, client_of
from tests.support.connections import AnotherApp
from tests.support.faults import failing


@pytest.mark.own_app
@pytest.mark.postgres
def test_a_mistake_of_ours_is_no_database_that_is_away(app: Portal, clock: Callable[[object], None]) -> None:
    """SQLite's driver says OperationalError to both; "wait a moment" would then hide a fault for ever."""

    @open_to_all
    def mistaken() -> Any:
        with privileged("a mistake") as session:
            session.execute(text("SELECT no_such_column FROM round"))

    rules = app.extensions["access_rules"]
    app.add_url_rule("/mistaken", "mistaken", mistaken)
    rules["mistaken"] = "open"
    answer = client_of(app).get("/mistaken")
    assert answer.status_code == 500
    assert "no_such_column" not in answer.text


def test_a_lock_that_is_held_too_long_is_one(app: Portal) -> None:
    if not app.settings.sqlite:
        pytest.skip("nothing to do: PostgreSQL has no such lock")
    with app.app_context():
        held = db.engine.raw_connection()
        try:
            held.cursor().execute("BEGIN IMMEDIATE")
            with pytest.raises(Exception) as caught, db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=50")
                connection.exec_driver_sql("DELETE FROM job")
            assert is_away(caught.value)
        finally:
            held.cursor().execute("ROLLBACK")
            held.close()


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing-here", 404, "ไม่พบหน้านี้"),
        ("POST", "/jobs", 405, "ใช้ปุ่มในหน้านั้น"),
        ("GET", "/jobs/99999", 404, "ไม่พบหน้านี้"),
    ],
)
def test_trouble_is_a_page_in_plain_words_with_a_way_on(
    client_as: Callable[[str], PortalClient], method: str, path: str, status: int, words: str
) -> None:
    client = client_as("dla")
    answer = client.submit(path) if method == "POST" else client.get(path)
    assert answer.status_code == status and answer.mimetype == "text/html"
    assert words in answer.text and "Traceback" not in answer.text


def test_who_asks_a_page_wrongly_is_told_which_ways_there_are(
    client_as: Callable[[str], PortalClient],
) -> None:
    allowed = client_as("dla").submit("/jobs").headers["Allow"]
    assert {"GET", "HEAD"} <= {one.strip() for one in allowed.split(",")}


@pytest.mark.postgres
def test_while_the_database_is_away_a_page_says_when_to_come_again(
    client_as: Callable[[str], PortalClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_as("dla")
    with failing("FROM sign_in_session"):
        answer = client.get("/jobs")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert "ระบบไม่พร้อมชั่วคราว" in answer.text
    assert "the database is away (OperationalError) at jobs.index" in caplog.text
    assert client.get("/jobs").status_code == 200, "the next request asks again"


@pytest.mark.postgres
def test_a_fault_has_a_number_that_is_in_the_log_and_shows_nothing_else(
    client_as: Callable[[str], PortalClient], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_as("dla")
    with failing("FROM job", code=sqlite3.SQLITE_ERROR):
        answer = client.get("/jobs")
    assert answer.status_code == 500
    found = re.search(r"fault ([0-9A-F]{8}) at jobs\.index", caplog.text)
    assert found and found[1] in answer.text
    assert "the database of a test fails" not in answer.text


def test_an_address_of_another_site_is_answered_in_plain_words(app: Portal, another_app: AnotherApp) -> None:
    app_of_one_name = another_app(replace(app.settings, trusted_hosts=("ita.example.go.th",)))
    answer = client_of(app_of_one_name).get("/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "<" not in answer.text


def test_what_was_typed_stands_on_the_page_of_the_trouble_to_be_copied(
    client_as: Callable[[str], PortalClient],
) -> None:
    """The form's page cannot be made: its row is gone."""
    client = client_as("dla")
    answer = client.submit("/jobs/99999/again", {"note": "ข้อความที่พิมพ์ไว้"})
    assert answer.status_code == 404 and "ข้อความที่พิมพ์ไว้" in answer.text
