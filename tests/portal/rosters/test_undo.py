"""Taking an import of a roster back: what comes back, for whom, and when it is too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Role
from models.audit import AuditEvent
from models.letter import StoredFile
from models.participation import Participation, PreparationState
from models.roster import RosterEntry, RosterVerdict
from portal.core.database.session import privileged
from portal.core.errors import Closed, NotFound, Refused
from portal.core.files import ROSTER_BEFORE_IMPORT
from portal.core.sign_in import actor_for_grant
from portal.core.web import Portal
from portal.preparation import desk
from portal.rosters import rows
from portal.rosters.file import Person, read_roster
from portal.rosters.importing import plan_roster
from portal.rosters.undo import can_undo, import_plan, undo_import
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support.rosters import fill_roster, judge, name_of, own
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
HEADER = "ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล"
FILE = ("นายสมมติ หนึ่ง,ร้านทดลอง,1,0800000001,a@example.th", "นางสมมติ สอง,,2,0800000002,")
NAMES = ["นายสมมติ หนึ่ง", "นางสมมติ สอง"]
#: names that stand on the roster before the import
BEFORE = [name_of("a1", number) for number in (1, 2, 3)]
Clock = Callable[[object], None]


@pytest.fixture
def entering(app: Portal, world: World, clock: Clock) -> Iterator[World]:
    """a1 with three names, still being entered, a minute later; inside an application context."""
    fill_roster(app, world, people=3, confirmed=False)
    clock(NOW + timedelta(minutes=1))
    with app.app_context():
        yield world


def imports(world: World, *lines: str, replace: bool = False, person: str = "agency_admin") -> int:
    """A file imported by a person; gives how many rows were written."""
    with acting_as(world.actor(person)) as actor:
        table = read_roster("\n".join((HEADER, *lines)).encode(), "roster.csv")
        return import_plan(own(world), plan_roster(own(world), table), replace=replace, actor=actor)


def undo(world: World, person: str = "agency_admin") -> int:
    with acting_as(world.actor(person)) as actor:
        return undo_import(own(world), actor=actor)


def undoable(world: World, person: str = "agency_admin") -> bool:
    with acting_as(world.actor(person)) as actor:
        return can_undo(own(world), actor)


def names(world: World) -> list[str]:
    with acting_as(world.actor("agency_admin")):
        return [one.contact.name for one in rows.whole_roster(own(world))]


def acts() -> list[tuple[str, object]]:
    with privileged("a test looks") as session:
        query = select(AuditEvent.act, AuditEvent.after).where(AuditEvent.thing == "participation")
        return [(act, after) for act, after in session.execute(query.order_by(AuditEvent.id))]


@pytest.mark.parametrize("replace", [False, True])
def test_the_rows_of_before_come_back_in_their_order(entering: World, replace: bool) -> None:
    assert imports(entering, *FILE, replace=replace) == 2
    assert names(entering) == (NAMES if replace else [*BEFORE, *NAMES])
    assert undo(entering) == 3
    assert names(entering) == BEFORE
    stored = row(Participation, entering.participation["a1"])
    assert (stored.roster_count, stored.roster_at) == (3, NOW)
    assert acts()[-1] == ("roster.undo", {"rows": 3})
    with privileged("a test looks") as session:
        assert session.scalars(select(StoredFile)).all() == [], (
            "names are not kept longer than they are needed"
        )


def test_a_first_import_taken_back_leaves_step_3_open(app: Portal, world: World) -> None:
    with app.app_context():
        imports(world, *FILE)
        assert undo(world) == 0
        stored = row(Participation, world.participation["a1"])
        assert (stored.roster_count, stored.roster_at, stored.has_roster) == (0, None, False)


def test_it_goes_once_and_not_to_the_import_before(entering: World) -> None:
    imports(entering, FILE[0])
    imports(entering, FILE[1])
    assert undo(entering) == 4
    assert not undoable(entering)
    with pytest.raises(Refused, match="can no longer be taken back"):
        undo(entering)
    assert names(entering) == [*BEFORE, NAMES[0]]


def test_what_is_kept_is_sealed_and_one_file(entering: World) -> None:
    imports(entering, *FILE)
    imports(entering, *FILE, replace=True)
    with privileged("a test looks") as session:
        kept = select(StoredFile.content).where(StoredFile.content_type == ROSTER_BEFORE_IMPORT)
        (content,) = session.scalars(kept).all()
    assert "สมมติ".encode() not in content


def change(world: World, what: str) -> None:
    """Something done by hand to the roster, a minute after the import."""
    with acting_as(world.actor("agency_admin")) as actor:
        found = rows.whole_roster(own(world))[0]
        person = Person(0, "นางทดลอง สาม", "", found.group.id, "", "")
        if what == "add":
            rows.add_row(own(world), person, actor=actor)
        elif what == "change":
            rows.change_row(own(world), found.entry_id, person, actor=actor)
        else:
            rows.delete_row(own(world), found.entry_id, actor=actor)


@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_after_a_row_was_touched_by_hand_it_is_too_late(entering: World, clock: Clock, what: str) -> None:
    imports(entering, *FILE)
    clock(NOW + timedelta(minutes=2))
    change(entering, what)
    now = names(entering)
    assert not undoable(entering)
    with pytest.raises(Refused, match="because the roster was changed since"):
        undo(entering)
    assert names(entering) == now


def test_after_sending_to_the_executive_nothing_is_kept_any_more(entering: World) -> None:
    imports(entering, *FILE)
    with acting_as(entering.actor("agency_admin")) as actor:
        desk.set_headcount(own(entering), 52, actor=actor)
        desk.submit(own(entering), actor=actor)
    with pytest.raises(Refused, match="were sent to the executive"):
        undo(entering)
    with acting_as(entering.actor("agency_admin")) as actor:
        desk.withdraw(own(entering), actor=actor)
    assert not undoable(entering)
    with privileged("a test looks") as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_out_of_time_it_stays_imported(entering: World, clock: Clock) -> None:
    imports(entering, *FILE)
    clock(NOW + timedelta(days=200))
    with pytest.raises(Closed):
        undo(entering)
    assert len(names(entering)) == 5


def test_nobody_else_takes_an_import_back(entering: World) -> None:
    imports(entering, *FILE)
    for person in ("executive", "assessor", "dla", "nacc", "province"):
        with pytest.raises(NotFound):
            undo(entering, person)
    assert undoable(entering)


def test_a_file_without_a_usable_row_is_refused_and_keeps_the_roster(entering: World) -> None:
    for replace in (False, True):
        with pytest.raises(Refused, match="no row that can be imported"):
            imports(entering, ",,9,,", replace=replace)
    assert names(entering) == BEFORE
    assert not undoable(entering)


def test_names_that_the_assessor_asked_for_are_added_to_confirmed_data_never_put_in_their_place(
    app: Portal, world: World
) -> None:
    fill_roster(app, world, people=3)
    with app.app_context():
        judge(world, RosterVerdict.MORE_NAMES)
        with pytest.raises(Refused, match="can no longer be changed"):
            imports(world, *FILE, replace=True)
        assert imports(world, *FILE) == 2
        assert names(world) == [*BEFORE, *NAMES]
        with pytest.raises(Refused, match="can no longer be changed"):
            undo(world)
        assert row(Participation, world.participation["a1"]).state is PreparationState.CONFIRMED


def test_a_row_keeps_its_seal_over_import_and_undo(entering: World) -> None:
    def sealed() -> list[tuple[int, bytes, bytes]]:
        with privileged("a test looks") as session:
            columns = (RosterEntry.number, RosterEntry.name_sealed, RosterEntry.fingerprint)
            return [
                (one[0], one[1], one[2])
                for one in session.execute(select(*columns).order_by(RosterEntry.number))
            ]

    before = sealed()
    imports(entering, *FILE, replace=True)
    undo(entering)
    assert sealed() == before


def test_another_admin_of_the_agency_takes_back_nothing_that_is_not_their_own(
    entering: World, make: Make
) -> None:
    grant = make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=entering.agency["a1"])
    with privileged("a second admin") as session:
        second = actor_for_grant(session, grant.id)
    imports(entering, *FILE)
    with acting_as(second) as actor:
        assert not can_undo(own(entering), actor)
    with pytest.raises(Refused, match="can no longer be taken back"), acting_as(second) as actor:
        undo_import(own(entering), actor=actor)
    assert undoable(entering)
