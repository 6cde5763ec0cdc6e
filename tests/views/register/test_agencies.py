"""Agencies and places at the back office's desk."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models.agency import Agency
from models.audit import AuditEvent
from models.place import District, Province
from portal.core.database.session import privileged, writing
from tests.factories.base import Make
from tests.factories.places import AgencyFactory
from tests.support import world as worlds
from tests.support.statements import asked

pytestmark = pytest.mark.postgres


@pytest.fixture
def districts(app: Any) -> dict[str, int]:
    """Ids of the districts by their codes."""
    with app.app_context(), privileged("a test looks") as session:
        return {row.code: row.id for row in session.scalars(select(District))}


def fields(place: int, **changes: str) -> dict[str, str]:
    return {
        "name": "ศาลา",
        "kind": "sao",
        "code": "06520499",
        "district": str(place),
        "size": "S",
        "active": "y",
    } | changes


def find(app: Any, name: str) -> Any:
    with app.app_context(), privileged("a test looks") as session:
        row = session.scalar(select(Agency).where(Agency.name == name))
        if row is not None:
            session.expunge(row)
        return row


def test_an_agency_is_added_with_what_follows_from_it(
    app: Any, client_as: Any, world: worlds.World, districts: dict[str, int]
) -> None:
    client = client_as("dla")
    answer = client.submit(
        "/admin/agencies/new/",
        fields(districts["5204"], name=" องค์การบริหารส่วนตำบลศาลา ", code="๐๖๕๒๐๔๙๙"),
    )
    assert answer.status_code == 302, answer.text
    row = find(app, "ศาลา")
    assert (row.code, row.full_name) == ("06520499", "องค์การบริหารส่วนตำบลศาลา")
    assert row.province_id == world.province["52"] and row.sort_key
    with app.app_context(), privileged("a test looks") as session:
        query = select(AuditEvent).where(AuditEvent.thing == "agency", AuditEvent.row == str(row.id))
        event = session.scalars(query).one()
        assert event.act == "agencies.create" and event.chain == f"agency:{row.id}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "0652049"}, "รหัสต้องมี 8 หลัก ขณะนี้มี 7 หลัก"),
        ({"code": "06520402"}, ""),
        ({"name": ""}, ""),
        ({"name": "องค์การบริหารส่วนตำบล"}, "กรอกชื่อเฉพาะ"),
        ({"kind": "nothing"}, ""),
        ({"district": "999999"}, ""),
    ],
    ids=["short code", "taken code", "no name", "kind only", "no such kind", "no such district"],
)
def test_what_was_typed_stays_on_the_form(
    app: Any, client_as: Any, districts: dict[str, int], changes: dict[str, str], words: str
) -> None:
    sent = fields(districts["5204"], **changes)
    answer = client_as("dla").submit("/admin/agencies/new/", sent)
    assert answer.status_code == 422
    assert f'value="{sent["code"]}"' in answer.text and words in answer.text
    assert find(app, "ศาลา") is None


def test_an_agency_without_an_account_says_so_without_code_words(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    page = client_as("dla").get(f"/admin/agencies/edit/?id={world.agency['b2']}").text
    assert ">None<" not in page
    assert "<dd>–</dd>" in page


def test_an_agency_moves_to_another_province_with_its_district(
    app: Any, client_as: Any, world: worlds.World, districts: dict[str, int]
) -> None:
    key = world.agency["a2"]
    answer = client_as("dla").submit(
        f"/admin/agencies/edit/?id={key}", fields(districts["8101"], name="ท่าผา", code="06520402")
    )
    assert answer.status_code == 302
    with app.app_context():
        assert worlds.row(Agency, key).province_id == world.province["81"]


def test_a_used_agency_is_not_deleted_but_taken_out_of_use(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    client, key = client_as("dla"), world.agency["a1"]
    assert client.get(f"/admin/agencies/delete/?id={key}").status_code == 200
    refused = client.submit("/admin/agencies/delete/", {"id": str(key), "confirm": "1"})
    assert refused.status_code == 409
    asked = client.submit("/admin/agencies/action/", {"action": "deactivate", "rowid": [str(key)]})
    assert asked.status_code == 200
    done = client.submit(
        "/admin/agencies/action/", {"action": "deactivate", "rowid": [str(key)], "confirm": "1"}
    )
    assert done.status_code == 302
    with app.app_context():
        assert worlds.row(Agency, key).active is False
    client.submit("/admin/agencies/action/", {"action": "activate", "rowid": [str(key)]})
    with app.app_context():
        assert worlds.row(Agency, key).active is True


def test_the_nacc_reads_and_writes_nothing(client_as: Any, world: worlds.World) -> None:
    client, key = client_as("nacc"), world.agency["a1"]
    assert client.get(f"/admin/agencies/details/?id={key}").status_code == 200
    for address in ("/admin/agencies/new/", f"/admin/agencies/edit/?id={key}", "/admin/provinces/new/"):
        assert client.get(address).status_code == 404
        assert client.submit(address, {"name": "x"}).status_code == 404
    assert (
        client.submit("/admin/agencies/action/", {"action": "deactivate", "rowid": str(key)}).status_code
        == 404
    )


def test_places_are_kept(app: Any, client_as: Any, world: worlds.World, districts: dict[str, int]) -> None:
    client = client_as("dla")
    made = client.submit(
        "/admin/provinces/new/",
        {"code": "50", "name": "จังหวัดเชียงใหม่", "name_en": "Chiang Mai", "region": "เหนือ"},
    )
    assert made.status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        province = session.scalars(select(Province).where(Province.code == "50")).one()
        key, name, order = province.id, province.name, province.sort_key
    assert name == "เชียงใหม่" and order.startswith("ช")
    new = {"code": "5001", "name": "อำเภอเมืองเชียงใหม่", "province": str(key)}
    assert client.submit("/admin/districts/new/", new).status_code == 302
    moved = {"code": "5204", "name": "เกาะคา", "province": str(key)}
    refused = client.submit(f"/admin/districts/edit/?id={districts['5204']}", moved)
    assert refused.status_code == 422 and "ย้ายหน่วยงานก่อน" in refused.text
    with app.app_context(), privileged("a test looks") as session:
        count = select(func.count(District.id)).where(District.province_id == key)
        assert session.scalar(count) == 1


def test_the_list_of_provinces_counts_agencies_in_use(app: Any, client_as: Any, world: worlds.World) -> None:
    with app.app_context(), writing(), privileged("a test takes one out of use") as session:
        session.get_one(Agency, world.agency["a2"]).active = False
    page = client_as("dla").get("/admin/provinces/").text
    rows = {name: page.split(name)[2].split("</tr>")[0] for name in ("ลำปาง", "กระบี่")}
    assert ">1<" in rows["ลำปาง"] and ">2<" in rows["กระบี่"]


@pytest.mark.parametrize(
    ("person", "people", "changes"), [("dla", True, True), ("nacc", False, True), ("province", True, False)]
)
def test_beside_an_agency_stands_what_the_reader_may_know_of_it(
    client_as: Any, world: worlds.World, person: str, people: bool, changes: bool
) -> None:
    key = world.agency["a1"]
    client_as("dla").submit("/admin/agencies/action/", {"action": "activate", "rowid": [str(key)]})
    sent = {"action": "deactivate", "rowid": [str(key)], "confirm": "1"}
    client_as("dla").submit("/admin/agencies/action/", sent)
    page = client_as(person).get(f"/admin/agencies/details/?id={key}").text
    assert ("ผู้ใช้ทดลอง executive" in page) is people
    assert ("แก้ไขล่าสุด" in page) is changes
    assert "0 จาก 4" in page


def test_a_new_agency_has_nobody_and_no_round(client_as: Any, make: Make) -> None:
    page = client_as("dla").get(f"/admin/agencies/edit/?id={make(AgencyFactory).id}").text
    assert "ยังไม่เข้ารอบ" in page and "แก้ไขล่าสุด" not in page


def test_a_row_of_the_list_costs_no_query(app: Any, client_as: Any, make: Any, world: worlds.World) -> None:
    client = client_as("dla")
    client.get("/admin/agencies/")
    with asked(app) as before:
        client.get("/admin/agencies/")
    for number in range(5):
        make(AgencyFactory, name=f"ที่ {number}")
    with asked(app) as after:
        client.get("/admin/agencies/")
    assert len(after) == len(before)
