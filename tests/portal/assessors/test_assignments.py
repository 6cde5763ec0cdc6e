"""Which body judges which agencies: given once, by province, recorded per province, until results stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.assessor import AssessorBody, Assignment
from models.participation import Participation
from models.round import Round, RoundState
from portal.assessors.assignments import assign, require_unfinished, without_body
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.people import AssessorBodyFactory
from tests.factories.rounds import ParticipationFactory
from tests.support.record import events_of
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres


@pytest.fixture
def context(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def give(world: World, body_id: int, *agencies: str) -> int:
    """The NACC gives agencies of the world to a body; how many were new."""
    with acting_as(world.actor("nacc")):
        wanted = [db.session.get_one(Participation, world.participation[key]) for key in agencies]
        return assign(db.session(), db.session.get_one(AssessorBody, body_id), wanted)


def bodies(world: World) -> dict[str, int]:
    """The body of each agency of the world that has one."""
    short = {key: name for name, key in world.participation.items()}
    with privileged("a test looks") as session:
        rows = session.execute(select(Assignment.participation_id, Assignment.body_id))
        return {short[participation]: body for participation, body in rows}


def test_who_has_a_body_keeps_it(context: None, make: Make, world: World) -> None:
    new = make(AssessorBodyFactory)
    assert give(world, new.id, "a1", "b1", "b2") == 1
    one, two = world.body["body1"], world.body["body2"]
    assert bodies(world) == {"a1": one, "a2": one, "b1": two, "b2": new.id}
    assert give(world, new.id, "b2") == 0
    assert give(world, new.id) == 0


def test_one_event_per_province_names_the_agencies(context: None, make: Make, world: World) -> None:
    with privileged("nobody has an assessor") as session:
        session.info["unrecorded"] = True
        for row in session.scalars(select(Assignment)):
            session.delete(row)
        session.commit()
    new = make(AssessorBodyFactory)
    give(world, new.id, "b2", "a1", "b1")
    assert [(event.chain, event.after) for event in events_of("assignment.assign")] == [
        (
            f"province:{world.province[code]}",
            {"count": len(keys), "participations": sorted(world.participation[key] for key in keys)},
        )
        for code, keys in (("52", ("a1",)), ("81", ("b1", "b2")))
    ]
    assert {event.row for event in events_of("assignment.assign")} == {str(new.id)}
    give(world, new.id, "b2")
    assert len(events_of("assignment.assign")) == 2, "nothing new, nothing to record"


def test_a_province_has_those_left_of_its_round_only(context: None, make: Make, world: World) -> None:
    with privileged("a test looks") as session:
        round = session.get_one(Round, world.round_id)
        agency = session.get_one(Participation, world.participation["b2"]).agency
        session.expunge_all()
    make(ParticipationFactory, agency=agency)  # the same agency in another round
    with acting_as(world.actor("nacc")):
        krabi, lampang = world.province["81"], world.province["52"]
        left = [row.id for row in without_body(db.session(), round, [krabi, lampang])]
        none = without_body(db.session(), round, [lampang])
        nowhere = without_body(db.session(), round, [])
    assert (left, none, nowhere) == ([world.participation["b2"]], [], [])


@pytest.mark.parametrize("state", list(RoundState))
def test_nothing_is_assigned_once_the_results_stand(state: RoundState) -> None:
    round = Round(fiscal_year=2561, name="รอบ", state=state)
    if state is not RoundState.OPENED:
        require_unfinished(round)
        return
    with pytest.raises(Refused, match="results of this round stand"):
        require_unfinished(round)
