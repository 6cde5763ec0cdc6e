"""Agencies shared out among bodies by rules, moved and taken back: shown, done, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.assessor import AssessorBody, Assignment
from models.distribution import (
    AssessorConflict,
    AssessorRule,
    Distribution,
    DistributionState,
    Source,
    Together,
    Weight,
)
from models.job import Job, JobState
from models.participation import Participation
from models.roster import RosterJudgement, RosterVerdict
from models.round import Round, RoundState
from portal.assessors import distributing, planning
from portal.assessors import sharing_rules as rules
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AssessorBodyFactory
from tests.support.record import events_of
from tests.support.world import NOW, World, row

pytestmark = pytest.mark.postgres


@pytest.fixture
def context(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def bodies(world: World) -> dict[str, int]:
    """The body of each agency of the world that has one."""
    short = {key: name for name, key in world.participation.items()}
    with privileged("a test looks") as session:
        found = session.execute(select(Assignment.participation_id, Assignment.body_id))
        return {short[participation]: body for participation, body in found}


def rule(world: World, *to: str, **values: Any) -> int:
    """Add a rule of the round; gives its id."""
    columns = {
        "body_ids": [world.body[key] for key in to],
        "weight": Weight.AGENCIES,
        "together": Together.PROVINCE,
    }
    with acting(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        return rules.save_rule(round, None, columns | values, actor=actor, seen=0).id


def plan(world: World, source: Source, asked: dict[str, Any], reason: str = "") -> int:
    with acting(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        return planning.plan(round, source, asked, reason=reason, actor=actor).id


def do(world: World, act: int, *, begun: bool = False) -> int | None:
    """Carry a plan out; gives the job's id, where there is one."""
    with acting(world.actor("nacc")) as actor:
        planned = db.session.get_one(Distribution, act)
        job = distributing.carry_out(planned, with_begun=begun, actor=actor, url="/there")
        return None if job is None else job.id


def stands(world: World, act: int) -> bool:
    with acting(world.actor("nacc")):
        return distributing.still_stands(db.session.get_one(Distribution, act))


def made(act: int) -> Distribution:
    with privileged("a test looks") as session:
        found = session.get_one(Distribution, act)
        for name in ("moves", "stays", "done", "asked"):
            getattr(found, name)
        session.expunge(found)
        return found


def conflict(world: World, body: str, **place: int) -> None:
    with writing(), privileged("a test keeps a body away") as session:
        session.info["unrecorded"] = True
        session.add(AssessorConflict(body_id=world.body[body], reason="ญาติเป็นผู้บริหาร", **place))


def begin(world: World, key: str) -> None:
    """The roster of an agency is judged."""
    with writing(), privileged("a test judges") as session:
        session.info["unrecorded"] = True
        one = session.get_one(Participation, world.participation[key])
        session.add(
            RosterJudgement(
                participation_id=one.id,
                agency_id=one.agency_id,
                province_id=one.province_id,
                verdict=RosterVerdict.REPRESENTATIVE,
                judged_at=NOW,
            )
        )


def test_the_first_rule_that_fits_holds_and_what_none_covers_is_listed(context: None, world: World) -> None:
    rule(world, "body2", province_ids=[world.province["81"]], kinds=["pao"])
    act = plan(world, Source.RULES, {"again": False})
    assert made(act).moves == [] and made(act).stays["uncovered"] == [world.participation["b2"]]
    rule(world, "body1", province_ids=[world.province["81"]])
    assert not stands(world, act), "a rule was added since"
    act = plan(world, Source.RULES, {"again": False})
    assert bodies(world).keys() == {"a1", "a2", "b1"}, "planned only"
    assert do(world, act) is None
    assert bodies(world)["b2"] == world.body["body1"]
    (event,) = events_of("assignment.rules")
    assert event.chain == f"province:{world.province['81']}" and event.row == str(act)
    assert event.before == {"bodies": {str(world.participation["b2"]): None}}
    assert event.after["bodies"] == {str(world.participation["b2"]): world.body["body1"]}
    with pytest.raises(Refused, match="carried out already"):
        do(world, act)


