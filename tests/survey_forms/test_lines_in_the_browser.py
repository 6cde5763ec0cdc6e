"""A respondent on a slow line, on one that is cut, and with a phone's Back, reload and large text."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from models.instrument import InstrumentKind
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount
from tests.support.browser import fits
from tests.support.respondents import LINES, citizen_id, confirm, link_codes
from tests.support.world import World
from tests.survey_forms.phones import TYPED, choose, fill_by_parts, is_blank

pytestmark = pytest.mark.browser
EIT = InstrumentKind.EIT
HELD, SECOND_PRESS = 4.0, 1.5
SEND, THANKS = "ส่งคำตอบ", "ส่งคำตอบแล้ว ขอบคุณ"


@pytest.fixture
def url(app: Portal, world: World, address: str) -> str:
    """The address of an open survey."""
    confirm(app, world)
    return f"{address}/s/{link_codes(app, world)[EIT]}"


def hold_the_first_answer(app: Portal) -> list[float]:
    """A slow line: the answer to the first form that is sent comes late. Gives when forms came."""
    inside, came = app.wsgi_app, []

    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        answer = inside(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            came.append(time.monotonic())
            if len(came) == 1:
                time.sleep(HELD)
        return answer

    app.wsgi_app = slow  # type: ignore[method-assign]
    return came


def one_answer(app: Portal, world: World) -> None:
    with app.app_context():
        assert answers_counted(world.round_id) == 1
        assert counts_equal_recount(world.round_id)


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible(timeout=15_000)
    fits(page)


def test_pressing_twice_on_a_slow_line_sends_once(app: Portal, world: World, url: str, phone: Page) -> None:
    came = hold_the_first_answer(app)
    phone.goto(url)
    fill_by_parts(phone, 3)
    send = phone.locator("#z button")
    send.click()
    expect(phone.get_by_role("status")).to_contain_text("กำลังส่ง")
    phone.wait_for_timeout(SECOND_PRESS * 1000)
    send.click()
    thanked(phone)
    assert len(came) == 1
    one_answer(app, world)


def test_pressing_twice_without_script_is_thanked_and_counts_once(
    app: Portal, world: World, url: str, plain_phone: Page
) -> None:
    came = hold_the_first_answer(app)
    plain_phone.goto(url)
    choose(plain_phone, range(LINES[EIT]))
    plain_phone.get_by_label(TYPED).fill(citizen_id(4))
    send = plain_phone.get_by_role("button", name=SEND)
    send.scroll_into_view_if_needed()
    place = send.bounding_box()
    assert place is not None
    for pause in (SECOND_PRESS, 0):  # by the finger: the browser's driver would wait for the first to arrive
        plain_phone.mouse.click(place["x"] + 20, place["y"] + 20)
        time.sleep(pause)
    thanked(plain_phone)
    expect(plain_phone.locator("main")).to_contain_text("นับคำตอบที่ส่งครั้งแรก")
    assert len(came) == 2
    one_answer(app, world)


def test_a_line_that_is_cut_loses_nothing(app: Portal, world: World, url: str, phone: Page) -> None:
    phone.goto(url)
    fill_by_parts(phone, 5)
    phone.context.set_offline(True)
    phone.get_by_role("button", name=SEND).click()
    expect(phone.get_by_role("status")).to_contain_text("คำตอบยังอยู่ครบในหน้านี้")
    expect(phone.get_by_role("status")).to_be_in_viewport(ratio=1)
    assert phone.locator("input:checked").count() == LINES[EIT]
    fits(phone)
    phone.context.set_offline(False)
    phone.get_by_role("button", name=SEND).click()
    thanked(phone)
    one_answer(app, world)


def test_a_reply_that_is_lost_and_sent_again_is_thanked(
    app: Portal, world: World, url: str, phone: Page
) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            return route.abort()
        return route.continue_()

    phone.goto(url)
    fill_by_parts(phone, 6)
    phone.route("**/s/*", lose_the_first)
    phone.get_by_role("button", name=SEND).click()
    expect(phone.get_by_role("status")).to_contain_text("ระบบนับเพียงครั้งเดียว")
    assert lost == [303], "it had been counted"
    phone.get_by_role("button", name=SEND).click()
    thanked(phone)
    expect(phone.locator("main")).to_contain_text("นับคำตอบที่ส่งครั้งแรก")
    one_answer(app, world)


def test_back_goes_one_part_back_and_forward_keeps_everything(url: str, phone: Page) -> None:
    phone.goto(url)
    phone.get_by_label(TYPED).fill(citizen_id(7))
    phone.get_by_role("button", name="ถัดไป").click()
    part = phone.get_by_text("ส่วนที่ 1 จาก 3")
    expect(part).to_be_visible()
    phone.locator(".q:visible label").first.click()
    phone.go_back()
    expect(part).to_be_hidden()
    assert phone.get_by_label(TYPED).input_value() == citizen_id(7)
    phone.go_forward()
    expect(part).to_be_visible()
    assert phone.locator("input:checked").count() == 1
    phone.get_by_role("button", name="ย้อนกลับ").click()
    expect(part).to_be_hidden()
    assert phone.url == url


def test_a_reload_asks_before_anything_is_lost(url: str, phone: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    phone.goto(url)
    phone.on("dialog", stay)
    phone.get_by_label(TYPED).press_sequentially(citizen_id(7))
    phone.evaluate("setTimeout(() => location.reload(), 0)")
    phone.wait_for_timeout(700)
    assert asked == ["beforeunload"]
    assert phone.get_by_label(TYPED).input_value() == citizen_id(7)
    pull = phone.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY")
    assert pull == "contain", "pulling down does not load anew"


def test_after_thanks_back_shows_a_blank_form(url: str, phone: Page) -> None:
    phone.goto("about:blank")
    phone.goto(url)
    fill_by_parts(phone, 8)
    phone.get_by_role("button", name=SEND).click()
    thanked(phone)
    for _press in range(4):
        phone.go_back()
        if phone.url != url:
            break
        expect(phone.locator("#id")).to_be_visible()
        assert is_blank(phone)
        stored = phone.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        assert stored == [0, 0, ""]
        stored = phone.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        assert stored == [0, 0, ""]
        phone.wait_for_timeout(100)


def test_after_thanks_back_is_blank_without_script_too(url: str, plain_phone: Page) -> None:
    plain_phone.goto(url)
    choose(plain_phone, range(LINES[EIT]))
    plain_phone.get_by_label(TYPED).fill(citizen_id(9))
    plain_phone.get_by_role("button", name=SEND).click()
    thanked(plain_phone)
    plain_phone.go_back()
    expect(plain_phone.get_by_label(TYPED)).to_be_visible()
    assert is_blank(plain_phone)


def test_a_refusal_stands_before_the_form_and_back_gives_the_form_again(
    app: Portal, url: str, phone: Page
) -> None:
    phone.goto(url)
    fill_by_parts(phone, 10)
    phone.get_by_role("button", name=SEND).click()
    thanked(phone)
    phone.goto(url)
    fill_by_parts(phone, 10)
    phone.get_by_role("button", name=SEND).click()
    refused = phone.get_by_role("heading", name="เลขบัตรนี้ตอบแล้ว")
    expect(refused).to_be_visible()
    fits(phone)
    phone.go_back()
    expect(refused).to_be_hidden()
    assert phone.locator("input:checked").count() == LINES[EIT]
    phone.get_by_role("button", name=SEND).click()
    phone.get_by_role("button", name="กลับไปแก้เลขบัตร").click()
    expect(phone.get_by_label(TYPED)).to_be_focused()
    phone.get_by_label(TYPED).fill(citizen_id(11))
    for _part in range(3):
        phone.get_by_role("button", name="ถัดไป").click()
    phone.get_by_role("button", name=SEND).click()
    thanked(phone)


@pytest.mark.parametrize("percent", [100, 200])
def test_the_buttons_of_a_part_are_whole_in_large_text(url: str, phone: Page, percent: int) -> None:
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(url)
    phone.evaluate("percent => { document.documentElement.style.fontSize = percent + '%' }", percent)
    phone.get_by_label(TYPED).fill(citizen_id(7))
    phone.get_by_role("button", name="ถัดไป").click()
    for name in ("ย้อนกลับ", "ถัดไป"):
        button = phone.get_by_role("button", name=name)
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["y"] + box["height"] <= 740
        assert button.evaluate("b => b.scrollWidth <= b.clientWidth"), "its words are not cut off"
    fits(phone)
