"""A telephone, a slow line, two tabs and two desks: nothing is done twice, nothing at the wrong desk."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from models.account import Account, Role
from models.participation import Participation
from models.roster import RosterEntry
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people.accounts import give_grant
from tests.support.browser import PHONE
from tests.support.client import client_of
from tests.support.live import served
from tests.support.world import World, row
from tests.views.generated.test_generated_in_the_browser import looked_at

pytestmark = pytest.mark.browser
#: how long the line keeps the first answer back, in seconds, and when the person presses again
HELD, AGAIN = 4.0, 1.5


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the page's scripts run."""
    return bool(request.param)


@pytest.fixture
def phone(browser: Browser, app: Portal, world: World, script: bool) -> Iterator[BrowserContext]:
    """A telephone of the admin of two agencies, sitting at the first."""
    with app.app_context(), writing(), privileged("a second desk") as session:
        account = session.get_one(Account, world.account["agency_admin"])
        give_grant(session, account, Role.AGENCY_ADMIN, agency_id=world.agency["b1"])
    client = client_of(app)
    client.sign_in_as(world.account["agency_admin"])
    client.submit("/desks", {"grant": str(world.grant["agency_admin"])})
    cookie = client.get_cookie("portal")
    assert cookie is not None
    with served(app) as url:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="th-TH",
            base_url=url,
            has_touch=True,
            java_script_enabled=script,
        )
        context.add_cookies([{"name": "portal", "value": cookie.value, "url": url}])
        yield context
        context.close()


def change_desk(page: Page, place: str) -> None:
    """As a person does it, in a tab of its own."""
    page.goto("/desks")
    page.get_by_role("button", name=place).click()
    expect(page.locator(".ita-scope")).to_contain_text(place)


def headcounts(app: Portal, world: World) -> list[int | None]:
    with app.app_context():
        return [row(Participation, world.participation[key]).headcount for key in ("a1", "b1")]


def test_pressed_twice_on_a_slow_line_a_person_stands_once_on_the_roster(
    app: Portal, world: World, phone: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_line(app, monkeypatch)
    page = phone.new_page()
    page.goto(f"/rounds/{world.round_id}/preparation/roster/new")
    page.locator("[name=name]").fill("นายสมมติ ช้าหน่อย")
    page.locator("[name=group]").select_option(index=1)
    button = page.locator(".ita-bar button[type=submit]").first
    box = button.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)  # as a finger does: nobody waits for the page first
    time.sleep(AGAIN)
    page.mouse.click(*middle)
    expect(page).to_have_url(re.compile(r"/preparation/roster$"), timeout=20_000)
    expect(page.get_by_text("นายสมมติ ช้าหน่อย").first).to_be_visible()
    assert "มีอยู่แล้ว" not in page.content()
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 1


def slow_line(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The act is done at once; its answer is kept back, as a slow line does."""
    dispatch = app.dispatch_request
    first = threading.Lock()

    def slowly() -> object:
        from flask import request

        answer = dispatch()
        if request.method == "POST" and first.acquire(blocking=False):
            threading.Event().wait(HELD)
        return answer

    monkeypatch.setattr(app, "dispatch_request", slowly)


def test_what_was_typed_for_one_agency_is_not_stored_for_the_other(
    app: Portal, world: World, phone: BrowserContext, script: bool
) -> None:
    first, second = phone.new_page(), phone.new_page()
    url = f"/rounds/{world.round_id}/preparation/headcount"
    first.goto(url)
    first.locator("[name=headcount]").fill("77")
    change_desk(second, "ไสไทย")
    if script:
        expect(first.get_by_text("แท็บอื่นเปลี่ยนไปทำอีกหน้าที่หนึ่งแล้ว")).to_be_visible()
        looked_at(first, "another-tab")
    first.locator(".ita-bar button[type=submit]").click()
    expect(first.get_by_role("heading", name="แบบนี้เป็นของอีกหน้าที่หนึ่ง")).to_be_visible()
    if script:
        looked_at(first, "other-desk")
    assert headcounts(app, world) == [None, None]
    first.get_by_role("button", name="เปลี่ยนกลับแล้ว").click()
    expect(first.get_by_text("เปลี่ยนหน้าที่กลับแล้ว แต่ยังไม่ได้ส่ง")).to_be_visible()
    expect(first.locator("[name=headcount]")).to_have_value("77")
    expect(first.locator(".ita-scope")).to_contain_text("เกาะคา")
    if script:
        looked_at(first, "back-at-the-desk")
    assert headcounts(app, world) == [None, None]
    first.locator(".ita-bar button[type=submit]").click()
    expect(first.get_by_text("บันทึกแล้ว").first).to_be_visible()
    assert headcounts(app, world) == [77, None]
