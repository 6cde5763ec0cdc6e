"""The workbook at NACC's desk: taken, sent changed, compared, taken over as one step, taken back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from models.round import Round
from portal.content.year import YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import BY_NAME
from tests.support.client import PortalClient
from tests.support.rooms import add_draft
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


def content(app: Portal, round_id: int) -> YearContent:
    with app.app_context(), privileged("a test looks") as session:
        return content_of(session, session.get_one(Round, round_id))


def title(app: Portal, name: str) -> str:
    with app.app_context():
        return str(BY_NAME[name].title)


def changed(app: Portal, client: PortalClient, page: str, change: Callable[[Any], None]) -> bytes:
    """The workbook as it is downloaded, with some cells typed over."""
    answer = client.get(f"{page}/round.xlsx")
    assert answer.status_code == 200 and "spreadsheetml" in str(answer.mimetype)
    book = openpyxl.load_workbook(BytesIO(answer.data))
    change(lambda name: book[title(app, name)])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sent(client: PortalClient, page: str, file: bytes) -> str:
    answer = client.submit(page, {"file": (BytesIO(file), "ปี 2562.xlsx")})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_workbook_is_taken_over_as_one_step_and_taken_back(
    app: Portal, client_as: ClientAs, draft: int
) -> None:
    client, page, before = client_as("nacc"), f"/rounds/{draft}/workbook", content(app, draft)

    def fewer(sheet: Any) -> None:
        sheet("items").delete_rows(2, 20)
        sheet("instruments")["C2"], sheet("instruments")["C4"] = 20, 50

    look = sent(client, page, changed(app, client, page, fewer))
    shown = client.get(look).text
    assert "O1" in shown and "30 → 20" in shown.replace("\n", " ")
    assert content(app, draft) == before, "nothing has changed yet"
    assert client.submit(look, {"version": value_of(shown, "version")}).status_code == 302
    after = content(app, draft)
    assert len(after.instrument("oit").items) == 28
    assert [int(one.weight) for one in after.instruments] == [20, 30, 50]
    shown = client.get(page).text
    assert "ปี 2562.xlsx" in shown
    number = value_of(shown, "number")
    client.submit(f"/rounds/{draft}/steps/take-back", {"number": number})
    assert content(app, draft) == before


def value_of(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_what_was_saved_meanwhile_is_not_overwritten(app: Portal, client_as: ClientAs, draft: int) -> None:
    client, page = client_as("nacc"), f"/rounds/{draft}/workbook"

    def other(sheet: Any) -> None:
        sheet("bands")["A2"] = "A+"

    look = sent(client, page, changed(app, client, page, other))
    seen = value_of(client.get(look).text, "version")
    with app.app_context(), writing(), privileged("somebody saves") as session:
        session.get_one(Round, draft).name = "อีกชื่อ"
    assert client.submit(look, {"version": seen}).status_code == 409
    assert content(app, draft).bands[0].grade == "AA"


def test_every_fault_is_on_the_page_and_in_the_file(app: Portal, client_as: ClientAs, draft: int) -> None:
    client, page, before = client_as("nacc"), f"/rounds/{draft}/workbook", content(app, draft)

    def wrong(sheet: Any) -> None:
        sheet("instruments")["C2"] = "มาก"
        sheet("questions")["F2"] = "LIKERT9"

    look = sent(client, page, changed(app, client, page, wrong))
    shown = client.get(look).text
    assert "ไม่มี LIKERT9" in shown and "ปรับรอบตามไฟล์นี้" not in shown
    book = openpyxl.load_workbook(BytesIO(client.get(f"{look}/faults.xlsx").data))
    assert book[title(app, "instruments")]["C2"].comment is not None
    assert client.submit(look, {"version": "1"}).status_code == 409
    assert content(app, draft) == before


def test_a_file_that_is_no_workbook_is_refused_at_its_field(client_as: ClientAs, draft: int) -> None:
    client, page = client_as("nacc"), f"/rounds/{draft}/workbook"
    for fields in ({}, {"file": (BytesIO(b"no"), "a.xlsx")}):
        answer = client.submit(page, fields)
        assert answer.status_code == 422 and 'id="file-e"' in answer.text


def test_an_open_round_gives_its_workbook_and_takes_none(client_as: ClientAs, world: World) -> None:
    client, page = client_as("nacc"), f"/rounds/{world.round_id}/workbook"
    file = client.get(f"{page}/round.xlsx").data
    assert 'type="file"' not in client.get(page).text
    assert client.submit(page, {"file": (BytesIO(file), "a.xlsx")}).status_code == 422
    assert client.submit(f"/rounds/{world.round_id}/steps/take-back", {"number": "1"}).status_code == 409


def test_nobody_else_finds_it(app: Portal, client_as: ClientAs, draft: int) -> None:
    nacc, page = client_as("nacc"), f"/rounds/{draft}/workbook"
    look = sent(nacc, page, changed(app, nacc, page, lambda sheet: None))
    assert "เหมือนกับ" in nacc.get(look).text
    assert nacc.get(f"{look}/faults.xlsx").status_code == 404
    for person in ("dla", "province", "agency_admin"):
        for address in (page, f"{page}/round.xlsx", look):
            assert client_as(person).get(address).status_code == 404
