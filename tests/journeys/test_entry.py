"""Coming in on a phone: by a slip's QR code, after a forgotten password, and to a second agency."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from models.account import Account, Role
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.people import accounts
from tests.factories.base import Make
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.browser import PHONE, sound
from tests.support.live import Screens, served
from tests.support.passwords import set_password
from tests.support.slips import PERSON, say_who
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.browser
NEW = "ปลาทูสามเข่งริมคลอง"


@pytest.fixture
def screens(app: Portal, browser: Browser) -> Iterator[Screens]:
    with served(app) as url:
        made = Screens(browser, url)
        yield made
        made.close()


@pytest.fixture
def placeholder(world: World, make: Make) -> int:
    """The account of agency a2's admin as it is made in bulk."""
    account = make(AccountFactory, username="06520402-a", name="")
    make(GrantFactory, account=account, role=Role.AGENCY_ADMIN, agency_id=world.agency["a2"])
    return int(account.id)


def code_of(app: Portal, account_id: int) -> str:
    with app.app_context(), writing(), privileged("a test's code") as session:
        return accounts.issue_code(session, session.get_one(Account, account_id))


def known(app: Portal, account_id: int) -> None:
    with app.app_context(), writing(), privileged("a test's password") as session:
        set_password(session.get_one(Account, account_id), PASSWORD)


def scan(page: Page, code: str) -> None:
    """Open the address of a slip's QR code, and find nothing of the code in the browser's address."""
    page.goto(f"/activate#{code}")
    page.get_by_role("heading", name="รหัสนี้เป็นของ").wait_for()
    assert page.url.endswith("/activate")
    assert code not in page.evaluate("JSON.stringify(history.state) + location.href + document.cookie")


def test_a_slip_is_scanned_and_its_person_comes_in(
    app: Portal, screens: Screens, placeholder: int, world: World
) -> None:
    code, page = code_of(app, placeholder), screens.visitor(PHONE)
    scan(page, code)
    expect(page.get_by_text("องค์การบริหารส่วนตำบลท่าผา")).to_be_visible()
    sound(page)
    say_who(page, password="สวัสดีครับผม2561")
    expect(page.get_by_label("รหัสผ่านใหม่")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("ชื่อและนามสกุล")).to_have_value(PERSON["name"])
    sound(page)
    page.get_by_role("button", name="แสดง").last.click()
    page.get_by_label("รหัสผ่านใหม่").fill(NEW)
    page.get_by_role("button", name="ใช่ ตั้งรหัสผ่านและไปต่อ").click()
    page.wait_for_url("**/contacts**")
    expect(page.get_by_text("เปิดใช้งานบัญชีแล้ว")).to_be_visible()
    again = screens.visitor(PHONE)
    again.goto(f"/activate#{code}")
    expect(again.get_by_label("รหัสเปิดใช้งาน")).to_have_attribute("aria-invalid", "true")
    sound(again)


def test_a_slip_is_typed_where_there_is_no_script(app: Portal, screens: Screens, placeholder: int) -> None:
    page = screens.visitor(PHONE, script=False)
    page.goto("/activate")
    page.get_by_label("รหัสเปิดใช้งาน").fill(code_of(app, placeholder).lower().replace("-", " "))
    page.get_by_role("button", name="ไปต่อ").click()
    say_who(page, password=NEW)
    expect(page.get_by_text("เปิดใช้งานบัญชีแล้ว")).to_be_visible()


def test_a_forgotten_password_is_answered_by_the_province_with_a_new_code(
    app: Portal, screens: Screens, world: World
) -> None:
    known(app, world.account["province"])
    page = screens.visitor(PHONE)
    page.goto("/sign-in")
    page.get_by_role("link", name="ลืมรหัสผ่าน").click()
    sound(page)
    page.get_by_label("ชื่อผู้ใช้").fill("executive")
    page.get_by_label("โทรศัพท์สำหรับโทรกลับ").fill("๐๘ ๑๒๓๔ ๕๖๗๘")
    page.get_by_label("จังหวัดของท่าน").select_option(label="ลำปาง")
    page.get_by_role("button", name="แจ้งขอความช่วยเหลือ").click()
    page.get_by_role("heading", name="ขั้นตอนต่อไป").wait_for()
    sound(page)
    staff = screens.signed_in("province", PHONE)
    staff.goto(f"/rounds/{world.round_id}/home")
    staff.get_by_role("link", name="ดูรายชื่อ").first.click()
    expect(staff.get_by_role("link", name="08 1234 5678")).to_be_visible()
    sound(staff)
    staff.get_by_role("link", name="ออกรหัสใหม่").click()
    staff.get_by_role("button", name="ออกรหัส").click()
    code = staff.locator(".ita-kpi").inner_text()
    page.get_by_role("link", name="ได้รับใบแจ้งใหม่แล้ว").click()
    page.get_by_label("รหัสเปิดใช้งาน").fill(code)
    page.get_by_role("button", name="ไปต่อ").click()
    expect(page.get_by_label("ชื่อและนามสกุล")).to_have_value("ผู้ใช้ทดลอง executive")
    say_who(page, password=NEW)
    expect(page.get_by_text("เปิดใช้งานบัญชีแล้ว")).to_be_visible()
    staff.goto("/admin/lost-passwords")
    expect(staff.get_by_text("ไม่มีผู้รอรหัสใหม่")).to_be_visible()


def test_a_second_agency_is_joined_to_an_account(
    app: Portal, screens: Screens, placeholder: int, world: World
) -> None:
    known(app, world.account["agency_admin_other"])
    page = screens.visitor(PHONE)
    scan(page, code_of(app, placeholder))
    page.get_by_text("มีบัญชีของหน่วยงานอื่นอยู่แล้ว").click()
    own = page.get_by_role("form", name="เข้าสู่ระบบด้วยบัญชีของท่าน")
    own.get_by_label("ชื่อผู้ใช้").fill("agency_admin_other")
    own.get_by_label("รหัสผ่าน").fill(PASSWORD)
    sound(page)
    own.get_by_role("button", name="เข้าสู่ระบบและเพิ่มหน่วยงานนี้").click()
    page.get_by_role("heading", name="เพิ่มหน่วยงานนี้ในบัญชีของท่านหรือไม่").wait_for()
    sound(page)
    page.get_by_role("button", name="เพิ่มหน่วยงานนี้ในบัญชีของข้าพเจ้า").click()
    page.get_by_role("button", name="ท่าผา").click()
    expect(page.locator(".ita-scope")).to_contain_text("องค์การบริหารส่วนตำบลท่าผา")
