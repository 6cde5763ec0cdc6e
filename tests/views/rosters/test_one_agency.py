"""People are searched within one named agency only: no screen finds a name across agencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from models.roster import RosterEntry
from portal.core import vault
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.rosters.importing import contacts
from tests.support.client import PortalClient
from tests.support.rosters import fill_roster, name_of
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]
#: whatever a screen calls what it searches for
WORDS = ("q", "search", "name", "text", "flt_name")
#: people, and the agency whose names they may read without naming it: their own
SEARCHERS = {"dla": "", "nacc": "", "province": "", "agency_admin": "a1"}


@pytest.fixture
def filled(app: Portal, world: World) -> World:
    """Two agencies with people of one surname."""
    for agency in ("a1", "b1"):
        fill_roster(app, world, agency, people=3)
    return world


def screens(app: Portal, world: World) -> Iterator[str]:
    """The addresses that name no agency."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"round_id"}:
            yield rule.rule.replace("<int:round_id>", str(world.round_id))


@pytest.mark.proof
@pytest.mark.parametrize("person", SEARCHERS)
def test_no_screen_finds_people_across_agencies(
    app: Portal, filled: World, client_as: ClientAs, person: str
) -> None:
    client = client_as(person)
    asked = "&".join(f"{word}=ลำดับ002" for word in WORDS)
    opened = 0
    for address in set(screens(app, filled)):
        answer = client.get(f"{address}?{asked}")
        opened += answer.status_code == 200
        for agency in {"a1", "b1"} - {SEARCHERS[person]}:
            assert name_of(agency, 2).encode() not in answer.data, address
    assert opened > 5, "screens were read"


def test_rows_of_two_agencies_are_not_opened_together(app: Portal, filled: World) -> None:
    """Each field is sealed for its agency: a search across them could not even read."""
    with app.app_context(), privileged("a test looks") as session:
        rows = list(session.scalars(select(RosterEntry).order_by(RosterEntry.id)))
        assert len(contacts(rows[:3], rows[0].participation_id)) == 3
        with pytest.raises(vault.Unreadable):
            contacts(rows, rows[0].participation_id)
