"""Assessors at once: an agency has one body, a roster one draw and one judgement, a body one name."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from models.assessor import AssessorBody, Assignment
from models.roster import Interview, RosterJudgement, SampleDraw
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
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
