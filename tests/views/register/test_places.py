"""Provinces of the register: their size class in the list, on the form, for many at once."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from models.place import Province
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.record import events_of
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres
LIST = "/admin/provinces/"


def size_of(app: Portal, world: World, code: str) -> str | None:
    with app.app_context():
        size: str | None = row(Province, world.province[code]).size
        return size


def test_a_province_is_given_its_size_class_and_loses_it_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("dla")
    page = f"{LIST}edit/?id={world.province['52']}"
    for size in ("S", ""):
        fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token()}
        assert client.submit(page, fields | {"size": size}).status_code == 302
        assert size_of(app, world, "52") == (size or None)
    fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token()}
    assert client.submit(page, fields | {"size": "XL"}).status_code == 422


def test_many_provinces_get_one_size_class_at_once(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("dla")
    rows = [str(key) for key in world.province.values()]
    sent = {"action": "size_l", "rowid": rows, "csrf_token": client.csrf_token()}
    assert client.submit(f"{LIST}action/", sent).status_code == 302
    page = client.get(LIST).text
    assert "กำหนดให้ 2 จังหวัดเป็นขนาดใหญ่ (L)แล้ว" in page
    assert {size_of(app, world, code) for code in world.province} == {"L"}


@pytest.mark.parametrize(("chosen", "found"), [("S", ["52"]), ("none", ["81"])])
def test_the_list_is_narrowed_to_a_size_class_or_to_those_without(
    app: Portal, world: World, client_as: ClientAs, chosen: str, found: list[str]
) -> None:
    client = client_as("dla")
    page = f"{LIST}edit/?id={world.province['52']}"
    fields = form_with(client.get(page).text, "size") | {"csrf_token": client.csrf_token(), "size": "S"}
    client.submit(page, fields)
    text = client.get(f"{LIST}?flt_size={chosen}").text
    assert [code for code, key in world.province.items() if f'name="rowid" value="{key}"' in text] == found


def test_nacc_reads_the_size_class_and_does_not_change_it(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("nacc")
    assert "ขนาดจังหวัด" in client.get(LIST).text
    assert client.get(f"{LIST}edit/?id={world.province['52']}").status_code == 404


def send(client: PortalClient, *lines: str, name: str = "sizes.csv") -> TestResponse:
    """The file with these lines."""
    content = BytesIO("\n".join(lines).encode())
    return client.submit(f"{LIST}sizes", {"file": (content, name)}, content_type="multipart/form-data")


def take(client: PortalClient, sent: TestResponse) -> TestResponse:
    """Take the file whose differences are shown."""
    assert sent.status_code == 302
    return client.submit(sent.location, {"seen": form_with(client.get(sent.location).text, "seen")["seen"]})


def test_a_file_is_looked_at_taken_and_taken_back(app: Portal, world: World, client_as: ClientAs) -> None:
    client = client_as("dla")
    lines = ("จังหวัด,ขนาดจังหวัด", "ลำปาง,L", "จังหวัดกระบี่,เล็ก")
    sent = send(client, *lines)
    shown = client.get(sent.location).text
    assert "ไฟล์ระบุ 2 จังหวัด จะเปลี่ยนขนาด 2 จังหวัด" in shown and "ใหญ่ (L)" in shown
    assert (size_of(app, world, "52"), size_of(app, world, "81")) == (None, None), "a dry run"
    assert take(client, sent).location == f"{LIST}sizes"
    assert (size_of(app, world, "52"), size_of(app, world, "81")) == ("L", "S")
    page = client.get(f"{LIST}sizes").text
    assert "เปลี่ยนขนาดแล้ว 2 จังหวัด ยกเลิกได้" in page and "ยกเลิกไฟล์นี้" in page
    again = client.get(send(client, *lines).location).text
    assert "จะเปลี่ยนขนาด 0 จังหวัด" in again and 'name="seen"' not in again
    with app.app_context(), writing(), privileged("a province changed since") as session:
        session.execute(update(Province).where(Province.code == "81").values(size="M"))
    number = form_with(page, "file")["file"]
    assert client.submit(f"{LIST}sizes/back", {"file": number}).location == f"{LIST}sizes"
    assert (size_of(app, world, "52"), size_of(app, world, "81")) == (None, "M")
    page = client.get(f"{LIST}sizes").text
    assert "จังหวัดที่แก้ไขภายหลังคงไว้ตามที่แก้: กระบี่" in page and "ยกเลิกไฟล์นี้" not in page
    with app.app_context():
        assert [len(events_of(f"provinces.{act}")) for act in ("size", "size_back")] == [2, 1]


def test_the_way_back_is_that_of_the_last_file_that_changed_something(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("dla")
    take(client, send(client, "จังหวัด,ขนาดจังหวัด", "ลำปาง,L"))
    take(client, send(client, "จังหวัด,ขนาดจังหวัด", "ลำปาง,M"))
    nothing = send(client, "จังหวัด,ขนาดจังหวัด", "ลำปาง,M")
    assert client.submit(nothing.location, {"seen": ""}).status_code == 302
    number = form_with(client.get(f"{LIST}sizes").text, "file")["file"]
    client.submit(f"{LIST}sizes/back", {"file": number})
    assert size_of(app, world, "52") == "L", "as before the second file"
    assert "ยกเลิกไฟล์นี้" not in client.get(f"{LIST}sizes").text


def test_what_changed_since_it_was_looked_at_is_looked_at_again(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("dla")
    sent = send(client, "จังหวัด,ขนาดจังหวัด", "ลำปาง,L", "กระบี่,S")
    seen = form_with(client.get(sent.location).text, "seen")["seen"]
    with app.app_context(), writing(), privileged("a province changed meanwhile") as session:
        session.execute(update(Province).where(Province.code == "81").values(size="S"))
    refused = client.submit(sent.location, {"seen": seen})
    assert refused.status_code == 409 and "ระหว่างนั้นมีผู้แก้ทะเบียน" in refused.text
    assert size_of(app, world, "52") is None
    assert client.submit(f"{LIST}sizes/back", {"file": "1"}).status_code == 409
    assert client_as("nacc").get(sent.location).status_code == 404


def test_a_list_of_agencies_says_it_of_each_row_and_empty_says_nothing(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    lines = ("รหัสจังหวัด,ชื่อหน่วยงาน,ขนาด,ขนาดจังหวัด", "52,ก,S,M", "52,ข,L,M", "52,ค,S,", "81,ง,S,-")
    client = client_as("dla")
    assert take(client, send(client, *lines)).status_code == 302
    assert (size_of(app, world, "52"), size_of(app, world, "81")) == ("M", None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("จังหวัด,ขนาดจังหวัด", "กระบี่,S", "ลำปาน,L"), "ไม่พบจังหวัด “ลำปาน”"),
        (("จังหวัด,ขนาดจังหวัด", "กระบี่,S", "ลำปาง,XL"), "“XL”"),
        (("จังหวัด,ขนาดจังหวัด", "กระบี่,S", "ลำปาง,L", "กระบี่,M"), "แถว 2 ระบุว่าจังหวัดนี้เป็นขนาด S"),
        (("รหัสจังหวัด,จังหวัด,ขนาดจังหวัด", "81,ลำปาง,S"), "รหัสจังหวัด 81 คือ กระบี่ ไม่ใช่ “ลำปาง”"),
        (("จังหวัด,ขนาด", "กระบี่,S"), "จังหวัด, ขนาดจังหวัด"),
        (("จังหวัด,ขนาดจังหวัด",), "ไฟล์มีเพียงหัวคอลัมน์ ไม่มีแถวข้อมูล"),
        ((), "ไฟล์"),
    ],
)
def test_a_file_with_a_fault_says_it_and_changes_nothing(
    app: Portal, world: World, client_as: ClientAs, lines: tuple[str, ...], words: str
) -> None:
    told = send(client_as("dla"), *lines)
    assert told.status_code == 422
    assert words in told.text
    assert {size_of(app, world, code) for code in world.province} == {None}


def test_who_does_not_keep_places_finds_no_such_page(world: World, client_as: ClientAs) -> None:
    for person in ("nacc", "province", "agency_admin"):
        assert client_as(person).get(f"{LIST}sizes").status_code == 404
    assert "ขนาดจังหวัดจากไฟล์" not in client_as("nacc").get(LIST).text
    assert "ขนาดจังหวัดจากไฟล์" in client_as("dla").get(LIST).text