def test_load_is_balanced_by_what_bodies_have_already(context: None, world: World) -> None:
    rule(world, "body1", "body2", together=Together.NOTHING)
    do(world, plan(world, Source.RULES, {"again": False}))
    assert bodies(world)["b2"] == world.body["body2"], "the other one has two"


def test_a_conflict_of_interest_is_kept_by_rules(context: None, world: World) -> None:
    rule(world, "body1", "body2")
    conflict(world, "body2", province_id=world.province["81"])
    act = plan(world, Source.RULES, {"again": False})
    moves = {move[0]: move[1:3] for move in made(act).moves}
    one, two = world.body["body1"], world.body["body2"]
    assert moves == {world.participation["b1"]: [two, one], world.participation["b2"]: [None, one]}
    conflict(world, "body1", agency_id=world.agency["b2"])
    assert not stands(world, act), "a conflict was written since"
    act = plan(world, Source.RULES, {"again": False})
    assert made(act).stays["conflict"] == [world.participation["b2"]]


def test_the_database_refuses_what_a_conflict_keeps(context: None, make: Make, world: World) -> None:
    conflict(world, "body1", agency_id=world.agency["b2"])
    act = plan(world, Source.WORKBOOK, {"rows": {str(world.participation["b2"]): world.body["body2"]}})
    with writing(), privileged("a test goes round") as session:
        session.info["unrecorded"] = True
        one = session.get_one(Participation, world.participation["b2"])
        session.add(Assignment(body_id=world.body["body1"], participation=one))
        with pytest.raises(Refused, match="conflict of interest"):
            session.flush()
        session.rollback()
    with writing(), privileged("a test goes round") as session:
        session.info["unrecorded"] = True
        one = session.get_one(Participation, world.participation["b2"])
        given = Assignment(body_id=world.body["body2"], participation=one)
        session.add(given)
        session.flush()
        given.body_id = world.body["body1"]
        with pytest.raises(Refused, match="conflict of interest"):
            session.flush()
        session.rollback()
    assert do(world, act) is None and bodies(world)["b2"] == world.body["body2"]


def test_what_has_begun_moves_only_where_that_is_said(context: None, world: World) -> None:
    begin(world, "a1")
    one, two = world.body["body1"], world.body["body2"]
    rule(world, "body2")
    again = made(plan(world, Source.RULES, {"again": True}))
    assert again.stays["begun"] == [world.participation["a1"]]
    assert {move[0] for move in again.moves} == {world.participation[key] for key in ("a2", "b2")}
    asked = {"body": one, "to": two}
    do(world, plan(world, Source.MOVE, asked, "ขอเปลี่ยน"))
    assert bodies(world)["a1"] == one and bodies(world)["a2"] == two
    act = plan(world, Source.MOVE, asked, "ขอเปลี่ยน")
    with pytest.raises(Refused, match="None of these"):
        do(world, act)
    do(world, act, begun=True)
    assert bodies(world)["a1"] == two
    with privileged("a test looks") as session:
        assert session.scalars(select(RosterJudgement.participation_id)).all() == [world.participation["a1"]]


def test_a_move_is_narrowed(context: None, world: World) -> None:
    one, two = world.body["body1"], world.body["body2"]
    for narrow, found in (
        ({"province": world.province["81"]}, []),
        ({"search": "ท่าผา"}, ["a2"]),
        ({"kind": "sao"}, ["a2"]),
        ({"province": world.province["52"]}, ["a1", "a2"]),
    ):
        moves = made(plan(world, Source.MOVE, {"body": one, "to": two, **narrow})).moves
        assert {move[0] for move in moves} == {world.participation[key] for key in found}, narrow


def test_work_that_begins_after_the_preview_is_not_moved(context: None, world: World) -> None:
    act = plan(world, Source.MOVE, {"body": world.body["body1"], "to": world.body["body2"]})
    assert stands(world, act)
    begin(world, "a1")
    assert not stands(world, act)
    with acting(world.actor("nacc")) as actor:
        again = distributing.plan_again(db.session.get_one(Distribution, act), actor=actor)
        assert [move[3] for move in again.moves if move[0] == world.participation["a1"]] == [True]
    do(world, act)  # whoever goes round the question: the agency is left as it is
    assert bodies(world)["a1"] == world.body["body1"] and made(act).done_count == 1


