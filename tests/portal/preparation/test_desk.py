"""Preparation between admin and executive: every step × state × person × window, and the deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.account import Account, Grant
from models.audit import AuditEvent
from models.contributor import Part
from models.participation import Participation, PreparationState
from models.round import Round, RoundState, Stage, Window
from models.survey import SurveyLink
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Closed, NotFound, Refused, Stale
from portal.core.workflow import fire
from portal.preparation import desk
from portal.preparation.workflow import PREPARATION
from tests.factories.base import Make
from tests.factories.people import ContributorFactory
from tests.support.rosters import fill_roster
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
        assert stored(world).confirmed_at == NOW


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


@pytest.mark.usefixtures("thawed")
def test_the_dates_of_a_draft_are_missed_by_nobody(app: Any, world: World) -> None:
    with app.app_context(), writing(), privileged("the round is a draft yet") as session:
        round = session.get_one(Round, world.round_id)
        round.state = RoundState.DRAFT
        session.flush()
        clause = desk.not_assessable_clause(round, LATE)
        assert session.scalar(select(func.count(Participation.id)).where(clause)) == 0
        assert not any(desk.is_not_assessable(one, LATE) for one in session.scalars(select(Participation)))


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


# -- the acts of the desk ----------------------------------------------------------------------------------


def stored(world: World, key: str = "a1") -> Participation:
    found = row(Participation, world.participation[key])
    assert isinstance(found, Participation)
    return found


@pytest.mark.parametrize("person", ["executive", "assessor", "interviewer", "dla", "nacc", "province"])
def test_only_the_own_admin_enters_and_nobody_else_finds_the_desk(
    app: Any, world: World, person: str
) -> None:
    with app.app_context():
        with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
            desk.set_headcount(mine(world), 60, actor=actor)
        assert stored(world).headcount is None


def test_a_headcount_is_kept_with_its_moment_and_shows_that_the_admin_is_there(
    app: Any, world: World
) -> None:
    with app.app_context():
        prepared(world, activated_at=None, headcount=None)
        with acting_as(world.actor("agency_admin")) as actor:
            desk.set_headcount(mine(world), desk.LARGEST_HEADCOUNT, seen=0, actor=actor)
        found = stored(world)
    assert (found.headcount, found.headcount_at, found.activated_at) == (20_000, NOW, NOW)


def test_a_headcount_that_somebody_changed_since_is_not_overwritten(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world)
        for seen in (0, 51):
            with pytest.raises(Stale), acting_as(world.actor("agency_admin")) as actor:
                desk.set_headcount(mine(world), 60, seen=seen, actor=actor)
        assert stored(world).headcount == 52


def test_sending_keeps_the_moment_and_forgets_the_last_reason(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.RETURNED, return_reason="ขาดผู้เสนอราคา", activated_at=None)
        with acting_as(world.actor("agency_admin")) as actor:
            desk.submit(mine(world), actor=actor)
        found = stored(world)
    assert (found.state, found.submitted_at, found.return_reason) == (S.SUBMITTED, NOW, "")
    assert found.activated_at == NOW, "whoever sends has activated the password"


@pytest.mark.parametrize("person", ["executive", "dla", "assessor"])
def test_nobody_sends_for_the_admin_and_nothing_is_noted(app: Any, world: World, person: str) -> None:
    with app.app_context():
        prepared(world, activated_at=None)
        with pytest.raises(NotFound), acting_as(world.actor(person)) as actor:
            desk.submit(mine(world), actor=actor)
        found = stored(world)
    assert (found.state, found.activated_at) == (S.ENTERING, None)


def test_data_are_not_sent_where_nobody_could_confirm_them(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world)
        with writing(), privileged("the executive leaves") as session:
            session.get_one(Grant, world.grant["executive"]).valid_until = NOW
        with pytest.raises(Refused), acting_as(world.actor("agency_admin")) as actor:
            desk.submit(mine(world), actor=actor)
        assert stored(world).state is S.ENTERING


def test_taken_back_data_can_be_changed_again(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED, submitted_at=NOW)
        with acting_as(world.actor("agency_admin")) as actor:
            assert desk.why_not_editable(mine(world), actor) is not None
            desk.withdraw(mine(world), actor=actor)
            assert desk.why_not_editable(mine(world), actor) is None
        found = stored(world)
    assert (found.state, found.submitted_at) == (S.ENTERING, None)


def test_data_come_back_with_a_reason_only_and_it_has_a_longest(app: Any, world: World) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED)
        for nothing in ("", "  \n"):
            with pytest.raises(Refused, match="Write what"), acting_as(world.actor("executive")) as actor:
                desk.give_back(mine(world), nothing, actor=actor)
        assert stored(world).state is S.SUBMITTED
        with acting_as(world.actor("executive")) as actor:
            desk.give_back(mine(world), f"  {'ก' * 1200}", actor=actor)
        found = stored(world)
    assert (found.state, found.return_reason) == (S.RETURNED, "ก" * desk.LONGEST_REASON)


def test_who_entered_the_data_does_not_confirm_them(app: Any, make: Make, world: World) -> None:
    with app.app_context():
        prepared(world, S.SUBMITTED)
        make(
            ContributorFactory,
            account=row(Account, world.account["executive"]),
            participation=stored(world),
            part=Part.PREPARATION,
        )
        for step in ("confirm", "return"):
            with acting_as(world.actor("executive")) as actor:
                reason = desk.why_not_step(mine(world), step, actor=actor)
                assert reason is not None and "somebody else has to judge" in reason.message_id
        with pytest.raises(Refused, match="somebody else"), acting_as(world.actor("executive")) as actor:
            desk.confirm(mine(world), actor=actor)
        assert stored(world).state is S.SUBMITTED


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (S.ENTERING, "still entering"),
        (S.SUBMITTED, None),
        (S.RETURNED, "returned to the admin"),
        (S.CONFIRMED, "can no longer be changed"),
    ],
)
def test_the_executive_reads_where_the_data_lie(
    app: Any, world: World, state: PreparationState, says: str | None
) -> None:
    with app.app_context():
        prepared(world, state, submitted_at=NOW)
        with acting_as(world.actor("executive")) as actor:
            reason = desk.why_not_step(mine(world), "confirm", actor=actor)
        with acting_as(world.actor("agency_admin")) as actor:
            again = desk.why_not_step(mine(world), "submit", actor=actor)
    assert (reason is None) if says is None else (reason is not None and says in reason.message_id)
    assert (again is None) is (state in FROM["submit"])
    if state is S.SUBMITTED:
        assert again is not None and "9 พฤศจิกายน 2561" in str(again.values["when"])


def test_an_empty_group_is_counted_too(app: Any, world: World) -> None:
    fill_roster(app, world, people=2, confirmed=False)
    with app.app_context(), acting_as(world.actor("executive")):
        counts = desk.group_counts(mine(world))
        assert [one.group.position for one in counts] == sorted(one.group.position for one in counts)
        assert sorted(one.count for one in counts)[-2:] == [1, 1]
        assert sum(one.count for one in counts) == 2 and len(counts) > 2
