"""Rosters at the back office: an agency first, masked rows, one in the clear with a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.roster import RosterEntry
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.rosters import fill_roster, name_of, phone_of
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
REASON = "เจ้าของข้อมูลขอให้แก้ไข"


def at(world: World, rest: str = "") -> str:
    base = f"/rounds/{world.round_id}/rosters"
    return f"{base}/{rest}" if rest else base


@pytest.fixture
def entry_id(app: Portal, world: World) -> int:
    """The seventh row of a1's roster."""
    fill_roster(app, world, people=12)
    with app.app_context(), privileged("look") as session:
        return session.scalars(select(RosterEntry.id).where(RosterEntry.number == 7)).one()


def unmaskings(app: Portal) -> list[tuple[str, dict[str, object]]]:
    with app.app_context(), privileged("look") as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.act == "roster.unmask"))
        return [(event.row, event.after) for event in events]


def test_an_agency_is_chosen_first(app: Portal, world: World, client_as: ClientAs, entry_id: int) -> None:
    client = client_as("dla")
    assert "เกาะคา" not in client.get(at(world)).text
    assert "เกาะคา" in client.get(at(world) + "?search=เกาะ").text
    assert "เกาะคา" not in client.get(at(world) + "?search=ไม่มี").text


def test_no_name_finds_an_agency(app: Portal, world: World, client_as: ClientAs, entry_id: int) -> None:
    page = client_as("dla").get(at(world) + f"?search={name_of('a1', 7)}").text
    assert "เทศบาลตำบลเกาะคา" not in page


def test_rows_are_masked(app: Portal, world: World, client_as: ClientAs, entry_id: int) -> None:
    page = client_as("dla").get(at(world, str(world.participation["a1"]))).text
    assert "•••" in page
    assert name_of("a1", 7) not in page
    assert "ลำดับ007" not in page
    assert phone_of(7) not in page


def test_one_row_is_shown_once_with_a_reason_that_is_kept(
    app: Portal, world: World, client_as: ClientAs, entry_id: int
) -> None:
    client = client_as("dla")
    address = at(world, f"{world.participation['a1']}/rows/{entry_id}")
    assert name_of("a1", 7) not in client.get(address).text
    assert unmaskings(app) == []
    shown = client.submit(address, {"reason": REASON})
    assert name_of("a1", 7) in shown.text
    assert name_of("a1", 8) not in shown.text
    assert unmaskings(app) == [(str(entry_id), {"reason": REASON, "number": 7})]
    assert name_of("a1", 7) not in client.get(address).text


@pytest.mark.parametrize("reason", ["", "   ", "ดู"])
def test_without_a_reason_it_stays_masked(
    app: Portal, world: World, client_as: ClientAs, entry_id: int, reason: str
) -> None:
    address = at(world, f"{world.participation['a1']}/rows/{entry_id}")
    answer = client_as("dla").submit(address, {"reason": reason})
    assert answer.status_code == 422
    assert name_of("a1", 7) not in answer.text
    assert unmaskings(app) == []


def test_a_row_belongs_to_its_agency(app: Portal, world: World, client_as: ClientAs, entry_id: int) -> None:
    address = at(world, f"{world.participation['a2']}/rows/{entry_id}")
    assert client_as("dla").submit(address, {"reason": REASON}).status_code == 404


@pytest.mark.parametrize(
    "person", ["nacc", "province", "agency_admin", "executive", "assessor", "interviewer"]
)
def test_others_find_nothing(
    app: Portal, world: World, client_as: ClientAs, entry_id: int, person: str
) -> None:
    client = client_as(person)
    address = at(world, f"{world.participation['a1']}/rows/{entry_id}")
    assert client.get(at(world)).status_code == 404
    assert client.get(at(world, str(world.participation["a1"]))).status_code == 404
    assert client.get(address).status_code == 404
    assert client.submit(address, {"reason": REASON}).status_code == 404
    assert unmaskings(app) == []
