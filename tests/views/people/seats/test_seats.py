"""Who sits at the desks, on their pages: named to act, handed over, taken back, and said where shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Account, Capacity, Grant
from models.participation import Participation, PreparationState
from portal.core.database.session import privileged, writing
from tests.support.client import PortalClient, client_of
from tests.support.forms import form_with
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
PERSON = {"name": "นางรักษา ทดลอง", "position": "ปลัดเทศบาล", "phone": "", "email": "", "username": ""}
ACTING = PERSON | {
    "capacity": "acting",
    "order_number": "๑๒๓/๒๕๖๑",
    "first": "9 พ.ย. 2561",
    "last": "๓๐/๑๑/๒๕๖๑",
}
HANDED = PERSON | {"name": "นายรับ ทดลอง", "first": "1 ธ.ค. 2561"}


def appointed(app: Any) -> Grant:
    """The right of who was named last."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(Grant).where(Grant.capacity != Capacity.HOLDER).order_by(Grant.id.desc())
        found = session.scalars(query).first()
        assert found is not None
        session.expunge_all()
        return found


def activated(app: Any, account_id: int) -> PortalClient:
    """The person of an account, signed in."""
    with app.app_context(), writing(), privileged("activated") as session:
        session.get_one(Account, account_id).activated_at = NOW
    client = client_of(app)
    client.sign_in_as(account_id)
    return client


def submitted(app: Any, world: World) -> None:
    with app.app_context(), writing(), privileged("handed in") as session:
        one = session.get_one(Participation, world.participation["a1"])
        one.activated_at = one.headcount_at = one.roster_at = one.submitted_at = NOW
        one.headcount, one.roster_count, one.state = 40, 2, PreparationState.SUBMITTED


def plain(client: PortalClient, address: str) -> str:
    text: str = client.get(address).text.replace("\N{NO-BREAK SPACE}", " ")
    return text


def test_who_acts_confirms_and_every_page_says_so(app: Any, client_as: ClientAs, world: World) -> None:
    executive, home = client_as("executive"), f"/rounds/{world.round_id}"
    submitted(app, world)
    assert "/desks/own" in executive.get(f"{home}/home").text
    made = executive.submit("/desks/own/appoint", ACTING)
    assert made.status_code == 302 and made.location == "/desks/own"
    page = plain(executive, "/desks/own")
    assert "นางรักษา ทดลอง" in page and "9 พ.ย. 2561 ถึง 30 พ.ย. 2561" in page and "คำสั่งที่ 123/2561" in page
    assert "รอรหัส" in page
    named = "ผู้ใช้ทดลอง executive (ผู้บริหาร), นางรักษา ทดลอง (รักษาการ ถึง 30 พ.ย. 2561)"
    assert named in plain(client_as("agency_admin"), f"{home}/preparation")
    acting = activated(app, appointed(app).account_id)
    assert "ผู้บริหาร (รักษาการ)" in acting.get(f"{home}/home").text, "the frame says so"
    sent = form_with(acting.get(f"{home}/preparation/confirm").text, "version") | {"confirm": "1"}
    assert acting.submit(f"{home}/preparation/confirm", sent).status_code == 302
    for who in ("executive", "agency_admin"):
        room = f"{home}/preparation" + ("/confirm" if who == "executive" else "")
        assert "ยืนยันโดย นางรักษา ทดลอง (รักษาการ)" in plain(client_as(who), room)


@pytest.mark.parametrize("who", ["agency_admin", "assessor", "nacc"])
def test_the_admin_has_no_way_to_name_who_acts(app: Any, client_as: ClientAs, world: World, who: str) -> None:
    client = client_as(who)
    assert "appoint" not in client.get("/desks/own").text
    for address in ("/desks/own/appoint", f"/agencies/{world.agency['a1']}/desks/appoint"):
        assert client.get(address).status_code == 404
        assert client.submit(address, ACTING).status_code == 404
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(Grant).where(Grant.capacity != Capacity.HOLDER)).all() == []


@pytest.mark.parametrize(
    ("who", "agency", "status"),
    [
        ("province", "a1", 302),
        ("province", "b1", 404),
        ("dla", "b1", 302),
        ("executive", "a1", 302),
        ("executive", "b1", 404),
        ("executive_other", "a1", 404),
    ],
)
def test_an_agency_by_its_number_is_ones_own_or_not_there(
    client_as: ClientAs, world: World, who: str, agency: str, status: int
) -> None:
    client, base = client_as(who), f"/agencies/{world.agency[agency]}/desks"
    assert client.submit(f"{base}/appoint", ACTING).status_code == status
    assert client.get(base).status_code == (200 if status == 302 else 404)


def test_what_was_typed_stays_with_the_reason_at_its_field(client_as: ClientAs) -> None:
    client = client_as("executive")
    page = client.submit("/desks/own/appoint", ACTING | {"last": "8 พ.ย. 2561", "name": "นางพิมพ์ ไว้"})
    assert page.status_code == 422
    assert "วันสุดท้ายอยู่ก่อนวันเริ่ม" in page.text and "นางพิมพ์ ไว้" in page.text
    empty = client.submit("/desks/own/appoint", dict.fromkeys(ACTING, ""))
    assert empty.status_code == 422
    for words in ("เลือกว่าเป็นผู้รักษาการหรือรองฯ", "กรอกเลขที่คำสั่ง", "กรอกวันแรก"):
        assert words in empty.text


