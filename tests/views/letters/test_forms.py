"""The forms of the letters room: a draft as it was typed, what is missing, and emblems that are none."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch
from models.job import Job
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.letters.offices import REQUIRED, texts_of
from tests.reports.test_pictures import png, told_to_be
from tests.support.client import PortalClient
from tests.support.letters import OFFICES, SETTINGS, drafted, set_up
from tests.support.world import World, acting_as

ClientAs = Callable[[str], PortalClient]
WAYS = {"signing": "number_first", "register": "elsewhere"}
DRAFT = {"provinces": "", "signatory": "1", "urgency": "ด่วน", "references": ""}


def the_order(app: Portal) -> dict[str, Any]:
    """What the one job was asked for."""
    with app.app_context(), privileged("a test looks") as session:
        return dict(session.scalars(select(Job)).one().arguments)


def the_letter(app: Portal) -> Dispatch:
    with app.app_context(), privileged("a test looks") as session:
        dispatch = session.scalars(select(Dispatch)).one()
        session.expunge_all()
        return dispatch


@pytest.mark.parametrize(("person", "room"), [("dla", "circular"), ("nacc", "nacc")])
def test_a_draft_is_taken_as_it_was_typed(
    app: Portal, world: World, client_as: ClientAs, person: str, room: str
) -> None:
    """In Thai digits or ours, with empty lines between the references."""
    with app.app_context():
        set_up(world, person)
    typed = DRAFT | {"references": "  หนังสือ ที่ ๑ \r\n\r\nหนังสือ ที่ 2\r\n"}
    if person == "nacc":
        typed.pop("provinces")
    answer = client_as(person).submit(f"/rounds/{world.round_id}/letters/{room}/new", typed)
    assert (answer.status_code, answer.location) == (302, "/letters/1")
    dispatch = the_letter(app)
    assert (dispatch.urgency, dispatch.to_provinces) == ("ด่วน", None)
    assert dispatch.cites == ["หนังสือ ที่ 1", "หนังสือ ที่ 2"]


def test_a_circular_to_some_governors_is_for_their_provinces(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        set_up(world, "dla")
    chosen, client = str(world.province["81"]), client_as("dla")
    url = f"/rounds/{world.round_id}/letters/circular/new"
    assert client.submit(url, DRAFT | {"provinces": chosen}).status_code == 302
    assert the_letter(app).to_provinces == [world.province["81"]]
    page = client.get("/letters/1").text
    assert "กระบี่" in page and "ลำปาง" not in page.partition("ita-dl")[2].partition("</dl>")[0]


def test_a_summary_is_of_the_own_province_with_both_names(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        set_up(world, "province")
    url, client = f"/rounds/{world.round_id}/letters/summary", client_as("province")
    assert "ผู้ใช้ทดลอง province" in client.get(url).text, "who makes it is who asks, unless changed"
    assert client.submit(url, {"prepared_by": "นาง ก", "checked_by": ""}).status_code == 302
    assert the_order(app) == {
        "round_id": world.round_id,
        "province_id": world.province["52"],
        "prepared_by": "นาง ก",
        "checked_by": "",
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signatory": ""}, "เลือกผู้ลงนาม"),
        ({"signatory": "99"}, "ita-err"),
        ({"provinces": "99"}, "ita-err"),
        ({"references": "ก" * 6001}, "6000"),
    ],
)
def test_a_draft_that_is_not_whole_comes_back_with_why(
    app: Portal, world: World, client_as: ClientAs, changes: dict[str, str], words: str
) -> None:
    with app.app_context():
        set_up(world, "dla")
    answer = client_as("dla").submit(f"/rounds/{world.round_id}/letters/circular/new", DRAFT | changes)
    assert answer.status_code == 422
    assert words in answer.text and "ita-err" in answer.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": ""}, "กรอกเลขที่หนังสือ"),
        ({"number": "เลขที่"}, "นี่ไม่ใช่เลขที่หนังสือ"),
        ({"number": "1" * 61}, "60"),
        ({"dated": ""}, "กรอกวันที่ของหนังสือ"),
        ({"dated": "31/2/2561"}, "31/2/2561"),
        ({"dated": "8/11/2561"}, "ลงวันที่ก่อนนั้นไม่ได้"),
        ({"dated": "10/11/2561"}, "วันที่นี้ยังมาไม่ถึง"),
    ],
)
def test_a_letter_is_not_issued_with_a_number_or_day_that_is_none(
    app: Portal, world: World, client_as: ClientAs, changes: dict[str, str], words: str
) -> None:
    with app.app_context():
        set_up(world, "dla")
        key = drafted(world, "dla")
    typed = {"number": "12", "dated": "9/11/2561"} | changes
    answer = client_as("dla").submit(f"/letters/{key}/issue", typed)
    assert answer.status_code == 422
    assert words in answer.text and "ita-err" in answer.text
    assert the_letter(app).number == ""


@pytest.mark.parametrize(("person", "room"), [("dla", "circular"), ("nacc", "nacc"), ("province", "summary")])
def test_a_room_says_what_its_office_still_lacks(
    world: World, client_as: ClientAs, person: str, room: str
) -> None:
    page = client_as(person).get(f"/rounds/{world.round_id}/letters/{room}").text
    assert "กรอกการตั้งค่าของส่วนราชการก่อน" in page and "ชื่อส่วนราชการ" in page
    assert "/new" not in page, "no draft is begun before"


@pytest.mark.parametrize("person", OFFICES)
def test_settings_without_which_there_is_no_letter_are_asked_for(
    world: World, client_as: ClientAs, person: str
) -> None:
    room = {"dla": "circular", "nacc": "nacc", "province": "summary"}[person]
    url, required = f"/rounds/{world.round_id}/letters/{room}/office", REQUIRED[OFFICES[person]]
    empty = dict.fromkeys(required, "") | WAYS | {"version": "0", "typeface": ""}
    answer = client_as(person).submit(url, empty)
    assert answer.status_code == 422
    assert answer.text.count('class="ita-err"') == len(required)


@pytest.mark.parametrize(
    ("emblem", "words"),
    [
        (b"GIF89a" + bytes(100), "ต้องเป็นไฟล์ PNG"),
        (bytes(300_000), "ใหญ่กว่า 200 KB"),
        (told_to_be(2000, 2000), "1,500"),
        (png(300, 300)[:60], "เสียหาย"),
    ],
    ids=["a GIF", "too large", "too many pixels", "cut off"],
)
def test_an_emblem_that_cannot_be_printed_is_refused_with_why(
    world: World, client_as: ClientAs, emblem: bytes, words: str
) -> None:
    url = f"/rounds/{world.round_id}/letters/circular/office"
    sent = SETTINGS[OFFICES["dla"]] | WAYS | {"version": "0", "typeface": ""}
    file = (BytesIO(emblem), "emblem.png")
    answer = client_as("dla").submit(url, {**sent, "emblem": file}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text


def test_words_in_the_place_of_a_picture_are_no_emblem(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    url = f"/rounds/{world.round_id}/letters/circular/office"
    sent = SETTINGS[OFFICES["dla"]] | WAYS | {"version": "0", "typeface": "", "emblem": "emblem.png"}
    assert client_as("dla").submit(url, sent).status_code == 302
    with app.app_context(), acting_as(world.actor("dla")):
        assert texts_of(OFFICES["dla"])["emblem"] == ""
