"""Assessors at once: an agency has one body, a roster one draw and one judgement, a body one name."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, func, select

from models.assessor import AssessorBody, Assignment
from models.distribution import AssessorConflict, Distribution, Source
from models.participation import Participation
from models.roster import Interview, RosterJudgement, SampleDraw
from models.round import Round
from portal.assessors import planning
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.record import events_of
from tests.support.rosters import fill_roster, judge
from tests.support.world import World


def test_an_agency_given_to_two_bodies_at_once_has_one(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("nobody has an assessor") as session:
        session.execute(delete(Assignment))
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    forms = [
        {"body": str(world.body[body]), "provinces": str(world.province["52"])}
        for body in ("body1", "body2") * (AT_ONCE // 2)
    ]
    statuses(pressed(people, f"/rounds/{world.round_id}/assignments/new/", *forms))
    with app.app_context(), privileged("a test looks") as session:
        given = session.scalars(select(Assignment.participation_id)).all()
    assert sorted(given) == sorted(world.participation[key] for key in ("a1", "a2"))


def test_a_plan_is_carried_out_once(app: Portal, world: World) -> None:
    with app.app_context(), acting(world.actor("nacc")) as actor:
        asked = {"body": world.body["body1"], "to": world.body["body2"]}
        round = db.session.get_one(Round, world.round_id)
        act = planning.plan(round, Source.MOVE, asked, reason="ย้าย", actor=actor).id
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    page = f"/rounds/{world.round_id}/sharing/{act}"
    assert statuses(pressed(people, page, {})) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test counts") as session:
        assert session.get_one(Distribution, act).done_count == 2
        assert len(events_of("assignment.move")) == 1


def test_who_gives_waits_for_who_writes_a_conflict_and_is_refused(app: Portal, world: World) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("on SQLite one act at a time holds the whole database")
    body, key = world.body["body1"], world.participation["b2"]
    began, met = threading.Event(), list[str]()

    def give() -> None:
        with app.app_context(), privileged("a test gives") as session:
            session.info["unrecorded"] = True
            began.set()
            session.add(Assignment(body_id=body, participation=session.get_one(Participation, key)))
            try:
                session.flush()
            except Refused as refused:
                met.append(refused.message_id)
                session.rollback()

    with app.app_context(), privileged("a test keeps a body away") as session:
        session.info["unrecorded"] = True
        session.add(AssessorConflict(body_id=body, agency_id=world.agency["b2"], reason="ญาติ"))
        session.flush()
        giver = threading.Thread(target=give)
        giver.start()
        began.wait(10)
        giver.join(0.5)
        assert giver.is_alive(), "it waits until the conflict is written"
        session.commit()
        giver.join(20)
    assert len(met) == 1 and "conflict of interest" in met[0]


def test_a_sample_is_drawn_once(app: Portal, world: World) -> None:
    fill_roster(app, world)
    with app.app_context():
        judge(world)
    people = visitors(app, world, *["assessor"] * AT_ONCE)
    page = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/sample"
    assert statuses(pressed(people, page, {"people": "5"})) == [302] + [409] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(SampleDraw)) == 1
        assert session.scalar(select(func.count()).select_from(Interview)) == 5


def test_a_roster_has_one_judgement(app: Portal, world: World) -> None:
    fill_roster(app, world)
    people = visitors(app, world, *["assessor"] * AT_ONCE)
    page = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}/judgement"
    statuses(pressed(people, page, {"verdict": "representative", "note": ""}))
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(RosterJudgement)) == 1


def test_a_body_added_by_several_is_one(app: Portal, world: World) -> None:
    people = visitors(app, world, *["nacc"] * AT_ONCE)
    answers = pressed(people, "/admin/assessor-bodies/new/", {"name": "คณะผู้ประเมินใหม่"})
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    with app.app_context(), privileged("a test counts") as session:
        query = select(func.count()).select_from(AssessorBody)
        assert session.scalar(query.where(AssessorBody.name == "คณะผู้ประเมินใหม่")) == 1
