"""OIT screens: forms that keep what was typed, stale pages, scopes, no rows made by reading."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models.disclosure import Disclosure, DisclosureState, Review
from models.instrument import OitItem
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.disclosure.review import return_disclosure
from tests.support.checklists import (
    answer_at,
    ask_only,
    begin,
    bring_to,
    confirm_preparation,
    first_item,
    mark,
    own,
    stored,
)
from tests.support.client import PortalClient
from tests.support.statements import asked
from tests.support.world import World, acting_as

S = DisclosureState
ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres


def base(world: World) -> str:
    """Where the round's pages lie."""
    return f"/rounds/{world.round_id}"


def item_of(app: Portal, world: World, place: int = 0) -> int:
    """An item's id."""
    with app.app_context(), acting_as(world.actor("nacc")):
        return first_item(world, place)


def version_in(page: str) -> str:
    """The first version that a page carries in a hidden field."""
    for tag in re.findall(r"<input[^>]*>", page):
        if 'name="version"' in tag:
            return re.search(r'value="(\d+)"', tag)[1]  # type: ignore[index]
    raise AssertionError("the page carries no version")


def test_reading_every_page_makes_no_rows(app: Portal, world: World, client_as: ClientAs) -> None:
    item = item_of(app, world)
    one = world.participation["a1"]
    pages = {
        "agency_admin": ["/oit", f"/oit/{item}", "/oit/submit", "/oit?show=open", f"/agencies/{one}/oit"],
        "executive": ["/oit/review", f"/oit/review/{item}", f"/agencies/{one}/oit"],
        "assessor": ["/scoring", f"/scoring/{one}", f"/scoring/{one}/{item}", "/scoring?q=เกาะ&show=due"],
        "nacc": [f"/agencies/{one}/oit"],
    }
    for person, addresses in pages.items():
        client = client_as(person)
        for address in addresses:
            answer = client.get(base(world) + address)
            assert answer.status_code == 200, (person, address)
    with app.app_context(), privileged("a test looks") as session:
        assert session.query(Disclosure).count() == 0


def test_foreign_pages_are_not_found(app: Portal, world: World, client_as: ClientAs) -> None:
    item = item_of(app, world)
    with app.app_context():
        bring_to(world, S.CONFIRMED)
    one = world.participation["a1"]
    for person, address in (
        ("assessor_other", f"/scoring/{one}"),
        ("assessor_other", f"/scoring/{one}/{item}"),
        ("assessor_other", f"/scoring/{one}/finish"),
        ("executive_other", f"/agencies/{one}/oit"),
        ("agency_admin_other", f"/agencies/{one}/oit"),
        ("province", f"/agencies/{one}/oit"),
        ("executive", f"/oit/{item}"),
        ("agency_admin", f"/oit/review/{item}"),
        ("nacc", f"/scoring/{one}"),
        ("agency_admin", "/oit/999999"),
    ):
        assert client_as(person).get(base(world) + address).status_code == 404, (person, address)
    assert "เกาะคา" not in client_as("assessor_other").get(f"{base(world)}/scoring").text


def test_a_wrong_address_keeps_what_was_typed(app: Portal, world: World, client_as: ClientAs) -> None:
    client, url = client_as("agency_admin"), f"{base(world)}/oit/{item_of(app, world)}"
    typed = {
        "disclosed": "yes",
        "links": "https://a.go.th/\nwww.b.go.th",
        "explanation": "สองแห่ง",
        "version": "0",
    }
    answer = client.submit(url, typed)
    assert answer.status_code == 422
    assert "บรรทัดที่ 2" in answer.text
    assert "www.b.go.th" in answer.text and "สองแห่ง" in answer.text
    answer = client.submit(url, {**typed, "links": "https://a.go.th/"})
    assert answer.status_code == 302 and answer.location.endswith(f"/oit/{item_of(app, world, 1)}")
    assert "https://a.go.th/" in client.get(url).text


