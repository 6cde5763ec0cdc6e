"""The page of a round's provinces: what is shown, saved, taken from the register, and refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState, SampleRule
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
pytestmark = pytest.mark.postgres


def address(world: World) -> str:
    return f"/rounds/{world.round_id}/provinces"


def size_of(app: Portal, world: World, agency: str = "a1") -> str | None:
    with app.app_context():
        size: str | None = row(Participation, world.participation[agency]).province_size
        return size


def registered(app: Portal, size: str) -> None:
    with app.app_context(), writing(), privileged("a test sizes provinces") as session:
        session.execute(update(Province).where(Province.code == "52").values(size=size))


def test_each_province_shows_register_and_round_and_is_saved(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    registered(app, "S")
    client = client_as("nacc")
    page = client.get(address(world))
    assert "ลำปาง" in page.text and "เล็ก (S)" in page.text
    assert "เกณฑ์ตัวอย่างขั้นต่ำของรอบนี้ไม่ได้แบ่งตามขนาดจังหวัด" in page.text
    fields = form_with(page.text, "size_52")
    assert (fields["size_52"], fields["size_81"]) == ("", "")
    done = client.submit(address(world), fields | {"csrf_token": client.csrf_token(), "size_52": "L"})
    assert done.status_code == 302
    page = client.get(address(world))
    assert "แก้ขนาดของ 1 จังหวัดในรอบนี้แล้ว" in page.text
    assert form_with(page.text, "size_52")["size_52"] == "L"
    assert size_of(app, world) == "L"


def test_what_is_no_size_class_is_refused_at_its_field_and_nothing_is_saved(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    client = client_as("nacc")
    fields = form_with(client.get(address(world)).text, "size_52")
    told = client.submit(
        address(world), fields | {"csrf_token": client.csrf_token(), "size_52": "XL", "size_81": "M"}
    )
    assert told.status_code == 422
    assert form_with(told.text, "size_81")["size_81"] == "M", "what was chosen stays"
    assert size_of(app, world) is None and size_of(app, world, "b1") is None


def test_the_register_is_taken_over_by_one_press(app: Portal, world: World, client_as: ClientAs) -> None:
    registered(app, "M")
    client = client_as("nacc")
    assert "มี 1 จังหวัดที่ต่างจากทะเบียน" in client.get(address(world)).text
    done = client.submit(address(world) + "/register", {"csrf_token": client.csrf_token()})
    assert done.status_code == 302
    assert size_of(app, world) == "M"
    assert "ใช้ค่าตามทะเบียนทุกจังหวัด" not in client.get(address(world)).text


def test_agencies_that_differ_keep_what_they_have_until_one_is_chosen(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context(), writing(), privileged("an agency taken up later") as session:
        session.get_one(Participation, world.participation["a2"]).province_size = "L"
    client = client_as("nacc")
    page = client.get(address(world))
    assert "ต่างกันในแต่ละหน่วยงาน" in page.text
    fields = form_with(page.text, "size_52")
    client.submit(address(world), fields | {"csrf_token": client.csrf_token(), "size_81": "S"})
    assert (size_of(app, world), size_of(app, world, "a2"), size_of(app, world, "b1")) == (None, "L", "S")


def test_a_closed_round_is_only_read_and_others_find_nothing(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    assert client_as("dla").get(address(world)).status_code == 404
    assert client_as("agency_admin").get(address(world)).status_code == 404
    with app.app_context(), writing(), privileged("a closed round") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    page = client_as("nacc").get(address(world))
    assert "ปิดรอบแล้ว ขนาดจังหวัดคงไว้ตามเดิม" in page.text
    assert 'name="size_52"' not in page.text


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("agency_admin", "/preparation"),
        ("agency_admin", "/links"),
        ("executive", "/preparation/confirm"),
        ("nacc", "/status/agencies/{a1}"),
    ],
)
def test_an_agency_reads_why_its_minimum_is_what_it_is(
    app: Portal, world: World, client_as: ClientAs, person: str, page: str
) -> None:
    with app.app_context(), writing(), privileged("rules by province") as session:
        session.query(SampleRule).delete()
        session.add_all(
            SampleRule(
                round_id=world.round_id, instrument=survey, position=1, agency_kind="subdistrict",
                province_size="M", fixed=70,
            )
            for survey in ("iit", "eit")
        )  # fmt: skip
    where = f"/rounds/{world.round_id}" + page.format(**world.participation)
    without = client_as(person).get(where).text
    assert "ยังไม่ได้กำหนดขนาดของจังหวัดลำปาง" in without
    with app.app_context(), writing(), privileged("a province's size") as session:
        session.execute(update(Participation).values(province_size="M"))
    text = client_as(person).get(where).text
    assert "เกณฑ์ของรอบนี้สำหรับเทศบาลตำบลในจังหวัดขนาดกลาง (M)" in text
    assert "อย่างน้อย 70 คำตอบ" in text
