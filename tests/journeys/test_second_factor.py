"""A second factor on a phone: set up by QR, signed in with it, a passkey of the device, a recovery code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.web import Portal
from tests.support.browser import PHONE, sound
from tests.support.factors import give_password, number_of
from tests.support.live import Screens, served
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.browser
#: what the browser's own device does: it holds keys, and its person touches it
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def screens(app: Portal, world: World, browser: Browser) -> Iterator[Screens]:
    """A site at the machine's name: passkeys refuse its number."""
    with app.app_context():
        give_password(world.account["agency_admin"])
    with served(app) as url:
        screens = Screens(browser, url.replace("127.0.0.1", "localhost"))
        yield screens
        screens.close()


def password_given(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill("agency_admin")
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()


def signed_out(page: Page) -> None:
    page.get_by_label("บัญชีของ").click()
    page.locator(".ita-pop-body").get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url("**/sign-in")


def test_an_app_a_passkey_and_a_recovery_code_each_let_in(screens: Screens) -> None:
    page = screens.signed_in("agency_admin", PHONE)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    # the app, from the person's menu
    page.get_by_label("บัญชีของ").click()
    page.locator(".ita-pop-body").get_by_role("link", name="ข้อมูลของฉัน").click()
    sound(page)
    page.get_by_role("link", name="ตั้งการยืนยันตัวตนขั้นที่สอง").click()
    sound(page)
    page.get_by_role("link", name="ตั้งแอปยืนยันตัวตน").click()
    page.get_by_role("button", name="แสดง QR code").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    sound(page)
    page.get_by_label("เลข 6 หลักที่แอปแสดงอยู่").fill(number_of(secret, later=-1))
    page.get_by_role("button", name="ยืนยันการตั้งแอป").click()
    page.get_by_role("button", name="แสดงรหัสสำรอง 10 รหัส").click()
    codes = page.locator(".ita-codes code")
    expect(codes).to_have_count(10)
    code = codes.first.inner_text()
    sound(page)

    # the passkey of this device
    page.goto("/me/second-factor")
    page.get_by_role("link", name="เพิ่มพาสคีย์").click()
    sound(page)
    page.get_by_label("ชื่อพาสคีย์").fill("โทรศัพท์ทดลอง")
    page.get_by_role("button", name="สร้างพาสคีย์").click()
    expect(page.get_by_role("heading", name="โทรศัพท์ทดลอง")).to_be_visible()
    sound(page)

    for way in ("app", "passkey", "code"):
        signed_out(page)
        password_given(page)
        page.get_by_role("heading", name="ยืนยันตัวตนขั้นที่สอง").wait_for()
        sound(page)
        if way == "passkey":
            page.get_by_role("button", name="ใช้พาสคีย์").click()
        else:
            typed = number_of(secret) if way == "app" else code
            page.get_by_label("เลขจากแอป หรือรหัสสำรอง").fill(typed)
            page.get_by_role("button", name="ไปต่อ").click()
        page.locator(".ita-scope").wait_for()
    page.goto("/me")
    for words in ("ด้วยแอป", "ด้วยพาสคีย์", "ด้วยรหัสสำรอง"):
        expect(page.locator("#sign-ins").get_by_text(words)).to_have_count(1)


def test_a_device_that_gives_no_passkey_is_told_in_words(screens: Screens) -> None:
    page = screens.signed_in("agency_admin", PHONE)
    page.goto("/me/second-factor/passkeys/new")
    page.get_by_label("ชื่อพาสคีย์").fill("โทรศัพท์ทดลอง")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="สร้างพาสคีย์").click()
    expect(page.get_by_text("อุปกรณ์ไม่ได้สร้างพาสคีย์")).to_be_visible()
    expect(page.get_by_label("ชื่อพาสคีย์")).to_have_value("โทรศัพท์ทดลอง")
    sound(page)
