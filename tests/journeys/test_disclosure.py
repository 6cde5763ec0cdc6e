"""OIT from the first answer to the points: each role by its forms; the executive's review on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from models.disclosure import DisclosureState, Review
from portal.core.web import Portal
from tests.support.browser import PHONE, fits
from tests.support.checklists import answer_at, bring_to, confirm_preparation, stored
from tests.support.client import PortalClient
from tests.support.live import page_of, served
from tests.support.world import World, acting_as
from tests.views.disclosure.test_answering import base, item_of, version_in

S = DisclosureState
ClientAs = Callable[[str], PortalClient]


@pytest.mark.long
@pytest.mark.postgres
def test_the_checklist_goes_its_way(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        confirm_preparation(world)
    admin, executive, assessor = client_as("agency_admin"), client_as("executive"), client_as("assessor")
    oit = f"{base(world)}/oit"
    items = [item_of(app, world, place) for place in range(48)]
    for item in items:
        form = {
            "disclosed": "yes",
            "links": f"https://kohkha.example.go.th/{item}",
            "version": "0",
        }
        form["version"] = version_in(admin.get(f"{oit}/{item}").text)
        assert admin.submit(f"{oit}/{item}", form).status_code == 302
    press(admin, f"{oit}/submit")
    for number, item in enumerate(items):
        act = "fail" if number == 3 else "pass"
        form = {"version": version_in(executive.get(f"{oit}/review/{item}").text)}
        more = {"why": "year", "more": "ใช้ฉบับปี 2561"} if act == "fail" else {}
        assert executive.submit(f"{oit}/review/{item}/{act}", {**form, **more}).status_code == 302
    press(executive, f"{oit}/review/return")
    page = admin.get(f"{oit}?show=failed").text
    assert "ใช้ฉบับปี 2561" in page
    form = {"disclosed": "yes", "links": "https://kohkha.example.go.th/2561", "explanation": ""}
    form["version"] = version_in(admin.get(f"{oit}/{items[3]}").text)
    assert admin.submit(f"{oit}/{items[3]}", form).status_code == 302
    press(admin, f"{oit}/submit")
    page = executive.get(f"{oit}/review/{items[3]}").text
    assert "เหตุผลที่ไม่ผ่านครั้งก่อน" in page
    executive.submit(f"{oit}/review/{items[3]}/pass", {"version": version_in(page)})
    assert executive.submit(f"{oit}/review/confirm", {"version": "1"}).status_code == 422, "without the tick"
    press(executive, f"{oit}/review/confirm", confirm="1")
    scoring = f"{base(world)}/scoring/{world.participation['a1']}"
    for item in items:
        form = {"points": "100", "note": "", "version": version_in(assessor.get(f"{scoring}/{item}").text)}
        assert assessor.submit(f"{scoring}/{item}", form).status_code == 302
    press(assessor, f"{scoring}/finish", confirm="1")
    with app.app_context(), acting_as(world.actor("nacc")):
        assert stored(world).state is S.SCORED


def press(client: PortalClient, url: str, **more: str) -> None:
    """Open a confirmation page and press its button."""
    answer = client.submit(url, {"version": version_in(client.get(url).text), **more})
    assert answer.status_code == 302, answer.text


@pytest.mark.browser
def test_an_executive_reviews_on_a_phone(app: Portal, world: World, browser: Browser) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
    executive = world.account["executive"]
    with served(app) as url, page_of(browser, app, executive, url=url, size=PHONE) as page:
        page.goto(f"{base(world)}/oit/review")
        page.get_by_role("link", name="ตรวจข้อ O1", exact=True).tap()
        passing = page.get_by_role("button", name="ผ่าน", exact=True)
        place = passing.bounding_box()
        assert place is not None and place["height"] >= 44 and place["width"] >= 120
        passing.tap()
        expect(page.locator("#item")).to_contain_text("ทำเนียบผู้บริหาร")
        assert page.get_by_role("button", name="ผ่าน", exact=True).bounding_box() == place
        expect(page.get_by_role("status")).to_contain_text("O1")
        page.get_by_role("button", name="เลิกทำ").tap()
        expect(page.locator(".ita-code").first).to_have_text("O1")
        page.get_by_role("button", name="ผ่าน", exact=True).press("Enter")
        expect(page.locator(".ita-code").first).to_have_text("O2")
        page.get_by_role("link", name="ไม่ผ่าน", exact=True).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="บันทึก “ไม่ผ่าน”").tap()
        expect(page.get_by_role("alert")).to_contain_text("เหตุผล")
        page.get_by_label("เอกสารไม่ใช่ของปีที่ประเมิน").check()
        page.get_by_label("อธิบายเพิ่มเติม").fill("โปรดใช้ฉบับปี 2561")
        page.get_by_role("button", name="บันทึก “ไม่ผ่าน”").tap()
        expect(page.locator(".ita-code").first).to_have_text("O3")
        fits(page)
        page.goto(f"{base(world)}/oit/review")
        page.get_by_role("link", name="ไม่อนุมัติ ส่งกลับแก้ไข").tap()
        page.get_by_role("button", name="ไม่อนุมัติ ส่งกลับแก้ไข").tap()
        expect(page.get_by_role("status")).to_contain_text("ส่งกลับแก้ไขแล้ว")
    with app.app_context(), acting_as(world.actor("nacc")):
        assert stored(world).state is S.RETURNED
        assert [answer_at(world, place).review for place in range(3)] == [
            Review.PASS,
            Review.FAIL,
            Review.PENDING,
        ]
