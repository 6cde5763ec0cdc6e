"""An office's text in Chromium, on phone and desk: what is typed stays, what it says follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.web import Portal
from tests.support.browser import DESKTOP, PHONE, sound
from tests.support.client import PortalClient
from tests.support.letters import set_up
from tests.support.live import served
from tests.support.world import World

pytestmark = pytest.mark.browser
OWN = "เวียน: ใช่\nเรื่อง: เรื่องของเรา\nเรียน: ผู้ว่าราชการจังหวัด{จังหวัด}\n\nด้วยมีหน่วยงาน\n\nจึงเรียนมา"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def officer(
    app: Portal,
    browser: Browser,
    world: World,
    request: pytest.FixtureRequest,
    client_as: Callable[[str], PortalClient],
) -> Iterator[Page]:
    """DLA before the list of its texts; the page's console must stay silent."""
    with app.app_context():
        set_up(world, "dla")
    width, height = request.param
    cookie = client_as("dla").get_cookie("portal")
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
        page.goto(f"/rounds/{world.round_id}/letters/office/1/texts")
        yield page
        context.close()
    assert not complaints


def test_a_text_is_written_looked_at_saved_and_taken_back(officer: Page) -> None:
    page = officer
    sound(page)
    page.get_by_role("link", name="หนังสือภายนอก (เวียน) ถึงผู้ว่าราชการจังหวัด").click()
    source = page.locator("#source")
    source.fill(OWN)
    expect(page.locator("#preview")).to_contain_text("ด้วยมีหน่วยงาน")
    sound(page)

    source.evaluate(
        "one => one.setSelectionRange(one.value.indexOf('หน่วยงาน'), one.value.indexOf('หน่วยงาน'))"
    )
    page.get_by_role("button", name="{จำนวนหน่วยงาน}", exact=True).click()
    expect(source).to_have_value(OWN.replace("หน่วยงาน", "{จำนวนหน่วยงาน}หน่วยงาน"))
    expect(page.locator("#preview")).to_contain_text("ด้วยมี๒หน่วยงาน")

    source.fill(OWN.replace("{จังหวัด}", "{จังหวด}"))
    place = page.locator("#faults").get_by_role("link", name="บรรทัดที่ 3")
    place.click()
    assert source.evaluate("one => one.value.slice(one.selectionStart).startsWith('{จังหวด}')")
    sound(page)

    source.fill(OWN)
    page.get_by_role("button", name="บันทึกเป็นรุ่นใหม่").click()
    expect(page.get_by_text("บันทึกเป็นรุ่นที่ 1 แล้ว")).to_be_visible()
    page.get_by_role("link", name="รุ่นของข้อความ").click()
    page.get_by_role("link", name="ดูสิ่งที่เปลี่ยน").click()
    expect(page.locator("#compared")).to_contain_text("เรื่องของเรา")
    sound(page)
    page.get_by_role("table").get_by_role("link", name="ข้อความที่มากับระบบ").click()
    sound(page)
    page.get_by_role("button", name="กลับมาใช้ข้อความนี้").click()
    page.get_by_role("dialog").get_by_role("button", name="กลับมาใช้ข้อความนี้").click()
    expect(page.get_by_text("กลับมาใช้ข้อความนี้แล้ว เป็นรุ่นที่ 2")).to_be_visible()
