"""Requests about own data as they are pressed: registered, answered, printed, counted above."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest

from models.personal import RequestKind, RequestOutcome
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.homes import Line, lines_in
from tests.support.personal import asked, entries, request_of
from tests.support.record import events_of
from tests.support.rosters import draw, fill_roster, name_of, phone_of
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
FORM = {"kind": "see", "way": "called", "received_on": "8 พ.ย. 2561"}


@pytest.fixture
def room(app: Portal, world: World) -> str:
    """Where requests lie; a1 has three names."""
    fill_roster(app, world, people=3)
    return f"/rounds/{world.round_id}/personal/requests"


@pytest.fixture
def admin(client_as: ClientAs) -> PortalClient:
    return client_as("agency_admin")


def registered(app: Portal, world: World, kind: RequestKind, number: int = 1) -> int:
    with app.app_context():
        return asked(world, kind, number)


def test_from_the_search_to_the_copy(app: Portal, room: str, admin: PortalClient, world: World) -> None:
    page = admin.get(room).text
    assert "ยังไม่มีผู้ใดยื่นคำขอ" in page and f"{room}/choose" in page
    assert "พิมพ์ชื่อหรือหมายเลขโทรศัพท์บางส่วน" in admin.get(f"{room}/choose").text
    assert "ไม่พบ" in admin.get(f"{room}/choose?q=ไม่มีคนนี้").text
    with app.app_context():
        entry = entries(world)[1].id
    assert f"{room}/of/{entry}/new" in admin.get(f"{room}/choose?q=ลำดับ002").text
    wrong = admin.submit(f"{room}/of/{entry}/new", {**FORM, "kind": "", "received_on": "1/1/2562"})
    assert wrong.status_code == 422 and "เลือกเรื่องที่ขอ" in wrong.text and "1/1/2562" in wrong.text
    ahead = admin.submit(f"{room}/of/{entry}/new", {**FORM, "received_on": "1/1/2562"})
    assert ahead.status_code == 422 and "ยังมาไม่ถึง" in ahead.text
    done = admin.submit(f"{room}/of/{entry}/new", FORM)
    assert done.status_code == 302
    again = admin.submit(f"{room}/of/{entry}/new", {**FORM, "way": "letter"})
    assert again.status_code == 422 and "ยังไม่ได้ตอบอยู่แล้ว" in again.text
    shown = admin.get(done.location).text
    assert "8 ธันวาคม 2561" in shown and name_of("a1", 2) in shown
    copy = admin.get(f"{done.location}/paper").text
    assert phone_of(2) in copy.replace("-", "").replace(" ", "") and "data-print" in copy
    assert admin.submit(f"{done.location}/shown", {"version": "1"}).status_code == 302
    assert "ดำเนินการแล้ว" in admin.get(done.location).text
    assert admin.submit(f"{done.location}/shown", {"version": "2"}).status_code in (409, 422)


def test_lists_are_narrowed(app: Portal, room: str, admin: PortalClient, world: World) -> None:
    one = registered(app, world, RequestKind.SEE, 1)
    two = registered(app, world, RequestKind.REMOVE, 2)
    for query, seen in (
        ("", {one, two}),
        ("?standing=open", {one, two}),
        ("?standing=late", set()),
        ("?kind=remove", {two}),
        ("?q=ลำดับ001", {one}),
        ("?q=ไม่มี", set()),
        ("?standing=odd&kind=odd&page=x", {one, two}),
    ):
        page = admin.get(f"{room}{query}").text
        assert {key for key in (one, two) if f'{room}/{key}"' in page} == seen, query


def test_a_correction_keeps_what_was_typed(app: Portal, room: str, admin: PortalClient, world: World) -> None:
    key = registered(app, world, RequestKind.CORRECT)
    at = f"{room}/{key}/correct"
    assert name_of("a1", 1) in admin.get(at).text
    said = {"name": "นางสมมติ ใหม่", "organisation": "", "phone": "081 111 1111", "email": "ผิด", "version": "1"}
    wrong = admin.submit(at, said)
    assert wrong.status_code == 422 and "นางสมมติ ใหม่" in wrong.text
    same = admin.submit(at, {**said, "name": name_of("a1", 2), "phone": phone_of(2), "email": ""})
    assert same.status_code == 422
    assert admin.submit(at, {**said, "email": "", "version": "9"}).status_code == 409
    assert admin.submit(at, {**said, "email": ""}).status_code == 302
    assert "แก้ไขข้อมูลของท่านตามคำขอแล้ว" in admin.get(f"{room}/{key}/paper").text
    assert admin.get(at).status_code == 302
    assert "นางสมมติ ใหม่" in admin.get(room).text
    with app.app_context():
        assert "สมมติ" not in str(events_of("requests.correct") + events_of("requests.done"))


def test_a_removal_says_first_what_becomes_of_the_row(app: Portal, world: World, client_as: ClientAs) -> None:
    draw(app, world)
    room, admin = f"/rounds/{world.round_id}/personal/requests", client_as("agency_admin")
    key = registered(app, world, RequestKind.REMOVE)
    assert "ลำดับที่สุ่มได้" in admin.get(f"{room}/{key}/remove").text
    assert admin.submit(f"{room}/{key}/remove", {"version": "1"}).status_code == 302
    assert name_of("a1", 1) not in admin.get(room).text
    assert admin.get(f"{room}/{key}/remove").status_code == 302
    assert "ลบชื่อ" in admin.get(f"{room}/{key}/paper").text
    for person, page in (
        ("agency_admin", f"/rounds/{world.round_id}/preparation/roster"),
        ("executive", f"/rounds/{world.round_id}/preparation/names"),
    ):
        assert "(ลบข้อมูลส่วนบุคคลแล้ว)" in client_as(person).get(page).text, person


def test_what_cannot_be_done_says_why(app: Portal, room: str, admin: PortalClient, world: World) -> None:
    key = registered(app, world, RequestKind.SEE)
    assert "หายไปด้วย" in admin.get(f"{room}/{registered(app, world, RequestKind.REMOVE, 3)}/remove").text
    assert admin.submit(f"{room}/{key}/refuse", {"version": "1"}).status_code == 422
    stale = admin.submit(f"{room}/{key}/refuse", {"version": "9", "ground": "not_proven"})
    assert stale.status_code == 409
    answer = admin.submit(f"{room}/{key}/refuse", {"version": "1", "ground": "not_proven"})
    assert answer.status_code == 302
    with app.app_context():
        assert request_of(key).outcome is RequestOutcome.REFUSED
    assert "ไม่ได้แสดงว่าเป็นเจ้าของข้อมูล" in admin.get(f"{room}/{key}/paper").text
    assert admin.get(f"{room}/{key}/refuse").status_code == 302


def test_the_executive_reads_and_others_do_not(
    app: Portal, room: str, world: World, client_as: ClientAs
) -> None:
    key = registered(app, world, RequestKind.CORRECT)
    executive = client_as("executive")
    assert executive.get(f"{room}/{key}").status_code == 200
    for path in (f"/{key}/paper", f"/{key}/correct", "/choose"):
        assert executive.get(f"{room}{path}").status_code == 404
    assert client_as("agency_admin").get(f"{room}/{key}/paper").status_code == 404, "not answered yet"
    assert client_as("agency_admin").get(f"{room}/{key}/remove").status_code == 404, "of another kind"
    for person in ("agency_admin_other", "province", "dla", "nacc", "assessor"):
        assert client_as(person).get(f"{room}/{key}").status_code == 404, person


def test_offices_above_read_counts(app: Portal, room: str, world: World, client_as: ClientAs) -> None:
    at = f"/rounds/{world.round_id}/personal/counts"
    assert "ยังไม่มีหน่วยงานใดมีคำขอ" in client_as("dla").get(at).text
    registered(app, world, RequestKind.SEE)
    for person, seen in (("dla", True), ("nacc", True), ("province", True), ("province_other", False)):
        page = client_as(person).get(at).text
        assert ('data-h="รอตอบ">1' in page) is seen, person
        assert name_of("a1", 1) not in page
    assert "ไม่พบหน่วยงานตามเงื่อนไขนี้" in client_as("dla").get(f"{at}?late=1").text


def test_the_notice_names_the_agency_and_its_last_day(world: World, client_as: ClientAs) -> None:
    at = f"/rounds/{world.round_id}/personal/notice"
    page = client_as("agency_admin").get(at).text
    assert "มาตรา 23" in page and "data-print" in page and "ยังไม่มีข้อมูลติดต่อ" in page
    assert client_as("executive").get(at).status_code == 200
    assert client_as("dla").get(at).status_code == 404


def listed(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_the_list_as_a_file_follows_its_page_and_is_of_no_job(
    app: Portal, room: str, admin: PortalClient, world: World
) -> None:
    registered(app, world, RequestKind.SEE, 1)
    gone = registered(app, world, RequestKind.REMOVE, 2)
    assert f"{room}/list.xlsx?kind=remove" in admin.get(f"{room}?kind=remove").text
    for query, names in (
        ("", {name_of("a1", 1), name_of("a1", 2)}),
        ("?kind=remove", {name_of("a1", 2)}),
        ("?q=ลำดับ001&standing=open", {name_of("a1", 1)}),
        ("?standing=late", set()),
    ):
        header, *rows = listed(admin.get(f"{room}/list.csv{query}").data)
        assert {row[0] for row in rows} == names, query
        assert header[:4] == ["เจ้าของข้อมูล", "เรื่องที่ขอ", "วันที่ได้รับคำขอ", "ต้องตอบภายใน"]
        assert phone_of(1) not in str(rows)
    assert listed(admin.get(f"{room}/list.csv").data)[1][4] == "30"
    admin.submit(f"{room}/{gone}/remove", {"version": "1"})
    last = listed(admin.get(f"{room}/list.csv").data)[-1]
    assert name_of("a1", 2) not in str(last) and "ลบข้อมูลส่วนบุคคลแล้ว" in last[0]
    assert admin.get(f"{room}/list.xlsx").status_code == 200
    assert admin.submit(f"{room}/list.xlsx").status_code == 405


def test_homes_say_what_waits_and_until_when(
    app: Portal, room: str, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    home = f"/rounds/{world.round_id}/home"
    assert not line(client_as("agency_admin"), home)
    registered(app, world, RequestKind.SEE)
    registered(app, world, RequestKind.REMOVE, 2)
    for person, action in (("agency_admin", "ตอบคำขอ"), ("executive", "ดูคำขอ")):
        (found,) = line(client_as(person), home)
        assert found.title == "คำขอเรื่องข้อมูลส่วนบุคคลรอตอบ 2 เรื่อง"
        assert "อีก 30 วัน" in found.due and (found.kind, found.action) == ("", action)
        assert found.url == room
    assert not line(client_as("agency_admin_other"), home) and not line(client_as("dla"), home)
    clock(NOW + timedelta(days=23))
    assert line(client_as("agency_admin"), home)[0].kind == "warn"
    clock(NOW + timedelta(days=31))
    (late,) = line(client_as("agency_admin"), home)
    assert late.kind == "bad" and "เกินกำหนด 1 วัน" in late.due
    for person, there in (("dla", True), ("province", True), ("province_other", False)):
        assert bool(line(client_as(person), home)) is there, person


def line(client: PortalClient, home: str) -> list[Line]:
    """The lines of a home about requests."""
    return [one for one in lines_in(client.get(home).text) if "/personal/" in one.url]
