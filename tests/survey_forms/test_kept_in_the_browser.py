"""Answers kept on a phone: only when asked, never the ID, and gone once they are sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models.instrument import InstrumentKind
from portal.core.web import Portal
from tests.support.ballots import answers_counted
from tests.support.browser import sound
from tests.support.respondents import LINES, citizen_id, confirm, link_codes
from tests.support.world import World
from tests.survey_forms.phones import TYPED, fill_by_parts, is_blank

pytestmark = pytest.mark.browser
EIT = InstrumentKind.EIT
KEEP, FOUND = "เก็บคำตอบของท่านไว้ในเครื่องนี้ 24 ชั่วโมง", "พบคำตอบที่เก็บไว้ในเครื่องนี้"
EVERYTHING = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"


@pytest.fixture
def url(app: Portal, world: World, address: str) -> str:
    """The address of an open survey."""
    confirm(app, world)
    return f"{address}/s/{link_codes(app, world)[EIT]}"


def kept(page: Page) -> Any:
    """The one thing that lies on the phone; None where nothing does."""
    text = page.evaluate("localStorage.length ? localStorage.getItem(localStorage.key(0)) : null")
    return None if text is None else json.loads(text)


def come_back(page: Page, url: str) -> None:
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(url)


def answer_a_part(page: Page, *, keep: bool) -> None:
    page.get_by_label(TYPED).fill(citizen_id(3))
    if keep:
        page.get_by_label(KEEP).check()
    page.get_by_role("button", name="ถัดไป").click()
    for group in page.locator(".q:visible").all():
        group.locator("label").first.click()


def test_nothing_is_kept_unless_asked(url: str, phone: Page) -> None:
    phone.goto(url)
    answer_a_part(phone, keep=False)
    assert phone.evaluate(EVERYTHING) == '[[],[],""]'
    come_back(phone, url)
    expect(phone.get_by_text(FOUND)).to_be_hidden()
    assert is_blank(phone)


def test_kept_answers_wait_for_a_choice_and_go_once_sent(
    app: Portal, world: World, url: str, phone: Page
) -> None:
    phone.goto(url)
    token = phone.locator("[name=t]").input_value()
    answer_a_part(phone, keep=True)
    chosen = phone.locator(".q input:checked").count()
    assert citizen_id(3) not in phone.evaluate(EVERYTHING)
    assert kept(phone)["t"] == token and len(kept(phone)["a"]) == chosen > 0
    come_back(phone, url)
    expect(phone.get_by_text(FOUND)).to_be_visible()
    sound(phone)
    assert is_blank(phone), "nothing shows before the choice"
    phone.get_by_role("button", name="ใช้คำตอบนี้ต่อ").click()
    expect(phone.get_by_label(TYPED)).to_be_focused()
    assert phone.get_by_label(TYPED).input_value() == "", "the ID is typed again"
    assert phone.locator(".q input:checked").count() == chosen
    expect(phone.locator("#p")).to_contain_text(f"ตอบแล้ว {chosen} จาก {LINES[EIT]} ข้อ")
    assert phone.locator("[name=t]").input_value() == token, "sent twice it would be one sending"
    fill_by_parts(phone, 3)
    phone.get_by_role("button", name="ส่งคำตอบ").click()
    expect(phone.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible()
    assert kept(phone) is None
    with app.app_context():
        assert answers_counted(world.round_id) == 1


def test_kept_answers_can_be_deleted_and_die_after_a_day(url: str, phone: Page) -> None:
    phone.goto(url)
    answer_a_part(phone, keep=True)
    come_back(phone, url)
    phone.get_by_role("button", name="เริ่มใหม่และลบ").click()
    assert kept(phone) is None and is_blank(phone)
    answer_a_part(phone, keep=True)
    phone.evaluate(
        """() => { const name = localStorage.key(0), kept = JSON.parse(localStorage.getItem(name));
        kept.until -= 24 * 3600 * 1000; localStorage.setItem(name, JSON.stringify(kept)); }"""
    )
    come_back(phone, url)
    expect(phone.get_by_text(FOUND)).to_be_hidden()
    assert kept(phone) is None


def test_an_error_that_appears_takes_no_press_away(url: str, phone: Page) -> None:
    phone.goto(url)
    phone.get_by_label(TYPED).fill("1234567890123")
    phone.get_by_label(KEEP).check()
    expect(phone.get_by_role("alert")).to_be_visible()


def test_a_dark_phone_reads_everything(url: str, phone: Page) -> None:
    phone.emulate_media(color_scheme="dark")
    phone.goto(url)
    sound(phone)
    phone.get_by_role("button", name="ถัดไป").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    sound(phone)
    phone.get_by_label(TYPED).fill(citizen_id(3))
    phone.get_by_role("button", name="ถัดไป").click()
    phone.locator(".q:visible label").first.click()
    sound(phone)
