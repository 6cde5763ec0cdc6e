"""The agency's own roster by its pages: a name by hand, the file of it, and the import's last undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.roster import RosterEntry
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.record import events_of
from tests.support.rosters import fill_roster, name_of
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]
PERSON = {"name": "นายทดลอง ใหม่", "organisation": "", "group": "1", "phone": "", "email": ""}


@pytest.fixture
def room(app: Portal, world: World) -> str:
    """Where the roster lies; a1 has three names that are still being entered."""
    fill_roster(app, world, people=3, confirmed=False)
    return f"/rounds/{world.round_id}/preparation/roster"


@pytest.fixture
def admin(client_as: ClientAs) -> PortalClient:
    return client_as("agency_admin")


def first_row(app: Portal) -> tuple[int, int]:
    """Id and version of the first row."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(RosterEntry.id, RosterEntry.version).where(RosterEntry.number == 1)
        key, version = session.execute(query).one()
        return key, version


def test_a_row_that_cannot_be_reached_says_so(room: str, admin: PortalClient) -> None:
    admin.submit(f"{room}/new", PERSON)
    page = admin.get(f"{room}?unreached=1").text
    assert PERSON["name"] in page and "ติดต่อไม่ได้" in page and name_of("a1", 1) not in page
    assert "ทุกรายชื่อมีโทรศัพท์หรืออีเมล" in admin.get(f"{room}?unreached=1&group=99999").text


def test_and_another_comes_back_to_an_empty_form(room: str, admin: PortalClient) -> None:
    again = admin.submit(f"{room}/new", {**PERSON, "another": "1"})
    assert again.location == f"{room}/new"
    page = admin.get(again.location).text
    assert "เพิ่มชื่อนี้ในรายชื่อแล้ว" in page and "นายทดลอง ใหม่" not in page
    assert admin.submit(f"{room}/new", {**PERSON, "name": "นายทดลอง สอง"}).location == room
    assert "นายทดลอง สอง" in admin.get(room).text


def test_what_should_be_looked_at_is_said_after_saving(room: str, admin: PortalClient) -> None:
    page = admin.submit(f"{room}/new", PERSON, follow_redirects=True).text
    assert "ไม่มีทั้งโทรศัพท์และอีเมล" in page and "นายทดลอง ใหม่" in page


def test_a_row_is_changed_at_the_version_that_was_shown(app: Portal, room: str, admin: PortalClient) -> None:
    key, version = first_row(app)
    sent = {**PERSON, "version": str(version)}
    assert admin.submit(f"{room}/{key}", sent).location == room
    stale = admin.submit(f"{room}/{key}", {**sent, "name": "นายทดลอง สาม"})
    assert stale.status_code == 409 and "นายทดลอง สาม" in stale.text
    gone = admin.submit(f"{room}/{key}/delete", {"version": str(version)})
    assert gone.status_code == 409
    assert "นายทดลอง ใหม่" in admin.get(room).text


def test_deleting_asks_first_and_is_for_good(app: Portal, room: str, admin: PortalClient) -> None:
    key, version = first_row(app)
    asked = admin.get(f"{room}/{key}/delete").text
    assert name_of("a1", 1) in asked and f'value="{version}"' in asked
    assert name_of("a1", 1) in admin.get(room).text
    done = admin.submit(f"{room}/{key}/delete", {"version": str(version)}, follow_redirects=True)
    assert "ลบชื่อนี้ออกจากรายชื่อแล้ว" in done.text
    assert name_of("a1", 1) not in done.text, "what a form was answered is kept for hours: without the name"


@pytest.mark.parametrize(
    ("form", "kind"), [("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats-officedocument")]
)
def test_the_own_roster_comes_as_a_file_named_after_the_agency(
    app: Portal, room: str, admin: PortalClient, form: str, kind: str
) -> None:
    answer = admin.submit(f"{room}/export", {"format": form})
    assert answer.content_type.startswith(kind)
    assert f"roster-05520401.{form}" in answer.headers["Content-Disposition"]
    with app.app_context():
        assert [event.after["format"] for event in events_of("roster.export")] == [form]


def test_another_kind_of_file_is_not_found_and_not_noted(app: Portal, room: str, admin: PortalClient) -> None:
    assert admin.submit(f"{room}/export", {"format": "pdf"}).status_code == 404
    assert admin.get(f"{room}/export").status_code == 405
    with app.app_context():
        assert events_of("roster.export") == []
