"""Changes of agencies: drafted, made in the register at once or on their day, undone as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Role
from models.agency import Agency
from models.agency_change import AgencyChange, ChangeState, PartSide
from models.participation import Participation
from portal.content import local
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused, Stale
from portal.core.web import Portal
from portal.register import applying, changes
from portal.register.changes import Wanted, change_or_404
from portal.register.file import read_agencies
from portal.register.importing import apply_registry
from portal.register.kept import undo_import
from tests.factories.base import Make
from tests.factories.people import GrantFactory
from tests.support.changes import (
    change_of,
    confirmed,
    district_id,
    drafted,
    given,
    made,
    merged,
    renewed,
    split,
    undone,
)
from tests.support.killing import Killed, dying_at
from tests.support.record import events_of
from tests.support.world import NOW, World, row

pytestmark = pytest.mark.postgres
LATER = NOW.date() + timedelta(days=10)
NAME = "เทศบาลตำบลท่าผา"


def agency(world: World, key: str) -> Agency:
    found: Agency = row(Agency, world.agency[key])
    return found


def named(full_name: str) -> Agency | None:
    with privileged("a test looks") as session:
        found = session.scalars(select(Agency).where(Agency.full_name == full_name)).one_or_none()
        session.expunge_all()
        return found


def register() -> list[tuple[str, str | None, bool]]:
    with privileged("a test looks") as session:
        query = select(Agency.full_name, Agency.code, Agency.active).order_by(Agency.id)
        return list(session.execute(query).all())


def refused(world: World, key: str, wanted: Wanted) -> Refused:
    with pytest.raises(Refused) as told:
        drafted(world, key, wanted)
    return told.value


def test_a_draft_changes_nothing_of_the_register(app: Portal, world: World) -> None:
    with app.app_context():
        before = register()
        change = change_of(drafted(world, "a2", renewed(world, "a2", "ท่าผา")))
        assert register() == before
        assert change.state is ChangeState.DRAFT
        assert change.planned[0]["full_name"] == NAME
        (event,) = events_of("agency_change.draft")
        assert event.chain == f"province:{world.province['52']}"


def test_an_upgrade_of_today_holds_at_once_and_changes_nothing_in_rounds(app: Portal, world: World) -> None:
    with app.app_context():
        change = change_of(made(world, "a2", renewed(world, "a2", "ท่าผาใหม่", code="05520402")))
        now = agency(world, "a2")
        assert (now.kind, now.full_name, now.code) == (local.SUBDISTRICT, f"{NAME}ใหม่", "05520402")
        assert now.sort_key and "ท่าผาใหม่" in now.search_key
        assert change.state is ChangeState.APPLIED and change.applied_at == NOW
        assert change.changes[0]["before"]["code"] == "06520402"
        assert row(Participation, world.participation["a2"]).full_name == "องค์การบริหารส่วนตำบลท่าผา"
        of_change, of_agency = (
            next(event for event in events_of("agency_change.apply") if event.thing == thing)
            for thing in ("agency_change", "agency")
        )
        assert of_change.chain == f"province:{world.province['52']}"
        assert of_agency.chain == f"agency:{world.agency['a2']}"


def test_agencies_that_merge_end_in_one_that_is_there(app: Portal, world: World) -> None:
    with app.app_context():
        change = change_of(made(world, "a2", merged(world, "a2", into="a1")))
        assert (agency(world, "a1").active, agency(world, "a2").active) == (True, False)
        assert {part.agency_id: part.side for part in change.parts} == {
            world.agency["a1"]: PartSide.GOES_ON,
            world.agency["a2"]: PartSide.ENDS,
        }
        assert {part.state for part in change.parts} == {ChangeState.APPLIED}, "the database keeps it"


def test_agencies_that_merge_into_a_new_one_make_it(app: Portal, world: World) -> None:
    with app.app_context():
        change = change_of(made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา")))
        new = named("เทศบาลตำบลเกาะคาท่าผา")
        assert new is not None and new.active and new.province_id == world.province["52"]
        assert [part.agency_id for part in change.on(PartSide.MADE)] == [new.id]
        assert not agency(world, "a1").active and not agency(world, "a2").active


@pytest.mark.parametrize("stays", [True, False])
def test_a_split_makes_agencies_and_its_own_stays_or_ends(app: Portal, world: World, stays: bool) -> None:
    with app.app_context():
        made(world, "a1", split(world, "a1", "เกาะคาเหนือ", "เกาะคาใต้", stays=stays))
        assert named("เทศบาลตำบลเกาะคาเหนือ") and named("เทศบาลตำบลเกาะคาใต้")
        assert agency(world, "a1").active is stays


def test_a_day_that_lies_ahead_is_waited_for(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        change_id = drafted(world, "a2", renewed(world, "a2", "ท่าผา", LATER))
        assert confirmed(world, change_id) is False
        applying.apply_due()
        assert agency(world, "a2").full_name != NAME
        assert change_of(change_id).state is ChangeState.SET
        clock(f"{LATER}T00:00:30+07:00")
        for _again in range(2):
            applying.apply_due()
        assert agency(world, "a2").full_name == NAME
        change = change_of(change_id)
        assert change.state is ChangeState.APPLIED and change.set_by_id == world.account["dla"]
        events = [one for one in events_of("agency_change.apply") if one.thing == "agency_change"]
        assert len(events) == 1 and events[0].account_id is None


def test_a_worker_that_dies_on_the_day_leaves_nothing_half_done(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา", day=LATER))
        confirmed(world, change_id)
        before = register()
        clock(f"{LATER}T00:01:00+07:00")
        with pytest.raises(Killed), dying_at(2):  # the first only read which are due
            applying.apply_due()
        db.session.remove()
        assert register() == before and change_of(change_id).state is ChangeState.SET
        applying.apply_due()
        assert [name for name, _code, _active in register()].count("เทศบาลตำบลเกาะคาท่าผา") == 1


def test_what_the_register_does_not_allow_on_the_day_waits_and_holds_nothing_else_up(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    with app.app_context():
        stuck = drafted(world, "a2", renewed(world, "a2", "ท่าผา", LATER))
        fine = drafted(world, "a1", renewed(world, "a1", "เกาะคาใหม่", LATER))
        for change_id in (stuck, fine):
            confirmed(world, change_id)
        with writing(), privileged("a test takes it out of use") as session:
            session.get_one(Agency, world.agency["a2"]).active = False
        clock(f"{LATER}T08:00:00+07:00")
        applying.apply_due()
        assert (change_of(stuck).state, change_of(fine).state) == (ChangeState.SET, ChangeState.APPLIED)
        with acting(world.actor("dla")), pytest.raises(Refused, match="Taken out of use since"):
            applying.refuse_impossible(db.session(), change_or_404(stuck))


def test_a_confirmed_change_is_taken_back_and_a_draft_is_thrown_away(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = drafted(world, "a2", renewed(world, "a2", "ท่าผา", LATER))
        confirmed(world, change_id)
        with pytest.raises(Refused), acting(world.actor("dla")):
            changes.discard(change_or_404(change_id))
        other = renewed(world, "a2", "ก")
        with pytest.raises(Refused), acting(world.actor("dla")):
            changes.redraft(change_or_404(change_id), other, seen_version=None)
        with acting(world.actor("dla")) as actor:
            applying.take_back(change_or_404(change_id), actor=actor)
        assert change_of(change_id).state is ChangeState.DRAFT
        assert {part.state for part in change_of(change_id).parts} == {ChangeState.DRAFT}
        with acting(world.actor("dla")):
            changes.discard(change_or_404(change_id))
        assert row(AgencyChange, change_id) is None
        drafted(world, "a2", renewed(world, "a2", "ท่าผา"))


def test_a_draft_is_written_anew_with_other_agencies(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = drafted(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
        seen = change_of(change_id).version
        with acting(world.actor("dla")):
            changes.redraft(change_or_404(change_id), merged(world, "a2", into="a1"), seen_version=seen)
        change = change_of(change_id)
        assert change.version > seen and change.planned == []
        assert [part.agency_id for part in change.on(PartSide.ENDS)] == [world.agency["a2"]]
        with pytest.raises(Stale), acting(world.actor("dla")) as actor:
            applying.confirm(change_or_404(change_id), actor=actor, seen_version=seen)


def test_what_cannot_be_is_refused_at_its_field(app: Portal, world: World) -> None:
    with app.app_context():
        assert refused(world, "a2", renewed(world, "a2", "ท่าผา", code="12")).field == "code"
        assert refused(world, "a2", renewed(world, "a2", "ท่าผา", code="05520401")).field == "code"
        assert refused(world, "a2", renewed(world, "a2", "เกาะคา")).field == "name"
        assert refused(world, "a2", renewed(world, "a2", " ")).field == "name"
        other = given("ท่าผา", agency_id=world.agency["a2"], district=district_id("8101"), field="new-0-")
        wanted = renewed(world, "a2", "ท่าผา")
        wrong = Wanted(wanted.sort, wanted.holds_from, wanted.rests_on, wanted.sides, (other,))
        assert refused(world, "a2", wrong).field == "new-0-district"
        same = renewed(world, "a2", "ท่าผา", kind=local.SAO, code="06520402")
        assert "Nothing of the agency" in refused(world, "a2", same).message_id
        twice = split(world, "a1", "ใหม่", "ใหม่")
        assert refused(world, "a1", twice).field == "name"
        assert "not in the province" in refused(world, "a1", merged(world, "a1", into="b1")).message_id
        drafted(world, "a1", merged(world, "a1", into="a2"))
        assert "waits already" in refused(world, "a2", renewed(world, "a2", "ท่าผา")).message_id


def test_only_who_keeps_the_register_confirms(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = drafted(world, "a2", renewed(world, "a2", "ท่าผา"))
        for person in ("nacc", "province"):
            with pytest.raises(NotFound), acting(world.actor(person)) as actor:
                applying.confirm(change_or_404(change_id), actor=actor)
        with pytest.raises(NotFound), acting(world.actor("province_other")):
            change_or_404(change_id)


# -- undoing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["renewed", "merged", "into", "split"])
def test_a_change_is_undone_as_a_whole(app: Portal, world: World, sort: str) -> None:
    wanted = {
        "renewed": lambda: renewed(world, "a1", "เกาะคาใหม่", kind=local.TOWN, code="04520401"),
        "merged": lambda: merged(world, "a1", "a2", name="เกาะคาท่าผา"),
        "into": lambda: merged(world, "a1", into="a2"),
        "split": lambda: split(world, "a1", "เกาะคาเหนือ", "เกาะคาใต้", stays=False),
    }
    with app.app_context():
        before = register()
        change_id = made(world, "a1", wanted[sort]())
        assert register() != before
        assert undone(world, change_id) == []
        assert register() == before
        change = change_of(change_id)
        assert (change.state, change.undo_reason) == (ChangeState.UNDONE, "ประกาศผิด")
        event = events_of("agency_change.undo")[0]
        assert event.after["reason"] == "ประกาศผิด"
        with pytest.raises(Refused, match="was undone"):
            undone(world, change_id)
        made(world, "a1", wanted[sort]())


def test_undoing_asks_why(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = made(world, "a2", renewed(world, "a2", "ท่าผา"))
        with pytest.raises(Refused) as told:
            undone(world, change_id, " ")
        assert told.value.field == "reason"


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(app: Portal, world: World) -> None:
    with app.app_context():
        change_id = made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
        with writing(), privileged("a test renames the new one") as session:
            new = session.scalars(select(Agency).where(Agency.name == "เกาะคาท่าผา")).one()
            new.code = "05520499"
        before = register()
        with pytest.raises(Refused) as told:
            undone(world, change_id)
        assert told.value.values["names"] == "เทศบาลตำบลเกาะคาท่าผา"
        assert register() == before


def test_a_later_change_is_undone_first(app: Portal, world: World, clock: Callable[[object], None]) -> None:
    with app.app_context():
        first = made(world, "a2", merged(world, "a2", into="a1"))
        clock("2018-11-10T10:00:00+07:00")
        second = drafted(world, "a1", renewed(world, "a1", "เกาะคาใหม่"))
        with pytest.raises(Refused) as told:
            undone(world, first)
        assert told.value.values["names"] == "เทศบาลตำบลเกาะคา"
        confirmed(world, second)
        with pytest.raises(Refused):
            undone(world, first)
        undone(world, second)
        undone(world, first)
        assert agency(world, "a2").active


def test_what_a_merge_made_and_somebody_uses_goes_out_of_use(app: Portal, world: World, make: Make) -> None:
    with app.app_context():
        change_id = made(world, "a1", merged(world, "a1", "a2", name="เกาะคาท่าผา"))
        new = named("เทศบาลตำบลเกาะคาท่าผา")
        assert new is not None
        make(GrantFactory, role=Role.AGENCY_ADMIN, agency_id=new.id)
        assert undone(world, change_id) == ["เทศบาลตำบลเกาะคาท่าผา"]
        assert not row(Agency, new.id).active
        assert agency(world, "a1").active and agency(world, "a2").active


# -- beside imports ------------------------------------------------------------------------------------------


def test_an_import_leaves_what_a_change_has_and_names_it(app: Portal, world: World) -> None:
    file = "รหัส อปท.,ประเภท,ชื่อ,รหัสอำเภอ\n06520499,อบต.,หนองใหม่,5204\n".encode()
    with app.app_context():
        with writing(), privileged("a test imports") as session:
            import_id = apply_registry(session, read_agencies(file, "new.csv")).import_id
            new = session.scalars(select(Agency.id).where(Agency.code == "06520499")).one()
        assert import_id is not None
        mine = replace(world, agency={**world.agency, "new": new})
        drafted(mine, "new", merged(mine, "new", into="a1"))
        with writing(), privileged("a test takes the import back") as session:
            left = undo_import(session, import_id, account_id=world.account["dla"]).left
        assert left == ["องค์การบริหารส่วนตำบลหนองใหม่"]
