"""Respondents: on phones with and without script, refused where they err, and some more by plain HTTP."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

from models.instrument import InstrumentKind
from portal.ballot.counting import copy_counts, quarter_of
from portal.core import clock
from tests.journeys.main.expected import choices
from tests.journeys.main.preparation_acts import HEADCOUNT, PEOPLE
from tests.journeys.main.stage import AGENCY, Journey, choose_menu, shows
from tests.support.browser import PHONE, fits
from tests.support.respondents import citizen_id, token_in

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
TYPED = "เลขบัตรประชาชนของท่าน"


def come_too_early(journey: Journey) -> None:
    """The link says when it opens."""
    page = journey.screens.visitor(PHONE)
    page.goto(journey.links[EIT])
    expect(page.get_by_role("heading", name="แบบสำรวจยังไม่เปิด")).to_be_visible()
    expect(page.locator("main")).to_contain_text("12 พฤศจิกายน 2561")
    page.goto("/s/nobody-has-this-link-23")
    expect(page.get_by_role("heading", name="ไม่พบลิงก์นี้")).to_be_visible()


def answer_section_by_section(journey: Journey, kind: InstrumentKind, person: int) -> None:
    """A phone with script; a swapped digit is told before anything is sent."""
    page = journey.screens.visitor(PHONE)
    page.goto(journey.links[kind])
    shows(page, "เลขบัตรประชาชนใช้ป้องกันการตอบซ้ำเท่านั้น")
    expect(page.locator("header")).to_contain_text(AGENCY)
    forward = page.get_by_role("button", name="ถัดไป")
    right = citizen_id(person)
    page.get_by_label(TYPED).fill(f"{right[:-1]}{(int(right[-1]) + 1) % 10}")
    forward.click()
    expect(page.locator("#ide")).to_contain_text("เลขบัตรไม่ตรงตามรูปแบบ")
    page.get_by_label(TYPED).fill(right)
    forward.click()
    expect(page.get_by_text("ส่วนที่ 1 จาก")).to_be_visible()
    fits(page)
    picked = choices(kind, person)
    sections = page.locator("form section").filter(has=page.locator(".q"))
    for number in range(sections.count()):
        section = sections.nth(number)
        expect(section).to_be_visible()
        _choose(section, picked)
        if number < sections.count() - 1:
            forward.click()
    expect(page.locator("#p")).to_contain_text(f"ตอบแล้ว {len(picked)} จาก {len(picked)} ข้อ")
    _send(page)
    assert not page.context.cookies()
    journey.sent.setdefault(kind, []).append(picked)


def answer_without_script(journey: Journey, kind: InstrumentKind, person: int) -> None:
    """A phone without script: one page, the server's messages; then the same ID once more is refused."""
    page = journey.screens.visitor(PHONE, script=False)
    page.goto(journey.links[kind])
    picked = choices(kind, person)
    right = citizen_id(person)
    page.get_by_label(TYPED).fill(f"{right[:-1]}{(int(right[-1]) + 1) % 10}")
    _choose(page.locator("form"), picked)
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_role("alert")).to_contain_text("เลขบัตรไม่ตรงตามรูปแบบ")
    expect(page.locator("form input:checked")).to_have_count(len(picked))
    page.get_by_label(TYPED).fill(f"{right[0]}-{right[1:5]}-{right[5:10]}-{right[10:12]}-{right[12]}")
    _send(page)
    journey.sent.setdefault(kind, []).append(picked)
    page.goto(journey.links[kind])
    page.get_by_label(TYPED).fill(right)
    _choose(page.locator("form"), picked)
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_role("heading", name="เลขบัตรนี้ตอบแล้ว")).to_be_visible()
    fits(page)


def _choose(part: Locator, picked: list[int]) -> None:
    for group in part.locator(".q").all():
        name = group.locator("input").first.get_attribute("name") or ""
        group.locator("label").nth(picked[int(name.removeprefix("q"))] - 1).click()


def _send(page: Page) -> None:
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_role("heading", name="ส่งคำตอบแล้ว ขอบคุณ")).to_be_visible()
    fits(page)


def send_the_rest(journey: Journey, kind: InstrumentKind, persons: range) -> None:
    """More respondents by plain HTTP; the first of them tries twice."""
    for person in persons:
        picked = choices(kind, person)
        assert _post(journey, kind, person, picked) == 303
        journey.sent.setdefault(kind, []).append(picked)
    assert _post(journey, kind, persons[0], choices(kind, persons[0])) == 409


def _post(journey: Journey, kind: InstrumentKind, person: int, picked: list[int]) -> int:
    connection = HTTPConnection(urlsplit(journey.screens.url).netloc, timeout=60)
    connection.request("GET", journey.links[kind])
    token = token_in(connection.getresponse().read().decode())
    fields = {f"q{slot}": choice for slot, choice in enumerate(picked)}
    body = urlencode({"t": token, "id": citizen_id(person), **fields})
    connection.request(
        "POST", journey.links[kind], body, {"Content-Type": "application/x-www-form-urlencoded"}
    )
    status = connection.getresponse().status
    connection.close()
    return status


def see_counts(journey: Journey, page: Page) -> None:
    """The next quarter of an hour, the agency's admin sees how many have answered, against the minimum."""
    with journey.app.app_context():
        copy_counts(quarter_of(clock.machine()))
    choose_menu(page, "ลิงก์และ QR")
    for kind, number, least in ((IIT, HEADCOUNT, HEADCOUNT), (EIT, PEOPLE - 1, PEOPLE)):
        card = page.locator(f"section[aria-labelledby={kind.value}]")
        expect(card).to_contain_text("เปิดรับคำตอบ")
        expect(card).to_contain_text(f"{number} จากขั้นต่ำ {least} คน")
