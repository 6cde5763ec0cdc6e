"""Slips in the browser: ordered, followed without a new load, fetched with the passphrase that was shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import delete

from models.account import SignInSession
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.browser import DESKTOP, sound
from tests.support.factors import give_password
from tests.support.live import Screens, served, working
from tests.support.slip_orders import codes_of, not_activated, unpacked
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.browser


@pytest.fixture
def screens(app: Portal, world: World, browser: Browser) -> Iterator[Screens]:
    with app.app_context():
        give_password(world.account["dla"])
        not_activated(world, "agency_admin", "executive")
    with served(app) as url:
        screens = Screens(browser, url)
        yield screens
        screens.close()


def test_an_order_is_followed_to_its_download(app: Portal, screens: Screens, tmp_path: Path) -> None:
    page = screens.signed_in("dla", DESKTOP)
    page.goto("/admin/slips/order?role=agency_admin")
    passphrase = page.locator("input[name=passphrase]").input_value()
    expect(page.locator(".ita-kpi").first).to_have_text(passphrase)
    page.get_by_label("จดวลีเปิดไฟล์ไว้แล้ว").check()
    page.get_by_role("button", name="พิมพ์").click()
    expect(page.get_by_text("กำลังพิมพ์")).to_be_visible()
    with working(app):
        fetch = page.get_by_role("heading", name="ดาวน์โหลดซองรหัส")
        expect(fetch).to_be_visible(timeout=60_000)
    sound(page)
    page.locator("form input[name=passphrase]").fill(passphrase.lower())
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Admin").click()
    files = unpacked(Path(downloaded.value.path()).read_bytes())
    assert len(codes_of(files["ลำปาง.pdf"], tmp_path)) == 1
    page.reload()
    expect(page.get_by_text("ดาวน์โหลดแล้ว")).to_be_visible()
    assert screens.complaints == []


def test_who_is_signed_out_meanwhile_is_led_to_sign_in_and_back(
    app: Portal, world: World, screens: Screens
) -> None:
    """What a page asks for by itself puts neither the sign-in page nor nothing in the place of a part."""
    page = screens.signed_in("dla", DESKTOP)
    page.goto("/admin/slips/order?role=agency_admin")
    page.get_by_label("จดวลีเปิดไฟล์ไว้แล้ว").check()
    page.get_by_role("button", name="พิมพ์").click()
    expect(page.get_by_text("กำลังพิมพ์")).to_be_visible()
    order = page.url
    with app.app_context(), writing(), privileged("a test ends every session") as session:
        session.execute(delete(SignInSession))
    page.wait_for_url("**/sign-in?next=**", timeout=10_000)
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill("dla")
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    page.wait_for_url(order)
    expect(page.get_by_text("กำลังพิมพ์")).to_be_visible()
