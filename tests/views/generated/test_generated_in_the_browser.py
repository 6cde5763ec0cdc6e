"""The generated screens in Chromium under the strict policy: nothing refused, nothing too wide."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from models.agency import Agency
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.client import PortalClient
from tests.support.live import served
from tests.support.world import World

pytestmark = pytest.mark.browser
LIST = "/admin/t-agencies/"


@pytest.fixture
def address(desk: Portal) -> Iterator[str]:
    """The application on a socket of this machine."""
    with served(desk) as url:
        yield url


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def officer(
    browser: Browser,
    request: pytest.FixtureRequest,
    address: str,
    client_as: Callable[[str], PortalClient],
) -> Iterator[Page]:
    """The back office at a screen; the page's console must stay silent."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="th-TH", base_url=address
    )
    client = client_as("dla")
    cookie = client.get_cookie("portal")
    assert cookie is not None
    context.add_cookies([{"name": "portal", "value": cookie.value, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if not sent.url.startswith(address) else None)
    yield page
    context.close()
    assert not [text for text in complaints if "status of 4" not in text]


def looked_at(page: Page, name: str) -> None:
    """Accessible, not wider than the screen; with LOOK_AT a picture is kept there."""
    if folder := os.environ.get("LOOK_AT"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{name}.{width}.png", full_page=True)
    sound(page)


def test_the_list_is_filtered_and_sorted(officer: Page) -> None:
    officer.goto(LIST)
    looked_at(officer, "list")
    officer.get_by_text("ตัวกรอง", exact=True).click()
    looked_at(officer, "list-filters")
    officer.get_by_label("ประเภท", exact=True).select_option("sao")
    officer.get_by_role("button", name="แสดง", exact=True).click()
    expect(officer.locator("tbody tr")).to_have_count(2)
    expect(officer.locator(".ita-chip")).to_contain_text("องค์การบริหารส่วนตำบล")
    officer.get_by_role("link", name="เอาตัวกรองประเภทออก").click()
    expect(officer.locator("tbody tr")).to_have_count(4)
    officer.locator("main").get_by_role("searchbox").fill("หนองปลาหมึก")
    officer.locator("main").get_by_role("searchbox").press("Enter")
    expect(officer.get_by_role("heading", name="ไม่พบ “หนองปลาหมึก”")).to_be_visible()
    looked_at(officer, "list-empty")


def test_ticked_rows_are_asked_about_and_done(officer: Page, desk: Portal, world: World) -> None:
    officer.goto(LIST)
    expect(officer.get_by_role("button", name="เลิกใช้")).to_be_hidden()
    officer.get_by_label("เลือก องค์การบริหารส่วนตำบลไสไทย").check()
    officer.get_by_label("เลือก องค์การบริหารส่วนตำบลท่าผา").check()
    expect(officer.get_by_text("เลือกแล้ว 2 แถว")).to_be_visible()
    looked_at(officer, "list-bulk")
    officer.get_by_role("button", name="เลิกใช้").click()
    expect(officer.get_by_text("2 แห่งจะไม่อยู่ในรอบต่อไป")).to_be_visible()
    looked_at(officer, "action-asked")
    officer.get_by_role("button", name="เลิกใช้").click()
    expect(officer.get_by_role("status")).to_contain_text("เลิกใช้ 2 แห่ง")
    with desk.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).select_from(Agency).where(Agency.active.is_(False))) == 2


def test_a_form_keeps_what_was_typed_and_saves(officer: Page) -> None:
    officer.goto(LIST)
    officer.locator("main").get_by_role("link", name="เพิ่ม", exact=False).first.click()
    officer.get_by_label("ชื่อหน่วยงาน", exact=False).first.fill("เทศบาลตำบลใหม่")
    officer.get_by_role("button", name="บันทึก", exact=True).click()
    expect(officer.locator("#summary")).to_be_focused()
    looked_at(officer, "form-errors")
    officer.get_by_label("ชื่อ", exact=True).fill("ใหม่")
    officer.get_by_label("รหัส (ไม่บังคับ)", exact=True).fill("05520999")
    officer.get_by_label("ประเภท", exact=True).select_option("subdistrict")
    officer.get_by_label("จังหวัด", exact=True).select_option(label="ลำปาง")
    chosen = officer.get_by_role("combobox", name="อำเภอ")
    chosen.click()
    chosen.press_sequentially("เกาะ")
    expect(officer.get_by_role("option", name="เกาะคา")).to_be_visible()
    looked_at(officer, "form-lookup")
    officer.get_by_role("option", name="เกาะคา").click()
    officer.get_by_role("button", name="บันทึก", exact=True).click()
    expect(officer.get_by_role("status")).to_contain_text("บันทึกแล้ว: เทศบาลตำบลใหม่")


def test_editing_shows_the_danger_zone_and_deleting_asks(officer: Page, world: World) -> None:
    officer.goto(f"{LIST}edit/?id={world.agency['a1']}")
    looked_at(officer, "edit")
    officer.get_by_role("link", name="ลบ", exact=True).click()
    looked_at(officer, "delete-asked")
    officer.get_by_label("ข้าพเจ้าทราบว่าเรียกคืนไม่ได้").check()
    officer.get_by_role("button", name="ลบถาวร").click()
    expect(officer.get_by_role("alert")).to_contain_text("ลบไม่ได้")


def test_one_row_to_read(officer: Page, world: World) -> None:
    officer.goto(f"{LIST}details/?id={world.agency['b1']}")
    looked_at(officer, "details")


def test_the_menu_of_the_phone_opens_with_and_without_its_script(officer: Page) -> None:
    officer.goto(LIST)
    opener = officer.get_by_role("link", name="เมนู", exact=True)
    if not opener.is_visible():
        return
    opener.click()
    expect(officer.get_by_role("navigation", name="เมนูหลัก")).to_be_visible()
    looked_at(officer, "menu")
    officer.keyboard.press("Escape")
    expect(officer.get_by_role("navigation", name="เมนูหลัก")).to_be_hidden()
    officer.goto(LIST + "#menu")
    expect(officer.get_by_role("navigation", name="เมนูหลัก")).to_be_visible()
