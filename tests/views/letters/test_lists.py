"""The letters room, posted as a browser posts it: settings with an emblem, fonts, the list of letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from models.dispatch import Dispatch, DispatchState
from models.letter import Letter, LetterKind
from models.letter_office import LetterOffice, OfficeKind
from models.round import Round
from portal.core.database.session import db, privileged, writing
from portal.core.files import stored_file
from portal.core.web import Portal
from portal.letters.kept import PAGE, LetterQuery, dispatches_of
from portal.letters.offices import office_row, save_texts, texts_of
from reports.press import ASSETS
from tests.support.client import PortalClient
from tests.support.letters import drafted, set_up
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
EMBLEM = (ASSETS / "emblem-placeholder.png").read_bytes()
OFFICE = {
    "name": "กรมทดลอง",
    "address": "ถนนทดลอง\nกทม. 10300",
    "number_prefix": "มท 0817.2",
    "signing": "number_first",
    "register": "elsewhere",
    "owner_division": "",
    "phone": "",
    "fax": "",
    "email": "",
    "coordinator": "",
    "typeface": "",
}
MADE = datetime(2018, 11, 1, 8, tzinfo=NOW.tzinfo)
ROOMS = {"dla": "circular", "nacc": "nacc", "province": "summary"}


def send(client: PortalClient, url: str, emblem: tuple[bytes, str] = (b"", ""), **changes: str) -> Any:
    """Every field of the form, also the empty file, as a browser sends them."""
    fields: dict[str, Any] = {**OFFICE, **changes, "emblem": (BytesIO(emblem[0]), emblem[1])}
    return client.submit(url, fields, content_type="multipart/form-data")


@pytest.mark.parametrize("person", list(ROOMS))
def test_settings_are_saved_again_once_an_emblem_is_stored(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], person: str
) -> None:
    client, url = client_as(person), f"/rounds/{world.round_id}/letters/{ROOMS[person]}/office"
    assert send(client, url, (EMBLEM, "ตรา.png")).status_code == 302
    page = client.get(url).get_data(as_text=True)
    assert "data:image/png;base64," in page
    answer = send(client, url, phone="0 2000 0000")
    assert answer.status_code == 302, "a form without a new emblem is saved like any other"
    page = client.get(url).get_data(as_text=True)
    assert "0 2000 0000" in page and "data:image/png;base64," in page


def test_a_font_that_the_server_does_not_have_is_refused_at_its_field(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    client, url = client_as("dla"), f"/rounds/{world.round_id}/letters/circular/office"
    assert send(client, url).status_code == 302
    answer = send(client, url, typeface="it9", phone="0 2000 0000")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "ยังไม่ได้ติดตั้งแบบอักษร TH SarabunIT๙" in page and "0 2000 0000" in page
    with app.app_context(), acting_as(world.actor("dla")):
        assert texts_of(OfficeKind.DLA)["typeface"] == ""


def test_a_font_that_was_taken_off_the_server_stops_the_order_not_the_letter(
    app: Portal, world: World, client_as: Callable[[str], PortalClient]
) -> None:
    with app.app_context(), acting_as(world.actor("dla")), writing():
        setting = save_texts(OfficeKind.DLA, OFFICE)
        setting.texts = {**setting.texts, "typeface": "genuine"}
    client, url = client_as("dla"), f"/rounds/{world.round_id}/letters/circular"
    assert "ไม่พบแบบอักษรของหนังสือ" in client.get(url).get_data(as_text=True)
    with app.app_context():
        key = drafted(world, "dla")
    assert "ยังไม่ได้ติดตั้งแบบอักษร TH Sarabun New" in client.get(f"/letters/{key}").text
    answer = client.submit(f"/letters/{key}/issue", {"number": "1", "dated": "9/11/2561"})
    assert answer.status_code == 422
    assert "ยังไม่ได้ติดตั้งแบบอักษร TH Sarabun New" in answer.text


@pytest.fixture
def many_letters(app: Portal, world: World) -> int:
    """More circulars than two pages hold, each with a copy for one of the two provinces by turns."""
    number = 2 * PAGE + 9
    provinces = sorted(world.province.values())
    with app.app_context():
        set_up(world, "dla")
        with writing(), privileged("old letters") as session:
            office = session.scalars(select(LetterOffice)).one()
            file = stored_file("หนังสือ.pdf", "application/pdf", b"%PDF-1.7")
            session.add(file)
            session.flush()
            of_round = {"round_id": world.round_id, "kind": LetterKind.CIRCULAR, "subject": "หนังสือทดลอง"}
            for place in range(1, number + 1):
                issued = {"number": f"มท 0817.2/ว {place:04}", "dated": date(2018, 11, 1 + place % 2)}
                dispatch = Dispatch(
                    office_id=office.id, state=DispatchState.ISSUED, made_at=MADE, **of_round, **issued
                )
                session.add(dispatch)
                session.flush()
                copy = {"dispatch_id": dispatch.id, "file_id": file.id, "province_id": provinces[place % 2]}
                session.add(Letter(data={}, created_at=MADE, **copy, **of_round, **issued))
    return number


def test_the_list_of_letters_goes_on_to_its_end(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], many_letters: int
) -> None:
    client, url = client_as("dla"), f"/rounds/{world.round_id}/letters/circular"
    seen = "".join(client.get(f"{url}?page={page}").get_data(as_text=True) for page in (1, 2, 3))
    assert [n for n in range(1, many_letters + 1) if f"ว {n:04}<" not in seen] == []
    assert f"{many_letters:,}" in seen
    assert "ว 0001<" in client.get(f"{url}?page=9999").get_data(as_text=True), "too far is the last page"


def test_a_letter_is_found_by_number_addressee_day_and_state(
    app: Portal, world: World, client_as: Callable[[str], PortalClient], many_letters: int
) -> None:
    client, url = client_as("dla"), f"/rounds/{world.round_id}/letters/circular"
    page = client.get(f"{url}?q=๐๐๐๗").get_data(as_text=True)
    assert "ว 0007<" in page and "ว 0008<" not in page
    for narrowed in ("q=ไม่มี", "state=draft", "since=3+พ.ย.+2561", "until=31/10/2561"):
        assert "ไม่พบหนังสือ" in client.get(f"{url}?{narrowed}").get_data(as_text=True), narrowed
    half = client.get(f"{url}?until=1/11/2561").get_data(as_text=True)
    assert f"จาก {many_letters // 2:,}" in half, "one of the two days"
    for wrong in ("since=เมื่อวาน", "state=none"):
        assert f"{many_letters:,}" in client.get(f"{url}?{wrong}").get_data(as_text=True), wrong
    with app.app_context(), acting_as(world.actor("dla")):
        round = db.session.get_one(Round, world.round_id)
        found = dispatches_of(round, office_row(OfficeKind.DLA), LetterQuery("ลำปาง 0817"))
        assert found.total in (many_letters // 2, many_letters - many_letters // 2)


def test_letters_lie_newest_first(app: Portal, world: World, many_letters: int) -> None:
    with app.app_context(), acting_as(world.actor("dla")):
        round = db.session.get_one(Round, world.round_id)
        page = dispatches_of(round, office_row(OfficeKind.DLA), LetterQuery())
        assert page.rows[0].number.endswith(f"{many_letters:04}")
        assert (page.first, page.last, page.pages) == (1, PAGE, 3)
        assert NOW - page.rows[0].made_at > timedelta(0)
