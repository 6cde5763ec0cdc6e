"""On a phone with a slow or cut line nothing typed is lost, and a session that ends says so before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import update

from models.account import Account, SignInSession
from models.roster import Interview
from models.roster import InterviewOutcome as Outcome
from portal.core.database.session import privileged, writing
from portal.core.sign_in import IDLE
from portal.core.web import Portal
from tests.support.browser import PHONE, sound
from tests.support.live import page_of, served
from tests.support.passwords import set_password
from tests.support.rosters import draw
from tests.support.world import NOW, PASSWORD, World, row

pytestmark = pytest.mark.browser
TEXT = "ลงประกาศไว้ที่หน้าแรกของเว็บไซต์แล้ว"


@pytest.fixture
def site(app: Portal) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def phone(app: Portal, world: World, browser: Browser, site: str) -> Iterator[Page]:
    """The agency's admin on an OIT item, with an answer typed and not sent."""
    with page_of(browser, app, world.account["agency_admin"], url=site, size=PHONE) as page:
        page.goto(f"/rounds/{world.round_id}/oit")
        page.locator("main a[href*='/oit/']").first.click()
        page.get_by_label("ไม่ได้เปิดเผย").check()
        page.get_by_label("คำอธิบาย", exact=True).fill(TEXT)
        page.set_default_timeout(15_000)
        yield page


def sign_in(page: Page, app: Flask, world: World, person: str) -> None:
    """Sign in on the page that stands there."""
    with app.app_context(), writing(), privileged("a password of a test") as session:
        set_password(session.get_one(Account, world.account[person]), PASSWORD)
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill(person)
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def save(page: Page) -> None:
    page.locator(".ita-bar button[type=submit]").first.click()


def left_unused(app: Flask, span: timedelta) -> None:
    """Everybody's session was last used so long ago."""
    with app.app_context(), writing(), privileged("a test lets time pass") as session:
        session.execute(update(SignInSession).values(last_seen=NOW - span))


def test_a_cut_line_keeps_the_page_and_the_same_button_sends_later(phone: Page) -> None:
    phone.context.set_offline(True)
    save(phone)
    expect(phone.locator("#send-bar")).to_contain_text("สัญญาณขาด")
    expect(phone.get_by_label("คำอธิบาย", exact=True)).to_have_value(TEXT)
    sound(phone)
    phone.context.set_offline(False)
    save(phone)
    expect(phone.locator(".ita-flash")).to_contain_text("บันทึก")


def test_a_slow_line_says_so_and_a_second_press_sends_nothing_more(phone: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    phone.route("**/oit/**", hold)
    save(phone)
    phone.locator(".ita-bar button[type=submit]").first.click(force=True)
    expect(phone.locator("#send-bar")).to_contain_text("สัญญาณช้า", timeout=15_000)
    assert len(held) == 1
    held[0].continue_()
    expect(phone.locator(".ita-flash")).to_contain_text("บันทึก")
    assert len(held) == 1


def test_what_is_to_be_mended_comes_on_the_same_page(phone: Page) -> None:
    phone.get_by_label("คำอธิบาย", exact=True).fill("")
    save(phone)
    expect(phone.locator("#summary")).to_be_focused()
    phone.get_by_label("คำอธิบาย", exact=True).fill(TEXT)
    save(phone)
    expect(phone.locator(".ita-flash")).to_contain_text("บันทึก")


def test_a_session_that_ended_leads_back_to_the_form_as_it_was(
    app: Portal, world: World, phone: Page
) -> None:
    left_unused(app, IDLE * 1.1)
    save(phone)
    sign_in(phone, app, world, "agency_admin")
    expect(phone.get_by_text("ยังไม่ได้ส่ง: นี่คือสิ่งที่กรอกไว้")).to_be_visible()
    expect(phone.get_by_label("คำอธิบาย", exact=True)).to_have_value(TEXT)
    expect(phone.get_by_label("ไม่ได้เปิดเผย")).to_be_checked()
    sound(phone)
    save(phone)
    expect(phone.locator(".ita-flash").first).to_contain_text("บันทึก")


def test_a_bar_warns_before_the_end_and_one_press_stays(app: Portal, phone: Page) -> None:
    bar = phone.locator("#session-bar")
    expect(bar).to_be_hidden()
    left_unused(app, IDLE - timedelta(minutes=4))
    phone.evaluate("document.querySelector('#session-bar').dataset.warn = '3600'")
    expect(bar).to_contain_text("จะออกจากระบบในอีก 4 นาที", timeout=15_000)
    sound(phone)
    bar.get_by_role("button", name="ใช้งานต่อ").click()
    expect(bar).to_contain_text("30 นาที")
    expect(phone.get_by_label("คำอธิบาย", exact=True)).to_have_value(TEXT)


def test_an_interview_survives_cut_line_ended_session_and_reload(
    app: Portal, world: World, browser: Browser, site: str, clock: Callable[[object], None]
) -> None:
    first = draw(app, world)[0]
    with page_of(browser, app, world.account["interviewer"], url=site, size=PHONE) as page:
        page.goto(f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/calls/{first}")
        page.get_by_role("button", name="แสดงชื่อ").click()
        lines = page.locator("fieldset[id^=q]")
        expect(lines).to_have_count(19)
        page.get_by_role("button", name="เก็บไว้ในเครื่องนี้").click()
        for number in range(19):
            lines.nth(number).locator("label").first.click()
        page.context.set_offline(True)
        page.get_by_role("button", name="บันทึกคำตอบ").click()
        expect(page.locator("#send-bar")).to_contain_text("สัญญาณขาด")
        page.context.set_offline(False)
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(page.locator("fieldset[id^=q] input:checked")).to_have_count(19)
        expect(page.locator("#draft")).to_contain_text("นำคำตอบที่ยังไม่ได้บันทึกกลับมาแล้ว")
        sound(page)
        left_unused(app, IDLE * 1.1)
        page.get_by_role("button", name="บันทึกคำตอบ").click()
        expect(page.locator("#send-bar")).to_contain_text("เข้าสู่ระบบในแท็บใหม่")
        expect(page.locator("fieldset[id^=q] input:checked")).to_have_count(19)
        with page.expect_popup() as opened:
            page.locator("#send-bar").get_by_role("link", name="เข้าสู่ระบบในแท็บใหม่").click()
        sign_in(opened.value, app, world, "interviewer")
        opened.value.locator(".ita-scope").wait_for()
        page.get_by_role("button", name="บันทึกคำตอบ").click()
        page.wait_for_url("**/saved")
        drafts = page.evaluate(
            "new Promise((done) => { const open = indexedDB.open('ita-drafts'); open.onsuccess = () => {"
            " const all = open.result.transaction('drafts').objectStore('drafts').count();"
            " all.onsuccess = () => done(all.result); }; })"
        )
        assert drafts == 0
    with app.app_context():
        assert row(Interview, first).outcome is Outcome.ANSWERED
