"""Announcements, from the draft to the receipt, as their people see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from models.announcement import Announcement, AnnouncementReceipt
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres
As = Callable[[str], PortalClient]
FORM = {
    "heading": "ซักซ้อมการกรอกข้อมูล",
    "text": "บรรทัดแรก <b>\nดู https://example.go.th/manual",
    "roles": ["province", "agency_admin"],
    "where": "country",
    "version": "0",
}


def newest(app: Portal) -> int:
    with app.app_context(), privileged("the newest announcement of a test") as session:
        return session.scalars(select(func.max(Announcement.id))).one()


def sent(app: Portal, client: PortalClient, **changed: Any) -> int:
    """Write and send an announcement as a person does; its id."""
    assert client.submit("/announcing/new", FORM | changed).status_code == 302
    key = newest(app)
    version = re.search(r'name="version" value="(\d+)"', client.get(f"/announcing/{key}").text)
    assert version is not None
    assert client.submit(f"/announcing/{key}/send", {"version": version[1]}).status_code == 302
    return key


def test_an_announcement_reaches_those_it_was_sent_to_until_they_acknowledge_it(
    app: Portal, world: World, client_as: As
) -> None:
    key = sent(app, client_as("dla"))
    home, page = client_as("province").get("/", follow_redirects=True).text, f"/announcements/{key}"
    assert "ซักซ้อมการกรอกข้อมูล" in home
    shown = client_as("province").get(page).text
    assert "&lt;b&gt;" in shown
    assert 'href="https://example.go.th/manual"' in shown
    for _twice in range(2):
        assert client_as("province").submit(f"{page}/acknowledge").status_code == 302
    assert "ซักซ้อมการกรอกข้อมูล" not in client_as("province").get("/", follow_redirects=True).text
    assert client_as("executive").get(page).status_code == 404
    listed = client_as("dla").get(f"/announcing/{key}/receivers?standing=read&role=province").text
    assert listed.count('class="ita-title"') == 1
    with app.app_context(), privileged("counting receipts") as session:
        assert session.scalar(select(func.count(AnnouncementReceipt.id))) == 1


def test_only_the_chosen_places_get_it(app: Portal, world: World, client_as: As) -> None:
    """A province, its agencies and whoever assesses them; nobody of another province."""
    roles = ["province", "agency_admin", "assessor"]
    key = sent(app, client_as("dla"), where="places", provinces=[str(world.province["52"])], roles=roles)
    for who, status in (
        ("province", 200),
        ("agency_admin", 200),
        ("assessor", 200),
        ("province_other", 404),
        ("agency_admin_other", 404),
        ("assessor_other", 404),
        ("nacc", 404),
    ):
        assert client_as(who).get(f"/announcements/{key}").status_code == status, who


def test_a_draft_that_moved_on_is_not_saved_and_a_sent_one_is_final(
    app: Portal, world: World, client_as: As
) -> None:
    dla = client_as("dla")
    dla.submit("/announcing/new", FORM)
    key = newest(app)
    edit = f"/announcing/{key}/edit"
    assert dla.submit(edit, FORM | {"version": "1", "heading": "หัวเรื่องใหม่"}).status_code == 302
    assert dla.submit(edit, FORM | {"version": "1", "heading": "หัวเรื่องเก่า"}).status_code == 409
    dla.submit(f"/announcing/{key}/send", {"version": "2"})
    assert "หัวเรื่องใหม่" in client_as("province").get("/announcements").text
    with app.app_context(), pytest.raises(DBAPIError), privileged("changing what was sent") as session:
        session.info["unrecorded"] = True
        session.get_one(Announcement, key).heading = "แก้ภายหลัง"
        session.flush()


def test_what_is_withdrawn_says_why_and_leads_to_what_replaced_it(
    app: Portal, world: World, client_as: As
) -> None:
    dla = client_as("dla")
    first = sent(app, dla)
    assert dla.submit(f"/announcing/{first}/replace").status_code == 302
    second = newest(app)
    dla.submit(f"/announcing/{second}/send", {"version": "1"})
    assert f"/announcements/{second}" in client_as("province").get(f"/announcements/{first}").text
    assert dla.submit(f"/announcing/{second}/withdraw", {"reason": ""}).status_code == 422
    assert dla.submit(f"/announcing/{second}/withdraw", {"reason": "ผิดวัน"}).status_code == 302
    assert "ผิดวัน" in client_as("province").get(f"/announcements/{second}").text
    assert client_as("nacc").get(f"/announcing/{second}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": []},
        {"where": "places"},
        {"where": "places", "agencies": "ไม่มี"},
        {"until": "1 พ.ย. 2561"},
    ],
)
def test_a_wrong_choice_is_said_and_the_words_stay(
    wrong: dict[str, Any], world: World, client_as: As
) -> None:
    answer = client_as("dla").submit("/announcing/new", FORM | wrong)
    assert answer.status_code == 422
    assert "บรรทัดแรก" in answer.text
