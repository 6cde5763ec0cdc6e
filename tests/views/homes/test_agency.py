"""What an agency does next, at each point of its way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Grant, Role
from models.agency import Agency
from models.participation import Participation, PreparationState
from models.roster import RosterJudgement, RosterVerdict
from portal.assessors.judgement import judge
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.imports.notes import Wrong
from portal.core.sign_in import actor_for_grant
from portal.preparation.desk import submit
from portal.rosters import rows as roster
from portal.rosters.file import Person
from tests.factories.base import Make
from tests.factories.onboarding import AgencyContactFactory, PeopleSettingFactory
from tests.support.rosters import fill_roster, own
from tests.support.world import NOW, World, acting_as, row
from views.homes.agency import todo_of
from views.homes.agency_tasks import Task

S = PreparationState
LATE = "2019-03-01T10:00:00+07:00"


def set_state(world: World, state: PreparationState, **values: Any) -> None:
    facts = {"headcount": 52, "roster_count": 40, "activated_at": NOW, "state": state, **values}
    with writing(), privileged("a test prepares") as session:
        session.info["unrecorded"] = True
        row = session.get_one(Participation, world.participation["a1"])
        for name, value in facts.items():
            setattr(row, name, value)


def endpoints(app: Any, world: World, role: Role) -> list[str]:
    """The addresses of what can be done now, in order (read as a page reads: without the write lock)."""
    from flask import g

    from portal.core.access import scope_of
    from portal.core.database.session import set_scope

    person = "executive" if role is Role.EXECUTIVE else "agency_admin"
    with app.app_context():
        with privileged("a test's actor") as session:
            g.actor = actor_for_grant(session, world.grant[person])
        set_scope(db.session(), scope_of(g.actor))
        todo = todo_of(db.session.scalars(select(Participation)).one(), role=role)
        db.session.remove()
        return [task.endpoint for task in todo.tasks if task.due_kind != "idle"]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "values", "first"),
    [
        (S.ENTERING, {"headcount": None, "roster_count": 0}, "preparation.headcount"),
        (S.ENTERING, {"roster_count": 0}, "preparation.roster"),
        (S.ENTERING, {}, "preparation.overview"),
        (S.SUBMITTED, {}, "preparation.overview"),
        (S.RETURNED, {"return_reason": "ขาดกลุ่ม"}, "preparation.overview"),
        (S.CONFIRMED, {"confirmed_at": NOW}, "links.show"),
    ],
)
def test_the_admin_is_told_the_next_step(
    app: Any, world: World, state: PreparationState, values: dict[str, Any], first: str
) -> None:
    with app.app_context():
        set_state(world, state, **values)
    assert endpoints(app, world, Role.AGENCY_ADMIN)[0] == first


def test_the_executive_is_asked_once_the_data_are_sent(app: Any, world: World) -> None:
    with app.app_context():
        set_state(world, S.ENTERING)
    assert endpoints(app, world, Role.EXECUTIVE) == []
    with app.app_context():
        set_state(world, S.SUBMITTED)
    assert endpoints(app, world, Role.EXECUTIVE) == ["preparation.confirmation"]


def test_too_late_there_is_nothing_to_do_and_the_page_says_why(
    client_as: Callable[[str], Any], world: World, clock: Callable[[object], None]
) -> None:
    clock(LATE)
    page = client_as("agency_admin").get(f"/rounds/{world.round_id}/home").text
    assert "ไม่ได้รับการยืนยันภายใน" in page
    assert "ไม่มีสิ่งที่ต้องทำในรอบนี้แล้ว" in page


@pytest.mark.postgres
def test_the_assessor_can_ask_for_more_names_after_the_confirmation(app: Any, world: World) -> None:
    person = Person(0, "นางเพิ่ม ภายหลัง", "", 0, "", "")
    with app.app_context():
        set_state(world, S.CONFIRMED, confirmed_at=NOW)
        admin = world.actor("agency_admin")
        with pytest.raises(Refused), acting_as(admin):
            mine = db.session.scalars(select(Participation)).one()
            roster.add_row(mine, person, actor=admin)
        with writing(), privileged("an assessor judges") as session:
            judged = session.get_one(Participation, world.participation["a1"])
            verdict = RosterVerdict.MORE_NAMES
            session.add(RosterJudgement(participation_id=judged.id, verdict=verdict, judged_at=NOW))
        with acting_as(admin):
            mine = db.session.scalars(select(Participation)).one()
            group = mine.round.roster_groups[0].id
            added = Person(0, person.name, "", group, "", "")
            entry = roster.add_row(mine, added, actor=admin)
            assert mine.roster_count == 1
            assert not isinstance(entry, Wrong)
            entry_id = entry.id
        with pytest.raises(Refused), acting_as(admin):
            mine = db.session.scalars(select(Participation)).one()
            roster.delete_row(mine, entry_id, actor=admin)


@pytest.mark.postgres
def test_the_assessor_s_request_for_names_stands_until_the_roster_has_changed(app: Any, world: World) -> None:
    """With the assessor's words, and with the way to the roster; another verdict asks for nothing."""
    fill_roster(app, world)
    with app.app_context(), acting_as(world.actor("assessor")) as actor:
        judge(own(world), RosterVerdict.MORE_NAMES, note="ขอผู้เสนอราคา", actor=actor)

    def asked() -> list[tuple[str, str]]:
        with app.app_context(), acting_as(world.actor("agency_admin")):
            todo = todo_of(own(world), role=Role.AGENCY_ADMIN)
            return [(task.endpoint, task.text) for task in todo.tasks if "ขอรายชื่อเพิ่ม" in str(task.title)]

    assert asked() == [("preparation.roster", "ขอผู้เสนอราคา")]
    with app.app_context(), writing(), privileged("names have come") as session:
        row = session.get_one(Participation, world.participation["a1"])
        row.roster_at = NOW + timedelta(hours=1)
    assert asked() == []


