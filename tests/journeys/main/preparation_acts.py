"""The agency's four steps: activated, headcount, roster, the executive's confirmation on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from models.instrument import InstrumentKind
from tests.journeys.main.stage import (
    AGENCY,
    Journey,
    choose_menu,
    follow,
    number_in,
    press,
    shows,
    told,
)
from tests.support.browser import fits

HEADCOUNT, PEOPLE = 15, 12
GROUP = "ผู้มาติดต่อหรือรับบริการเรื่องอื่น"


def roster_file(*, faulty: bool) -> FilePayload:
    """A CSV of made-up people, as a spreadsheet program saves it; one group is none of the form's."""
    lines = ["ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล"]
    for number in range(1, PEOPLE + 1):
        group = "ไม่มีกลุ่มนี้" if faulty and number == 4 else GROUP
        lines.append(f"{number},นายสมมุติ คนที่{number},,{group},08{number:08d},")
    return {"name": "รายชื่อ.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode("utf-8-sig")}


def fill_in(journey: Journey, page: Page) -> None:
    """Headcount and roster, then to the executive."""
    follow(page, "กรอกจำนวน", exact=False)
    field = page.get_by_label("จำนวนผู้มีส่วนได้ส่วนเสียภายใน")
    field.fill("สิบห้า")
    press(page, "บันทึกจำนวน")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(f"{HEADCOUNT}")
    press(page, "บันทึกจำนวน")
    told(page, "บันทึกแล้ว")
    shows(page, f"{HEADCOUNT} คน")
    choose_menu(page, "รายชื่อภายนอก")
    import_roster(page)
    send(journey, page)


def send(journey: Journey, page: Page) -> None:
    """To the executive; there are no links before the confirmation."""
    page.goto(journey.path("/preparation"))
    press(page, "ส่งให้ผู้บริหารยืนยัน")
    told(page, "ส่งข้อมูลให้ผู้บริหารแล้ว")
    page.goto(journey.path("/links"))
    shows(page, "ระบบสร้างลิงก์เมื่อผู้บริหารยืนยันข้อมูล")
    assert page.locator("a.ita-link").count() == 0


def import_roster(page: Page) -> None:
    """The dry run names the wrong row and column; the mended file goes in whole."""
    follow(page, "นำเข้ารายชื่อ", exact=False)
    page.get_by_label("ไฟล์รายชื่อ").set_input_files(roster_file(faulty=True))
    press(page, "ตรวจไฟล์")
    shows(page, "แถวที่ต้องแก้ไข", "D กลุ่ม")
    wrong = page.locator("main table").last.locator("tbody tr")
    expect(wrong).to_have_count(1)
    expect(wrong.locator("th")).to_have_text("แถว 5")
    expect(wrong.locator("td.ita-cell-bad")).to_contain_text("ไม่ตรงกับกลุ่ม")
    follow(page, "เลือกไฟล์ใหม่", exact=False)
    page.get_by_label("ไฟล์รายชื่อ").set_input_files(roster_file(faulty=False))
    press(page, "ตรวจไฟล์")
    shows(page, "นำเข้าได้ทุกแถว")
    press(page, f"นำเข้า {PEOPLE} แถว", exact=False)
    told(page, f"{PEOPLE}")
    shows(page, "นายสมมุติ คนที่4")


def confirm(journey: Journey) -> None:
    """The executive, on a phone, from the home page on."""
    page = journey.on_phone("executive")
    fits(page)
    follow(page, "ตรวจและยืนยัน")
    shows(page, f"{HEADCOUNT}", f"{PEOPLE}")
    fits(page)
    press(page, "ยืนยันข้อมูล", exact=False)
    expect(page.get_by_role("alert")).to_contain_text("ทำเครื่องหมายในช่อง")
    page.get_by_label("ข้าพเจ้าตรวจข้อมูลแล้วและยืนยันว่าถูกต้อง", exact=False).check()
    press(page, "ยืนยันข้อมูล", exact=False)
    told(page, "ยืนยันข้อมูลแล้ว")
    fits(page)


def take_links(journey: Journey, page: Page) -> None:
    """The admin finds both links; they do not take answers yet and say when."""
    choose_menu(page, "ลิงก์และ QR")
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        card = page.locator(f"section[aria-labelledby={kind.value}]")
        expect(card).to_contain_text("12 พฤศจิกายน 2561")
        expect(card.get_by_role("img", name="QR")).to_be_visible()
        found = re.search(r"/s/[\w-]+", card.locator("a.ita-link").get_attribute("href") or "")
        assert found
        journey.links[kind] = found[0]
    journey.participation_id = _own_number(page, journey)


def _own_number(page: Page, journey: Journey) -> int:
    choose_menu(page, "ติดตามสถานะ")
    expect(page.get_by_role("heading", name=AGENCY)).to_be_visible()
    assert page.url.startswith(f"{journey.screens.url}{journey.path('/status/')}")
    return number_in(page, r"/(\d+)$")
