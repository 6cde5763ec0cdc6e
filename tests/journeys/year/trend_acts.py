"""What both years ask is laid side by side, and results of both stand together where they may."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from models.grading import shown
from models.instrument import InstrumentKind
from tests.journeys.main import expected
from tests.journeys.main.stage import SHORT, Journey, follow, press, shows, told
from tests.journeys.year.making_acts import OLD_NAME, OLD_YEAR
from tests.support.browser import fits

#: what is pressed beside a row, as the words of its suggestion have it
DECIDE = re.compile(r"^(ปรับแก้|ข้อใหม่|ตัดออก) ")


def lay_side_by_side(journey: Journey, page: Page) -> int:
    """NACC decides on every question and item, and confirms; gives how many were decided one by one."""
    page.goto(journey.path(""))
    follow(page, "เทียบกับปีก่อน")
    follow(page, OLD_NAME)
    _accept_what_is_sure(page)
    by_hand = 0
    while (left := _left(page)) and page.locator("main").get_by_role("button", name=DECIDE).count():
        page.locator("main").get_by_role("button", name=DECIDE).first.click()
        expect(page.locator("main")).to_contain_text(f"ตัดสินแล้ว {left[0] + 1} จาก {left[1]} ข้อ")
        by_hand += 1
    if _left(page):  # what the others leave free is new or dropped without a doubt
        _accept_what_is_sure(page)
    press(page, "ยืนยัน")
    told(page, "ยืนยันแล้ว")
    shows(page, "หัวข้อสมมุติที่ 3")
    return by_hand


def _accept_what_is_sure(page: Page) -> None:
    press(page, "รับข้อเสนอที่แน่ชัด", exact=False)
    told(page, "ยกเลิกได้")


def _left(page: Page) -> tuple[int, int] | None:
    """How many are decided, of how many; None where all are."""
    found = re.search(r"ตัดสินแล้ว (\d+) จาก (\d+) ข้อ", page.locator("main").inner_text())
    assert found
    return None if found[1] == found[2] else (int(found[1]), int(found[2]))


def see_trend(journey: Journey, old: Journey) -> None:
    """IIT and EIT ask what they asked: their change is told. OIT does not, and says so."""
    page = journey.at_desk("nacc")
    page.goto(journey.path("/results"))
    follow(page, "เทียบรายปี")
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        before, now = (expected.survey_score(kind, one.sent[kind]) for one in (old, journey))
        row = page.locator("tr.is-head").filter(has_text=kind.name)
        for words in (expected.shown(before), expected.shown(now), _moved(shown(now) - shown(before))):
            expect(row).to_contain_text(words)
    oit = page.locator("tr.is-head").filter(has_text=InstrumentKind.OIT.name)
    expect(oit).to_contain_text(f"เทียบไม่ได้ เพราะตัวชี้วัดไม่เหมือนปี {OLD_YEAR} ทั้งหมด")
    page.goto(journey.path("/results"))
    follow(page, SHORT)
    shows(page, f"เทียบกับปี {OLD_YEAR} ไม่ได้")
    agency = journey.on_phone("agency_admin")
    agency.goto(journey.path("/results"))
    shows(agency, expected.shown(expected.survey_score(InstrumentKind.IIT, old.sent[InstrumentKind.IIT])))
    fits(agency)


def _moved(change: Decimal) -> str:
    """How a change is told."""
    if not change:
        return "เท่าเดิม"
    return f"{'เพิ่มขึ้น' if change > 0 else 'ลดลง'} {abs(change):.2f}"
