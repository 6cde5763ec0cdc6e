"""NACC: the round made, dated, given agencies and keys, opened; assessors; closed; results."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.main.stage import (
    AGENCY,
    NAME,
    YEAR,
    Journey,
    choose_menu,
    follow,
    number_in,
    press,
    shows,
    told,
)

#: stage as its fieldset is headed, first and last day of its main window
DATES = (
    ("เตรียมการ", "1 พ.ย. 2561", "15 พ.ย. 2561"),
    ("แบบสำรวจ IIT (ภายใน)", "12/11/2561", "30/11/2561"),
    ("แบบสำรวจ EIT ส่วนที่ 1 (ภายนอก)", "12/11/2561", "30/11/2561"),
    ("แบบสำรวจ EIT ส่วนที่ 2 (ผู้ประเมินสัมภาษณ์)", "12 พ.ย. 2561", "7 ธ.ค. 2561"),
    ("ตอบและอนุมัติ OIT", "12 พ.ย. 2561", "7 ธ.ค. 2561"),
    ("ผู้ประเมินให้คะแนน OIT", "12 พ.ย. 2561", "21 ธ.ค. 2561"),
)
BODY = "คณะผู้ประเมินภาคเหนือ"


def make_and_open(journey: Journey) -> None:
    """A draft from the shipped content, what it lacks, its opening."""
    page = journey.at_desk("nacc")
    choose_menu(page, "รอบการประเมิน")
    follow(page, "สร้างรอบ")
    page.get_by_label("ปีงบประมาณ (พ.ศ.)").fill(str(YEAR))
    page.get_by_label("ชื่อรอบ").fill(NAME)
    page.get_by_label("เริ่มจาก", exact=True).select_option(label="ชุดที่มาพร้อมระบบ ปีงบประมาณ พ.ศ. 2561")
    press(page, "สร้างฉบับร่าง")
    told(page, "สร้างฉบับร่างแล้ว")
    journey.round_id = number_in(page, r"/rounds/(\d+)$")
    shows(page, "อีก 6 ขั้นยังไม่มีวันที่", "ข้อความสาธิต", "48 ข้อ", "30 ข้อคำถาม", "15 ข้อคำถาม")
    _refused_opening(page)
    _set_dates(page, journey)
    press(page, "นำหน่วยงานเข้ารอบ")
    told(page, "นำเข้ารอบแล้ว 4 หน่วยงาน")
    page.locator("#checks").get_by_role("button", name="สร้างและทดสอบกุญแจ").click()
    told(page, "ทดสอบกู้คืนผ่าน")
    shows(page, "ทำแล้ว 15 จาก 15")
    _open(page)


def _refused_opening(page: Page) -> None:
    """An incomplete draft does not open, and says what is missing."""
    follow(page, "เปิดรอบ")
    expect(page.get_by_role("heading", name="เปิดรอบ", exact=True)).to_be_visible()
    shows(page, "ยังเปิดรอบไม่ได้", "อีก 6 ขั้นยังไม่มีวันที่")
    follow(page, "ย้อนกลับ")


def _set_dates(page: Page, journey: Journey) -> None:
    follow(page, "แก้ไขวันที่")
    for stage, first, last in DATES:
        days = page.get_by_role("group", name=stage, exact=True)
        days.get_by_label("รอบปกติ: วันแรก").fill(first)
        days.get_by_label("รอบปกติ: วันสุดท้าย").fill(last)
    press(page, "บันทึกวันที่")
    told(page, "บันทึกแล้ว")
    shows(page, "1 พ.ย. 2561", "21 ธ.ค. 2561")


def _open(page: Page) -> None:
    follow(page, "เปิดรอบ")
    shows(page, "4 หน่วยงานเห็นรอบนี้ทันที", "ถ้อยคำของระบบเอง ไม่ใช่ฉบับทางการ")
    press(page, "เปิดรอบ")
    expect(page.get_by_role("alert")).to_contain_text("ข้อความยังเป็นข้อความสาธิต")
    page.get_by_label("ยืนยันเปิดรอบด้วยข้อความสาธิต").check()
    press(page, "เปิดรอบ")
    told(page, "เปิดรอบแล้ว")


def appoint_assessors(journey: Journey) -> None:
    """An assessor body, and the agencies of one province for it."""
    page = journey.at_desk("nacc")
    choose_menu(page, "หน่วยงานผู้ประเมิน")
    follow(page, "เพิ่มหน่วยงานผู้ประเมิน")
    page.get_by_label("ชื่อหน่วยงานผู้ประเมิน").fill(BODY)
    press(page, "บันทึก")
    told(page, BODY)
    page.goto(journey.path("/assignments/"))
    follow(page, "เพิ่มการมอบหมาย")
    page.get_by_label("หน่วยงานผู้ประเมิน").select_option(label=BODY)
    page.get_by_label("ลำปาง (2 แห่ง)").check()
    press(page, "มอบหมายหน่วยงานที่เลือก")
    told(page, BODY)
    shows(page, AGENCY)
