"""The offices: the province follows its agencies, DLA writes to a governor."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.main.preparation_acts import HEADCOUNT, PEOPLE
from tests.journeys.main.stage import (
    AGENCY,
    PROVINCE,
    SHORT,
    Journey,
    choose_menu,
    follow,
    press,
    shows,
    told,
)
from tests.reports.sample import text_of

OFFICE = {
    "ชื่อส่วนราชการ": "กรมตัวอย่าง",
    "ที่ตั้ง": "ถนนทดลอง\nกรุงเทพฯ 10300",
    "เลขประจำของหนังสือ": "มท 0000",
    "ชื่อผู้ลงนาม": "นายทดลอง ลงนาม",
    "ตำแหน่งผู้ลงนาม": "อธิบดีกรมตัวอย่าง",
}


def follow_status(journey: Journey) -> None:
    """The province sees its own agencies, what is behind first, and one agency's picture."""
    page = journey.at_desk("province")
    choose_menu(page, "ติดตามสถานะ")
    shows(page, PROVINCE, SHORT, f"{HEADCOUNT} / {HEADCOUNT}", f"{PEOPLE} / {PEOPLE}", "ให้คะแนนแล้ว")
    assert "กระบี่" not in page.locator("main").inner_text()
    follow(page, SHORT)
    expect(page.get_by_role("heading", name=AGENCY)).to_be_visible()


def write_letter(journey: Journey, folder: Path) -> None:
    """DLA orders the circular to one governor; the job's page shows how far it is and gives the PDF."""
    page = journey.at_desk("dla")
    choose_menu(page, "หนังสือถึงจังหวัด")
    follow(page, "กรอกการตั้งค่า")
    for label, text in OFFICE.items():
        page.get_by_label(label, exact=True).fill(text)
    press(page, "บันทึกการตั้งค่า")
    told(page, "บันทึกแล้ว")
    page.get_by_label("ถึงผู้ว่าราชการจังหวัด").select_option(label=PROVINCE)
    page.get_by_label("เลขที่หนังสือ").fill("ว 1234")
    press(page, "ทำหนังสือ")
    expect(page.get_by_role("link", name="ดาวน์โหลดไฟล์")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดไฟล์").click()
    text = text_of(Path(download.value.path()).read_bytes(), folder)
    assert "ที่ มท ๐๐๐๐/ว ๑๒๓๔" in text and "ผู้ว่าราชการจังหวัดลำปาง" in text
    assert SHORT in text or AGENCY in text, text
