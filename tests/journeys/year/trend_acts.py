"""What both years ask is laid side by side: sure suggestions at once, the others one by one, confirmed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.main.stage import Journey, follow, press, shows, told
from tests.journeys.year.making_acts import OLD_NAME

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