def test_a_desk_is_handed_over_and_taken_back(app: Any, client_as: ClientAs, world: World) -> None:
    admin, own = client_as("agency_admin"), f"/desks/rights/{world.grant['agency_admin']}/hand-over"
    assert own in admin.get("/desks/own").text
    assert "ก่อนถึงวันนั้นยังยกเลิกได้" in admin.get(own).text
    assert admin.submit(own, HANDED).status_code == 302
    page = plain(admin, "/desks/own")
    assert "นายรับ ทดลอง รับหน้าที่ต่อวันที่ 1 ธ.ค. 2561" in page and own not in page
    with app.app_context(), privileged("a test looks") as session:
        query = select(Grant.id).where(Grant.follows_id == world.grant["agency_admin"])
        new = session.scalars(query).one()
    assert "นายรับ ทดลอง" in client_as("province").get(f"/rounds/{world.round_id}/home").text, "told"
    back = f"/desks/rights/{new}/undo"
    assert "ยังทำหน้าที่ต่อไป" in admin.get(back).text
    assert admin.submit(back, {}).status_code == 302
    assert "นายรับ ทดลอง" not in admin.get("/desks/own").text
    assert admin.submit(back, {}).status_code == 404


def test_an_appointment_is_ended_after_a_question(app: Any, client_as: ClientAs, world: World) -> None:
    executive = client_as("executive")
    executive.submit("/desks/own/appoint", ACTING)
    address = f"/desks/rights/{appointed(app).id}/end"
    assert "พ้นจากสิทธินี้ทันที" in executive.get(address).text
    assert client_as("agency_admin").submit(address, {}).status_code == 404
    acting = activated(app, appointed(app).account_id)
    assert acting.get(f"/rounds/{world.round_id}/home").status_code == 200
    assert executive.submit(address, {}).status_code == 302
    assert acting.get(f"/rounds/{world.round_id}/home").status_code == 302, "out with the next click"


def test_a_province_issues_the_code_of_who_waits_and_an_agency_does_not(
    app: Any, client_as: ClientAs, world: World
) -> None:
    client_as("executive").submit("/desks/own/appoint", ACTING)
    code = f"/admin/accounts/{appointed(app).account_id}/code"
    page = f"/agencies/{world.agency['a1']}/desks"
    for who, there in (("province", True), ("dla", True), ("executive", False), ("agency_admin", False)):
        client = client_as(who)
        assert (code in client.get(page).text) is there
        assert client.get(code).status_code == (200 if there else 404)


def test_a_provincial_office_names_who_acts_for_its_own_staff(
    app: Any, client_as: ClientAs, world: World
) -> None:
    province = client_as("province")
    assert province.submit("/desks/own/appoint", ACTING).status_code == 302
    assert "รักษาการ" in province.get("/desks/own").text
    grant = appointed(app)
    assert (grant.province_id, grant.agency_id) == (world.province["52"], None)
    home = activated(app, grant.account_id).get(f"/rounds/{world.round_id}/home")
    assert home.status_code == 200


def test_an_office_of_the_country_chooses_an_agency_first(client_as: ClientAs) -> None:
    dla = client_as("dla")
    for address in ("/desks/own", "/desks/own/appoint"):
        assert dla.get(address).location == "/admin/agencies/"


def test_the_back_office_gives_a_right_with_days_and_an_order(
    app: Any, client_as: ClientAs, world: World
) -> None:
    dla, address = client_as("dla"), f"/admin/accounts/{world.account['province']}/rights"
    field = form_with(dla.get(address).text, "capacity")
    assert field["capacity"] == "holder"
    given = field | {"role": "province", "province": str(world.province["52"]), "capacity": "deputy"}
    missing = dla.submit(address, given)
    assert missing.status_code == 422 and "กรอกวันสุดท้าย" in missing.text
    given |= {"first": "๒๐ พ.ย. ๒๕๖๑", "last": "30/11/2561", "order_number": "9/2561"}
    again = dla.submit(address, given)
    assert again.status_code == 422 and "บุคคลนี้มีสิทธินี้แล้ว" in again.text, "the same right twice"
    dla.submit(f"{address}/{world.grant['province']}/end", {})
    assert dla.submit(address, given).status_code == 302
    page = plain(dla, address)
    assert "ยังไม่เริ่ม" in page and "30 พ.ย. 2561" in page and "คำสั่งที่ 9/2561" in page


def test_the_back_office_does_the_same_for_a_provincial_office(
    app: Any, client_as: ClientAs, world: World
) -> None:
    dla, page = client_as("dla"), f"/provinces/{world.province['52']}/desks"
    assert page in dla.get(f"/rounds/{world.round_id}/status/provinces/{world.province['52']}").text
    assert dla.submit(f"{page}/appoint", ACTING).location == page
    assert f"/admin/accounts/{appointed(app).account_id}/code" in dla.get(page).text
    handed = dla.submit(f"/desks/rights/{world.grant['province']}/hand-over", HANDED)
    assert handed.location == page and "นายรับ ทดลอง" in dla.get(page).text
    for who in ("province_other", "executive", "nacc"):
        assert client_as(who).get(page).status_code == 404
        assert client_as(who).submit(f"{page}/appoint", ACTING).status_code == 404
