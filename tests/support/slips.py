"""Coming in with a slip, as its two pages send it."""

from __future__ import annotations

from playwright.sync_api import Page
from werkzeug.test import TestResponse

from tests.support.client import PortalClient
from tests.support.world import PASSWORD

#: what somebody made up says of themselves
PERSON = {
    "name": "นางสาวทดลอง มาใหม่",
    "position": "นักวิเคราะห์นโยบายและแผน",
    "phone": "0 2555 0100",
    "email": "",
}


def activated(client: PortalClient, code: str, password: str = PASSWORD, **said: str) -> TestResponse:
    """The answer to the form of the second page."""
    return client.submit("/activate/person", {"code": code, "password": password, **PERSON, **said})


def come_in(page: Page, code: str, *, password: str = PASSWORD) -> None:
    """Type the code of a slip into the first page, and on the second who it is and a password."""
    page.goto("/activate")
    page.get_by_label("รหัสเปิดใช้งาน").fill(code)
    page.get_by_role("button", name="ไปต่อ").click()
    say_who(page, password=password)


def say_who(page: Page, *, password: str = PASSWORD) -> None:
    """The form of the second page."""
    page.get_by_label("ชื่อและนามสกุล").fill(PERSON["name"])
    page.get_by_label("ตำแหน่ง").fill(PERSON["position"])
    page.get_by_label("โทรศัพท์").fill(PERSON["phone"])
    page.get_by_label("รหัสผ่านใหม่").fill(password)
    page.get_by_role("button", name="ใช่ ตั้งรหัสผ่านและไปต่อ").click()
