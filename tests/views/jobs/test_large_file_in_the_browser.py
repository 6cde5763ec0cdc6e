"""A large list: the link of its file leads to an offer, the offer to a job, the job to the file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from portal.core import list_files
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.live import page_of, served
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.proof]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_large_list_is_made_into_a_file_by_clicking(
    app: Portal, world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(list_files, "AT_ONCE", 2)
    with served(app) as url, page_of(browser, app, world.account["dla"], url=url, size=size) as page:
        page.goto("/admin/agencies/?sort=full_name")
        page.get_by_role("link", name="ดาวน์โหลด XLSX").click()
        expect(page.get_by_text("รายการนี้มีมากกว่า 2 แถว")).to_be_visible()
        sound(page)
        page.get_by_role("button", name="สร้างไฟล์").click()
        page.wait_for_url("**/jobs/*")
        worker.work(app, until_idle=True)
        page.reload()
        with page.expect_download() as download:
            page.get_by_role("link", name="ดาวน์โหลดไฟล์").click()
        assert download.value.suggested_filename == "หน่วยงาน.xlsx"
