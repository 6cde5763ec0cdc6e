"""The dry run of a roster and the list of past imports of the register, as people see them at both widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served, working
from tests.support.world import World

ROSTER = """ลำดับ,คำนำหน้า,ชื่อ,นามสกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล,เลขบัตร
1,นาย,สมมติ,หนึ่ง,ร้านทดลอง,1,081-234-5678,,
2,นาง,ตัวอย่าง,สอง,,2,0-2123-4567-9,,
3,นางสาว,ทดลอง,สาม,,3,812345678,,
4,,ห้างหุ้นส่วนจำกัด ทดลอง,,,4,,,
5,นาย,ผิด,กลุ่ม,,ผู้เสียภาษ,0812345679,,
6,,ตามเอกสารแนบ,,,1,,,
"""
REGISTER = """รหัส อปท.,ประเภท,ชื่อ,ขนาด,รหัสอำเภอ
05520401,ทม.,เกาะคาใหญ่,L,5204
06520499,อบต.,หนองใหม่,S,5204
"""


@pytest.fixture
def url(app: Portal) -> Iterator[str]:
    with served(app) as address, working(app):
        yield address


def shot(page: Page, name: str) -> None:
    """A picture to look at, where a folder is given."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_dry_run_shows_what_will_be_stored_and_what_to_look_at(
    app: Portal, browser: Browser, url: str, world: World, size: tuple[int, int]
) -> None:
    with page_of(browser, app, world.account["agency_admin"], url=url, size=size) as page:
        _dry_run(page, f"/rounds/{world.round_id}/preparation/roster/import", size)


def _dry_run(page: Page, address: str, size: tuple[int, int]) -> None:
    page.goto(address)
    file = {"name": "ทะเบียน.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
    page.set_input_files("#file", file)  # type: ignore[arg-type]
    page.get_by_role("button", name="ตรวจไฟล์").click()
    page.wait_for_selector("#first")
    words = page.inner_text("main")
    for text in ("นายสมมติ หนึ่ง", "0-2123-4567-9", "08 1234 5678", "เลขบัตร", "ไม่ใช่ชื่อบุคคล", "ใช่หรือไม่"):
        assert text in words, text
    sound(page)
    shot(page, f"roster-{size[0]}")


@pytest.mark.long
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_past_imports_are_seen_and_taken_back(
    app: Portal, browser: Browser, url: str, world: World, size: tuple[int, int]
) -> None:
    with page_of(browser, app, world.account["dla"], url=url, size=size) as page:
        _import_and_undo(page, size)


def _import_and_undo(page: Page, size: tuple[int, int]) -> None:
    page.goto("/admin/registry/import")
    file = {"name": "ทะเบียน อปท.csv", "mimeType": "text/csv", "buffer": REGISTER.encode()}
    page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_selector(".ita-import")
    sound(page)
    shot(page, f"register-{size[0]}")
    page.locator(".ita-import-do .btn-primary").click()
    page.wait_for_url("**/jobs/**")
    page.locator("main a[href*='/result?job=']").first.wait_for()
    page.goto("/admin/registry/imports")
    sound(page)
    shot(page, f"imports-{size[0]}")
    page.locator("a[href$='/undo']").click()
    sound(page)
    shot(page, f"undo-{size[0]}")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/registry/imports")
    assert "ยกเลิกแล้ว" in page.inner_text("main")
    sound(page)
