"""The last hour on the real server: every place of the respondents is held, and the others are told so."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import create_engine, text

from models.instrument import InstrumentKind
from portal.core.database.session import writing
from portal.core.serving.web import RESPONDENTS
from portal.core.web import Portal
from survey_forms.busy import refusals
from tests.support.ballots import answers_counted
from tests.support.respondents import citizen_id, confirm, filled, link_codes, token_in
from tests.support.rsgi import Headers, Scope
from tests.support.serving import Served, serving
from tests.support.world import World
from tests.survey_forms.phones import fill_by_parts

EIT = InstrumentKind.EIT
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def path(app: Portal, world: World) -> str:
    confirm(app, world)
    return f"/s/{link_codes(app, world)[EIT]}"


@contextmanager
def nobody_writes(app: Portal) -> Iterator[None]:
    """A barrier: whoever would put an answer into the box waits until this ends."""
    engine = create_engine(app.settings.database_owner_url)
    with engine.connect() as connection, writing(), connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE mark IN ACCESS EXCLUSIVE MODE"))
        else:
            connection.execute(text("SELECT 1"))
        yield
    engine.dispose()


@dataclass
class Sendings:
    """Forms sent at the same time, each from a thread of its own."""

    served: Served
    path: str
    answers: list[tuple[int, HTTPMessage, str]] = field(default_factory=list)
    refused: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _threads: list[threading.Thread] = field(default_factory=list)

    def send(self, body: str) -> None:
        """Send one form; its answer is waited for elsewhere."""
        thread = threading.Thread(target=self._send, args=(body,))
        self._threads.append(thread)
        thread.start()

    def _send(self, body: str) -> None:
        answer = self.served.get(self.path, body=body, headers=BROWSER)
        self.answers.append(answer)
        if answer[0] == 503:
            self.refused.release()

    def end(self) -> list[int]:
        """The answers to all of them."""
        for thread in self._threads:
            thread.join()
        return sorted(status for status, _headers, _page in self.answers)


@pytest.mark.long
def test_where_every_place_is_held_the_rest_is_told_so_and_officers_go_on(
    app: Portal, world: World, path: str
) -> None:
    with serving(app.settings) as served:
        served.wait_for(lambda: served.get(path)[0] == 200, "no form")
        forms = [
            urlencode(filled(token_in(served.get(path)[2]), citizen_id(number), EIT))
            for number in range(RESPONDENTS.places + 2)
        ]
        sendings = Sendings(served, path)
        with nobody_writes(app):
            for form in forms:
                sendings.send(form)
            for _one in range(2):  # more than there are places: two must be refused, and only by being told
                assert sendings.refused.acquire(timeout=60)
            status, headers, page = served.get(path, headers=BROWSER)
            assert (status, int(headers["Retry-After"]) > 0) == (503, True)
            assert "หน้านี้จะเปิดใหม่เอง" in page
            assert served.get("/sign-in")[0] == 200
            assert served.get("/sign-in", body="username=x")[0] == 400, "the application was asked: no token"
            assert len(sendings.answers) == 2, "the others hold their places still"
        assert sendings.end() == [303] * RESPONDENTS.places + [503] * 2
        again = [page for status, _headers, page in sendings.answers if status == 503]
        for page in again:
            fields = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
            assert served.get(path, body=urlencode(fields))[0] == 303
    with app.app_context():
        assert answers_counted(world.round_id) == len(forms)


@pytest.mark.browser
def test_a_form_that_is_refused_stays_and_is_sent_again_by_itself(
    app: Portal, world: World, path: str, address: str, phone: Page
) -> None:
    refuse = refusals(app)
    refused: list[bytes] = []

    def first_refused(route: Route) -> None:
        request = route.request
        if request.method != "POST" or refused:
            route.continue_()
            return
        accept = request.headers["accept"]
        scope = Scope(Headers([("accept", accept)]), method="POST", path=path, query_string="")
        headers, page = refuse(scope, request.post_data_buffer or b"")
        at_once = re.sub(rb'data-r="\d+"', b'data-r="0.5"', page)
        refused.append(at_once)
        route.fulfill(status=503, headers=dict(headers), body=at_once)

    phone.add_init_script("Math.random = function () { return 0; };")
    phone.route("**/s/*", first_refused)
    phone.goto(address + path)
    fill_by_parts(phone, 5)
    phone.locator("#z button").click()
    expect(phone.get_by_role("status")).to_contain_text("ระบบจะส่งให้ใหม่เอง")
    expect(phone.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible(timeout=15_000)
    assert citizen_id(5).encode() not in refused[0]
    with app.app_context():
        assert answers_counted(world.round_id) == 1
