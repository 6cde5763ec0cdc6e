"""Contacts at the desks: entered, looked through, kept by the back office, read by who has to call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.account import Account
from models.contact import AgencyContact, ProvinceContact
from models.participation import Participation, PreparationState
from models.place import Province
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.onboarding import PeopleSettingFactory, ProvinceContactFactory
from tests.support.client import PortalClient, client_of
from tests.support.forms import form_with
from tests.support.rosters import fill_roster
from tests.support.world import NOW, World, row

ClientAs = Callable[[str], PortalClient]
PHONE = "0 2555 0100 ต่อ 12"


def enter(client: PortalClient, world: World, agency: str = "a1", **typed: str) -> str:
    """Enter contacts; gives the page that follows."""
    page = f"/agencies/{world.agency[agency]}/contacts/edit"
    answer = client.submit(page, {"phone": PHONE, "version": "0", **typed})
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def test_an_agency_enters_its_contacts_and_reads_them_as_links(client_as: ClientAs, world: World) -> None:
    client = client_as("agency_admin")
    assert "ยังไม่มีข้อมูลติดต่อ" in client.get(client.get("/contacts").location).text
    page = enter(client, world, email="saraban@example.go.th", website="www.example.go.th", person="คุณทดลอง")
    assert 'href="tel:025550100"' in page and PHONE in page and "ตรวจแล้วเมื่อ" in page
    assert 'href="mailto:saraban@example.go.th"' in page and 'href="http://www.example.go.th"' in page


def test_a_number_that_is_not_sure_stays_as_typed_and_is_said(client_as: ClientAs, world: World) -> None:
    page = enter(client_as("executive"), world, phone="0-2555-0100-9")
    assert "0-2555-0100-9" in page and "tel:" not in page
    assert page.count("เก็บหมายเลขโทรศัพท์ตามที่พิมพ์") == 2, "once as an answer, once beside the number"


def test_each_wrong_field_is_told_and_what_was_typed_stays(client_as: ClientAs, world: World) -> None:
    typed = {"email": "saraban", "website": "ไม่มี", "line": "ไม่มี ไลน์", "person": "คุณทดลอง", "version": "0"}
    answer = client_as("agency_admin").submit(f"/agencies/{world.agency['a1']}/contacts/edit", typed)
    assert answer.status_code == 422
    for words in (
        "name@example.go.th",
        "https://www.example.go.th",
        "line.me",
        *(text for text in typed.values() if text != "0"),
    ):
        assert words in answer.text


def test_looking_through_is_one_press_and_leads_home_after_activation(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    enter(client_as("dla"), world)
    client = client_as("executive")
    page = client.get("/contacts/review")
    assert page.location == f"/agencies/{world.agency['a1']}/contacts?then=home"
    shown = client.get(page.location).text
    assert "ยังไม่ได้ตรวจ" in shown and "ตรวจแล้ว ถูกต้อง" in shown
    answer = client.submit(f"/agencies/{world.agency['a1']}/contacts/right?then=home", {"version": "1"})
    assert answer.location == "/"
    with app.app_context():
        assert row(AgencyContact, 1).reviewed_by_id == world.account["executive"]
        name = row(Account, world.account["executive"]).name
    of_country = client_as("dla").get(f"/agencies/{world.agency['a1']}/contacts").text
    assert "ผู้ตรวจ" in of_country and name in of_country


def test_after_activation_an_agency_without_contacts_enters_them(client_as: ClientAs, world: World) -> None:
    client = client_as("agency_admin")
    page = client.get("/contacts/review").location
    assert page == f"/agencies/{world.agency['a1']}/contacts/edit?then=home"
    answer = client.submit(page, {"phone": PHONE, "version": "0"})
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("person", "leads_to"),
    [("province", "/contacts/offices/{52}"), ("assessor", "/"), ("dla", "/")],
)
def test_others_are_led_on_after_activation(
    client_as: ClientAs, world: World, person: str, leads_to: str
) -> None:
    location = client_as(person).get("/contacts/review").location
    assert location == leads_to.replace("{52}", str(world.province["52"]))


def test_the_contacts_that_changed_meanwhile_are_not_called_right(client_as: ClientAs, world: World) -> None:
    client = client_as("agency_admin")
    enter(client, world)
    enter(client_as("dla"), world, version="1", person="คนใหม่")
    answer = client.submit(f"/agencies/{world.agency['a1']}/contacts/right", {"version": "1"})
    assert answer.status_code == 409 and "คนใหม่" in answer.text


@pytest.mark.parametrize(("person", "status"), [("agency_admin_other", 404), ("assessor_other", 404)])
def test_contacts_of_others_are_not_there(
    client_as: ClientAs, world: World, person: str, status: int
) -> None:
    client = client_as(person)
    assert client.get(f"/agencies/{world.agency['a1']}/contacts").status_code == status
    assert client.get(f"/agencies/{world.agency['a1']}/contacts/edit").status_code == status


def test_an_assessor_reads_and_does_not_write(client_as: ClientAs, world: World) -> None:
    enter(client_as("agency_admin"), world)
    client = client_as("assessor")
    page = client.get(f"/agencies/{world.agency['a1']}/contacts")
    assert PHONE in page.text and "แก้ไขข้อมูลติดต่อ" not in page.text
    assert client.get(f"/agencies/{world.agency['a1']}/contacts/edit").status_code == 404


def test_a_province_says_whom_its_agencies_call(app: Portal, client_as: ClientAs, world: World) -> None:
    client = client_as("province")
    page = client.get("/contacts").location
    assert page == f"/contacts/offices/{world.province['52']}"
    assert client.submit(page, {"phone": "๐ ๒๕๕๕ ๐๑๙๙", "person": "คุณท้องถิ่น", "version": "0"}).location == "/"
    with app.app_context():
        assert row(ProvinceContact, 1).phone == "025550199"
    assert client.get(f"/contacts/offices/{world.province['81']}").status_code == 404
    offices = client_as("dla").get("/contacts/offices").text
    assert "0 2555 0199" in offices and "1 จังหวัดยังไม่ได้กรอกข้อมูลติดต่อ" in offices


def test_lists_and_pages_of_agencies_say_how_each_is_reached(client_as: ClientAs, world: World) -> None:
    enter(client_as("dla"), world, email="saraban@example.go.th", person="คุณทดลอง")
    dla = client_as("dla")
    listed, one = (
        dla.get("/admin/agencies/").text,
        dla.get(f"/admin/agencies/details/?id={world.agency['a1']}").text,
    )
    assert PHONE in listed and PHONE in one and "saraban@example.go.th" in one and "คุณทดลอง" in one
    assert f"/agencies/{world.agency['a1']}/contacts" in one
    file = dla.get("/admin/agencies/export/csv/").get_data(as_text=True)
    assert f"{PHONE},saraban@example.go.th,คุณทดลอง" in file


def test_status_says_whom_to_call_at_each_agency(client_as: ClientAs, world: World) -> None:
    enter(client_as("province"), world, email="saraban@example.go.th", person="คุณทดลอง")
    client = client_as("province")
    page = client.get(f"/rounds/{world.round_id}/status/provinces/{world.province['52']}").text
    assert 'href="tel:025550100"' in page
    one = client.get(f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}").text
    assert 'href="tel:025550100"' in one and "คุณทดลอง" in one
    other = client.get(f"/rounds/{world.round_id}/status/agencies/{world.participation['a2']}").text
    assert "ยังไม่มีข้อมูลติดต่อ" in other


def test_whoever_needs_help_reads_whom_to_call(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    client = client_of(app)
    assert "ต้องการความช่วยเหลือ" not in client.get("/sign-in").text, "nobody is named yet"
    make(PeopleSettingFactory, help_name="กลุ่มงานทดลอง", help_phone="025550101")
    with app.app_context():
        lampang = row(Province, world.province["52"])
    make(ProvinceContactFactory, province=lampang, phone="025550199")
    for page in ("/sign-in", "/activate"):
        assert "กลุ่มงานทดลอง" in client.get(page).text
    admin = client_as("agency_admin")
    lost = admin.get("/rounds/999/home")
    assert lost.status_code == 404 and 'href="tel:025550199"' in lost.text
    assert "ท้องถิ่นจังหวัดลำปาง" in admin.get(f"/rounds/{world.round_id}/home").text
    assert "กลุ่มงานทดลอง" in client_as("agency_admin_other").get(f"/rounds/{world.round_id}/home").text


def test_a_respondent_is_told_no_office_s_number(app: Portal, make: Make) -> None:
    make(PeopleSettingFactory, help_name="กลุ่มงานทดลอง", help_phone="025550101")
    assert "กลุ่มงานทดลอง" not in client_of(app).get("/s/nothing").text


def test_who_confirms_the_data_has_looked_through_the_contacts(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    fill_roster(app, world, "a1", people=2, confirmed=False)
    with app.app_context(), writing(), privileged("a test sends the data") as session:
        sent = session.get_one(Participation, world.participation["a1"])
        sent.headcount, sent.headcount_at, sent.activated_at = 40, NOW, NOW
        sent.state, sent.submitted_at = PreparationState.SUBMITTED, NOW
    enter(client_as("dla"), world)
    executive = client_as("executive")
    page = f"/rounds/{world.round_id}/preparation/confirm"
    shown = executive.get(page).text
    assert 'href="tel:025550100"' in shown and "ยังไม่ได้ตรวจ" in shown
    assert "ตรวจข้อมูลและข้อมูลติดต่อของหน่วยงานแล้ว" in shown
    fields = form_with(shown, "row_version")
    enter(client_as("dla"), world, version="1", phone="0 2555 0177")
    changed = executive.submit(page, {**fields, "confirm": "1"})
    assert changed.status_code == 409 and "0 2555 0177" in changed.text
    assert (
        executive.submit(page, {**form_with(changed.text, "row_version"), "confirm": "1"}).status_code == 302
    )
    with app.app_context():
        assert row(AgencyContact, 1).reviewed_by_id == world.account["executive"]
        assert row(Participation, world.participation["a1"]).is_confirmed
