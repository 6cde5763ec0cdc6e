"""Who sees a name of a roster in the clear, when, and what the record keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.participation import Participation
from models.roster import RosterEntry
from models.round import RosterGroup
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rosters import access
from portal.rosters.file import Person as Typed
from portal.rosters.rows import add_row
from tests.factories.base import Make
from tests.factories.work import RosterEntryFactory
from tests.support.record import events_of
from tests.support.rosters import fill_roster, name_of, own, phone_of
from tests.support.world import World, acting_as, row

pytestmark = pytest.mark.postgres
REASON = "เจ้าของข้อมูลขอให้แก้ไข"
READERS = {"agency_admin", "executive", "assessor", "interviewer"}


@pytest.fixture
def filled(app: Portal, world: World) -> Iterator[World]:
    """a1 with twelve people on its roster, inside an application context."""
    fill_roster(app, world, people=12, confirmed=False)
    with app.app_context():
        yield world


def entry(world: World, number: int = 7) -> RosterEntry:
    """A row of a1's roster as the acting person sees it."""
    mine = RosterEntry.participation_id == world.participation["a1"]
    return db.session.scalars(select(RosterEntry).where(mine, RosterEntry.number == number)).one()


def foreign_entry(world: World) -> RosterEntry:
    """The same row in the hands of somebody who cannot reach it by a query."""
    with privileged("a test takes a row along") as session:
        key = session.scalars(select(RosterEntry.id).where(RosterEntry.number == 7)).one()
    found = row(RosterEntry, key)
    assert isinstance(found, RosterEntry)
    return found


def add_person(world: World, **fields: str) -> int:
    """One more person on a1's roster; gives the number of the row."""
    with acting_as(world.actor("agency_admin")) as actor:
        group = own(world).round.roster_groups[0]
        values: dict[str, Any] = {
            "name": "นายทดลอง หนึ่ง",
            "organisation": "",
            "phone": "",
            "email": "",
            **fields,
        }
        added = add_row(own(world), Typed(0, group_id=group.id, **values), actor=actor)
        assert isinstance(added, RosterEntry)
        return added.number


# -- opening a roster ------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", sorted(READERS))
def test_an_opening_is_recorded_with_who_and_how_many_and_no_name(filled: World, person: str) -> None:
    with acting_as(filled.actor(person)) as actor:
        access.open_roster(own(filled), actor=actor)
    (event,) = events_of("roster.open")
    assert (event.account_id, event.thing, event.row) == (
        filled.account[person],
        "participation",
        str(filled.participation["a1"]),
    )
    assert (event.chain, event.after) == (f"agency:{filled.agency['a1']}", {"people": 12})


def test_nobody_else_opens_it_neither_an_office_nor_a_reader_of_other_rosters(filled: World) -> None:
    roster = row(Participation, filled.participation["a1"])
    for person in filled.grant.keys() - READERS:
        with pytest.raises(NotFound), acting_as(filled.actor(person)) as actor:
            access.open_roster(roster, actor=actor)
    assert events_of("roster.open") == []


# -- the rows --------------------------------------------------------------------------------------------


def test_a_row_that_came_last_stands_at_its_number(filled: World, make: Make) -> None:
    with privileged("a test looks") as session:
        group = session.scalars(select(RosterGroup).limit(1)).one()
        session.expunge_all()
    mine = row(Participation, filled.participation["a1"])
    make(RosterEntryFactory, participation=mine, group=group, number=0)
    with acting_as(filled.actor("assessor")):
        assert [one.number for one in access.entries_of(own(filled))] == list(range(13))


def test_rows_come_in_clear_and_by_group(filled: World) -> None:
    with acting_as(filled.actor("assessor")):
        people = access.in_the_clear(access.entries_of(own(filled)))
        group = own(filled).round.roster_groups[1]
        some = access.in_the_clear(access.entries_of(own(filled), group_id=group.id))
        assert some == [one for one in people if one.group == group.name]
    assert [(one.number, one.name, one.phone) for one in people] == [
        (number, name_of("a1", number), phone_of(number)) for number in range(1, 13)
    ]
    assert 0 < len(some) < len(people)


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("name", "นายสมชาย ใจดี", "นายสม•••"),
        ("organisation", "ร้านทดลอง", "ร้านทด•••"),
        ("organisation", "", ""),
        ("phone", "0812345678", "•••78"),
        ("phone", "1567", "•••"),
        ("phone", "", ""),
        ("email", "somchai@example.th", "•••"),
        ("email", "", ""),
    ],
)
def test_a_masked_field_keeps_too_little_to_find_a_person(
    filled: World, field: str, typed: str, shown: str
) -> None:
    number = add_person(filled, **{field: typed})
    with acting_as(filled.actor("dla")):
        masked = access.masked([entry(filled, number)])[0]
    assert getattr(masked, field) == shown


# -- one row in the clear for the back office --------------------------------------------------------------


def test_one_row_is_shown_with_its_reason_in_the_record_and_without_its_name(filled: World) -> None:
    with acting_as(filled.actor("dla")) as actor:
        wanted = entry(filled)
        person = access.unmask(wanted, reason=f"  {REASON}  ", actor=actor)
        assert (person.entry_id, person.name, person.phone) == (wanted.id, name_of("a1", 7), phone_of(7))
    (event,) = events_of("roster.unmask")
    assert event.after == {"reason": REASON, "number": 7}
    assert (event.account_id, event.row) == (filled.account["dla"], str(person.entry_id))
    assert event.chain == f"agency:{filled.agency['a1']}"


def test_a_reason_that_says_too_little_shows_nothing(filled: World) -> None:
    for reason in ("", "   ", "ดูหน่อย", "  ก ข  "):
        with pytest.raises(Refused) as refusal, acting_as(filled.actor("dla")) as actor:
            access.unmask(entry(filled), reason=reason, actor=actor)
        assert refusal.value.values == {"least": access.SHORTEST_REASON}
    assert events_of("roster.unmask") == []


def test_a_reason_is_long_enough_with_its_shortest_and_kept_up_to_its_longest(filled: World) -> None:
    for length in (access.SHORTEST_REASON, 400):
        with acting_as(filled.actor("dla")) as actor:
            access.unmask(entry(filled), reason="ก" * length, actor=actor)
    kept = [len(str(event.after["reason"])) for event in events_of("roster.unmask")]
    assert kept == [access.SHORTEST_REASON, access.LONGEST_REASON]


def test_nobody_else_unmasks_a_row_whatever_the_reason(filled: World) -> None:
    wanted = foreign_entry(filled)
    for person in filled.grant.keys() - {"dla"}:
        with pytest.raises(NotFound), acting_as(filled.actor(person)) as actor:
            access.unmask(wanted, reason=REASON, actor=actor)
    assert events_of("roster.unmask") == []
