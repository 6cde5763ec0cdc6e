"""Asking for another headcount and deciding about it, through the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.participation import Participation
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.rosters import fill_roster
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
REASON = "นับลูกจ้างที่ลาออกแล้วรวมไว้ด้วย"


@pytest.fixture
def base(app: Portal, world: World) -> str:
    """Where the room lies; a1's data are confirmed with 52 people."""
    fill_roster(app, world, people=2, confirmed=True)
    with app.app_context(), writing(), privileged("a test counts") as session:
        session.get_one(Participation, world.participation["a1"]).headcount = 52
    return f"/rounds/{world.round_id}/preparation"


def ask(client: PortalClient, base: str, **changed: str) -> tuple[int, str]:
    form = {"headcount": "48", "version": "52", "reason": REASON, **changed}
    answer = client.submit(f"{base}/headcount/correct", form)
    return answer.status_code, answer.text


def headcount(app: Portal, world: World) -> int | None:
    with app.app_context():
        number: int | None = row(Participation, world.participation["a1"]).headcount
    return number


@pytest.mark.postgres
def test_a_correction_goes_from_the_admin_to_the_executive_and_stands(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    admin, executive = client_as("agency_admin"), client_as("executive")
    assert "headcount/correct" in admin.get(base).text, "the four steps lead there"
    assert ask(admin, base, headcount="๔๘")[0] == 302
    assert headcount(app, world) == 52
    home = executive.get(f"/rounds/{world.round_id}/home").text
    assert "ยืนยันจำนวนผู้มีส่วนได้ส่วนเสียภายในที่ขอแก้ไข" in home
    page = executive.get(f"{base}/correction").text
    assert REASON in page and "จากเดิม 52 คน" in page
    sent = form_with(page, "version")
    assert executive.submit(f"{base}/correction", sent).status_code == 302
    assert headcount(app, world) == 48
    assert "ไม่มีคำขอแก้ไขที่รอท่าน" in executive.get(f"{base}/correction").text
    for person in ("agency_admin", "province", "dla"):
        status = f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}"
        assert REASON in client_as(person).get(status).text, "the history is seen"
    assert REASON not in client_as("assessor").get(status).text


def test_what_is_wrong_stands_at_its_field_and_is_kept(client_as: ClientAs, base: str) -> None:
    admin = client_as("agency_admin")
    for changed, says in (
        ({"reason": " "}, "เขียนเหตุผลที่ขอแก้ไขจำนวน"),
        ({"reason": "ก" * 1001}, "เขียนได้ไม่เกิน"),
        ({"headcount": "52"}, "ตรงกับที่ยืนยันไว้แล้ว"),
        ({"headcount": "มาก"}, "ไม่ใช่จำนวนคน"),
        ({"headcount": "5000"}, "ต่างจากหน่วยงานประเภทเดียวกันมาก"),
    ):
        status, page = ask(admin, base, **changed)
        assert (status, says in page) == (422, True), changed
        assert all(text in page for text in changed.values())
    assert ask(admin, base, version="40")[0] == 409


def test_a_declined_correction_tells_the_admin_why(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    admin, executive = client_as("agency_admin"), client_as("executive")
    ask(admin, base)
    url = f"{base}/correction/decline"
    sent = form_with(executive.get(url).text, "version")
    assert executive.submit(url, {**sent, "reason": ""}).status_code == 422
    assert executive.submit(url, {**sent, "version": "7", "reason": "นับถูกแล้ว"}).status_code == 409
    assert executive.submit(url, {**sent, "reason": "นับถูกแล้ว"}).status_code == 302
    assert "นับถูกแล้ว" in admin.get(f"{base}/headcount/correct").text
    assert headcount(app, world) == 52
    again = executive.submit(url, {**sent, "version": "2", "reason": "อีกครั้ง"})
    assert again.status_code == 422 and "อีกครั้ง" in again.text


def test_a_correction_is_taken_back_before_it_is_decided(
    app: Portal, world: World, client_as: ClientAs, base: str
) -> None:
    admin = client_as("agency_admin")
    assert admin.submit(f"{base}/headcount/correct/withdraw", {}).status_code == 404, "nothing waits"
    ask(admin, base)
    assert "ถอนคำขอแก้ไข" in admin.get(f"{base}/headcount/correct").text
    assert admin.submit(f"{base}/headcount/correct/withdraw", {}).status_code == 302
    assert client_as("executive").submit(f"{base}/correction", {"version": "1"}).status_code == 409
    assert ask(admin, base)[0] == 302, "another one can be asked for"
