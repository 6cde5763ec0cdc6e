"""The offices: the province follows its agencies, DLA writes to a governor."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

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
}
SIGNATORY = {"ชื่อผู้ลงนาม": "นายทดลอง ลงนาม", "ตำแหน่งผู้ลงนาม": "อธิบดีกรมตัวอย่าง"}


def follow_status(journey: Journey) -> None:
    """The province sees its own agencies, what is behind first, and one agency's picture."""
    page = journey.at_desk("province")
    choose_menu(page, "ติดตามสถานะ")
    shows(page, PROVINCE, SHORT, f"{HEADCOUNT} / {HEADCOUNT}", f"{PEOPLE} / {PEOPLE}", "ให้คะแนนแล้ว")
    assert "กระบี่" not in page.locator("main").inner_text()
    follow(page, SHORT)
    expect(page.get_by_role("heading", name=AGENCY)).to_be_visible()


def write_letter(journey: Journey, folder: Path) -> None:
    """DLA drafts the circular to one governor, proves it, gives it the next number, and withdraws it."""
    page = journey.at_desk("dla")
    choose_menu(page, "หนังสือถึงจังหวัด")
    follow(page, "กรอกการตั้งค่า")
    for label, text in OFFICE.items():
        page.get_by_label(label, exact=True).fill(text)
    press(page, "บันทึกการตั้งค่า")
    told(page, "บันทึกแล้ว")
    follow(page, "เพิ่มผู้ลงนาม")
    for label, text in SIGNATORY.items():
        page.get_by_label(label, exact=True).fill(text)
    press(page, "บันทึก")
    told(page, "บันทึกแล้ว")
    choose_menu(page, "หนังสือถึงจังหวัด")
    page.locator("main").get_by_role("link", name="ร่างหนังสือใหม่").first.click()
    page.get_by_text("ถึงทุกจังหวัด หรือเลือกบางจังหวัด").click()
    page.get_by_label(PROVINCE, exact=True).check()
    page.get_by_label("ผู้ลงนาม").select_option(index=1)
    press(page, "บันทึกร่าง")
    told(page, "บันทึกร่างแล้ว")
    draft = page.url
    page.get_by_label("ตัวอย่างของ").select_option(label=PROVINCE)
    press(page, "ดูตัวอย่างจริง")
    proof = _downloaded(page, folder)
    assert "ผู้ว่าราชการจังหวัดลำปาง" in proof and (SHORT in proof or AGENCY in proof), proof
    page.goto(draft)
    follow(page, "ออกเลขและวันที่")
    page.get_by_label("เลขที่หนังสือ").fill("ว 1234")
    press(page, "ออกหนังสือ")
    assert "ที่ มท ๐๐๐๐/ว ๑๒๓๔" in _downloaded(page, folder)
    page.goto(draft)
    press(page, "ส่งหนังสือแล้ว")
    told(page, "บันทึกการส่งหนังสือแล้ว")
    _withdraw(page)


def _downloaded(page: Page, folder: Path) -> str:
    """The text of the file that a job makes."""
    expect(page.get_by_role("link", name="ดาวน์โหลดไฟล์")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดไฟล์").click()
    return text_of(Path(download.value.path()).read_bytes(), folder)


def _withdraw(page: Page) -> None:
    """The public page says that the letter is genuine, and after its withdrawal that it holds no more."""
    letter, public = page.url, page.get_by_role("link", name="เปิดดู").get_attribute("href")
    page.goto(str(public))
    shows(page, "หนังสือนี้เป็นของจริง", "มท 0000/ว 1234")
    page.goto(letter)
    follow(page, "ยกเลิกหนังสือ")
    page.get_by_label("เหตุผล").fill("ส่งผิดเรื่อง")
    press(page, "ยกเลิกหนังสือ")
    told(page, "ยกเลิกหนังสือแล้ว")
    page.goto(str(public))
    shows(page, "หนังสือนี้ไม่มีผลแล้ว")
