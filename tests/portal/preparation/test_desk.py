"""Preparation between admin and executive: every step × state × person × window, and the deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.participation import Participation, PreparationState
from models.round import Round, RoundState, Stage, Window
from models.survey import SurveyLink
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Closed, NotFound, Refused
from portal.core.workflow import fire
from portal.preparation import desk
from portal.preparation.workflow import PREPARATION
from tests.support.world import NOW, World, acting_as, row

S = PreparationState
LATE = datetime.fromisoformat("2019-03-01T10:00:00+07:00")
SHUT = datetime.fromisoformat("2018-09-01T10:00:00+07:00")
OF = {"submit": "agency_admin", "withdraw": "agency_admin", "return": "executive", "confirm": "executive"}
FROM = {
    "submit": {S.ENTERING, S.RETURNED},
    "withdraw": {S.SUBMITTED},
    "return": {S.SUBMITTED},
    "confirm": {S.SUBMITTED},
}
TO = {"submit": S.SUBMITTED, "withdraw": S.ENTERING, "return": S.RETURNED, "confirm": S.CONFIRMED}


def prepared(world: World, state: PreparationState = S.ENTERING, **values: Any) -> None:
    """The agency with its first three steps done, in a state."""
    facts = {"headcount": 52, "roster_count": 40, "activated_at": NOW, "state": state, **values}
    with writing(), privileged("a test prepares") as session:
        session.info["unrecorded"] = True
        participation = session.get_one(Participation, world.participation["a1"])
        for name, value in facts.items():
            setattr(participation, name, value)


def mine(world: World, key: str = "a1") -> Participation:
    return db.session.scalars(select(Participation).where(Participation.id == world.participation[key])).one()


@pytest.mark.postgres
def test_each_step_goes_from_its_states_only(app: Any, world: World) -> None:
    for name, person in OF.items():
        for state in S:
            with app.app_context():
                prepared(world, state)
                if state in FROM[name]:
                    with acting_as(world.actor(person)) as actor:
                        fire(PREPARATION, mine(world), name, actor=actor)
                    assert row(Participation, world.participation["a1"]).state is TO[name]
                else:
                    with pytest.raises(Refused), acting_as(world.actor(person)) as actor:
                        fire(PREPARATION, mine(world), name, actor=actor)
                    assert row(Participation, world.participation["a1"]).state is state


@pytest.mark.postgres
def test_no_other_person_takes_a_step(app: Any, world: World) -> None:
    for name, person in OF.items():
        for other in world.grant:
            if other == person:
                continue
            with app.app_context():
                state = next(iter(FROM[name]))
                prepared(world, state)
                participation = row(Participation, world.participation["a1"])
                with pytest.raises(NotFound), acting_as(world.actor(other)) as actor:
                    fire(PREPARATION, participation, name, actor=actor)
                assert row(Participation, world.participation["a1"]).state is state


@pytest.mark.parametrize("moment", [SHUT, LATE])
def test_outside_the_windows_every_step_is_closed(
    app: Any, world: World, clock: Callable[[object], None], moment: datetime
) -> None:
    with app.app_context():
        actors = {person: world.actor(person) for person in set(OF.values())}
        clock(moment)
        for name, person in OF.items():
            prepared(world, next(iter(FROM[name])))
            with pytest.raises(Closed) as refusal, acting_as(actors[person]) as actor:
                fire(PREPARATION, mine(world), name, actor=actor)
            assert (refusal.value.opens_at is not None) is (moment is SHUT)


def test_in_a_round_that_is_not_open_nothing_moves(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world)
        with writing(), privileged("a test closes the round") as session:
            session.get_one(Round, world.round_id).state = RoundState.CLOSED
        with pytest.raises(Refused), acting_as(world.actor("agency_admin")) as actor:
            desk.submit(mine(world), actor=actor)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"headcount": None}, "Enter the number"),
        ({"roster_count": 0}, "roster of external stakeholders is still empty"),
    ],
)
@pytest.mark.parametrize("step", ["submit", "confirm"])
def test_the_first_missing_step_is_named(
    app: Any, world: World, step: str, missing: dict[str, Any], says: str
) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED if step == "confirm" else S.ENTERING, **missing)
        act = {"submit": desk.submit, "confirm": desk.confirm}[step]
        with pytest.raises(Refused, match=says), acting_as(world.actor(OF[step])) as actor:
            act(mine(world), actor=actor)


def test_without_activation_the_executive_cannot_confirm(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED, activated_at=None)
        with pytest.raises(Refused, match="password"), acting_as(world.actor("executive")) as actor:
            desk.confirm(mine(world), actor=actor)


@pytest.mark.postgres
def test_confirming_makes_both_links_once_and_one_event(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED)
        with acting_as(world.actor("executive")) as actor:
            desk.confirm(mine(world), actor=actor)
        with privileged("a test looks") as session:
            links = session.scalars(
                select(SurveyLink).where(SurveyLink.participation_id == world.participation["a1"])
            ).all()
            assert len(links) == 2
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == "preparation.confirm")).one()
            assert event.before["state"] == "submitted"
            assert event.after["state"] == "confirmed"
            assert event.account_id == world.account["executive"]


@pytest.mark.parametrize("state", [S.SUBMITTED, S.CONFIRMED])
def test_sent_data_are_read_only(app: Any, world: World, state: PreparationState) -> None:
    with app.app_context():
        prepared(world, state)
        with pytest.raises(Refused), acting_as(world.actor("agency_admin")) as actor:
            desk.set_headcount(mine(world), 60, actor=actor)


@pytest.mark.parametrize("number", [0, -1, 20_001])
def test_an_impossible_headcount_is_refused(app: Any, world: World, number: int) -> None:
    with app.app_context(), pytest.raises(Refused), acting_as(world.actor("agency_admin")) as actor:
        desk.set_headcount(mine(world), number, actor=actor)


def test_a_foreign_headcount_is_not_found(app: Any, world: World) -> None:
    with app.app_context():
        foreign = row(Participation, world.participation["b1"])
        with pytest.raises(NotFound), acting_as(world.actor("agency_admin")) as actor:
            desk.set_headcount(foreign, 60, actor=actor)


# -- the deadline ----------------------------------------------------------------------------------------


def final_close(world: World) -> datetime:
    with privileged("a test looks") as session:
        query = select(func.max(Window.closes_at)).where(Window.stage == Stage.PREPARATION)
        moment: datetime = session.scalars(query).one()
        return moment


@pytest.mark.postgres
def test_the_property_and_the_clause_agree_at_the_deadline(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.CONFIRMED)
        end = final_close(world)
        with privileged("a test looks") as session:
            round = session.get_one(Round, world.round_id)
            rows = session.scalars(select(Participation)).all()
            assert round.office_grace_seconds
            over = end + timedelta(seconds=round.office_grace_seconds)
            for moment, expected in ((over - timedelta(seconds=1), 0), (over, 3), (LATE, 3)):
                clause = desk.not_assessable_clause(round, moment)
                counted = session.scalar(select(func.count(Participation.id)).where(clause))
                computed = [desk.is_not_assessable(one, moment) for one in rows]
                assert counted == sum(computed) == expected


@pytest.mark.postgres
def test_the_deadline_is_recorded_once(app: Any, world: World, clock: Callable[[object], None]) -> None:
    with app.app_context():
        prepared(world, S.CONFIRMED)

        def record() -> int:
            with writing(), privileged("a test records the deadline") as session:
                return desk.record_deadline(session, session.get_one(Round, world.round_id))

        assert record() == 0, "not before the deadline"
        clock(LATE)
        assert record() == 3
        assert record() == 0
        assert row(Participation, world.participation["a1"]).not_assessable_at is None
        assert row(Participation, world.participation["b1"]).not_assessable_at == LATE


def test_the_executive_is_named_to_the_own_admin(client_as: Callable[[str], Any], world: World) -> None:
    page = client_as("agency_admin").get(f"/rounds/{world.round_id}/preparation").text
    assert "ผู้บริหารของท่านคือ ผู้ใช้ทดลอง executive" in page
    assert "executive_other" not in page


def test_an_unusual_headcount_depends_on_the_kind() -> None:
    for kind, (least, most) in desk.USUAL_HEADCOUNT.items():
        assert not desk.is_unusual(least, kind)
        assert not desk.is_unusual(most, kind)
        assert desk.is_unusual(least - 1, kind)
        assert desk.is_unusual(most + 1, kind)
