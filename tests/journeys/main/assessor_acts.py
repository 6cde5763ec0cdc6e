"""EIT part 2: the assessor judges the roster, draws, and interviews one person."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from models.instrument import InstrumentKind
from tests.journeys.main.expected import choices
from tests.journeys.main.preparation_acts import PEOPLE
from tests.journeys.main.stage import AGENCY, Journey, choose_menu, follow, press, shows, told

DRAWN = 3


def judge_and_draw(journey: Journey, page: Page) -> None:
    """The roster without its names, the judgement, the draw that anybody can repeat."""
    choose_menu(page, "หน่วยงานที่ได้รับมอบหมาย")
    expect(page.locator("main tbody tr")).to_have_count(2)
    follow(page, AGENCY)
    shows(page, f"{PEOPLE}")
    assert "นายสมมุติ" not in page.content(), "names are shown only after they were asked for"
    page.get_by_label("เป็นตัวแทนที่ดี").check()
    press(page, "บันทึกผลพิจารณา")
    told(page, "บันทึกผลพิจารณาแล้ว")
    expect(page.get_by_label("จำนวนคน")).to_have_value(str(PEOPLE))
    page.get_by_label("จำนวนคน").fill(str(DRAWN))
    press(page, "สุ่มตัวอย่าง")
    expect(page.locator(".ita-sample .ita-code")).to_have_count(DRAWN)
    shows(page, "ค่าตั้งต้น (seed)", "HMAC-SHA256")


def interview(journey: Journey, page: Page, person: int) -> None:
    """The names are opened, the first drawn person is called, the answers are sealed."""
    choose_menu(page, "หน่วยงานที่ได้รับมอบหมาย")
    follow(page, AGENCY)
    follow(page, "โทรลำดับที่ 1")
    press(page, "แสดงชื่อ")
    shows(page, "นายสมมุติ")
    expect(page.locator("main")).to_contain_text(re.compile(r"08\d{8}"))
    picked = choices(InstrumentKind.EIT, person)
    expect(page.locator("fieldset[id^=q]")).to_have_count(len(picked))
    for slot, choice in enumerate(picked):
        page.locator(f"#q{slot} label:has(input[value='{choice}'])").click()
    press(page, "บันทึกคำตอบ")
    shows(page, "ผนึกและนับคำตอบแล้ว")
    journey.sent.setdefault(InstrumentKind.EIT, []).append(picked)
    follow(page, "โทรลำดับถัดไป", exact=False)
    press(page, "ไม่รับสาย")
    shows(page, "บันทึกลำดับที่ 2 แล้ว", "ไม่รับสาย", f"{PEOPLE}")
