"""An agency's own roster by hand: read, searched, added to, changed, and taken from; by whom and how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.participation import Participation, PreparationState
from models.roster import RosterEntry, RosterVerdict
from portal.core.access import Permission
from portal.core.contributors import own_work
from portal.core.database.session import privileged, writing
from portal.core.errors import Closed, NotFound, Refused, Stale
from portal.core.imports.notes import Wrong
from portal.core.web import Portal
from portal.rosters import rows
from portal.rosters.file import Person
from tests.factories.base import Make
from tests.factories.work import SampleDrawFactory
from tests.support.record import events_of
from tests.support.rosters import fill_roster, judge, own
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
Clock = Callable[[object], None]


@pytest.fixture
def entering(app: Portal, world: World) -> Iterator[World]:
    """a1 with sixty names, still being entered, inside an application context."""
    fill_roster(app, world, people=60, confirmed=False)
    with app.app_context():
        yield world


def person(world: World, name: str = "นายทดลอง ใหม่", agency: str = "a1", **fields: Any) -> Person:
    """A person in the first group, as the form gives one."""
    group = own(world, agency).round.roster_groups[0]
    return Person(0, name, **{"organisation": "", "group_id": group.id, "phone": "", "email": "", **fields})


def add(world: World, name: str = "นายทดลอง ใหม่", who: str = "agency_admin") -> RosterEntry | Wrong:
    with acting_as(world.actor(who)) as actor:
        return rows.add_row(own(world), person(world, name), actor=actor)


def key_of(world: World, number: int) -> int:
    with privileged("a test looks") as session:
        mine = RosterEntry.participation_id == world.participation["a1"]
        return session.scalars(select(RosterEntry.id).where(mine, RosterEntry.number == number)).one()


def page(world: World, **asked: Any) -> tuple[list[int], int, int, int]:
    """Numbers on a page, then which page of how many, and how many fit in all."""
    with acting_as(world.actor("agency_admin")):
        found = rows.roster_page(own(world), **asked)
        return [one.contact.number for one in found.rows], found.page, found.pages, found.total


# -- reading ---------------------------------------------------------------------------------------------


#: what is asked for; the numbers on the page; which page of how many, and how many fit
PAGES: tuple[tuple[dict[str, Any], Any, tuple[int, int, int]], ...] = (
    ({}, range(1, 51), (1, 2, 60)),
    ({"page": 2}, range(51, 61), (2, 2, 60)),
    ({"page": 99}, range(51, 61), (2, 2, 60)),
    ({"page": -1}, range(1, 51), (1, 2, 60)),
    ({"search": "ลำดับ007"}, [7], (1, 1, 1)),
    ({"search": "๐๘๐๐๐๐๐๐๐๗"}, [7], (1, 1, 1)),
    ({"search": "080-000-0007"}, [7], (1, 1, 1)),
    ({"search": "ลำดับ00 สมมติ"}, range(1, 10), (1, 1, 9)),
    ({"search": "นางสมมติ", "page": 2}, range(51, 61), (2, 2, 60)),
    ({"search": "ไม่มีใคร"}, [], (1, 1, 0)),
    ({"search": "   "}, range(1, 51), (1, 2, 60)),
)


def test_a_page_has_what_was_searched_for(entering: World) -> None:
    for asked, numbers, place in PAGES:
        assert page(entering, **asked) == (list(numbers), *place), asked


def test_who_cannot_be_reached_is_found(entering: World) -> None:
    with acting_as(entering.actor("agency_admin")) as actor:
        group = own(entering).round.roster_groups[0].id
        for name, phone, email in (
            ("ก", "", ""),
            ("ข", "ไม่มีโทรศัพท์", ""),
            ("ค", "", "a@b.th"),
            ("ง", "1567", ""),
        ):
            rows.add_row(own(entering), Person(0, name, "", group, phone, email), actor=actor)
    assert page(entering, unreached=True) == ([61, 62], 1, 1, 2)
    assert page(entering, unreached=True, search="ลำดับ") == ([], 1, 1, 0)


def test_a_group_has_its_people_and_a_page_counts_from_its_first(entering: World) -> None:
    with acting_as(entering.actor("agency_admin")):
        group = own(entering).round.roster_groups[1]
        some = rows.roster_page(own(entering), group_id=group.id)
        assert {one.group.id for one in some.rows} == {group.id}
        assert some.total == sum(one.group.id == group.id for one in rows.whole_roster(own(entering)))
        second = rows.roster_page(own(entering), page=2)
        assert (second.first, second.last) == (51, 60)
        nobody = rows.roster_page(own(entering), search="ไม่มีใคร")
        assert (nobody.first, nobody.last) == (0, 0)


def test_a_row_of_another_agency_is_no_row(app: Portal, entering: World) -> None:
    fill_roster(app, entering, "b1", people=1, confirmed=False)
    foreign = key_of(entering, 1)
    with acting_as(entering.actor("dla")), pytest.raises(NotFound):
        rows.roster_row(own(entering, "b1"), foreign)
    with acting_as(entering.actor("agency_admin_other")) as actor:
        mine = own(entering, "b1")
        with pytest.raises(NotFound):
            rows.change_row(mine, foreign, person(entering, agency="b1"), actor=actor)
        with pytest.raises(NotFound):
            rows.delete_row(mine, foreign, actor=actor)
    assert page(entering, search="ลำดับ001")[0] == [1]


# -- changing --------------------------------------------------------------------------------------------


def test_a_person_is_added_at_the_end_counted_and_noted_without_a_name(entering: World, clock: Clock) -> None:
    clock(NOW + timedelta(hours=1))
    assert isinstance(add(entering), RosterEntry)
    assert page(entering, search="นายทดลอง")[0] == [61]
    stored = row(Participation, entering.participation["a1"])
    assert (stored.roster_count, stored.roster_at) == (61, NOW + timedelta(hours=1))
    noted = events_of("roster.add")
    assert {event.thing for event in noted} == {"roster_entry", "participation"}
    assert not any("ทดลอง ใหม่" in str((event.before, event.after)) for event in noted)


def test_the_same_person_stands_once_and_the_refusal_names_the_number(entering: World) -> None:
    add(entering)
    again = add(entering, "นายทดลอง  ใหม่")
    assert isinstance(again, Wrong)
    assert (again.column, again.values) == ("name", {"number": 61})
    fifth, itself = key_of(entering, 5), key_of(entering, 61)
    with acting_as(entering.actor("agency_admin")) as actor:
        assert isinstance(rows.change_row(own(entering), fifth, person(entering), actor=actor), Wrong)
        same = person(entering, email="a@b.th")  # the own row is no other
        assert isinstance(rows.change_row(own(entering), itself, same, actor=actor), RosterEntry)
    assert page(entering)[3] == 61


def test_a_change_keeps_the_number_and_is_recorded_without_a_name(entering: World) -> None:
    key = key_of(entering, 7)
    with acting_as(entering.actor("agency_admin")) as actor:
        rows.change_row(own(entering), key, person(entering, phone="0899999999"), actor=actor)
    with acting_as(entering.actor("agency_admin")):
        found = rows.roster_row(own(entering), key)
        assert (found.contact.number, found.contact.name) == (7, "นายทดลอง ใหม่")
        assert found.contact.phone == "0899999999"
    noted = [event for event in events_of("roster.change") if event.thing == "roster_entry"]
    assert [event.row for event in noted] == [str(key)] * len(noted) and noted
    assert not any("ทดลอง ใหม่" in str((event.before, event.after)) for event in noted)


def test_what_somebody_saved_since_is_neither_changed_nor_deleted(entering: World) -> None:
    key = key_of(entering, 7)
    with acting_as(entering.actor("agency_admin")) as actor:
        rows.change_row(own(entering), key, person(entering), seen_version=1, actor=actor)
    with pytest.raises(Stale), acting_as(entering.actor("agency_admin")) as actor:
        rows.change_row(own(entering), key, person(entering, "อื่น"), seen_version=1, actor=actor)
    with pytest.raises(Stale), acting_as(entering.actor("agency_admin")) as actor:
        rows.delete_row(own(entering), key, seen_version=1, actor=actor)
    assert page(entering, search="นายทดลอง")[0] == [7]


def test_a_roster_without_its_last_name_is_empty_again(app: Portal, world: World) -> None:
    fill_roster(app, world, people=1, confirmed=False)
    with app.app_context():
        last = key_of(world, 1)
        with acting_as(world.actor("agency_admin")) as actor:
            rows.delete_row(own(world), last, seen_version=1, actor=actor)
        stored = row(Participation, world.participation["a1"])
        assert (stored.roster_count, stored.roster_at, stored.has_roster) == (0, None, False)
        assert {event.thing for event in events_of("roster.delete")} == {"roster_entry", "participation"}


def test_only_the_own_admin_writes(entering: World) -> None:
    key = key_of(entering, 7)
    for who in ("executive", "assessor", "dla", "nacc", "province"):
        with pytest.raises(NotFound):
            add(entering, who=who)
        with pytest.raises(NotFound), acting_as(entering.actor(who)) as actor:
            rows.change_row(own(entering), key, person(entering), actor=actor)
        with pytest.raises(NotFound), acting_as(entering.actor(who)) as actor:
            rows.delete_row(own(entering), key, actor=actor)
    assert page(entering)[3] == 60


def in_state(world: World, state: PreparationState) -> None:
    with writing(), privileged("a test brings the data on") as session:
        session.get_one(Participation, world.participation["a1"]).state = state


@pytest.mark.parametrize("state", [PreparationState.SUBMITTED, PreparationState.CONFIRMED])
def test_sent_data_take_no_row(entering: World, state: PreparationState) -> None:
    in_state(entering, state)
    with acting_as(entering.actor("agency_admin")) as actor:
        assert not rows.may_add(own(entering), actor)
    with pytest.raises(Refused):
        add(entering)
    assert page(entering)[3] == 60


# -- more names for the assessor ---------------------------------------------------------------------------


def may_add(world: World, who: str = "agency_admin") -> bool:
    with acting_as(world.actor(who)) as actor:
        return rows.may_add(own(world), actor)


def test_names_that_the_assessor_asked_for_may_be_added_until_the_draw(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with app.app_context():
        assert not may_add(world)
        judge(world, RosterVerdict.MORE_NAMES)
        assert may_add(world)
        add(world)
        added = key_of(world, 41)
        with pytest.raises(Refused, match="no longer"), acting_as(world.actor("agency_admin")) as actor:
            rows.delete_row(own(world), added, actor=actor)
        judge(world, RosterVerdict.REPRESENTATIVE)
        assert not may_add(world)


def test_a_request_for_names_ends_with_the_draw_and_with_the_stage(
    app: Portal, world: World, clock: Clock, make: Make
) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world, RosterVerdict.MORE_NAMES)
        assert may_add(world)
        clock(NOW + timedelta(days=200))
        assert not may_add(world)
        with pytest.raises(Closed):
            add(world)
        clock(NOW)
        make(SampleDrawFactory, participation=row(Participation, world.participation["a1"]))
        assert not may_add(world)


@pytest.mark.parametrize("verdict", list(RosterVerdict))
def test_a_visit_is_announced_where_answers_are_collected_at_the_office(
    app: Portal, world: World, clock: Clock, verdict: RosterVerdict
) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world, verdict)
        with acting_as(world.actor("agency_admin")):
            announced = rows.visit_announced(own(world)) is not None
            asked = rows.request_for_names(own(world)) is not None
            clock(NOW + timedelta(days=200))
            later = rows.visit_announced(own(world))
    assert announced is (verdict is RosterVerdict.COLLECT_ON_SITE)
    assert asked is (verdict is RosterVerdict.MORE_NAMES)
    assert later is None


def test_who_typed_a_name_judges_no_roster_of_that_agency(entering: World) -> None:
    add(entering)
    with acting_as(entering.actor("agency_admin")) as actor:
        assert own_work(Permission.ROSTER_JUDGE, own(entering), actor) is not None
    with acting_as(entering.actor("executive")) as actor:
        assert own_work(Permission.ROSTER_JUDGE, own(entering), actor) is None


def test_what_is_typed_is_read_by_the_rules_of_the_import(entering: World) -> None:
    with acting_as(entering.actor("agency_admin")):
        good = rows.read_fields(own(entering), {"name": " นายทดลอง ", "group": "2", "phone": "812345678"})
        bad = rows.read_fields(own(entering), {"name": "", "group": "ไม่มี", "email": "a"})
    assert isinstance(good, Person) and (good.name, good.phone) == ("นายทดลอง", "0812345678")
    assert isinstance(bad, tuple) and [wrong.column for wrong in bad] == ["name", "group", "email"]