def test_what_was_done_is_taken_back_where_it_is_as_it_was_given(context: None, world: World) -> None:
    one, two = world.body["body1"], world.body["body2"]
    act = plan(world, Source.MOVE, {"body": one, "to": two})
    with pytest.raises(Refused, match="Only what was done"):
        plan(world, Source.BACK, {"of": act})
    do(world, act)
    single = {"rows": {str(world.participation["a2"]): one, str(world.participation["b2"]): one}}
    given = plan(world, Source.WORKBOOK, single)
    do(world, given)
    back = plan(world, Source.BACK, {"of": act})
    assert made(back).stays == {"changed": [world.participation["a2"]]}
    do(world, back)
    do(world, plan(world, Source.BACK, {"of": given}))
    assert bodies(world) == {"a1": one, "a2": two, "b1": two}, "who had none has none again"


def test_many_move_by_a_job_in_portions(
    app: Portal, context: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributing, "AT_ONCE", 1)
    one, two = world.body["body1"], world.body["body2"]
    act = plan(world, Source.MOVE, {"body": one, "to": two})
    job = do(world, act)
    assert job is not None and bodies(world)["a1"] == one
    worker.work(app, until_idle=True)
    done = row(Job, job)
    assert done.state is JobState.DONE and "2" in done.result["words"]
    assert bodies(world) == {"a1": two, "a2": two, "b1": two}
    assert made(act).state is DistributionState.DONE and made(act).done_at is not None
    assert len(events_of("assignment.move")) == 2


def test_a_job_does_nothing_where_something_changed_and_the_plan_is_looked_at_again(
    app: Portal, context: None, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributing, "AT_ONCE", 1)
    one, two = world.body["body1"], world.body["body2"]
    act = plan(world, Source.MOVE, {"body": one, "to": two})
    job = do(world, act)
    begin(world, "a1")
    worker.work(app, until_idle=True)
    assert row(Job, job).state is JobState.FAILED
    assert made(act).state is DistributionState.PLANNED and bodies(world)["a2"] == one


def test_only_the_nacc_and_only_until_results_stand(context: None, world: World) -> None:
    asked = {"body": world.body["body1"], "to": world.body["body2"]}
    act = plan(world, Source.MOVE, asked)
    with acting(world.actor("dla")) as actor:
        round, planned = db.session.get_one(Round, world.round_id), db.session.get_one(Distribution, act)
        with pytest.raises(NotFound):
            planning.plan(round, Source.MOVE, asked, reason="", actor=actor)
        with pytest.raises(NotFound):
            distributing.carry_out(planned, with_begun=False, actor=actor, url="")
        with pytest.raises(NotFound):
            rules.save_rule(round, None, {}, actor=actor, seen=0)
    with writing(), privileged("a test opens the boxes") as session:
        session.info["unrecorded"] = True
        session.get_one(Round, world.round_id).state = RoundState.OPENED
    for again in (lambda: plan(world, Source.MOVE, asked), lambda: do(world, act)):
        with pytest.raises(Refused, match="results of this round stand"):
            again()


def test_rules_are_ordered_and_taken_away(context: None, world: World) -> None:
    first, second = rule(world, "body1"), rule(world, "body2")
    with acting(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        rules.raise_rule(round, db.session.get_one(AssessorRule, second), actor=actor)
        assert [one.id for one in rules.rules_of(round)] == [second, first]
        rules.raise_rule(round, db.session.get_one(AssessorRule, second), actor=actor)
        rules.delete_rule(round, db.session.get_one(AssessorRule, second), actor=actor)
        assert [one.id for one in rules.rules_of(round)] == [first]


def test_a_body_that_is_gone_gets_nothing(context: None, make: Make, world: World) -> None:
    gone = make(AssessorBodyFactory)
    rule(world, "body1", body_ids=[gone.id])
    with writing(), privileged("a test takes a body away") as session:
        session.info["unrecorded"] = True
        session.delete(session.get_one(AssessorBody, gone.id))
    assert made(plan(world, Source.RULES, {})).stays["uncovered"] == [world.participation["b2"]]