def test_a_stale_page_is_told_and_keeps_what_was_typed(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        begin(world)
    client, url = client_as("agency_admin"), f"{base(world)}/oit/{item_of(app, world)}"
    seen = version_in(client.get(url).text)
    first = {"disclosed": "yes", "links": "https://first.go.th/", "explanation": "", "version": seen}
    assert client.submit(url, first).status_code == 302
    answer = client.submit(url, {**first, "links": "https://second.go.th/"})
    assert answer.status_code == 409
    assert "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in answer.text
    assert "https://second.go.th/" in answer.text and "https://first.go.th/" in answer.text
    again = client.submit(
        url, {**first, "links": "https://second.go.th/", "version": version_in(answer.text)}
    )
    assert again.status_code == 302


def test_an_executive_with_a_stale_page_passes_nothing(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
    admin, executive = client_as("agency_admin"), client_as("executive")
    item = item_of(app, world)
    seen = version_in(executive.get(f"{base(world)}/oit/review/{item}").text)
    page = admin.get(f"{base(world)}/oit").text
    admin.submit(f"{base(world)}/oit/withdraw", {"version": version_in(page)})
    url = f"{base(world)}/oit/{item}"
    now = {"disclosed": "yes", "links": "https://changed.go.th/", "explanation": ""}
    assert admin.submit(url, {**now, "version": version_in(admin.get(url).text)}).status_code == 302
    url = f"{base(world)}/oit/submit"
    assert admin.submit(url, {"version": version_in(admin.get(url).text)}).status_code == 302
    answer = executive.submit(f"{base(world)}/oit/review/{item}/pass", {"version": seen})
    assert answer.status_code == 409
    assert "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in answer.text and "changed.go.th" in answer.text
    with app.app_context(), acting_as(world.actor("nacc")):
        assert answer_at(world).review is Review.PENDING


def test_a_closed_stage_shows_when_and_no_form(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    client, item = client_as("agency_admin"), item_of(app, world)
    clock("2019-06-01T10:00:00+07:00")
    page = client_as("agency_admin").get(f"{base(world)}/oit/{item}").text
    assert "<textarea" not in page and "2561" in page
    answer = client_as("agency_admin").submit(
        f"{base(world)}/oit/{item}", {"disclosed": "no", "explanation": "ไม่มี", "version": "0"}
    )
    assert answer.status_code == 422 and "2561" in answer.text
    assert client is not None


def test_the_links_of_an_answer_cannot_steer_the_page(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        begin(world)
    url = f"{base(world)}/oit/{item_of(app, world)}"
    client = client_as("agency_admin")
    nasty = 'https://a.go.th/"><script>alert(1)</script>'
    values = {"disclosed": "yes", "explanation": "<b>x</b>", "version": version_in(client.get(url).text)}
    client.submit(url, {**values, "links": nasty})
    page = client_as("nacc").get(f"{base(world)}/agencies/{world.participation['a1']}/oit").text
    assert "<script>alert" not in page and "<b>x</b>" not in page
    assert 'rel="noopener noreferrer"' in page


def test_submitting_shows_why_not_yet(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("agency_admin")
    url = f"{base(world)}/oit/{item_of(app, world)}"
    client.submit(url, {"disclosed": "no", "explanation": "ไม่มี", "links": "", "version": "0"})
    page = client.get(f"{base(world)}/oit/submit").text
    assert "ยืนยันข้อมูลขั้นเตรียมการ" in page
    with app.app_context():
        confirm_preparation(world)
    page = client.get(f"{base(world)}/oit/submit").text
    assert "เหลืออีก 47 ข้อ" in page
    assert client.submit(f"{base(world)}/oit/submit", {"version": "1"}).status_code == 409
    with app.app_context(), acting_as(world.actor("nacc")):
        assert stored(world).state is S.DRAFT


def test_points_are_for_nacc_and_the_assessor(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        bring_to(world, S.SCORED)
    address = f"{base(world)}/agencies/{world.participation['a1']}/oit"
    for person, sees in (("nacc", True), ("assessor", True), ("executive", False), ("agency_admin", False)):
        assert ("100.00 คะแนน" in client_as(person).get(address).text) is sees, person


@pytest.mark.parametrize(
    ("person", "state", "place", "act", "form"),
    [
        ("agency_admin", S.RETURNED, "oit/{item}", "", {"disclosed": "yes", "links": "https://a.go.th"}),
        ("executive", S.SUBMITTED, "oit/review/{item}", "/pass", {}),
        ("assessor", S.CONFIRMED, "scoring/{one}/{item}", "", {"points": "100", "note": ""}),
    ],
)
def test_an_act_reads_the_checklist_once(
    app: Portal, world: World, client_as: ClientAs, person: str, state: S, place: str, act: str, form: dict
) -> None:
    """It locks the checklist, and goes on with what it holds."""
    item = item_of(app, world)
    with app.app_context():
        bring_to(world, state)
    address = f"{base(world)}/" + place.format(item=item, one=world.participation["a1"])
    client = client_as(person)
    version = version_in(client.get(address).text)
    with asked(app) as statements:
        answer = client.submit(address + act, {**form, "version": version})
    assert answer.status_code == 302
    reads = [text for text in statements if text.startswith("SELECT disclosure_answer.disclosure_id")]
    assert len(reads) == 1, reads


def test_a_failed_item_saved_as_it_was_is_not_called_saved_and_a_second_submission_counts_what_changed(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        bring_to(world, S.SUBMITTED)
        with acting_as(world.actor("executive")) as actor:
            mark(world, 0, Review.FAIL, reason="ลิงก์เปิดไม่ได้")
            for place in (1, 2):
                mark(world, place, Review.PASS)
            return_disclosure(own(world), version=stored(world).version, actor=actor)
    page, client = f"{base(world)}/oit/{item_of(app, world)}", client_as("agency_admin")
    typed = {
        "disclosed": "yes",
        "links": "https://kohkha.example.go.th/O1.pdf",
        "explanation": "",
        "version": version_in(client.get(page).text),
    }
    answer = client.submit(page, typed)
    assert answer.headers["Location"] == page
    assert "ยังเหมือนเดิมและยังต้องแก้ไข" in client.get(page).text
    client.submit(page, typed | {"mended": "y"})
    submit = client.get(f"{base(world)}/oit/submit").text
    assert "ข้อที่ตอบใหม่หรือแก้ไข 46 ข้อจะถึงผู้บริหาร ส่วนที่ผ่านแล้ว 2 ข้อคงเดิม" in submit


def test_saving_leads_on_to_what_is_left_or_stays_or_goes_back_to_the_list(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client, url = client_as("agency_admin"), f"{base(world)}/oit/{item_of(app, world)}"

    def save(words: str, **more: str) -> str:
        version = version_in(client.get(url).text)
        typed = {"disclosed": "no", "links": "", "explanation": words, "version": version}
        return client.submit(url, {**typed, **more}).location

    assert save("ไม่มี") == f"{base(world)}/oit/{item_of(app, world, 1)}"
    assert save("ยังไม่มี", stay="1") == f"{base(world)}/oit"
    with app.app_context():
        begin(world)  # every other item too: nothing is left
    assert save("ไม่มีในปีนี้") == f"{base(world)}/oit"


def test_a_text_beyond_every_field_is_told_and_nothing_is_saved(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client, url = client_as("agency_admin"), f"{base(world)}/oit/{item_of(app, world)}"
    typed = {"disclosed": "no", "links": "", "explanation": "ก" * 20_001, "version": "0"}
    answer = client.submit(url, typed)
    assert answer.status_code == 422 and "20,000" in answer.text
    with app.app_context(), privileged("a test looks") as session:
        assert session.query(Disclosure).count() == 0


@pytest.mark.usefixtures("thawed")
def test_items_of_other_kinds_are_on_no_page_of_an_agency(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        ask_only(world, {"O1", "O3"}, local.SAO)
        bring_to(world, S.CONFIRMED)
    foreign, own_item = item_of(app, world), item_of(app, world, 1)
    pages = {
        "agency_admin": ("/oit", "/oit/{item}"),
        "executive": ("/oit/review", "/oit/review/{item}"),
        "assessor": (f"/scoring/{world.participation['a1']}", "/scoring/{one}/{item}"),
    }
    for person, (listed, page) in pages.items():
        client = client_as(person)
        text = client.get(base(world) + listed).text
        assert ">O2<" in text and ">O1<" not in text and ">O3<" not in text, person
        for item, status in ((own_item, 200), (foreign, 404)):
            address = page.format(item=item, one=world.participation["a1"])
            assert client.get(base(world) + address).status_code == status, (person, address)
    assert "46 ข้อ" in client_as("agency_admin").get(base(world) + "/oit").text


@pytest.mark.usefixtures("thawed")
def test_a_kind_that_no_item_asks_is_told_so_on_every_page(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        ask_only(world, {f"O{number}" for number in range(1, 49)}, local.SAO)
        confirm_preparation(world)
    one = world.participation["a1"]
    pages = {"agency_admin": "/oit", "executive": "/oit/review", "assessor": f"/scoring/{one}"}
    for person, address in pages.items():
        text = client_as(person).get(base(world) + address).text
        assert "รอบนี้ไม่มีข้อ OIT สำหรับหน่วยงานประเภทนี้" in text, person


@pytest.mark.usefixtures("thawed")
def test_the_example_of_an_item_stands_below_its_criterion(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    item = item_of(app, world)
    with app.app_context(), writing(), privileged("a test gives an example") as session:
        session.get_one(OitItem, item).example = "ผังหนึ่งหน้าที่มีทุกกอง"
    assert "ผังหนึ่งหน้าที่มีทุกกอง" in client_as("agency_admin").get(f"{base(world)}/oit/{item}").text
