"""The frame and the pages around it in Chromium: sign-in, home, jobs, errors; at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from models.account import Account
from models.job import Job, JobState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.passwords import set_password
from tests.support.world import NOW, PASSWORD, World
from tests.views.generated.test_generated_in_the_browser import address, looked_at, officer

__all__ = ["address", "officer"]
pytestmark = pytest.mark.browser


def test_signing_in_shows_the_desk_and_its_menu(
    address: str, browser_page: Page, app: Portal, world: World
) -> None:
    with app.app_context(), writing(), privileged("a test's password") as session:
        set_password(session.get_one(Account, world.account["dla"]), PASSWORD)
    page = browser_page
    page.goto(f"{address}/sign-in")
    looked_at(page, "sign-in")
    typed = page.get_by_label("รหัสผ่าน", exact=True)
    typed.fill(PASSWORD)
    page.get_by_role("button", name="แสดง").click()
    expect(typed).to_have_attribute("type", "text")
    page.get_by_label("ชื่อผู้ใช้", exact=True).fill("dla")
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.locator(".ita-scope")).to_contain_text("กรมส่งเสริมการปกครองท้องถิ่น")
    looked_at(page, "home-dla")
    page.locator(".ita-account summary").click()
    looked_at(page, "account-menu")
    page.get_by_role("button", name="ออกจากระบบ").last.click()
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()


def test_trouble_is_a_page_in_plain_words(officer: Page) -> None:
    officer.goto("/rounds/999/home")
    expect(officer.get_by_role("heading", name="ไม่พบหน้านี้")).to_be_visible()
    looked_at(officer, "not-found")


def test_a_running_job_shows_how_far_it_is(officer: Page, app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test's job") as session:
        job = Job(
            kind="letters.circular",
            title="หนังสือเวียนถึงจังหวัด",
            state=JobState.RUNNING,
            done=27,
            total=76,
            message="กำลังทำหนังสือถึงจังหวัดจันทบุรี",
            created_at=NOW,
            account_id=world.account["dla"],
        )
        session.add(job)
        session.flush()
        key = job.id
    officer.goto(f"/jobs/{key}")
    expect(officer.get_by_text("27 จาก 76")).to_be_visible()
    looked_at(officer, "job")
    with app.app_context(), writing(), privileged("a test's job") as session:
        session.get_one(Job, key).done = 28
    expect(officer.get_by_text("28 จาก 76")).to_be_visible()


def test_a_look_that_is_lost_does_not_end_the_progress(officer: Page, app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test's job") as session:
        job = Job(
            kind="letters.circulars",
            title="หนังสือเวียน",
            state=JobState.RUNNING,
            done=27,
            total=76,
            created_at=NOW,
            account_id=world.account["dla"],
        )
        session.add(job)
        session.flush()
        key = job.id
    page = officer.context.new_page()  # the fixture's own page counts what the console says
    lost: list[str] = []

    def lose_two(route: Route) -> None:
        if len(lost) < 2 and "hx-request" in route.request.headers:
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route(f"**/jobs/{key}", lose_two)
    page.goto(f"/jobs/{key}")
    expect(page.get_by_text("27 จาก 76")).to_be_visible()
    with app.app_context(), writing(), privileged("a test's job") as session:
        session.get_one(Job, key).done = 29
    expect(page.get_by_text("29 จาก 76")).to_be_visible(timeout=10_000)
    assert len(lost) == 2


def test_static_files_are_kept_and_packed(client_as: Callable[[str], PortalClient]) -> None:
    answer = client_as("").get("/static/vendor/tabler.min.css?v=1", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 100_000
    assert "immutable" in answer.headers["Cache-Control"]
    assert client_as("").get("/static/../web.py").status_code == 404
