"""NACC makes the new year: begun from the old round, its checklist by workbook, mended, opened beside it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.main.stage import Journey, choose_menu, follow, number_in, press, shows, told
from tests.journeys.year import workbook

OLD_YEAR, YEAR = 2561, 2568
OLD_NAME = "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561"
NAME = "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2568"


def begin_from_the_old(journey: Journey) -> Page:
    """A draft of the new year, with all that the old round has and is no answer."""
    page = journey.at_desk("nacc")
    choose_menu(page, "รอบการประเมิน")
    follow(page, "สร้างรอบ")
    page.get_by_label("ปีงบประมาณ (พ.ศ.)").fill(str(OLD_YEAR))
    page.get_by_label("ชื่อรอบ").fill(NAME)
    page.get_by_label("เริ่มจาก", exact=True).select_option(label=OLD_NAME)
    press(page, "สร้างฉบับร่าง")
    expect(page.get_by_role("alert").first).to_contain_text("ปีงบประมาณ")
    page.get_by_label("ปีงบประมาณ (พ.ศ.)").fill(str(YEAR))
    press(page, "สร้างฉบับร่าง")
    told(page, "สร้างฉบับร่างแล้ว")
    journey.round_id = number_in(page, r"/rounds/(\d+)$")
    shows(page, "48 ข้อ", "30 ข้อคำถาม", "15 ข้อคำถาม", "10 ต.ค. 2568")
    return page


def shorten_by_workbook(journey: Journey, page: Page) -> list[tuple[str, str]]:
    """The workbook taken, changed, sent with a wrong cell, mended, compared, taken over."""
    follow(page, "สมุดงานของรอบ")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("ดาวน์โหลด.*XLSX")).click()
    book = workbook.opened(Path(download.value.path()).read_bytes())
    made = workbook.shorten_the_checklist(book)
    assert len(made) == 28
    workbook.weigh_oit(book, 35)
    right = workbook.misplace(book, "O7", "9.9")
    _send(page, book)
    shows(page, "ช่องที่ต้องแก้", "9.9")
    expect(page.get_by_role("button", name="ปรับรอบตามไฟล์นี้")).to_have_count(0)
    follow(page, "เลือกไฟล์ใหม่")
    workbook.misplace(book, "O7", right)
    _send(page, book)
    shows(page, "ลบออก", "หัวข้อสมมุติที่ 3", "40 → 35")
    press(page, "ปรับรอบตามไฟล์นี้")
    told(page, "เรียกคืนได้")
    page.goto(journey.path(""))
    shows(page, "28 ข้อ")
    return made


def _send(page: Page, book: workbook.Workbook) -> None:
    page.get_by_label("สมุดงานที่แก้แล้ว").set_input_files(workbook.sent(book))
    press(page, "ดูสิ่งที่จะเปลี่ยน")


def mend_what_is_said(journey: Journey, page: Page) -> None:
    """The checks say what is wrong, and lead to where it is mended."""
    follow(page, "เปิดรอบ")
    shows(page, "ยังเปิดรอบไม่ได้")
    page.goto(journey.path(""))
    checks = page.locator("#checks")
    expect(checks).to_contain_text("95")
    page.goto(journey.path("/build/rules/weights"))
    page.get_by_label("OIT").fill("40")
    press(page, "บันทึก")
    told(page, "บันทึกแล้ว เรียกคืนได้")
    page.goto(journey.path(""))
    press(page, "นำหน่วยงานเข้ารอบ")
    told(page, "นำเข้ารอบแล้ว 4 หน่วยงาน")
    checks.get_by_role("button", name="สร้างและทดสอบกุญแจ").click()
    told(page, "ทดสอบกู้คืนผ่าน")
    expect(checks).not_to_contain_text("ไปแก้ไข")


def open_beside_the_old(journey: Journey, old: Journey, page: Page) -> None:
    """Both rounds are there and open; the header leads from one to the other."""
    follow(page, "เปิดรอบ")
    page.get_by_label("ยืนยันเปิดรอบด้วยข้อความสาธิต").check()
    press(page, "เปิดรอบ")
    told(page, "เปิดรอบแล้ว")
    choose_menu(page, "รอบการประเมิน")
    for name in (NAME, OLD_NAME):
        expect(page.locator("main tbody tr").filter(has_text=name)).to_contain_text("เปิดอยู่")
    page.goto(journey.path("/oit-items/"))
    expect(page.locator("main tbody tr")).to_have_count(28)
    switch(page, YEAR, OLD_NAME)
    assert page.url.endswith(old.path("/oit-items/")), page.url
    expect(page.locator("main tbody tr")).to_have_count(48)
    switch(page, OLD_YEAR, NAME)
    expect(page.locator("main tbody tr")).to_have_count(28)


def switch(page: Page, here: int, there: str) -> None:
    """From the round of one year to another one, by the header."""
    header = page.locator("header")
    header.locator("summary").filter(has_text=re.compile(rf"{here}")).click()
    header.get_by_role("link", name=there).click()


def assign(journey: Journey, page: Page) -> None:
    """The agencies of a province go to an assessor body in the new round too."""
    page.goto(journey.path("/assignments/"))
    follow(page, "เพิ่มการมอบหมาย")
    page.get_by_label("หน่วยงานผู้ประเมิน").select_option(label="คณะผู้ประเมินทดลอง 1")
    page.get_by_label("ลำปาง (2 แห่ง)").check()
    press(page, "มอบหมายหน่วยงานที่เลือก")
    told(page, "คณะผู้ประเมินทดลอง 1")
