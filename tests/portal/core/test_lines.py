"""What a process says: JSON, the request's id, and of a respondent nothing before the hour."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.core import clock, lines
from portal.core.lines import MOST_HELD, seconds_to_the_hour
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.faults import failing
from tests.support.lines import saying


def test_the_id_on_an_error_page_is_the_id_in_the_log(client_as: Callable[[str], PortalClient]) -> None:
    client = client_as("dla")
    with saying() as said:
        with failing("FROM job", code=sqlite3.SQLITE_ERROR):
            fault = client.get("/jobs")
        with failing("FROM sign_in_session"):
            away = client.get("/jobs")
        well = client.get("/jobs")
    ids = {line["request"] for line in said.lines}
    assert (fault.status_code, away.status_code, well.status_code) == (500, 503, 200)
    assert len(ids) == 3, "each request has one id, whatever it says"
    for page in (fault, away):
        found = re.findall(r"\b[0-9A-F]{8}\b", page.text)
        assert len(found) == 1 and found[0] in ids
        of_it = [line for line in said.lines if line["request"] == found[0]]
        assert {line["level"] for line in of_it} >= {"ERROR"}
        assert [line["status"] for line in of_it if line["text"] == "request"] == [page.status_code]
    assert "Traceback" in next(line["trace"] for line in said.lines if "trace" in line)


def test_a_line_of_a_desk_tells_page_time_and_status_and_no_address(
    client_as: Callable[[str], PortalClient],
) -> None:
    client = client_as("dla")
    with saying() as said:
        client.get("/jobs?q=typed-word", environ_overrides={"REMOTE_ADDR": "203.0.113.77"})
    (line,) = said.lines
    assert (line["endpoint"], line["method"], line["status"]) == ("jobs.index", "GET", 200)
    assert datetime.fromisoformat(line["at"]) - clock.machine() < timedelta(minutes=5)
    assert "203.0.113.77" not in said.text and "typed-word" not in said.text


def test_a_line_that_cannot_be_written_gives_nothing_away() -> None:
    with saying() as said:
        given = {"name": "portal.test", "msg": "%d is no number", "args": ("1234567890121",)}
        said.handler.handle(logging.makeLogRecord(given))
    assert [line["text"] for line in said.lines] == ["a line could not be written"]


@pytest.mark.parametrize("path", ["/s/abc", "/S/abc", "//s/abc", "/s/abc/thanks", "/s"])
def test_of_a_respondents_request_nothing_is_said_before_the_hour_and_then_no_value(
    app: Portal, path: str
) -> None:
    log = logging.getLogger("portal.test")
    with saying() as said:
        with app.test_request_context(environ_overrides={"PATH_INFO": path}):
            log.error("a word of %s", "agency-canary")
            logging.getLogger("somebody.else").error(f"a library says {path}")
            try:
                raise ValueError("1234567890121")
            except ValueError as error:
                log.error("fault %s", "F", exc_info=error)
        assert said.text == ""
        said.handler.held.say_all()
    assert sorted(line["text"] for line in said.lines) == ["a word of %s", "fault %s", "said by a library"]
    assert all("at" not in line and "process" not in line for line in said.lines)
    assert "canary" not in said.text and "1234567890121" not in said.text and "abc" not in said.text
    (fault,) = [line for line in said.lines if line["text"] == "fault %s"]
    assert fault["kind"] == "ValueError" and fault["place"].startswith("tests/portal/core/test_lines.py:")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/status", "/surveys/x"])
def test_other_addresses_are_no_respondents(app: Portal, path: str) -> None:
    with saying() as said, app.test_request_context(path):
        logging.getLogger("portal.test").error("said")
    assert [line["text"] for line in said.lines] == ["said"]


def test_what_the_server_says_of_a_request_is_held_since_nobody_knows_whose_it_was() -> None:
    with saying() as said:
        logging.getLogger("_granian").error("it failed for 203.0.113.77")
        assert said.text == ""
        said.handler.held.say_all()
    assert [line["text"] for line in said.lines] == ["said by a library"]


def test_more_than_an_hour_can_hold_is_counted() -> None:
    said: list[dict[str, object]] = []
    held = lines.Held(said.append)
    for number in range(MOST_HELD + 5):
        held.keep({"text": str(number)})
    held.forget()
    held.say_all()
    assert said == [], "a process that ends says nothing of them"
    for number in range(MOST_HELD + 5):
        held.keep({"text": str(number)})
    held.say_all()
    assert len(said) == MOST_HELD + 1 and "5 more" in str(said[-1]["text"])
    assert [line["text"] for line in said[:-1]] != [str(number) for number in range(MOST_HELD)], "in no order"
    held.forget()


def test_the_hour_is_the_clocks() -> None:
    assert seconds_to_the_hour(datetime(2026, 1, 1, 8, 59, 50, tzinfo=clock.UTC)) == 10
    assert seconds_to_the_hour(datetime(2026, 1, 1, 9, 0, 0, tzinfo=clock.UTC)) == 3600


def test_a_fault_that_no_page_took_is_said_without_its_address(app: Portal) -> None:
    with saying() as said, app.test_request_context("/jobs/17"):
        app.log_exception((ValueError, ValueError("x"), None))
    assert "/jobs/17" not in json.dumps(said.lines) and "jobs.show" in said.text
