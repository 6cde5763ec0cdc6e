"""Imports of the register that were made: what each changed is kept, and one can be taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.account import Role
from models.agency import Agency
from models.audit import AuditEvent
from models.kinds import AgencyKind, AgencySize
from models.register_import import RegisterImport
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.kept import Undone, undo_import
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.factories.places import AgencyFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.record import events_of
from tests.support.world import World, row

pytestmark = pytest.mark.postgres

FILE = """รหัส อปท.,ประเภท,ชื่อ,ขนาด,รหัสอำเภอ
05520401,ทม.,เกาะคาใหญ่,L,5204
06520402,อบต.,ท่าผา,S,5204
06520499,อบต.,หนองใหม่,S,5204
,อบต.,ไร้รหัส,,8102
"""


def imported(world: World) -> int:
    """The id of an import of two new agencies and one that changes; DLA's."""
    with writing(), privileged("a test imports") as session:
        plan = apply_registry(
            session, read_agencies(FILE.encode(), "ทะเบียน.csv"), account_id=world.account["dla"]
        )
        assert plan.import_id is not None
        return plan.import_id


def undone(world: World, import_id: int) -> Undone:
    with writing(), privileged("a test takes an import back") as session:
        return undo_import(session, import_id, account_id=world.account["dla"])


def agencies() -> dict[str, tuple[AgencyKind, AgencySize | None, str]]:
    with privileged("a test looks") as session:
        return {
            row.full_name: (row.kind, row.size, row.search_key) for row in session.scalars(select(Agency))
        }


def test_an_import_keeps_what_it_changed(app: Portal, world: World) -> None:
    with app.app_context():
        import_id = imported(world)
        with privileged("a test looks") as session:
            kept = session.get_one(RegisterImport, import_id)
            assert kept.counts == {"new": 2, "changed": 1, "unchanged": 1, "wrong": 0}
            assert kept.account_id == world.account["dla"]
            made = [change["after"]["name"] for change in kept.changes if change["before"] is None]
            (changed,) = (change for change in kept.changes if change["before"])
        assert made == ["หนองใหม่", "ไร้รหัส"]
        assert changed["id"] == world.agency["a1"]
        assert (changed["before"]["size"], changed["after"]["size"]) == ("M", "L")


def test_a_dry_run_and_a_file_without_anything_new_keep_nothing(app: Portal, world: World) -> None:
    with app.app_context():
        imported(world)
        with writing(), privileged("a test imports again") as session:
            assert apply_registry(session, read_agencies(FILE.encode(), "again.csv")).import_id is None


def test_an_import_is_taken_back_whole(app: Portal, world: World) -> None:
    with app.app_context():
        before = agencies()
        import_id = imported(world)
        assert agencies() != before
        assert undone(world, import_id) == Undone(restored=1, removed=2)
        assert agencies() == before
        with privileged("a test looks") as session:
            kept = session.get_one(RegisterImport, import_id)
            assert kept.undone_at is not None and kept.undone_by_id == world.account["dla"]
            events = session.scalars(select(AuditEvent).where(AuditEvent.act == "registry.undo")).all()
            assert sum(event.after["removed"] for event in events) == 2
        with pytest.raises(Refused):
            undone(world, import_id)
        with pytest.raises(NotFound):
            undone(world, import_id + 1)


def test_what_was_changed_since_or_is_in_use_stays_and_is_named(app: Portal, world: World) -> None:
    with app.app_context():
        import_id = imported(world)
        with writing(), privileged("a test changes an agency by hand") as session:
            row = session.get_one(Agency, world.agency["a1"])
            row.size = local.S
        assert undone(world, import_id) == Undone(restored=0, removed=2, left=["เทศบาลเมืองเกาะคาใหญ่"])


def test_the_newest_import_can_be_taken_back_first(app: Portal, world: World) -> None:
    """An older one leaves what a newer one changed again."""
    with app.app_context():
        older = imported(world)
        again = FILE.replace("ทม.,เกาะคาใหญ่,L", "ทต.,เกาะคา,S").encode()
        with writing(), privileged("a test imports") as session:
            newer = apply_registry(session, read_agencies(again, "newer.csv")).import_id
        assert newer is not None
        assert undone(world, older).left == ["เทศบาลตำบลเกาะคา"]
        assert undone(world, newer) == Undone(restored=1)


def test_only_what_the_import_changed_is_put_back(app: Portal, world: World) -> None:
    sizes = "รหัส อปท.,ขนาด\n05520401,L\n06520402,\n".encode()
    with app.app_context():
        with writing(), privileged("a test imports sizes") as session:
            import_id = apply_registry(session, read_agencies(sizes, "sizes.csv")).import_id
            kept = session.get_one(RegisterImport, import_id)
            assert [set(change["after"]) for change in kept.changes] == [{"size"}] * len(kept.changes)
        with writing(), privileged("a test renames by hand") as session:
            session.get_one(Agency, world.agency["a1"]).code = "05520499"
        assert import_id is not None
        assert undone(world, import_id).left == []
        found = row(Agency, world.agency["a1"])
        assert (found.size, found.code) == (local.M, "05520499"), "the code is by hand, not of the file"


def test_an_agency_that_is_gone_since_is_passed_over(app: Portal, world: World) -> None:
    with app.app_context():
        import_id = imported(world)
        with writing(), privileged("a test deletes an agency that nobody used") as session:
            session.delete(session.scalars(select(Agency).where(Agency.code == "06520499")).one())
        assert undone(world, import_id) == Undone(restored=1, removed=1)


@pytest.mark.parametrize("used_by", ["a round", "a person"])
def test_a_new_agency_that_is_used_since_stays_and_is_named(
    app: Portal, world: World, make: Make, used_by: str
) -> None:
    with app.app_context():
        import_id = imported(world)
        with privileged("a test looks") as session:
            new = session.scalars(select(Agency).where(Agency.code == "06520499")).one()
            assert new.district.province.name
            session.expunge_all()
        if used_by == "a round":
            make(ParticipationFactory, agency=new)
        else:
            make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=new.id)
        assert undone(world, import_id) == Undone(restored=1, removed=1, left=["องค์การบริหารส่วนตำบลหนองใหม่"])


def test_taking_back_is_recorded_in_the_province_of_each_agency(app: Portal, world: World) -> None:
    with app.app_context():
        undone(world, imported(world))
        lampang, krabi = events_of("registry.undo")
    assert [event.chain for event in (lampang, krabi)] == [
        f"province:{world.province[code]}" for code in ("52", "81")
    ]
    assert (lampang.after["removed"], krabi.after["removed"]) == (1, 1)
    changed = lampang.after["changed"][str(world.agency["a1"])]
    assert (changed["size"], lampang.before[str(world.agency["a1"])]["size"]) == ("M", "L")
    assert list(krabi.before.values()) == ["องค์การบริหารส่วนตำบลไร้รหัส"]


def test_a_size_that_the_import_brought_goes_again(app: Portal, world: World, make: Make) -> None:
    plain = make(AgencyFactory, size=None)
    with app.app_context():
        file = f"รหัส อปท.,ขนาด\n{plain.code},L\n".encode()
        with writing(), privileged("a test imports a size") as session:
            import_id = apply_registry(session, read_agencies(file, "sizes.csv")).import_id
        assert import_id is not None and row(Agency, plain.id).size == local.L
        assert undone(world, import_id) == Undone(restored=1)
        assert row(Agency, plain.id).size is None
