"""Interviews: cast with their row or not at all, void before the opening, forget the key at the opening."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from models.roster import Interview, InterviewOutcome, RosterEntry
from models.round import RosterGroup, Round, RoundState
from models.survey import Channel
from portal.ballot.box import CastResult, cast
from portal.ballot.closing import empty_marks
from portal.ballot.interviews import cast_interview, void_interview
from portal.ballot.keys import key_folder
from portal.ballot.opening import open_boxes
from portal.ballot.seal import unseal
from portal.ballot.wall import system_read
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.web import Portal
from tests.support.ballots import answers_counted, counts_equal_recount, marks_left
from tests.support.respondents import EIT, LINES, box, citizen_id
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
ANSWERS = bytes([2]) * LINES[EIT]


@pytest.fixture
def interviews(app: Portal, world: World) -> list[int]:
    """Three drawn rows of the first agency."""
    with app.app_context(), writing(), privileged("test") as session:
        group = session.scalars(select(RosterGroup)).first()
        assert group is not None
        participation = world.participation["a1"]
        owner = {
            "participation_id": participation,
            "agency_id": world.agency["a1"],
            "province_id": world.province["52"],
        }
        made = []
        for number in (1, 2, 3):
            sealed = {f"{name}_sealed": b"x" for name in ("name", "organisation", "phone", "email")}
            entry = RosterEntry(
                number=number, group_id=group.id, fingerprint=bytes([number]) * 32, **owner, **sealed
            )
            session.add(entry)
            session.flush()
            interview = Interview(roster_entry_id=entry.id, position=number, **owner)
            session.add(interview)
            session.flush()
            made.append(interview.id)
        return made


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
    class Trouble(Exception):
        pass

    with app.app_context():
        with pytest.raises(Trouble), acting_as(world.actor("assessor")):
            cast_interview(found(interviews[0]), ANSWERS, interviewer_id=1)
            raise Trouble
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
        with writing(), privileged("test") as session:
            session.get_one(Round, world.round_id).state = RoundState.CLOSED
        empty_marks(world.round_id)
        open_boxes(world.round_id, private_key=key_folder().urn_key(world.round_id))
        with system_read() as connection:
            keys = connection.execute(text("SELECT sealed_key FROM interview")).scalars().all()
            assert keys == [None, None, None]
            channels = connection.execute(text("SELECT channel FROM opened_answer")).scalars().all()
        assert channels == ["self", "self"], "one interview alone would be seen"
        with acting_as(actor), pytest.raises(Refused):
            void_interview(found(interviews[0]), outcome=InterviewOutcome.REFUSED)
