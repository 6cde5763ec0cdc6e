"""DLA gives accounts and codes; people activate them with their own passwords."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.main.round_acts import BODY
from tests.journeys.main.stage import Journey, choose_menu, follow, press, shows, told
from tests.support.browser import DESKTOP
from tests.support.officers import SECOND, second_officer
from tests.support.slips import say_who

#: the account that the assessor of the new body is given
ASSESSOR = "north.assessor"


def give_codes(journey: Journey) -> dict[str, str]:
    """A code for the agency's admin, and a new account with its code for the assessor."""
    page = journey.at_desk("dla")
    choose_menu(page, "ผู้ใช้งาน")
    page.locator("main").get_by_role("searchbox").fill("agency_admin")
    page.locator("main").get_by_role("searchbox").press("Enter")
    follow(page, "ผู้ใช้ทดลอง agency_admin")
    follow(page, "ออกรหัสเปิดใช้งาน", exact=False)
    codes = {"agency_admin": _issued(page)}
    page.goto("/admin/accounts/new/")
    page.get_by_label("ชื่อและนามสกุล").fill("ผู้ประเมิน ภาคเหนือ")
    page.get_by_label("ชื่อผู้ใช้").fill(ASSESSOR)
    page.get_by_label("หน้าที่", exact=True).select_option(label="ผู้ประเมิน")
    page.get_by_label("หน่วยงานผู้ประเมิน").select_option(label=BODY)
    press(page, "สร้างบัญชี")
    told(page, "สร้างบัญชีแล้ว สิทธิรอเจ้าหน้าที่อีกคนยืนยัน")
    follow(page, "ดูคำขอที่รอ")
    shows(page, "ท่านเป็นผู้ขอ รอเจ้าหน้าที่อีกคนพิจารณา")
    codes[ASSESSOR] = _confirmed(journey)
    return codes


def _confirmed(journey: Journey) -> str:
    """The second officer finds the request at home, confirms it, and is shown the code."""
    second_officer(journey.app)
    page = journey.at_desk(SECOND)
    page.goto("/")
    follow(page, "ตรวจและพิจารณา")
    shows(page, "ผู้ประเมิน ภาคเหนือ", BODY)
    press(page, "ยืนยันและแสดงรหัส")
    page.get_by_role("dialog").get_by_role("button", name="ยืนยันและแสดงรหัส").click()
    shows(page, "รหัสนี้แสดงครั้งเดียว")
    return page.locator(".ita-kpi").inner_text()


def _issued(page: Page) -> str:
    press(page, "ออกรหัส")
    shows(page, "รหัสนี้แสดงครั้งเดียว")
    return page.locator(".ita-kpi").inner_text()


def activate(journey: Journey, code: str) -> Page:
    """The first sign-in of a person, by the code of the slip."""
    page = journey.screens.visitor(DESKTOP)
    page.goto("/")
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    page.get_by_role("link", name="เปิดใช้งานบัญชีด้วยรหัส").click()
    page.get_by_label("รหัสเปิดใช้งาน").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="ไปต่อ").click()
    expect(page.get_by_label("รหัสเปิดใช้งาน")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("รหัสเปิดใช้งาน").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="ไปต่อ").click()
    say_who(page)
    told(page, "เปิดใช้งานบัญชีแล้ว")
    page.goto("/")  # from the contacts, which are looked through first
    return page
