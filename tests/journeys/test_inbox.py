"""A letter on its way in a browser: sent by DLA, received and passed on, acknowledged, withdrawn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.inbox import copies_made
from tests.support.letters import ordered, set_up
from tests.support.live import page_of, served
from tests.support.world import World

pytestmark = pytest.mark.browser
NOTE = "ให้รายงานผลภายในวันศุกร์ที่ 16 พฤศจิกายน 2561"


def looked_at(page: Page, name: str) -> None:
    """The page has no fault at either width; a picture of each is kept where somebody wants to look."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        sound(page)
        if folder := os.environ.get("LOOK_AT"):
            page.screenshot(path=f"{folder}/inbox-{name}.{size[0]}.png", full_page=True)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def press(page: Page, name: str) -> None:
    """Press a button and read that it was done."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("status").first).to_be_visible()


@pytest.fixture
def letter(app: Portal, world: World) -> int:
    """DLA's circular, issued, its copies made, not sent yet."""
    with app.app_context():
        set_up(world, "dla")
        return copies_made(ordered(world, "dla"))


def test_a_letter_goes_from_dla_to_an_agency_and_is_withdrawn(
    app: Portal, world: World, browser: Browser, letter: int
) -> None:
    with served(app) as url:

        @contextmanager
        def at(person: str) -> Iterator[Page]:
            with page_of(browser, app, world.account[person], url=url, size=DESKTOP) as page:
                yield page

        with at("province") as province:
            province.goto("/inbox")
            looked_at(province, "empty")
        with at("dla") as dla:
            dla.goto(f"/letters/{letter}")
            press(dla, "ส่งหนังสือแล้ว")
        with at("province") as province:
            _received_and_passed_on(province)
        with at("agency_admin") as admin:
            _acknowledged(admin)
        with at("province") as province:
            province.goto("/inbox")
            province.get_by_role("link", name="ขอความร่วมมือ").click()
            expect(province.locator("main")).to_contain_text("รับทราบแล้ว 1 จาก 2 หน่วยงาน")
            province.get_by_role("link", name="ดูว่าใครยังไม่รับทราบ").click()
            expect(province.get_by_role("row", name="เทศบาลตำบลเกาะคา")).to_contain_text("รับทราบแล้ว")
            looked_at(province, "who-has-not")
        with at("dla") as dla:
            dla.goto(f"/letters/{letter}")
            looked_at(dla, "letter-sent")
            dla.get_by_role("link", name="ดูว่าใครยังไม่ได้รับ").click()
            expect(dla.get_by_role("row", name="ลำปาง")).to_contain_text("1/2561")
            looked_at(dla, "receivers")
            dla.goto(f"/letters/{letter}/withdraw")
            dla.get_by_label("เหตุผล").fill("ระบุวันสุดท้ายผิด")
            press(dla, "ยกเลิกหนังสือ")
        with at("province") as province:
            province.goto("/inbox")
            expect(province.get_by_role("row", name="ขอความร่วมมือ")).to_contain_text("ยกเลิก")
            province.get_by_role("link", name="ขอความร่วมมือ").click()
            expect(province.locator("main")).to_contain_text("ระบุวันสุดท้ายผิด")
            looked_at(province, "withdrawn")


def _received_and_passed_on(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="ดูหนังสือเข้า").click()
    expect(page.get_by_role("link", name="ขอความร่วมมือ")).to_be_visible()
    looked_at(page, "list")
    page.get_by_role("link", name="ขอความร่วมมือ").click()
    expect(page.get_by_role("button", name="เปิดอ่านหนังสือ")).to_be_visible()
    looked_at(page, "unread")
    page.get_by_role("button", name="เปิดอ่านหนังสือ").click()
    page.get_by_role("link", name="ลงเลขรับ").click()
    expect(page.get_by_role("button", name="ลงรับหนังสือ")).to_be_visible()
    looked_at(page, "receive")
    press(page, "ลงรับหนังสือ")
    expect(page.get_by_role("figure", name="ตรารับ")).to_contain_text("๑/๒๕๖๑")
    looked_at(page, "received")
    page.get_by_role("link", name="ส่งต่อให้หน่วยงาน").click()
    page.get_by_label("ข้อความนำส่งของจังหวัด").fill(NOTE)
    looked_at(page, "pass-on")
    press(page, "ส่งต่อ")
    page.goto("/inbox/register")
    looked_at(page, "register")


def _acknowledged(page: Page) -> None:
    page.goto("/")
    looked_at(page, "agency-home")
    page.get_by_role("link", name="ดูหนังสือเข้า").click()
    page.get_by_role("link", name="ขอความร่วมมือ").click()
    expect(page.locator("main")).to_contain_text(NOTE)
    page.get_by_role("button", name="เปิดอ่านหนังสือ").click()
    expect(page.get_by_role("button", name="รับทราบ", exact=True)).to_be_visible()
    looked_at(page, "agency-letter")
    press(page, "รับทราบ")
    expect(page.locator("main")).to_contain_text("รับทราบแล้ว")
