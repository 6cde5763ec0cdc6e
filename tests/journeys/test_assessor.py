"""EIT part 2 in a browser: the lead judges and draws at a desk, the interviewer calls on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from models.instrument import InstrumentKind
from models.roster import Interview
from models.roster import InterviewOutcome as Outcome
from models.survey import AnswerCount, Channel
from portal.ballot import recount
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, fits
from tests.support.live import page_of, served
from tests.support.rosters import fill_roster, interview_ids
from tests.support.world import World, row

pytestmark = pytest.mark.postgres


@pytest.mark.long
def test_a_roster_is_judged_drawn_and_called(app: Portal, world: World, browser: Browser) -> None:
    fill_roster(app, world)
    with served(app) as url:
        with page_of(browser, app, world.account["assessor"], url=url, size=DESKTOP) as page:
            _judge_and_draw(page, world)
        with page_of(browser, app, world.account["interviewer"], url=url, size=PHONE) as page:
            _call(page, world)
        with app.app_context():
            outcomes = [row(Interview, key).outcome for key in interview_ids()]
            key = (world.participation["a1"], InstrumentKind.EIT, Channel.INTERVIEW)
            assert outcomes == [Outcome.ANSWERED, Outcome.NO_ANSWER, Outcome.PENDING]
            assert row(AnswerCount, key).count == 1
            assert recount.differences(world.round_id) == []


def _judge_and_draw(page: Page, world: World) -> None:
    page.goto(f"/rounds/{world.round_id}/assessor")
    page.get_by_role("link", name="เทศบาลตำบลเกาะคา").click()
    page.get_by_label("เป็นตัวแทนที่ดี").check()
    page.get_by_role("button", name="บันทึกผลพิจารณา").click()
    expect(page.get_by_label("จำนวนคน")).to_have_value("30")
    page.get_by_label("จำนวนคน").fill("3")
    page.get_by_role("button", name="สุ่มตัวอย่าง").click()
    expect(page.locator(".ita-sample .ita-code")).to_have_count(3)


def _call(page: Page, world: World) -> None:
    page.goto(f"/rounds/{world.round_id}/assessor")
    page.get_by_role("link", name="เทศบาลตำบลเกาะคา").click()
    page.get_by_role("link", name="โทรลำดับที่ 1").click()
    page.get_by_role("button", name="แสดงชื่อ").click()
    lines = page.locator("fieldset[id^=q]")
    expect(lines).to_have_count(19)
    for number in range(19):
        lines.nth(number).locator("label").first.click()
    # the first line is left out by a page that lost it: the form comes back with the rest
    page.evaluate("document.querySelectorAll('#q0 input').forEach((input) => { input.checked = false })")
    page.get_by_role("button", name="บันทึกคำตอบ").click()
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("fieldset input:checked")).to_have_count(18)
    page.locator("#q0 label.is-none").click()
    page.get_by_role("button", name="บันทึกคำตอบ").click()
    page.get_by_role("link", name="โทรลำดับถัดไป: 2").click()
    page.get_by_role("button", name="ไม่รับสาย").click()
    expect(page.get_by_role("link", name="โทรลำดับถัดไป: 3")).to_be_visible()
    fits(page)
