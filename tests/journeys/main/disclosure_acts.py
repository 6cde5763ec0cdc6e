"""OIT: answered, submitted, failed with a reason, mended, approved, scored."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import Page, expect

from models.instrument import OitItem
from portal.tools.drill import checklists
from tests.journeys.main.account_acts import ASSESSOR
from tests.journeys.main.stage import AGENCY, Journey, choose_menu, follow, press, shows, told
from tests.support.browser import fits

WHY = "ใช้ฉบับของปี 2562"
#: points of the first items, given on screen; the rest get 100
POINTS = {"O1": 100, "O2": 0}


def answer(journey: Journey, page: Page) -> None:
    """Two items on screen, the rest by the service; submitted."""
    choose_menu(page, "แบบ OIT")
    shows(page, "ตอบแล้ว 0 จาก 48 ข้อ")
    follow(page, "ตอบข้อ O1")
    page.get_by_label("เปิดเผยแล้ว").check()
    page.get_by_label("ลิงก์ที่เปิดเผย", exact=False).fill("www kohkha go th")
    press(page, "บันทึกแล้วไปข้อถัดไป")
    expect(page.locator("#summary")).to_be_focused()
    page.get_by_label("ลิงก์ที่เปิดเผย", exact=False).fill("https://kohkha.example.go.th/2560/chart.pdf")
    page.get_by_label("คำอธิบาย").fill("ผังโครงสร้าง")
    press(page, "บันทึกแล้วไปข้อถัดไป")
    told(page, "บันทึกข้อ O1 แล้ว")
    expect(page.get_by_role("heading", name="ตอบข้อ O2")).to_be_visible()
    page.get_by_label("ไม่ได้เปิดเผย").check()
    page.get_by_label("คำอธิบาย").fill("กำลังจัดทำ")
    press(page, "บันทึก")
    told(page, "บันทึกข้อ O2 แล้ว")
    shows(page, "ตอบแล้ว 2 จาก 48 ข้อ", "ยื่นขออนุมัติได้เมื่อ")
    with journey.acting("agency_admin") as (actor, mine):
        checklists.answer_all(
            mine, actor=actor, link=lambda item: f"https://kohkha.example.go.th/{item.code}"
        )
    _submit(page)


def _submit(page: Page, items: int = 48) -> None:
    choose_menu(page, "แบบ OIT")
    shows(page, "ตอบแล้ว 48 จาก 48 ข้อ")
    follow(page, "ยื่นขออนุมัติ")
    press(page, f"ยื่นขออนุมัติ {items} ข้อ")
    told(page, "ยื่นขออนุมัติแล้ว")


def fail_one(journey: Journey) -> None:
    """The executive fails the first item on the phone, with a reason, passes the next, and returns it all."""
    page = journey.on_phone("executive")
    page.goto(journey.path("/oit/review"))
    follow(page, "ตรวจข้อ O1")
    shows(page, "2560/chart.pdf", "เกณฑ์")
    fits(page)
    page.get_by_role("link", name="ไม่ผ่าน", exact=True).click()
    press(page, "บันทึก “ไม่ผ่าน”")
    expect(page.get_by_role("alert")).to_contain_text("เหตุผล")
    page.get_by_label("เอกสารไม่ใช่ของปีที่ประเมิน").check()
    page.get_by_label("อธิบายเพิ่มเติม").fill(WHY)
    press(page, "บันทึก “ไม่ผ่าน”")
    expect(page.locator(".ita-code").first).to_have_text("O2")
    press(page, "ผ่าน")
    expect(page.locator(".ita-code").first).to_have_text("O3")
    page.goto(journey.path("/oit/review"))
    shows(page, "ตรวจแล้ว 2 จาก 48 ข้อ")
    follow(page, "ไม่อนุมัติ ส่งกลับแก้ไข")
    press(page, "ไม่อนุมัติ ส่งกลับแก้ไข")
    told(page, "ส่งกลับแก้ไขแล้ว")
    fits(page)


def mend(journey: Journey, page: Page) -> None:
    """The admin reads the reason at the item, mends it and submits again."""
    choose_menu(page, "แบบ OIT")
    shows(page, "ผู้บริหารส่งกลับแก้ไข")
    follow(page, "ดูข้อที่ไม่ผ่าน")
    shows(page, WHY)
    page.locator(".ita-items a").first.click()
    shows(page, WHY)
    page.get_by_label("ลิงก์ที่เปิดเผย", exact=False).fill("https://kohkha.example.go.th/2562/chart.pdf")
    press(page, "บันทึก")
    told(page, "บันทึกข้อ O1 แล้ว")
    _submit(page, 47)  # O2 passed and stays as it is


def approve(journey: Journey) -> None:
    """The executive looks at the mended item, passes, and confirms the whole."""
    page = journey.on_phone("executive")
    page.goto(journey.path("/oit/review"))
    follow(page, "ตรวจข้อ O1")
    shows(page, "2562/chart.pdf", "เหตุผลที่ไม่ผ่านครั้งก่อน")
    press(page, "ผ่าน")
    expect(page.get_by_role("status")).to_contain_text("บันทึกข้อ O1 ผ่าน")
    with journey.acting("executive") as (actor, mine):
        checklists.pass_all(mine, actor=actor)
    page.goto(journey.path("/oit/review"))
    shows(page, "ตรวจแล้ว 48 จาก 48 ข้อ")
    follow(page, "ยืนยันการตรวจ")
    page.get_by_label("ได้ตรวจสอบคำตอบครบทุกข้อแล้ว").check()
    press(page, "ยืนยันการตรวจ")
    told(page, "ยืนยันการตรวจแล้ว")
    fits(page)


def score(journey: Journey, page: Page) -> dict[str, int]:
    """The assessor scores two items on screen, the rest by the service, and finishes; gives all points."""
    choose_menu(page, "ให้คะแนน OIT")
    follow(page, AGENCY)
    for code, points in POINTS.items():
        follow(page, f"ให้คะแนนข้อ {code}") if code == "O1" else None
        expect(page.locator(".ita-code").first).to_have_text(code)
        page.locator(f"input[name=points][value='{points}']").check()
        if not points:
            press(page, "บันทึกแล้วไปข้อถัดไป")
            expect(page.get_by_role("alert").first).to_contain_text("เหตุผลที่ข้อนี้ไม่ได้คะแนน")
            page.get_by_label("หมายเหตุ").fill("ไม่พบข้อมูล")
        press(page, "บันทึกแล้วไปข้อถัดไป")
        told(page, f"ให้คะแนนข้อ {code} แล้ว")
    given: dict[str, int] = dict(POINTS)

    def full(item: OitItem) -> Decimal:
        given[item.code] = 100
        return Decimal(100)

    with journey.acting(ASSESSOR) as (actor, theirs):
        checklists.score_all(theirs, actor=actor, points=full)
    page.goto(journey.path(f"/scoring/{journey.participation_id}"))
    shows(page, "ให้คะแนนแล้ว 48 จาก 48 ข้อ")
    follow(page, "เสร็จสิ้นการให้คะแนน")
    page.get_by_label("ได้ตรวจทานคะแนนครบทุกข้อแล้ว").check()
    press(page, "เสร็จสิ้นการให้คะแนน")
    told(page, f"ให้คะแนน{AGENCY}เสร็จแล้ว")
    assert len(given) == 48
    return given
