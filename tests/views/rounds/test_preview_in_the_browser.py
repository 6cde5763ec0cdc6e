"""Preview and texts of a draft in Chromium, on phone and desk: accessible, not too wide, and nothing acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from models.round import Round
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from portal.rounds.content.writing import write_content
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.client import PortalClient
from tests.support.live import served
from tests.support.respondents import citizen_id
from tests.support.rooms import add_draft
from tests.views.rounds.test_preview import edited

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        round: Round = add_draft(session)
        write_content(session, round, edited(content_of(session, round)))
        return round.id


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def officer(
    app: Portal, browser: Browser, request: pytest.FixtureRequest, client_as: Callable[[str], PortalClient]
) -> Iterator[Page]:
    """NACC at a screen; the page's console must stay silent."""
    width, height = request.param
    cookie = client_as("nacc").get_cookie("portal")
    assert cookie is not None
    with served(app) as address:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="th-TH", base_url=address
        )
        context.add_cookies([{"name": "portal", "value": cookie.value, "url": address}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        context.close()
    assert not complaints


def frame_of(page: Page) -> FrameLocator:
    """What the preview shows."""
    return page.frame_locator("iframe.ita-frame")


def test_a_draft_is_looked_at_in_every_role(officer: Page, draft: int) -> None:
    officer.goto(f"/rounds/{draft}/build/iit")
    officer.get_by_role("link", name="ดูตัวอย่าง").click()
    expect(frame_of(officer).get_by_text("ประกาศของรอบ")).to_be_visible()
    sound(officer)
    for role, seen in (
        ("ผู้บริหาร: ตรวจ OIT", "ตรวจแบบ OIT"),
        ("ผู้ประเมิน: สัมภาษณ์ EIT", "ลำดับที่ 1 จาก 10"),
        ("ผู้ประเมิน: ให้คะแนน OIT", "ให้คะแนนแล้ว 0 จาก"),
    ):
        officer.get_by_label("ดูในฐานะ").select_option(label=role)
        officer.get_by_role("button", name="แสดง").click()
        expect(frame_of(officer).get_by_text(seen).first).to_be_visible()
        sound(officer)
    frame_of(officer).get_by_role("link", name="ให้คะแนนข้อ O2").click()
    frame_of(officer).get_by_role("button", name="บันทึก").click()
    expect(frame_of(officer).get_by_role("heading", name="ไม่มีการบันทึก")).to_be_visible()
    sound(officer)


def test_a_form_filled_in_a_preview_is_stored_nowhere(officer: Page, draft: int) -> None:
    officer.goto(f"/rounds/{draft}/preview?view=eit&language=en&width=phone")
    form = frame_of(officer)
    form.get_by_label("Your citizen ID").fill(citizen_id(1))
    for _part in range(3):
        form.get_by_role("button", name="Next").click()
        for group in form.locator(".q:visible").all():
            group.locator("label").first.click()
    form.get_by_role("button", name="Send the answers").click()
    expect(form.get_by_role("heading", name="ไม่มีการบันทึก")).to_be_visible()


def test_texts_are_translated_side_by_side(officer: Page, draft: int) -> None:
    officer.goto(f"/rounds/{draft}/build/texts")
    sound(officer)
    officer.get_by_label("เพิ่มภาษา").select_option("lo")
    officer.get_by_role("button", name="เริ่มแปล").click()
    sound(officer)
    officer.locator("textarea").first.fill("ແບບ")
    officer.get_by_role("button", name="บันทึกข้อความชุดนี้").click()
    expect(officer.get_by_text("บันทึกแล้ว")).to_be_visible()
    officer.get_by_role("link", name="แสดงเฉพาะที่ยังไม่แปล").click()
    expect(officer.locator('[name="instrument.iit.name"]')).to_have_count(0)
    officer.goto(f"/rounds/{draft}/build/texts/th?part=form")
    sound(officer)