def test_a_roster_judged_to_be_enough_asks_for_nothing(app: Any, world: World) -> None:
    assert "preparation.roster" not in [
        task.endpoint for task in _judged(app, world, RosterVerdict.REPRESENTATIVE)
    ]


def test_an_assessor_who_comes_to_the_office_is_announced_with_the_note(app: Any, world: World) -> None:
    tasks = _judged(app, world, RosterVerdict.COLLECT_ON_SITE)
    assert [(task.title, task.text) for task in tasks if task.icon == "building"] == [
        ("ผู้ประเมินจะเก็บคำตอบที่สำนักงานของท่านด้วย", "มาวันพุธ")
    ]


def _judged(app: Any, world: World, verdict: RosterVerdict) -> tuple[Task, ...]:
    fill_roster(app, world)
    with app.app_context():
        with acting_as(world.actor("assessor")) as actor:
            judge(own(world), verdict, note="มาวันพุธ", actor=actor)
        with acting_as(world.actor("agency_admin")):
            return todo_of(own(world), role=Role.AGENCY_ADMIN).tasks


@pytest.mark.postgres
def test_the_home_says_what_closed_with_its_figures_and_what_follows(
    app: Any, world: World, client_as: Callable[[str], Any], clock: Callable[[object], None]
) -> None:
    """After all windows with hardly an answer and a third of OIT, nobody reads that everything is done."""
    with app.app_context():
        set_state(world, S.CONFIRMED, confirmed_at=NOW)
    clock(LATE)
    for person in ("agency_admin", "executive"):
        page = client_as(person).get(f"/rounds/{world.round_id}/home").text
        assert "เสร็จครบแล้ว" not in page
        assert "ขั้นตอนที่ปิดแล้ว" in page
        assert re.search(r"ผู้ตอบ 0 คน จากขั้นต่ำ \d+ คน", page)
        assert "ไม่ได้ยื่นภายในกำหนด จึงไม่ถึงผู้ประเมิน" in page


@pytest.mark.postgres
def test_without_an_executive_nothing_is_sent_and_everybody_concerned_is_told(
    app: Any, world: World, client_as: Callable[[str], Any]
) -> None:
    with app.app_context():
        set_state(world, S.ENTERING)
        with writing(), privileged("the executive leaves") as session:
            session.delete(session.get_one(Grant, world.grant["executive"]))
        with acting_as(world.actor("agency_admin")) as actor:
            with pytest.raises(Refused, match="executive's account"):
                submit(own(world), actor=actor)
            titles = [task.title for task in todo_of(own(world), role=Role.AGENCY_ADMIN).tasks]
    assert "หน่วยงานของท่านยังไม่มีบัญชีผู้บริหาร" in titles
    assert "ไม่มีผู้ยืนยันข้อมูลให้" in client_as("dla").get(f"/rounds/{world.round_id}/home").text


def test_whoever_lacks_an_executive_is_named_with_the_number_to_call(
    app: Any, world: World, make: Make, client_as: Callable[[str], Any]
) -> None:
    with app.app_context():
        with writing(), privileged("the executive leaves") as session:
            session.delete(session.get_one(Grant, world.grant["executive"]))
        agency = row(Agency, world.agency["a1"])
    make(AgencyContactFactory, agency=agency, phone="025550177")
    assert "เทศบาลตำบลเกาะคา (0 2555 0177)" in client_as("dla").get(f"/rounds/{world.round_id}/home").text
    make(PeopleSettingFactory, help_name="กลุ่มงานทดลอง", help_phone="025550101")
    admin = client_as("agency_admin").get(f"/rounds/{world.round_id}/home").text
    assert "โปรดขอบัญชีจาก กรมส่งเสริมการปกครองท้องถิ่น (กลุ่มงานทดลอง) โทร. 0 2555 0101" in admin
