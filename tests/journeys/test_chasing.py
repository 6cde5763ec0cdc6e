"""A day of a provincial officer who chases ten agencies: from the status page to broken promises."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from models.participation import Participation
from models.place import District
from models.round import Round
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import AgencyContactFactory
from tests.factories.places import AgencyFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served
from tests.support.world import NOW, World

pytestmark = pytest.mark.browser
TEN = [f"โทรตาม {number:02}" for number in range(1, 11)]
PROMISED = "12 พ.ย. 2561"


@pytest.fixture
def late(app: Portal, world: World, make: Make) -> dict[str, int]:
    """Ten agencies of the province that have their password and nothing else; participations by name."""
    with app.app_context(), privileged("a test's district") as session:
        district = session.query(District).filter_by(code="5201").one()
        round = session.get_one(Round, world.round_id)
        session.expunge_all()
    made = {}
    for number, name in enumerate(TEN):
        agency = make(AgencyFactory, district=district, name=name)
        make(
            AgencyContactFactory,
            agency=agency,
            phone=f"0542000{number:02}",
        )
        row = make(ParticipationFactory, round=round, agency=agency, activated_at=NOW)
        made[f"อบต.{name}"] = row.id
    return made


def looked_at(page: Page, name: str) -> None:
    """The page has no fault at either width; a picture of each is kept where somebody wants to look."""
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if folder := os.environ.get("LOOK_AT"):
            page.screenshot(path=f"{folder}/chasing-{name}.{size[0]}.png", full_page=True)
        sound(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def test_ten_agencies_are_called_and_those_that_do_not_keep_their_word_stay(
    app: Portal, world: World, browser: Browser, late: dict[str, int], clock: Callable[[object], None]
) -> None:
    officer, done = world.account["province"], list(late)[:8]
    with served(app) as url:
        with page_of(browser, app, officer, url=url, size=DESKTOP) as page:
            finds_them(page, world, late)
            for name in late:
                calls(page, name)
            expect_listed(page, world, "noted=promised", list(late))
        finish(app, [late[name] for name in done])
        clock(NOW + timedelta(days=4))
        with page_of(browser, app, officer, url=url, size=DESKTOP) as page:
            expect_listed(page, world, "noted=broken", [*list(late)[8:], *done])
            looked_at(page, "broken-promises")
            expect_listed(page, world, "at=headcount", list(late)[8:])


def finds_them(page: Page, world: World, late: dict[str, int]) -> None:
    """From the status page to the tab of the step at which the ten hang."""
    page.goto(f"/rounds/{world.round_id}/status")
    page.get_by_role("link", name="ติดตามหน่วยงานที่ค้าง").first.click()
    tabs = page.get_by_role("navigation", name="ขั้นตอนที่หน่วยงานค้างอยู่")
    tabs.get_by_role("link", name="จำนวนบุคลากรภายใน").click()
    for name in late:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    looked_at(page, "ten")


def calls(page: Page, name: str) -> None:
    """Open an agency, read what to say and where to call, note what it promised, and go back to the list."""
    page.get_by_role("link", name=name, exact=True).click()
    text = page.get_by_label("LINE", exact=True)
    expect(text).to_have_value(re.compile("กรอกจำนวนผู้มีส่วนได้ส่วนเสียภายใน"))
    assert "รหัสผ่าน" not in text.input_value()
    expect(page.locator("a[href^='tel:0542000']").first).to_be_visible()
    page.get_by_label("โทรศัพท์แล้ว").check()
    page.get_by_label("รับปากว่าจะเสร็จภายใน").fill(PROMISED)
    page.get_by_role("button", name="บันทึกการติดตาม").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.get_by_role("link", name="หน่วยงานที่ยังดำเนินการไม่ครบ").first.click()


def expect_listed(page: Page, world: World, narrowed: str, names: list[str]) -> None:
    """The list, narrowed so, has these agencies and no other."""
    page.goto(f"/rounds/{world.round_id}/chasing?{narrowed}")
    expect(page.locator("table a.ita-keep")).to_have_text(names)


def finish(app: Portal, participation_ids: list[int]) -> None:
    """These agencies enter their headcount."""
    with app.app_context(), writing(), privileged("a test's agencies") as session:
        session.info["unrecorded"] = True
        for key in participation_ids:
            row = session.get_one(Participation, key)
            row.headcount, row.headcount_at = 40, NOW
