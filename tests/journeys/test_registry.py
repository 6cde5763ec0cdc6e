"""The back office in a browser: an agency added and mended, found again, its admin let in by a code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, fits
from tests.support.live import page_of, served
from tests.support.slips import come_in
from tests.support.world import World

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_new_agency_gets_its_admin(
    app: Portal, world: World, browser: Browser, size: tuple[int, int]
) -> None:
    with served(app) as url:
        with page_of(browser, app, world.account["dla"], url=url, size=size) as page:
            _add_agency(page)
            _find_agency(page)
            code = _let_in(page)
            fits(page)
        visitor = browser.new_page(base_url=url)
        come_in(visitor, code)
        expect(visitor.locator("body")).to_contain_text("องค์การบริหารส่วนตำบลศาลา")
        visitor.close()


def _add_agency(page: Page) -> None:
    page.goto("/admin/agencies/")
    page.get_by_role("link", name="เพิ่มหน่วยงาน").click()
    page.locator("#name").fill("ศาลา")
    page.locator("#kind").select_option("sao")
    page.locator("#code").fill("0652049")
    page.locator("#district").select_option(label="ลำปาง · เกาะคา")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator("#summary")).to_contain_text("รหัสต้องมี 8 หลัก ขณะนี้มี 7 หลัก")
    expect(page.locator("#name")).to_have_value("ศาลา")
    page.locator("#code").fill("06520499")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(".ita-flash")).to_contain_text("องค์การบริหารส่วนตำบลศาลา")


def _find_agency(page: Page) -> None:
    page.goto("/admin/agencies/")
    page.locator("main").get_by_role("searchbox").fill("ศาลา")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody th a").click()
    expect(page.locator("#code")).to_have_value("06520499")


def _let_in(page: Page) -> str:
    page.goto("/admin/accounts/new/")
    page.locator("#name").fill("นางสาวทดลอง ใหม่")
    page.locator("#username").fill("sala.admin")
    page.locator("#role").select_option("agency_admin")
    page.locator("#agency").fill("06520499")
    page.get_by_role("button", name="สร้างบัญชี").click()
    page.get_by_role("button", name="ออกรหัส").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}"))
    (code,) = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page.locator("main").inner_text())
    return str(code)
