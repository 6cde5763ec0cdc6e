"""The four steps of the letter: an admin at a desk, the executive on a phone, until the links stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.participation import Participation, PreparationState
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served
from tests.support.world import World, row

pytestmark = [pytest.mark.browser, pytest.mark.quick]
ROSTER = """ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล
1,นายสมมติ หนึ่ง,,ผู้เสียภาษีหรือค่าธรรมเนียม,081-234-5678,
2,บริษัท ตัวอย่าง จำกัด,,ผู้เสนอราคางานซื้อหรือจ้าง,0 5428 0000,a@b.th
3,นางผิด ช่อง,,ไม่มีกลุ่มนี้,,
"""


def test_an_agency_prepares_and_its_executive_confirms_on_a_phone(
    app: Portal, world: World, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "รายชื่อ.csv"
    file.write_text(ROSTER, encoding="utf-8")
    with (
        served(app) as url,
        page_of(browser, app, world.account["agency_admin"], url=url, size=DESKTOP) as admin,
        page_of(browser, app, world.account["executive"], url=url, size=PHONE) as executive,
    ):
        admin_enters(admin, world, file)
        send(admin)
        executive_returns(executive)
        expect_reason(admin, world)
        send(admin)
        executive_confirms(executive)
        admin.goto(f"/rounds/{world.round_id}/links")
        expect(admin.get_by_role("button", name="คัดลอกลิงก์")).to_have_count(2)
        sound(admin)
    with app.app_context():
        done = row(Participation, world.participation["a1"])
    assert done.state is PreparationState.CONFIRMED
    assert (done.headcount, done.roster_count, done.steps_done) == (52, 2, 4)


def admin_enters(page: Page, world: World, file: Path) -> None:
    """Headcount by hand, roster from a file; the faulty row is shown and left out."""
    page.goto(f"/rounds/{world.round_id}/home")
    sound(page)
    page.get_by_role("link", name="กรอกจำนวน").click()
    page.get_by_label("จำนวนผู้มีส่วนได้ส่วนเสียภายใน").fill("๕๒")
    page.get_by_role("button", name="บันทึกจำนวน").click()
    page.get_by_role("link", name="นำเข้ารายชื่อ").click()
    page.get_by_role("link", name="นำเข้ารายชื่อ").click()
    page.get_by_label("ไฟล์รายชื่อ").set_input_files(file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    expect(page.locator(".ita-cell-bad")).to_have_count(1)
    sound(page)
    page.get_by_role("button", name="นำเข้า 2 แถว").click()
    expect(page.get_by_role("link", name="นายสมมติ หนึ่ง", exact=True)).to_be_visible()
    page.goto(f"/rounds/{world.round_id}/preparation")


def send(page: Page) -> None:
    """Send the data to the executive."""
    page.get_by_role("button", name="ส่งให้ผู้บริหารยืนยัน").click()
    expect(page.get_by_role("button", name="ดึงกลับมาแก้ไข")).to_be_visible()


def executive_returns(page: Page) -> None:
    """Look at the names on the phone, then return the data; the typed reason is kept when it is missing."""
    page.goto("/")
    sound(page)
    page.get_by_role("link", name="ตรวจและยืนยัน").click()
    page.get_by_role("link", name="ดูรายชื่อ").click()
    expect(page.get_by_text("บริษัท ตัวอย่าง จำกัด").first).to_be_visible()
    sound(page)
    page.go_back()
    page.get_by_role("link", name="ส่งกลับแก้ไข").click()
    page.get_by_role("button", name="ส่งกลับแก้ไข").click()
    expect(page.get_by_role("alert")).to_contain_text("เขียนสิ่งที่ให้ผู้ดูแลแก้ไข")
    sound(page)
    page.get_by_label("สิ่งที่ให้ผู้ดูแลแก้ไข").fill("ขาดผู้รับสวัสดิการ")
    page.get_by_role("button", name="ส่งกลับแก้ไข").click()
    expect(page.get_by_text("ขาดผู้รับสวัสดิการ")).to_be_visible()


def expect_reason(page: Page, world: World) -> None:
    """The admin reads why."""
    page.goto(f"/rounds/{world.round_id}/preparation")
    expect(page.get_by_text("ขาดผู้รับสวัสดิการ")).to_be_visible()


def executive_confirms(page: Page) -> None:
    """Confirm with the tick; the bar's button lies under the right thumb."""
    page.reload()
    button = page.get_by_role("button", name="ยืนยันข้อมูล")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] > PHONE[0] / 3
    button.click()
    expect(page.get_by_text("ทำเครื่องหมายในช่อง")).to_be_visible()
    sound(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="ยืนยันข้อมูล").click()
    expect(page.get_by_text("แก้ไขข้อมูลไม่ได้อีก")).to_be_visible()
    expect(page.get_by_role("button", name="ยืนยันข้อมูล")).to_have_count(0)
    sound(page)
