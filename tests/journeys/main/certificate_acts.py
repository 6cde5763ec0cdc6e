"""After the results: NACC releases the certificates, the agency prints its own, anybody checks it."""

from __future__ import annotations

from playwright.sync_api import expect

from models.letter_office import OfficeKind
from portal.letters.offices import save_signatory, save_texts
from tests.journeys.main.stage import AGENCY, YEAR, Journey, choose_menu, press, shows, told
from tests.support.browser import PHONE, fits
from tests.support.letters import SETTINGS, SIGNATORY


def certify(journey: Journey) -> None:
    """From the tick of NACC to the page that a stranger opens on a phone."""
    with journey.acting("nacc"):
        office = save_texts(OfficeKind.NACC, SETTINGS[OfficeKind.NACC])
        save_signatory(office, None, name=SIGNATORY, position="เลขาธิการทดลอง")
    page = journey.at_desk("nacc")
    page.goto(journey.path("/home"))
    choose_menu(page, "หนังสือรับรองผลการประเมิน")
    shows(page, "หนังสือรับรองที่ออกแล้วแก้ไขไม่ได้")
    press(page, "ออกหนังสือรับรอง 1 ฉบับ")
    shows(page, "เมื่อตรวจดูตัวอย่างแล้ว ให้ทำเครื่องหมายในช่องนี้")
    page.get_by_label("ตรวจดูตัวอย่างแล้ว", exact=False).check()
    press(page, "ออกหนังสือรับรอง 1 ฉบับ")
    told(page, "ออกหนังสือรับรองแล้ว 1 ฉบับ")
    shows(page, AGENCY, f"1/{YEAR}")
    _print(journey)


def _print(journey: Journey) -> None:
    admin = journey.at_desk("agency_admin")
    admin.goto(journey.path("/results"))
    press(admin, "หนังสือรับรองผลการประเมิน (PDF)")
    expect(admin.locator("#job")).to_contain_text("เสร็จแล้ว", timeout=60_000)
    admin.goto(journey.path("/results"))
    expect(admin.get_by_role("link", name="หนังสือรับรองผลการประเมิน (PDF)")).to_be_visible()
    checked = admin.get_by_role("link", name="ตรวจสอบหนังสือฉบับนี้", exact=False).get_attribute("href")
    assert checked is not None
    stranger = journey.screens.visitor(PHONE)
    stranger.goto(checked)
    shows(stranger, "หนังสือรับรองนี้เป็นของจริง", AGENCY)
    fits(stranger)
