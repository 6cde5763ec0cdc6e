"""The roster's import: what is taken, what is sealed, what the record says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.letter import StoredFile
from models.participation import Participation
from models.roster import RosterEntry
from portal.core import audit
from portal.core.access import Actor
from portal.core.database.session import db, privileged
from portal.core.imports.spreadsheet import Table
from portal.core.web import Portal
from portal.rosters.file import read_roster
from portal.rosters.importing import RosterPlan, apply_roster, keep_roster, kept_roster, opened, plan_roster
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres

HEADER = "ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล"
ONE = "1,นายสมมติ หนึ่ง,ร้านทดลอง,1,08 0000 0001,a@example.th"
TWO = "2,นางสาวตัวอย่าง สอง,,2,08 0000 0002,"
AGAIN = "3,นายสมมติ  หนึ่ง,ร้านทดลอง,3,0800000001,"
BAD = "4,,,ผู้ขายสินค้า,12,"


def table(*lines: str) -> Table:
    return read_roster("\n".join((HEADER, *lines)).encode(), "roster.csv")


@pytest.fixture
def admin(app: Portal, world: World) -> Iterator[Actor]:
    with app.app_context():
        yield world.actor("agency_admin")


def mine(world: World) -> Participation:
    found = db.session.get(Participation, world.participation["a1"])
    assert found is not None
    return found


def imported(world: World, *lines: str, replace: bool = False) -> RosterPlan:
    participation = mine(world)
    plan = plan_roster(participation, table(*lines))
    apply_roster(participation, plan, replace=replace)
    return plan


def roster(world: World) -> list[tuple[int, str, str, str, str]]:
    rows = db.session.scalars(
        select(RosterEntry)
        .where(RosterEntry.participation_id == world.participation["a1"])
        .order_by(RosterEntry.number)
    )
    contacts = [opened(entry) for entry in rows]
    return [(row.number, row.name, row.organisation, row.phone, row.email) for row in contacts]


def test_a_dry_run_names_every_fault_and_takes_nothing(admin: Actor, world: World) -> None:
    with acting_as(admin):
        plan = plan_roster(mine(world), table(ONE, TWO, AGAIN, BAD, "5,,,,,"))
        assert roster(world) == []
    assert [person.row for person in plan.good] == [2, 3]
    assert [(wrong.row.number, [fault.column for fault in wrong.wrongs]) for wrong in plan.wrong] == [
        (4, ["name"]),
        (5, ["name", "group"]),
    ]
    assert plan.wrong[0].wrongs[0].values == {"row": 2}


def test_the_good_rows_are_sealed_and_counted(admin: Actor, world: World) -> None:
    with acting_as(admin):
        imported(world, ONE, TWO, BAD)
    with acting_as(admin):
        assert roster(world) == [
            (1, "นายสมมติ หนึ่ง", "ร้านทดลอง", "0800000001", "a@example.th"),
            (2, "นางสาวตัวอย่าง สอง", "", "0800000002", ""),
        ]
        participation = mine(world)
        assert participation.roster_count == 2
        assert participation.roster_at is not None
    with privileged("a test looks") as session:
        for row in session.execute(select(RosterEntry.__table__)):
            for value in row:
                assert not isinstance(value, bytes) or "สมมติ".encode() not in value
            assert row.agency_id == world.agency["a1"]


def test_an_import_leaves_one_event_without_a_name(admin: Actor, world: World) -> None:
    with acting_as(admin):
        plan = imported(world, ONE, TWO, BAD)
    with privileged("a test looks") as session:
        chain = f"agency:{world.agency['a1']}"
        found = session.scalars(select(AuditEvent).where(AuditEvent.chain == chain)).all()
        assert {event.act for event in found} == {"roster.import"}
        assert [event.thing for event in found] == ["participation", "participation"]
        counted = found[-1]
        assert counted.after == {
            "rows": 2,
            "added": 2,
            "replaced": False,
            "left_out": 1,
            "sha256": plan.sha256,
        }
        assert counted.account_id == world.account["agency_admin"]
        assert not any("สมมติ" in str((event.before, event.after)) for event in found)
        assert audit.first_broken(session) is None


def test_a_second_import_adds_only_who_is_not_on_the_roster(admin: Actor, world: World) -> None:
    with acting_as(admin):
        imported(world, ONE)
    with acting_as(admin):
        plan = imported(world, TWO, ONE)
        assert ([p.row for p in plan.good], [p.row for p in plan.known]) == ([2], [3])
    with acting_as(admin):
        assert [row[:2] for row in roster(world)] == [(1, "นายสมมติ หนึ่ง"), (2, "นางสาวตัวอย่าง สอง")]


def test_replacing_takes_the_file_in_its_order(admin: Actor, world: World) -> None:
    with acting_as(admin):
        imported(world, ONE)
    with acting_as(admin):
        imported(world, TWO, ONE, replace=True)
    with acting_as(admin):
        assert [row[:2] for row in roster(world)] == [(1, "นางสาวตัวอย่าง สอง"), (2, "นายสมมติ หนึ่ง")]
        assert mine(world).roster_count == 2


def test_replacing_leaves_other_agencies_rosters_alone(app: Portal, admin: Actor, world: World) -> None:
    other = world.actor("agency_admin_other")
    with acting_as(other):
        participation = db.session.get(Participation, world.participation["b1"])
        assert participation is not None
        apply_roster(participation, plan_roster(participation, table(ONE, TWO)), replace=False)
    with acting_as(admin):
        imported(world, ONE, replace=True)
    with privileged("a test looks") as session:
        rows = session.scalars(
            select(RosterEntry).where(RosterEntry.participation_id == world.participation["b1"])
        )
        assert len(rows.all()) == 2


def test_a_roster_waits_sealed_for_its_import(admin: Actor, world: World) -> None:
    with acting_as(admin):
        first = keep_roster(mine(world), table(ONE), actor=admin).id
    with acting_as(admin):
        second = keep_roster(mine(world), table(ONE, TWO), actor=admin).id
    with acting_as(admin):
        kept = kept_roster(mine(world), second)
        assert kept == table(ONE, TWO)
        assert kept_roster(mine(world), 9999) is None
    with privileged("a test looks") as session:
        files = session.execute(select(StoredFile.id, StoredFile.content, StoredFile.name)).all()
        assert [file.id for file in files] == [second], f"{first} was dropped"
        assert "สมมติ".encode() not in files[0].content


def test_a_kept_roster_is_for_its_own_person_and_agency(admin: Actor, world: World) -> None:
    with acting_as(admin):
        key = keep_roster(mine(world), table(ONE), actor=admin).id
    with acting_as(world.actor("agency_admin_other")):
        other = db.session.get(Participation, world.participation["b1"])
        assert other is not None
        assert kept_roster(other, key) is None
    with acting_as(world.actor("dla")):
        other = db.session.get(Participation, world.participation["b1"])
        assert other is not None
        assert kept_roster(other, key) is None, "sealed for another participation"
