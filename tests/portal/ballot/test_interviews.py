"""Interviews: cast with their row or not at all, void before the opening, forget the key at the opening."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from models.participation import Participation
from models.roster import Interview, InterviewOutcome
from models.round import RosterGroup, RoundState
from models.survey import Channel
from portal.ballot.box import CastResult, cast, interview_mark_of, mark_of
from portal.ballot.closing import empty_marks
from portal.ballot.interviews import box_of, cast_interview, void_interview
from portal.ballot.keys import key_folder
from portal.ballot.opening import open_boxes
from portal.ballot.seal import unseal
from portal.ballot.wall import system_read, system_transaction
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.rounds import ParticipationFactory
from tests.factories.work import InterviewFactory, RosterEntryFactory
from tests.support.ballots import answers_counted, bring_round_to, counts_equal_recount, marks_left
from tests.support.respondents import EIT, LINES, box, citizen_id
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
ANSWERS = bytes([2]) * LINES[EIT]


@pytest.fixture
def interviews(app: Portal, world: World, make: Make) -> list[int]:
    """Three drawn rows of the first agency."""
    with app.app_context(), privileged("test") as session:
        own = session.get_one(Participation, world.participation["a1"])
        group = session.scalars(select(RosterGroup)).first()
        session.expunge_all()
    entries = [make(RosterEntryFactory, participation=own, group=group) for _number in range(3)]
    return [make(InterviewFactory, participation=own, roster_entry=entry).id for entry in entries]


def found(interview_id: int) -> Interview:
    return db.session.scalars(select(Interview).where(Interview.id == interview_id)).one()


def test_an_assessor_casts_an_interview_once(app: Portal, world: World, interviews: list[int]) -> None:
    with app.app_context():
        actor = world.actor("assessor")
        for expected in (CastResult.ACCEPTED, CastResult.ALREADY):
            with acting_as(actor):
                assert actor.account_id is not None
                result = cast_interview(found(interviews[0]), ANSWERS, interviewer_id=actor.account_id)
                assert result is expected
                assert set(db.session.scalars(select(Interview.id))) == set(interviews)
                if db.engine.dialect.name == "postgresql":
                    role = db.session.connection().scalar(text("SELECT current_user"))
                    assert role == "ita_assessor", "the box gave the role back"
        with system_read() as connection:
            key, sealed = connection.execute(text("SELECT key, sealed FROM sealed_answer")).one()
            kept = connection.execute(
                text("SELECT sealed_key FROM interview WHERE id = :id"), {"id": interviews[0]}
            ).scalar_one()
        assert bytes(key) == bytes(kept)
        private = key_folder().urn_key(world.round_id)
        label = box(world, kind=EIT).label(Channel.INTERVIEW)
        content = unseal(bytes(sealed), label=label, private_key=private, slots=LINES[EIT])
        assert content.interviewer_id == actor.account_id
        assert counts_equal_recount(world.round_id)


def test_an_interview_that_is_rolled_back_leaves_nothing(
    app: Portal, world: World, interviews: list[int]
) -> None:
    class UserError(Exception):
        pass

    with app.app_context():
        with pytest.raises(UserError), acting_as(world.actor("assessor")):
            cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
            raise UserError
        assert marks_left(world.round_id) == answers_counted(world.round_id) == 0
        with acting_as(world.actor("assessor")):
            assert found(interviews[0]).sealed_key is None


def test_a_voided_interview_leaves_its_mark_only(app: Portal, world: World, interviews: list[int]) -> None:
    with app.app_context():
        actor = world.actor("assessor")
        with acting_as(actor):
            cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
            cast_interview(found(interviews[1]), ANSWERS, interviewer_id=1)
        with acting_as(actor):
            void_interview(found(interviews[0]), outcome=InterviewOutcome.REFUSED)
        with acting_as(actor), pytest.raises(Refused):
            void_interview(found(interviews[2]), outcome=InterviewOutcome.REFUSED)
        assert (marks_left(world.round_id), answers_counted(world.round_id)) == (2, 1)
        assert counts_equal_recount(world.round_id)
        with acting_as(actor):
            result = cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
            assert result is CastResult.ALREADY


def test_opening_forgets_which_answer_was_whose(app: Portal, world: World, interviews: list[int]) -> None:
    with app.app_context():
        actor = world.actor("assessor")
        with acting_as(actor):
            cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
        cast(box(world, kind=EIT), citizen_id(1), ANSWERS)
        bring_round_to(world.round_id, RoundState.CLOSED)
        empty_marks(world.round_id)
        open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        with system_read() as connection:
            keys = connection.execute(text("SELECT sealed_key FROM interview")).scalars().all()
            assert keys == [None, None, None]
            channels = connection.execute(text("SELECT channel FROM opened_answer")).scalars().all()
        assert channels == ["self", "self"], "one interview alone would be seen"
        with acting_as(actor), pytest.raises(Refused):
            void_interview(found(interviews[0]), outcome=InterviewOutcome.REFUSED)


def test_a_closed_round_takes_no_interview_and_the_call_stays_as_it_was(
    app: Portal, world: World, interviews: list[int]
) -> None:
    with app.app_context():
        bring_round_to(world.round_id, RoundState.CLOSED)
        with acting_as(world.actor("assessor")):
            row = found(interviews[0])
            assert cast_interview(row, ANSWERS, interviewer_id=1) is CastResult.CLOSED
            assert (row.outcome, row.called_at, row.sealed_key) == (InterviewOutcome.PENDING, None, None)
        assert marks_left(world.round_id) == answers_counted(world.round_id) == 0


def test_an_answer_that_left_the_box_is_not_uncounted(
    app: Portal, world: World, interviews: list[int]
) -> None:
    """As when the boxes are opened while somebody looks at the call."""
    with app.app_context():
        with acting_as(world.actor("assessor")):
            cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
        with system_transaction() as connection:
            connection.execute(text("DELETE FROM sealed_answer"))
        with acting_as(world.actor("assessor")), pytest.raises(Refused, match="have been opened"):
            void_interview(found(interviews[0]), outcome=InterviewOutcome.VOIDED)
        assert answers_counted(world.round_id) == 1


def test_the_mark_of_an_interview_is_no_mark_of_an_id(app: Portal, world: World) -> None:
    """A roster row and an ID of the same digits are two: the domains differ."""
    with app.app_context():
        target = box(world, kind=EIT)
    assert interview_mark_of(b"k" * 32, target, 1) != mark_of(b"k" * 32, target, "1")


def test_a_round_without_keys_has_no_box(app: Portal, make: Make) -> None:
    own = make(ParticipationFactory)
    with app.app_context(), privileged("test") as session, pytest.raises(Refused, match="no keys yet"):
        box_of(session, session.get_one(Participation, own.id), EIT)
