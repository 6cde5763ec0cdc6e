"""The builder under a hand: rows are dragged, moved by the keyboard, weights added up as they are typed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.round import Round
from portal.content.year import ContentItem, ContentQuestion
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served
from tests.support.rooms import add_draft
from tests.support.world import World


@pytest.fixture
def url(app: Portal) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


@pytest.fixture
def page(app: Portal, browser: Browser, url: str, world: World) -> Iterator[Page]:
    with page_of(browser, app, world.account["nacc"], url=url, size=DESKTOP) as page:
        yield page


def codes(app: Portal, round_id: int, kind: str = "iit") -> list[str]:
    with app.app_context(), privileged("a test looks") as session:
        one = content_of(session, session.get_one(Round, round_id)).instrument(kind)
        leaves: list[ContentQuestion | ContentItem] = [*one.questions, *one.items]
        return [f"{row.indicator}/{row.code}" for row in leaves]


def drag(page: Page, row: str, over: str, *, let_go: bool = True) -> None:
    """Take a row at its grip to the upper half of another one."""
    page.locator(f"{row} > [data-grip], {row} > .ita-node-head > [data-grip]").first.hover()
    page.mouse.down()
    goal = page.locator(over)
    goal.evaluate("row => scrollTo(0, row.getBoundingClientRect().top + scrollY - 300)")
    box = goal.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=4)
    page.mouse.move(box["x"] + 60, box["y"] + 4, steps=4)
    expect(page.locator(".ita-mark-place")).to_have_count(1)
    if let_go:
        page.mouse.up()


@pytest.mark.long
def test_a_row_is_dragged_also_into_another_indicator_and_taken_back(
    app: Portal, page: Page, draft: int
) -> None:
    before = codes(app, draft, "oit")
    page.goto(f"/rounds/{draft}/build/oit")
    drag(page, "#item-O4", "#item-O2")
    expect(page.locator("#item-O4 + #item-O2")).to_have_count(1)
    assert codes(app, draft, "oit")[:4] == ["9.1/O1", "9.1/O4", "9.1/O2", "9.1/O3"]
    drag(page, "#item-O4", "#item-O11")
    expect(page.locator("#item-O4 + #item-O11")).to_have_count(1)
    assert "9.2/O4" in codes(app, draft, "oit")
    for _step in range(2):
        page.get_by_role("button", name="เรียกคืนขั้นนี้").click()
        page.wait_for_url("**/build/oit")
        expect(page.locator(".ita-flash")).to_contain_text("ย้ายข้อ OIT O4")
    expect(page.locator(".ita-undo")).to_have_count(0)
    assert codes(app, draft, "oit") == before


def test_a_row_let_go_nowhere_or_with_escape_stays(app: Portal, page: Page, draft: int) -> None:
    before = codes(app, draft)
    page.goto(f"/rounds/{draft}/build/iit")
    drag(page, "#question-I3", "#question-I1", let_go=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ita-mark-place")).to_have_count(0)
    drag(page, "#question-I3", "#question-I4")
    expect(page.locator(".ita-mark-place")).to_have_count(0)
    assert codes(app, draft) == before


@pytest.mark.long
def test_lines_indicators_and_choices_are_dragged_among_their_own(page: Page, draft: int) -> None:
    page.goto(f"/rounds/{draft}/build/iit")
    page.locator("#question-I3 summary").click()
    words = page.locator("#line-I3\\.1 .ita-node-words").inner_text().removeprefix("I3.1")
    drag(page, "#line-I3\\.2", "#line-I3\\.1")
    expect(page.locator("#line-I3\\.2")).to_contain_text(words)
    drag(page, "#indicator-2", "#indicator-1")
    expect(page.locator("#indicator-2 + #indicator-1")).to_have_count(1)
    page.goto(f"/rounds/{draft}/build/scales")
    drag(page, "#choice-YESNO\\.2", "#choice-YESNO\\.1")
    expect(page.locator("#choice-YESNO\\.1")).to_contain_text("ไม่")
    expect(page.locator(".ita-undo")).to_contain_text("ย้ายตัวเลือก")


def test_a_row_is_moved_by_the_keyboard_and_its_button_keeps_the_focus(
    app: Portal, page: Page, draft: int
) -> None:
    page.goto(f"/rounds/{draft}/build/iit")
    up = page.get_by_role("button", name="ขึ้น I3", exact=True)
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question-I3 + #question-I2")).to_have_count(1)
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question-I3 + #question-I1")).to_have_count(1)
    expect(page.get_by_role("button", name="ลง I3", exact=True)).to_be_focused()
    assert codes(app, draft)[:3] == ["1/I3", "1/I1", "1/I2"]
    page.get_by_role("link", name="ย้ายไปลำดับที่ I3", exact=True).press("Enter")
    page.get_by_label("ลำดับที่").fill("๒")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="ย้ายไปลำดับที่ I3", exact=True)).to_be_focused()
    assert codes(app, draft)[:2] == ["1/I1", "1/I3"]


def test_weights_are_added_up_as_they_are_typed(page: Page, draft: int) -> None:
    page.goto(f"/rounds/{draft}/build/rules/weights")
    page.get_by_label("IIT").fill("๓๕")
    expect(page.locator("output")).to_have_text("105")
    expect(page.get_by_text("ต้องรวมได้ 100")).to_be_visible()
    page.get_by_label("EIT").fill("24.5")
    page.get_by_label("OIT").fill("40.5")
    expect(page.get_by_text("รวมได้ 100", exact=True)).to_be_visible()
    expect(page.get_by_text("ต้องรวมได้ 100")).to_be_hidden()


@pytest.mark.long
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_the_builder_fit_the_screen(
    app: Portal, browser: Browser, url: str, world: World, draft: int, size: tuple[int, int]
) -> None:
    with page_of(browser, app, world.account["nacc"], url=url, size=size) as page:
        for name in (
            "build/iit", "build/oit", "build/scales", "rules", "build/iit/questions/I1",
            "build/scales/LIKERT4", "build/oit/move?thing=item&code=O2", "build/oit/indicators/9/remove",
            "build/rules/weights",
            "build/rules/bands", "build/rules/samples/iit:-:-:-",
        ):  # fmt: skip
            page.goto(f"/rounds/{draft}/{name}")
            sound(page)
            if folder := os.environ.get("PICTURES"):
                shot = f"{name.replace('/', '-').partition('?')[0]}-{size[0]}.png"
                page.screenshot(path=Path(folder) / shot, full_page=True)
