"""Interviews: outcomes, sealing, counting, voiding, and that nothing of an answer stays outside the box."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models.audit import AuditEvent
from models.ballot import SealedAnswer
from models.instrument import InstrumentKind
from models.participation import Participation
from models.roster import Interview, RosterEntry
from models.roster import InterviewOutcome as Outcome
from models.round import Round, RoundState
from models.survey import AnswerCount, Channel
from portal.assessors import interviews
from portal.assessors.interviews import VoidReason
from portal.ballot import keys, recount
from portal.ballot.questionnaire import load_questionnaire
from portal.ballot.seal import Label, unseal
from portal.ballot.wall import system_role
from portal.core import audit
from portal.core.database.session import db, privileged
from portal.core.errors import Closed, NotFound, Refused, Stale
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.work import InterviewFactory
from tests.support.rosters import draw, own
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
#: a pattern that would be seen anywhere: 19 lines
ANSWERS = {slot: 1 + slot % 2 for slot in range(19)}


@pytest.fixture
def calls(app: Portal, world: World) -> Iterator[list[int]]:
    """Ids of five interviews of a1, inside an application context."""
    ids = draw(app, world, 5)
    with app.app_context():
        yield ids


def note(world: World, interview_id: int, step: str, person: str = "interviewer") -> None:
    with acting_as(world.actor(person)) as actor:
        interview = db.session.get_one(Interview, interview_id)
        interviews.note_outcome(interview, step, actor=actor, version=interview.version)


def answer(
    world: World, interview_id: int, person: str = "interviewer", *, version: int | None = None
) -> None:
    with acting_as(world.actor(person)) as actor:
        interview = db.session.get_one(Interview, interview_id)
        interviews.record_answers(
            interview,
            ANSWERS,
            questionnaire=load_questionnaire(db.session(), world.round_id, InstrumentKind.EIT),
            actor=actor,
            version=interview.version if version is None else version,
        )


def void(world: World, interview_id: int, person: str = "assessor") -> None:
    with acting_as(world.actor(person)) as actor:
        interview = db.session.get_one(Interview, interview_id)
        interviews.void(interview, VoidReason.WRONG_PERSON, actor=actor, version=interview.version)


def counted(world: World) -> int:
    with privileged("look") as session:
        key = (world.participation["a1"], InstrumentKind.EIT, Channel.INTERVIEW)
        found = session.get(AnswerCount, key)
        return found.count if found else 0


def test_an_interview_is_counted_and_the_count_equals_a_recount(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    answer(world, calls[1], "assessor")
    assert row(Interview, calls[0]).outcome is Outcome.ANSWERED
    assert counted(world) == 2
    assert recount.differences(world.round_id) == []


def test_answers_and_interviewer_travel_inside_the_seal(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    with privileged("the key's holder looks") as session:
        sealed = session.scalars(select(SealedAnswer)).one()
        label = Label(world.round_id, world.agency["a1"], InstrumentKind.EIT, Channel.INTERVIEW)
        key = keys.key_folder().urn_key(world.round_id)
        content = unseal(sealed.sealed, label=label, private_key=key, slots=19)
    assert list(content.answers) == [ANSWERS[slot] for slot in range(19)]
    assert content.interviewer_id == world.account["interviewer"]


def test_nothing_of_the_answers_stands_in_the_record_or_the_interview(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    plain = bytes(ANSWERS[slot] for slot in range(19))
    with privileged("look") as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.thing == "interview")).all()
        stored = session.get_one(Interview, calls[0])
        values = [getattr(stored, column.key) for column in Interview.__table__.columns]
        sealed = session.scalars(select(SealedAnswer)).one()
        assert plain not in sealed.sealed
        assert [(event.act, event.before, event.after) for event in events] == [
            ("interview.answer", {"outcome": "pending"}, {"outcome": "answered"})
        ]
    assert plain not in values
    assert sum(isinstance(value, bytes) for value in values) == 1  # the key of the sealed row


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("no_answer", Outcome.NO_ANSWER), ("refuse", Outcome.REFUSED), ("wrong_number", Outcome.WRONG_NUMBER)],
)
def test_a_call_without_answers_is_noted_and_counts_nothing(
    calls: list[int], world: World, step: str, outcome: Outcome
) -> None:
    note(world, calls[0], step)
    assert row(Interview, calls[0]).outcome is outcome
    assert counted(world) == 0


def test_who_did_not_answer_may_be_called_again(calls: list[int], world: World) -> None:
    note(world, calls[0], "no_answer")
    note(world, calls[0], "no_answer")
    answer(world, calls[0])
    assert row(Interview, calls[0]).outcome is Outcome.ANSWERED


def test_who_refused_is_not_asked_again_unless_put_back(calls: list[int], world: World) -> None:
    note(world, calls[0], "refuse")
    with pytest.raises(Refused):
        answer(world, calls[0])
    note(world, calls[0], "reopen")
    answer(world, calls[0])


def test_nobody_is_interviewed_twice(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    with pytest.raises(Refused):
        answer(world, calls[0])
    assert counted(world) == 1


def test_voiding_takes_the_answer_out_and_uses_the_row_up(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    answer(world, calls[1])
    void(world, calls[0])
    stored = row(Interview, calls[0])
    assert (stored.outcome, stored.sealed_key) == (Outcome.VOIDED, None)
    assert counted(world) == 1
    assert recount.differences(world.round_id) == []
    with pytest.raises(Refused):
        answer(world, calls[0])
    with privileged("look") as session:
        reasons = session.scalars(
            select(AuditEvent.after).where(AuditEvent.act == "interview.void_reason")
        ).all()
        assert reasons == [{"reason": "wrong_person"}]
        assert audit.first_broken(session) is None


def test_what_was_not_answered_cannot_be_voided(calls: list[int], world: World) -> None:
    with pytest.raises(Refused):
        void(world, calls[0])


def test_the_lead_voids_and_no_interviewer(calls: list[int], world: World) -> None:
    answer(world, calls[0])
    for person in ("interviewer", "agency_admin", "dla", "nacc"):
        with pytest.raises(NotFound):
            void(world, calls[0], person)
    assert counted(world) == 1


def test_voiding_is_possible_after_the_window_until_the_round_closes(
    calls: list[int], world: World, clock: Callable[[object], None]
) -> None:
    answer(world, calls[0])
    answer(world, calls[1])
    clock(NOW + timedelta(days=200))
    void(world, calls[0])
    with privileged("the round closes") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    with pytest.raises(Refused, match="round has closed"):
        void(world, calls[1])


@pytest.mark.parametrize("person", ["agency_admin", "executive", "dla", "nacc", "province"])
def test_nobody_else_records(calls: list[int], world: World, person: str) -> None:
    with pytest.raises(NotFound):
        answer(world, calls[0], person)
    with pytest.raises(NotFound):
        note(world, calls[0], "refuse", person)


def test_nobody_records_outside_the_window(
    calls: list[int], world: World, clock: Callable[[object], None]
) -> None:
    clock(NOW + timedelta(days=200))
    with pytest.raises(Closed):
        answer(world, calls[0])
    with pytest.raises(Closed):
        note(world, calls[0], "no_answer")
    assert counted(world) == 0


def test_two_who_call_the_same_person_are_told(calls: list[int], world: World) -> None:
    note(world, calls[0], "no_answer")
    with pytest.raises(Stale):
        answer(world, calls[0], version=1)
    assert counted(world) == 0


def test_a_closed_round_takes_nothing(calls: list[int], world: World) -> None:
    with privileged("the round closes") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    with pytest.raises(Refused, match="takes no more answers"):
        answer(world, calls[0])
    assert row(Interview, calls[0]).outcome is Outcome.PENDING


def next_id(world: World, *, after: int) -> int:
    found = interviews.next_call(own(world), after=after)
    assert found is not None
    return found.id


def test_the_next_call_goes_on_in_order_and_comes_back_to_who_did_not_answer(
    calls: list[int], world: World
) -> None:
    note(world, calls[0], "no_answer")
    note(world, calls[2], "refuse")
    with acting_as(world.actor("interviewer")):
        assert next_id(world, after=2) == calls[3]
        assert next_id(world, after=5) == calls[1]
    for interview_id in (calls[1], calls[3], calls[4]):
        answer(world, interview_id)
    with acting_as(world.actor("interviewer")):
        assert next_id(world, after=5) == calls[0]
        assert interviews.tally(own(world))[Outcome.ANSWERED] == 3


@pytest.mark.parametrize("step", ["answer", "void", "nonsense", ""])
def test_an_outcome_is_one_of_the_calls_without_answers(calls: list[int], world: World, step: str) -> None:
    with pytest.raises(Refused, match="not possible now"):
        note(world, calls[0], step)
    assert row(Interview, calls[0]).outcome is Outcome.PENDING


@pytest.mark.parametrize("step", ["no_answer", "refuse", "wrong_number"])
def test_back_on_the_call_list_nobody_has_called(calls: list[int], world: World, step: str) -> None:
    note(world, calls[0], step)
    assert row(Interview, calls[0]).called_at == NOW
    note(world, calls[0], "reopen")
    stored = row(Interview, calls[0])
    assert (stored.outcome, stored.called_at) == (Outcome.PENDING, None)
    with privileged("look") as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.thing == "interview")).all()
    assert acts == [f"interview.{step}", "interview.reopen"]


def test_a_roster_row_answers_once_also_where_it_stands_on_the_list_twice(
    calls: list[int], world: World, make: Make
) -> None:
    answer(world, calls[0])
    first = row(Interview, calls[0])
    mine = row(Participation, world.participation["a1"])
    entry = row(RosterEntry, first.roster_entry_id)
    again = make(InterviewFactory, participation=mine, roster_entry=entry, position=99)
    with pytest.raises(Refused, match="the row is used up"):
        answer(world, again.id)
    assert counted(world) == 1
    assert row(Interview, again.id).outcome is Outcome.PENDING


def test_a_round_that_closes_during_the_call_takes_no_answer(calls: list[int], world: World) -> None:
    with (
        pytest.raises(Refused, match="takes no more answers"),
        acting_as(world.actor("interviewer")) as actor,
    ):
        interview = db.session.get_one(Interview, calls[0])
        assert interview.participation.round.state is RoundState.OPEN  # as the page saw it
        with system_role(db.session.connection()) as connection:
            connection.execute(text("UPDATE round SET state = 'closed'"))
        interviews.record_answers(
            interview, ANSWERS, actor=actor, version=interview.version,
            questionnaire=load_questionnaire(db.session(), world.round_id, InstrumentKind.EIT),
        )  # fmt: skip
    assert counted(world) == 0


@pytest.mark.parametrize("reason", list(VoidReason))
def test_a_reason_to_void_is_one_of_a_list_in_thai(app: Portal, reason: VoidReason) -> None:
    with app.test_request_context():
        assert reason.label
        assert not any("a" <= letter <= "z" for letter in reason.label.casefold())


def test_nobody_is_left_to_call(calls: list[int], world: World) -> None:
    for interview_id in calls:
        note(world, interview_id, "refuse")
    with acting_as(world.actor("interviewer")):
        assert interviews.next_call(own(world)) is None
        assert interviews.tally(own(world)) == {**dict.fromkeys(Outcome, 0), Outcome.REFUSED: 5}
        assert [call.position for call in interviews.calls_of(own(world))] == [1, 2, 3, 4, 5]
