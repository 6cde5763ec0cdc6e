"""The portal as granian asks it: the whole application behind its door, with no server between."""

from __future__ import annotations

import re
import resource
from dataclasses import replace
from typing import Any

import pytest

from portal.core.serving.lanes import Bounds
from portal.core.serving.processes import PARENT
from portal.core.serving.web import (
    CONNECTIONS,
    DESKS,
    PASSWORDS,
    RESPONDENTS,
    SURVEYS,
    WITH_PASSWORDS,
    door_of,
    make_room,
)
from portal.core.web import Portal
from run import create_served_app
from tests.support.lines import saying
from tests.support.rsgi import Exchange, Headers, Scope, asked
from tests.support.serving import environment_of

HOST = ("host", "127.0.0.1:8000")


def test_a_page_comes_through_the_door_in_thai(app: Portal) -> None:
    page = asked(door_of(app), Exchange(), HOST, method="GET", path="/sign-in", query_string="")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "เข้าสู่ระบบ" in page.body.decode()


def test_who_is_refused_at_the_door_reads_why_in_thai(app: Portal) -> None:
    page = asked(door_of(app), Exchange([b"half"]), HOST, ("content-length", "9"), path="/sign-in")
    assert (page.status, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "กลับไปหน้าก่อนแล้วส่งใหม่" in page.body.decode()
    assert "set-cookie" not in page.headers and page.headers["cache-control"] == "no-store"


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
    with saying():  # as a worker it would write lines from here on
        served = create_served_app()
    page = asked(served, Exchange(), HOST, method="GET", path="/", query_string="")
    assert (page.status, page.headers["location"]) == (302, "/sign-in?next=/")


@pytest.mark.parametrize(
    ("method", "path", "lane", "begins"),
    [
        ("GET", "/s/abc", RESPONDENTS, True),
        ("POST", "/s/abc", RESPONDENTS, False),
        ("GET", "/s/abc/thanks", RESPONDENTS, False),
        ("POST", "/sign-in", PASSWORDS, False),
        ("POST", "/activate/person", PASSWORDS, False),
        ("GET", "/sign-in", DESKS, False),
        ("POST", "/rounds/2/oit", DESKS, False),
    ],
)
def test_respondents_passwords_and_desks_go_different_ways(
    app: Portal, method: str, path: str, lane: Bounds, begins: bool
) -> None:
    way = door_of(app)._way_of(Scope(Headers([]), method=method, path=path))
    assert (way.lane.bounds, way.begins) == (lane, begins)


def test_the_lanes_know_the_addresses_by_their_names_today(app: Portal) -> None:
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    assert rules["survey.form"].startswith(SURVEYS)
    assert all(any(rule.startswith(start) for rule in rules.values()) for start in WITH_PASSWORDS)


def test_who_finds_no_place_is_refused_by_the_lane_s_own_page_or_by_the_door_s(app: Portal) -> None:
    def busy(_scope: Any, body: bytes) -> tuple[list[tuple[str, str]], bytes]:
        return [("retry-after", "9")], b"you sent " + body

    full = door_of(app, busy=busy)
    for path in ("/s/x", "/sign-in"):
        lane = full._way_of(Scope(Headers([]), path=path)).lane
        lane._free, lane.bounds = 0, replace(lane.bounds, waiting=0)
    length = ("content-length", "3")
    form = asked(full, Exchange([b"a=b"]), HOST, length, path="/s/x")
    assert (form.status, form.headers["retry-after"], form.body) == (503, "9", b"you sent a=b")
    entry = asked(full, Exchange([b"a=b"]), HOST, length, path="/sign-in")
    assert (entry.status, entry.headers["retry-after"]) == (503, "10")
    words = re.search(r'id="main".*<h1>(.*?)</h1>\s*<p>(.*?)</p>', entry.body.decode(), re.DOTALL)
    assert words, "send.js reads these and keeps the page"
    assert "ผู้ใช้ระบบ" in words[1] and "10 วินาที" in words[2]
    assert "script-src" in entry.headers["content-security-policy"]
    assert asked(full, Exchange(), HOST, method="GET", path="/sign-in", query_string="").status == 200


def test_as_many_files_are_asked_for_as_connections_need(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = []
    monkeypatch.setattr("resource.setrlimit", lambda _kind, limits: wanted.append(limits))
    for has in ((1024, 4096), (1024, resource.RLIM_INFINITY), (resource.RLIM_INFINITY,) * 2, (9999, 9999)):
        monkeypatch.setattr("resource.getrlimit", lambda _kind, has=has: has)
        make_room()
    assert wanted == [(4096, 4096), (2 * CONNECTIONS, resource.RLIM_INFINITY)]
