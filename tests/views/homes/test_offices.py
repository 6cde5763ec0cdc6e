"""The homes of the offices: the right numbers inside the scope, and the act that comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete

from models.account import Role
from models.assessor import Assignment
from models.disclosure import Disclosure, DisclosureState
from models.job import Job, JobState
from models.participation import Participation
from models.round import Round, RoundState, Window
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from tests.portal.results.test_computing import confirmed
from tests.portal.results.test_lists import opened
from tests.support.world import NOW, World, acting_as
from views.homes import field, offices
from views.homes.tasks import OfficeHome

pytestmark = pytest.mark.postgres


def home(app: Portal, world: World, person: str) -> OfficeHome:
    with app.app_context(), acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        if person == "nacc":
            return offices.nacc_home(round, [round])
        if person == "dla":
            return offices.dla_home(round)
        if actor.role is Role.PROVINCE:
            return field.province_home(round, actor=actor)
        assert actor.role is not None
        return field.assessor_home(round, leads=actor.role is Role.ASSESSOR)


def endpoints(found: OfficeHome) -> list[str]:
    return [task.endpoint for task in found.tasks]


def numbers(found: OfficeHome) -> list[tuple[int, int | None]]:
    return [(figure.number, figure.total) for figure in found.figures]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (RoundState.OPEN, "status.show"),
        (RoundState.CLOSED, "results.show"),
        (RoundState.OPENED, "results.show"),
    ],
)
def test_nacc_is_told_each_rounds_next_act(app: Portal, world: World, state: RoundState, act: str) -> None:
    with app.app_context():
        opened(world, state)
    assert act in endpoints(home(app, world, "nacc"))


def test_nacc_closes_a_round_whose_surveys_are_over(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    assert "rounds.close" not in endpoints(home(app, world, "nacc"))
    clock("2030-01-01T10:00:00+07:00")
    assert "rounds.close" in endpoints(home(app, world, "nacc"))


@pytest.mark.usefixtures("thawed")
def test_nacc_prepares_a_draft_and_then_opens_it(app: Portal, world: World) -> None:
    with app.app_context():
        opened(world, RoundState.DRAFT)
        assert "rounds.open_" in endpoints(home(app, world, "nacc"))
        with writing(), privileged("a test takes the dates away") as session:
            for window in session.query(Window):
                session.delete(window)
    found = home(app, world, "nacc")
    assert "rounds.show" in endpoints(found)
    assert found.countdown is None


def test_nacc_sees_confirmed_agencies_without_an_assessor(app: Portal, world: World) -> None:
    assert "assignments.index_view" not in endpoints(home(app, world, "nacc"))
    with app.app_context():
        confirmed(world, "a1", "b2")
    found = home(app, world, "nacc")
    assert "assignments.index_view" in endpoints(found)
    assert numbers(found)[0] == (2, 4)


def failed_job(title: str, kind: str = "letters.circulars") -> None:
    with writing(), privileged("a test's job fails") as session:
        session.add(Job(kind=kind, title=title, state=JobState.FAILED, created_at=NOW, finished_at=NOW))


def test_dla_sees_who_is_behind_letters_and_failed_jobs(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1")
        failed_job("x")
    found = home(app, world, "dla")
    assert [row.name for row in found.behind] == ["กระบี่", "ลำปาง"]
    assert endpoints(found)[0] == "jobs.show"
    assert {"dispatches.circulars", "letter_offices.dla"} <= set(endpoints(found))
    with app.app_context():
        failed_job("y")
    assert endpoints(home(app, world, "dla"))[0] == "jobs.index"


def test_old_failures_are_no_news(app: Portal, world: World, clock: Callable[[object], None]) -> None:
    with app.app_context():
        failed_job("x")
    clock(NOW + timedelta(days=8))
    assert "jobs.show" not in endpoints(home(app, world, "dla"))


def test_a_province_counts_its_own_agencies_by_step(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test enters data") as session:
        row = session.get_one(Participation, world.participation["a2"])
        row.activated_at, row.headcount = NOW, 12
    found = home(app, world, "province")
    steps = [dict(task.values)["behind"] for task in found.tasks if "behind" in dict(task.values)]
    assert steps == [1, 3]
    assert all(
        dict(task.values).get("province_id", world.province["52"]) == world.province["52"]
        for task in found.tasks
    )
    assert numbers(found)[0] == (0, 2)
    assert found.countdown is not None
    assert "letters.summary" in endpoints(found)


def test_a_province_sees_missing_answers_and_checklists(app: Portal, world: World) -> None:
    with app.app_context():
        confirmed(world, "a1", "a2", "b1")
    found = home(app, world, "province")
    assert [task.icon for task in found.tasks if task.icon in ("qrcode", "clipboard-list")] == [
        "qrcode",
        "qrcode",
        "clipboard-list",
    ]
    assert numbers(found) == [(2, 2), (0, 2), (0, 2), (0, 2)]


def test_an_assessor_judges_draws_and_scores_and_an_interviewer_only_calls(app: Portal, world: World) -> None:
    assert not home(app, world, "assessor").tasks
    with app.app_context():
        confirmed(world, "a1", "b1")
        with writing(), privileged("a test confirms a checklist") as session:
            participation = session.get_one(Participation, world.participation["a1"])
            session.add(Disclosure(participation=participation, state=DisclosureState.CONFIRMED))
    found = home(app, world, "assessor")
    assert {(task.endpoint, task.values) for task in found.tasks} == {
        ("assessor.agencies", (("todo", "judge"),)),
        ("scoring.agencies", (("show", "due"),)),
    }
    assert numbers(found) == [(0, 2), (0, 0), (0, 1)]
    assert not home(app, world, "interviewer").tasks


def test_an_assessor_without_agencies_is_told_who_assigns_them(app: Portal, world: World) -> None:
    with app.app_context(), writing(), privileged("a test takes agencies away") as session:
        session.execute(delete(Assignment))
    found = home(app, world, "assessor")
    assert (found.figures, found.tasks) == ((), ())
    assert "ป.ป.ช." in found.nothing


@pytest.mark.parametrize("person", ["nacc", "dla", "province", "assessor", "interviewer"])
def test_after_the_opening_every_home_leads_to_the_results(app: Portal, world: World, person: str) -> None:
    with app.app_context():
        opened(world)
    found = home(app, world, person)
    assert "results.show" in endpoints(found)
    assert found.countdown is None


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize("person", ["dla", "province", "assessor"])
@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CLOSED])
def test_a_round_that_is_not_open_has_no_tasks_and_says_what_it_waits_for(
    app: Portal, world: World, person: str, state: RoundState
) -> None:
    with app.app_context():
        opened(world, state)
    found = home(app, world, person)
    assert (found.tasks, found.countdown) == ((), None)
    assert "รอบ" in found.nothing
