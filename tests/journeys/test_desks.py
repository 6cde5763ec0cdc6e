"""On a phone: an executive names who acts, and that person confirms; an admin hands the desk over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from models.account import Account
from models.participation import Participation, PreparationState
from models.zone import BANGKOK
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.browser import PHONE, sound
from tests.support.live import Screens, served
from tests.support.passwords import set_password
from tests.support.slips import PERSON, come_in
from tests.support.world import NOW, PASSWORD, World

pytestmark = pytest.mark.browser
NEW = "ปลาทูสามเข่งริมคลอง"


@pytest.fixture
def screens(app: Portal, browser: Browser) -> Iterator[Screens]:
    with served(app) as url:
        made = Screens(browser, url)
        yield made
        made.close()


@pytest.fixture(autouse=True)
def known(app: Portal, world: World) -> None:
    """The world's people have passwords, and a1's data wait for the executive."""
    with app.app_context(), writing(), privileged("a test's passwords") as session:
        for who in ("executive", "agency_admin", "province"):
            set_password(session.get_one(Account, world.account[who]), PASSWORD)
        one = session.get_one(Participation, world.participation["a1"])
        one.activated_at = one.headcount_at = one.roster_at = one.submitted_at = NOW
        one.headcount, one.roster_count, one.state = 40, 2, PreparationState.SUBMITTED


def to_the_desks(page: Page) -> None:
    """By the menu, as a person goes there."""
    page.get_by_role("link", name="เมนู").click()
    page.get_by_role("link", name="ผู้ปฏิบัติหน้าที่").first.click()
    page.get_by_role("heading", name="ผู้ปฏิบัติหน้าที่").wait_for()


def code_from_the_province(screens: Screens, world: World, name: str) -> str:
    """The task on the province's home leads to the code."""
    staff = screens.signed_in("province", PHONE)
    staff.goto(f"/rounds/{world.round_id}/home")
    expect(staff.get_by_role("heading", name=f"ออกรหัสให้ {name}")).to_be_visible()
    sound(staff)
    staff.get_by_role("link", name="ออกรหัส").first.click()
    staff.get_by_role("button", name="ออกรหัส").click()
    return staff.locator(".ita-kpi").inner_text()


def test_an_executive_names_who_acts_and_that_person_confirms(screens: Screens, world: World) -> None:
    executive = screens.signed_in("executive", PHONE)
    to_the_desks(executive)
    sound(executive)
    executive.get_by_role("link", name="แต่งตั้งผู้รักษาการ").click()
    executive.get_by_label("ชื่อและนามสกุล").fill("นางรักษา ทดลอง")
    executive.get_by_label("คำสั่งที่").fill("๑๒๓/๒๕๖๑")
    executive.get_by_label("วันแรก").fill("๙ พ.ย. ๒๕๖๑")
    executive.get_by_label("วันสุดท้าย").fill("30 พ.ย. 2561")
    executive.get_by_role("button", name="บันทึกการแต่งตั้ง").click()
    expect(executive.get_by_role("heading", name="ยังไม่ได้บันทึก")).to_be_visible()
    sound(executive)
    executive.get_by_label("รักษาการ", exact=True).check()
    executive.get_by_role("button", name="บันทึกการแต่งตั้ง").click()
    expect(executive.get_by_role("heading", name="นางรักษา ทดลอง")).to_be_visible()
    expect(executive.get_by_text("ยังไม่เปิดใช้งาน รอรหัส")).to_be_visible()
    sound(executive)
    code = code_from_the_province(screens, world, "นางรักษา ทดลอง")
    acting = screens.visitor(PHONE)
    come_in(acting, code, password=NEW)
    acting.goto(f"/rounds/{world.round_id}/preparation/confirm")
    acting.get_by_label("ข้าพเจ้าตรวจข้อมูลแล้ว").check()
    acting.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(acting.get_by_text(f"ยืนยันโดย {PERSON['name']} (รักษาการ)")).to_be_visible()
    sound(acting)
    executive.goto(f"/rounds/{world.round_id}/preparation/confirm")
    expect(executive.get_by_text(f"ยืนยันโดย {PERSON['name']} (รักษาการ)")).to_be_visible()
    to_the_desks(executive)
    executive.get_by_role("link", name="ให้พ้นหน้าที่ทันที").click()
    sound(executive)
    executive.get_by_role("button", name="สิ้นสุดการแต่งตั้ง").click()
    expect(executive.get_by_text("สิ้นสุดการแต่งตั้งแล้ว")).to_be_visible()
    acting.reload()
    expect(acting.get_by_role("heading", name="เลือก")).to_be_visible()


def test_an_admin_hands_over_takes_back_and_the_day_comes(
    screens: Screens, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = screens.signed_in("agency_admin", PHONE)
    to_the_desks(admin)
    assert admin.get_by_role("link", name="แต่งตั้งผู้รักษาการ").count() == 0
    for again in (True, False):
        admin.get_by_role("link", name="ส่งมอบหน้าที่").click()
        sound(admin)
        admin.get_by_label("ชื่อและนามสกุล").fill("นายรับ ทดลอง")
        admin.get_by_label("วันแรกของผู้รับหน้าที่").fill("1 ธ.ค. 2561")
        admin.get_by_role("button", name="ส่งมอบหน้าที่").click()
        expect(admin.get_by_text("นายรับ ทดลอง รับหน้าที่ต่อวันที่")).to_be_visible()
        if again:
            admin.get_by_role("link", name="ยกเลิกการส่งมอบ").click()
            admin.get_by_role("button", name="ยกเลิกการส่งมอบ").click()
            expect(admin.get_by_text("ยกเลิกการส่งมอบแล้ว")).to_be_visible()
    code = code_from_the_province(screens, world, "นายรับ ทดลอง")
    follower = screens.visitor(PHONE)
    come_in(follower, code, password=NEW)
    follower.goto("/")
    expect(follower.get_by_text("เริ่มวันที่ 1 ธ.ค. 2561")).to_be_visible()
    sound(follower)
    monkeypatch.setenv("PORTAL_CLOCK", datetime(2018, 12, 1, 9, 0, tzinfo=BANGKOK).isoformat())
    late = screens.signed_in("05520401-admin", PHONE, password=NEW)
    late.goto(f"/rounds/{world.round_id}/preparation")
    expect(late.locator(".ita-scope")).to_contain_text("Admin")
    gone = screens.visitor(PHONE)
    gone.goto("/sign-in")
    gone.get_by_label("ชื่อผู้ใช้", exact=True).fill("agency_admin")
    gone.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    gone.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(gone.get_by_role("heading", name="เลือก")).to_be_visible()
