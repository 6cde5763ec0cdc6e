"""Two officers have one agency of the register open: the second reads what the first saved, and chooses."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, expect

from models.agency import Agency
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served
from tests.support.world import World, row

pytestmark = [pytest.mark.browser, pytest.mark.proof]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_second_sees_what_the_first_saved(
    app: Portal, world: World, browser: Browser, size: tuple[int, int]
) -> None:
    address = f"/admin/agencies/edit/?id={world.agency['a1']}"
    dla = world.account["dla"]
    with (
        served(app) as url,
        page_of(browser, app, dla, url=url, size=size) as first,
        page_of(browser, app, dla, url=url, size=size) as second,
    ):
        for page in (first, second):
            page.goto(address)
        first.get_by_label("ชื่อเฉพาะ").fill("เกาะคาหนึ่ง")
        first.get_by_label("ขนาด").select_option("L")
        first.get_by_role("button", name="บันทึก", exact=True).click()
        expect(first.get_by_role("status").first).to_contain_text("บันทึกแล้ว")
        second.get_by_label("ชื่อเฉพาะ").fill("เกาะคาสอง")
        second.get_by_role("button", name="บันทึก", exact=True).click()
        told = second.locator(".ita-flash")
        expect(told).to_contain_text("มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน")
        expect(told).to_contain_text("เกาะคาหนึ่ง")
        expect(told).to_contain_text("บันทึกโดยผู้ใช้ทดลอง dla")
        expect(second.locator("#name")).to_have_value("เกาะคาสอง")
        if folder := os.environ.get("LOOK_AT"):
            second.screenshot(path=f"{folder}/conflict.{size[0]}.png", full_page=True)
        sound(second)
        second.get_by_role("button", name="บันทึก", exact=True).click()
        expect(second.get_by_role("status").first).to_contain_text("บันทึกแล้ว")
    with app.app_context():
        assert row(Agency, world.agency["a1"]).name == "เกาะคาสอง"
