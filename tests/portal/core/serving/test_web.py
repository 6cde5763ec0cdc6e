"""The portal as granian asks it: the whole application behind its door, with no server between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.core.serving.processes import PARENT
from portal.core.serving.web import DESKS, PASSWORDS, RESPONDENTS, door_of
from portal.core.web import Portal
from run import create_served_app
from tests.support.rsgi import Exchange, asked
from tests.support.serving import environment_of

HOST = ("host", "127.0.0.1:8000")


def test_a_page_comes_through_the_door_in_thai(app: Portal) -> None:
    page = asked(door_of(app), Exchange(), HOST, method="GET", path="/sign-in", query_string="")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "เข้าสู่ระบบ" in page.body.decode()


def test_who_is_refused_at_the_door_reads_why_in_thai(app: Portal) -> None:
    page = asked(door_of(app), Exchange([b"half"]), HOST, ("content-length", "9"), path="/sign-in")
    assert (page.status, page.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert "กลับไปหน้าก่อนแล้วส่งใหม่" in page.body.decode()


def test_bodies_are_counted_by_client_where_no_proxy_stands_in_front(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door_of(app)._count_clients
    monkeypatch.setattr(app, "settings", replace(app.settings, proxies=1))
    assert not door_of(app)._count_clients
    assert door_of(app)._pool._max_workers == sum(lane.places for lane in (RESPONDENTS, DESKS, PASSWORDS))


def test_a_worker_of_the_web_server_makes_the_application_from_its_environment(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(app.settings, 8000).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(PARENT, raising=False)
    page = asked(create_served_app(), Exchange(), HOST, method="GET", path="/", query_string="")
    assert (page.status, page.headers["location"]) == (302, "/sign-in?next=/")
