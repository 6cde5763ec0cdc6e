"""Screens of changes of agencies: described, looked at, confirmed, undone, listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeState, PartSide
from models.round import Round, RoundState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.changes import change_of, district_id, drafted, made, merged, renewed, split
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.furniture import furnish
from tests.support.world import World, row

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
LIST = "/admin/agency-changes"
LATER = date(2018, 12, 1)


@pytest.fixture
def dla(client_as: ClientAs) -> PortalClient:
    return client_as("dla")


def url(world: World, key: str, sort: str) -> str:
    return f"/admin/agencies/{world.agency[key]}/change/{sort}"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def filled(dla: PortalClient, at: str, **more: str) -> dict[str, str]:
    said = {"holds_from": "9 พ.ย. 2561", "rests_on": "ประกาศ มท. ที่ ๑/๒๕๖๑"}
    return form_with(dla.get(at).text, "holds_from") | said | more


def stored(app: Portal) -> AgencyChange:
    with app.app_context(), privileged("a test looks") as session:
        key = session.scalars(select(AgencyChange.id)).one()
        return change_of(key)


def test_an_upgrade_from_the_agency_s_page_to_the_register(
    app: Portal, dla: PortalClient, world: World
) -> None:
    page = dla.get(f"/admin/agencies/details/?id={world.agency['a2']}").text
    (at,) = re.findall(r'href="(/admin/agencies/\d+/change/renewed)"', page)
    sent = filled(dla, at)
    assert (sent["name"], sent["kind"], sent["code"]) == ("ท่าผา", "sao", "06520402")
    answer = dla.submit(at, sent | {"kind": "subdistrict", "code": "๐๕๕๒๐๔๐๒"})
    assert answer.status_code == 302, plain(answer.text)
    shown = plain(dla.get(answer.location).text)
    assert "อบต.ท่าผา → ทต.ท่าผา" in shown
    assert "06520402 → 05520402" in shown
    assert "ดำเนินการต่อในชื่อนี้" in shown
    asked = dla.get(f"{answer.location}/confirm").text
    assert "เปลี่ยนแปลงทะเบียน" in asked
    assert dla.submit(f"{answer.location}/confirm", form_with(asked, "seen")).status_code == 302
    assert row_of(app, world, "a2").full_name == "เทศบาลตำบลท่าผา"
    assert stored(app).rests_on == "ประกาศ มท. ที่ 1/2561" or "๑" in stored(app).rests_on
    assert "มีผลในทะเบียนแล้ว" in dla.get(LIST).text


def row_of(app: Portal, world: World, key: str) -> Agency:
    with app.app_context():
        found: Agency = row(Agency, world.agency[key])
        return found


def test_a_merge_with_one_more_row_and_into_a_new_one(app: Portal, dla: PortalClient, world: World) -> None:
    at = url(world, "a1", "merged")
    sent = filled(dla, at, name="เกาะคาท่าผา", into="") | {"others-1-agency": str(world.agency["a2"])}
    more = dla.submit(at, sent | {"do": "more"})
    assert more.status_code == 200
    kept = form_with(more.text, "holds_from")
    assert kept["name"] == "เกาะคาท่าผา" and kept["others-1-agency"] == str(world.agency["a2"])
    assert "others-2-agency" in kept
    answer = dla.submit(at, kept)
    assert answer.status_code == 302
    edit = dla.get(f"{answer.location}/edit").text
    assert form_with(edit, "name")["others-0-agency"] == str(world.agency["a2"])
    assert form_with(edit, "name")["name"] == "เกาะคาท่าผา"


def test_a_split_says_what_is_wrong_at_its_row(app: Portal, dla: PortalClient, world: World) -> None:
    at = url(world, "a1", "split")
    empty = dla.submit(at, filled(dla, at))
    assert empty.status_code == 422 and 'href="#made-0-name"' in empty.text
    wrong = dla.submit(at, filled(dla, at) | {"made-1-name": "ใหม่", "made-1-code": "12"})
    assert wrong.status_code == 422
    assert 'href="#made-1-code"' in wrong.text and 'value="ใหม่"' in wrong.text
    answer = dla.submit(at, filled(dla, at) | {"made-1-name": "ใหม่"})
    assert answer.status_code == 302
    shown = dla.get(f"{answer.location}/edit").text
    assert form_with(shown, "rests_on")["made-0-name"] == "ใหม่"


@pytest.mark.parametrize("sort", ["renewed", "merged", "split"])
def test_an_empty_form_names_every_field(dla: PortalClient, world: World, sort: str) -> None:
    at = url(world, "a1", sort)
    answer = dla.submit(at, form_with(dla.get(at).text, "holds_from") | {"name": "", "district": "9x"})
    assert answer.status_code == 422
    assert 'href="#holds_from"' in answer.text and 'href="#rests_on"' in answer.text


def test_a_draft_is_edited_by_one_at_a_time(
    app: Portal, client_as: ClientAs, dla: PortalClient, world: World
) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", split(world, "a1", "เหนือ", "ใต้", "กลาง"))
    at, other = f"{LIST}/{change_id}/edit", client_as("dla")
    first, second = (form_with(client.get(at).text, "rests_on") for client in (dla, other))
    assert first["made-2-name"] == "กลาง"
    assert dla.submit(at, first | {"rests_on": "คำสั่งหนึ่ง"}).status_code == 302
    told = other.submit(at, second | {"rests_on": "คำสั่งสอง"})
    assert told.status_code == 409 and "คำสั่งสอง" in told.text
    again = form_with(told.text, "rests_on")
    assert other.submit(at, again).status_code == 302
    assert stored(app).rests_on == "คำสั่งสอง"


def test_a_later_day_is_confirmed_and_taken_back_and_thrown_away(
    app: Portal, dla: PortalClient, world: World
) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", into="a2", day=LATER))
    at = f"{LIST}/{change_id}"
    asked = dla.get(f"{at}/confirm").text
    assert "1 ธันวาคม 2561" in plain(asked)
    assert dla.submit(f"{at}/confirm", form_with(asked, "seen")).status_code == 302
    assert stored(app).state is ChangeState.SET
    assert "ถอนกลับเป็นฉบับร่าง" in dla.get(at).text or "take-back" in dla.get(at).text
    assert dla.submit(f"{at}/confirm", {"seen": "x"}).status_code == 409
    assert dla.submit(f"{at}/take-back").status_code == 302
    assert stored(app).state is ChangeState.DRAFT
    assert "ลบฉบับร่าง" in dla.get(f"{at}/discard").text
    assert dla.submit(f"{at}/discard").status_code == 302
    assert dla.get(at).status_code == 404


def test_a_change_is_undone_with_its_reason(app: Portal, dla: PortalClient, world: World) -> None:
    with app.app_context():
        change_id = made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
    at = f"{LIST}/{change_id}/undo"
    assert dla.submit(at, {"reason": " "}).status_code == 422
    assert dla.submit(at, {"reason": "ประกาศถูกเพิกถอน"}).status_code == 302
    assert row_of(app, world, "a1").active
    assert "ประกาศถูกเพิกถอน" in dla.get(f"{LIST}/{change_id}").text
    again = dla.submit(at, {"reason": "อีกครั้ง"})
    assert again.status_code == 422 and "ยกเลิกแล้วเมื่อ" in again.text


def test_the_page_says_what_each_agency_has_in_rounds(app: Portal, dla: PortalClient, world: World) -> None:
    furnish(app, world)
    with app.app_context():
        change_id = made_of(world)
    page = plain(dla.get(f"{LIST}/{change_id}").text)
    assert re.search(r"IIT 7|EIT 7", page)
    assert "ITA" in page or "2561" in page
    assert "มีผลการประเมินแล้ว" in page


def made_of(world: World) -> int:
    with privileged("a test clears what the furniture drafted") as session:
        for one in session.scalars(select(AgencyChange)):
            session.delete(one)
    return drafted(world, "a1", merged(world, "a1", into="a2"))


def test_the_page_of_an_agency_tells_where_it_came_from(
    app: Portal, client_as: ClientAs, dla: PortalClient, world: World
) -> None:
    with app.app_context():
        made(world, "a1", merged(world, "a1", into="a2"))
    for person in ("dla", "nacc", "province"):
        old = client_as(person).get(f"/admin/agencies/details/?id={world.agency['a1']}").text
        new = client_as(person).get(f"/admin/agencies/details/?id={world.agency['a2']}").text
        assert "การเปลี่ยนแปลงของหน่วยงานนี้" in old and "การเปลี่ยนแปลงของหน่วยงานนี้" in new
        assert f"/admin/agencies/details/?id={world.agency['a1']}" in new
    assert "change/renewed" not in dla.get(f"/admin/agencies/details/?id={world.agency['a1']}").text


def test_the_successor_s_page_leads_to_results_of_those_it_came_from(
    app: Portal, client_as: ClientAs, dla: PortalClient, world: World
) -> None:
    furnish(app, world)
    with app.app_context(), writing(), privileged("a test opens the round") as session:
        for one in session.scalars(select(AgencyChange)):
            session.delete(one)
        session.get_one(Round, world.round_id).state = RoundState.OPENED
    with app.app_context():
        change_id = made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
        (new,) = (part.agency_id for part in change_of(change_id).on(PartSide.MADE))
    page = dla.get(f"/admin/agencies/details/?id={new}").text
    for key in ("a1", "a2"):
        assert f"/rounds/{world.round_id}/results/agencies/{world.participation[key]}" in page
    shown = dla.get(f"{LIST}/{change_id}").text
    assert "ผลการประเมินคงอยู่ในชื่อนี้" in shown


def test_a_form_of_an_agency_that_waits_leads_to_its_change(
    app: Portal, dla: PortalClient, world: World
) -> None:
    with app.app_context():
        change_id = drafted(world, "a2", renewed(world, "a2", "ท่าผา"))
    assert f'href="{LIST}/{change_id}"' in dla.get(url(world, "a2", "split")).text
    assert f'href="{LIST}/{change_id}"' not in dla.get(url(world, "a1", "split")).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 2),
        ({"q": "ท่าผา"}, 1),
        ({"state": "draft"}, 1),
        ({"sort": "merged"}, 0),
        ({"sort": "x", "state": "y", "province": "z"}, 2),
    ],
)
def test_the_list_is_searched_and_its_file_follows(
    app: Portal, dla: PortalClient, world: World, query: dict[str, str], found: int
) -> None:
    with app.app_context():
        made(world, "a2", renewed(world, "a2", "ท่าผา"))
        drafted(world, "b2", renewed(world, "b2", "เขาพนมใหม่", district=district_id("8102")))
    page = dla.get(LIST, query_string=query).text
    file = dla.get(f"{LIST}.csv", query_string=query).get_data(as_text=True)
    assert page.count('<th scope="row"') == found
    assert len(file.strip().splitlines()) - 1 == found
    assert ("ไม่พบรายการตามที่ค้นหา" in page) is (found == 0)


def test_who_does_not_write_the_register_reads_alone(app: Portal, client_as: ClientAs, world: World) -> None:
    with app.app_context():
        change_id = drafted(world, "a2", renewed(world, "a2", "ท่าผา"))
    for person in ("nacc", "province"):
        client = client_as(person)
        assert client.get(f"{LIST}/{change_id}").status_code == 200
        assert f"{LIST}/{change_id}" in client.get(LIST).text
        for at in ("edit", "confirm", "undo", "discard"):
            assert client.get(f"{LIST}/{change_id}/{at}").status_code in (403, 404)
        assert client.get(url(world, "a1", "split")).status_code in (403, 404)
    other = client_as("province_other")
    assert other.get(f"{LIST}/{change_id}").status_code == 404
    assert "ยังไม่มีการเปลี่ยนแปลงหน่วยงาน" in other.get(LIST).text
