"""Pages on paper,: no blank page, marks that print, lists that name what they lack."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.core.web import Portal
from tests.support.browser import DESKTOP
from tests.support.live import page_of, served
from tests.support.respondents import confirm
from tests.support.world import World
from views.status import screens

pytestmark = [pytest.mark.browser, pytest.mark.proof]


def paper(page: Page, folder: Path) -> list[str]:
    """The text of each printed page."""
    file = folder / "print.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout
    return text.decode().split("\f")[:-1]


def test_the_checklist_begins_on_its_first_page_and_steps_print_their_mark(
    app: Portal, world: World, browser: Browser, tmp_path: Path
) -> None:
    confirm(app, world, "a1")
    with (
        served(app) as url,
        page_of(browser, app, world.account["agency_admin"], url=url, size=DESKTOP) as page,
    ):
        page.goto(f"/rounds/{world.round_id}/oit")
        pages = paper(page, tmp_path)
        assert "O1" in pages[0] and "O10" in pages[0] and "O48" in pages[-1]
        page.goto(f"/rounds/{world.round_id}/preparation")
        page.emulate_media(media="print")
        mark = page.locator(".ita-steps .is-ok .ita-dot").first
        assert mark.evaluate("dot => getComputedStyle(dot).printColorAdjust") == "exact"


def test_a_printed_page_of_a_list_says_what_it_lacks_and_offers_all(
    app: Portal, world: World, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "PAGE", 1)
    with served(app) as url, page_of(browser, app, world.account["province"], url=url, size=DESKTOP) as page:
        page.goto(f"/rounds/{world.round_id}/status/provinces/{world.province['52']}")
        (text,) = paper(page, tmp_path)
        assert "พิมพ์เฉพาะหน้าที่ 1 จาก 2" in text
        assert ("ทต.เกาะคา" in text) + ("อบต.ท่าผา" in text) == 1
        page.get_by_role("link", name="แสดงทั้งหมดเพื่อพิมพ์").click()
        page.wait_for_url("**all=1*")
        (text,) = paper(page, tmp_path)
        assert "พิมพ์เฉพาะ" not in text and "ทต.เกาะคา" in text and "อบต.ท่าผา" in text


def test_the_printed_country_has_every_province(
    app: Portal, world: World, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "FEW", 1)
    with served(app) as url, page_of(browser, app, world.account["dla"], url=url, size=DESKTOP) as page:
        page.goto(f"/rounds/{world.round_id}/status")
        assert page.locator("tr.ita-beyond").is_hidden()
        (text,) = paper(page, tmp_path)
    assert "ลำปาง" in text and "กระบี่" in text
