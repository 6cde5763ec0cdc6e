"""A respondent with a phone: section by section with script, one long page without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from models.instrument import InstrumentKind
from portal.core.web import Portal
from tests.support.ballots import counts_equal_recount
from tests.support.browser import sound
from tests.support.respondents import LINES, citizen_id, confirm, link_codes
from tests.support.world import World
from tests.survey_forms.phones import choose

pytestmark = pytest.mark.browser
EIT = InstrumentKind.EIT


def test_a_phone_with_script_goes_section_by_section(
    app: Portal, world: World, address: str, phone: Page
) -> None:
    url = f"{address}/s/{link_codes(app, world)[EIT]}"
    phone.goto(url)
    expect(phone.get_by_text("ยังไม่ได้ยืนยันข้อมูล")).to_be_visible()
    sound(phone)
    confirm(app, world)
    phone.goto(url)
    sound(phone)
    forward = phone.get_by_role("button", name="ถัดไป")
    typed = phone.get_by_label("เลขบัตรประชาชนของท่าน")
    expect(phone.locator(".q:visible")).to_have_count(0)
    typed.fill("1234567890123")
    forward.click()
    expect(phone.locator("#ide")).to_contain_text("สลับหรือพิมพ์ผิด")
    sound(phone)
    typed.fill(citizen_id(3))
    forward.click()
    expect(phone.locator("#ide")).to_be_hidden()
    expect(phone.get_by_text("ส่วนที่ 1 จาก 3")).to_be_visible()
    sound(phone)
    forward.click()
    expect(phone.get_by_role("status")).to_contain_text("ข้อที่ยังไม่ได้เลือกคำตอบ")
    for _part in range(3):
        for group in phone.locator(".q:visible").all():
            group.locator("label").first.click()
        if _part < 2:
            forward.click()
    expect(phone.locator("#p")).to_contain_text("ตอบแล้ว 19 จาก 19 ข้อ")
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible()
    sound(phone)
    with app.app_context():
        assert counts_equal_recount(world.round_id)


def test_a_phone_without_script_has_one_page(
    app: Portal, world: World, address: str, plain_phone: Page
) -> None:
    phone, url = plain_phone, f"{address}/s/{link_codes(app, world)[EIT]}"
    confirm(app, world)
    phone.goto(url)
    expect(phone.locator(".q:visible")).to_have_count(LINES[EIT])
    assert phone.get_by_role("button", name="ถัดไป").count() == 0
    choose(phone, range(LINES[EIT] - 1))
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("alert")).to_contain_text("เหลืออีก 2 ที่")
    phone.get_by_role("link", name="ข้อ 19 ยังไม่ได้เลือกคำตอบ").click()
    phone.get_by_label("เลขบัตรประชาชนของท่าน").fill(citizen_id(4))
    choose(phone, range(LINES[EIT] - 1, LINES[EIT]))
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible()
    phone.goto(url)
    choose(phone, range(LINES[EIT]))
    phone.get_by_label("เลขบัตรประชาชนของท่าน").fill(citizen_id(4))
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("heading", name="เลขบัตรนี้ตอบแล้ว")).to_be_visible()
    phone.get_by_role("button", name="แจ้งว่าข้าพเจ้ายังไม่เคยตอบ").click()
    expect(phone.get_by_role("heading", name="รับแจ้งแล้ว ขอบคุณ")).to_be_visible()
