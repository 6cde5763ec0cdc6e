"""Calling the drawn people and recording what came of it. Answers go into the box and nowhere else."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from models.participation import Participation
from models.roster import Interview, InterviewOutcome, RosterEntry
from portal.assessors.workflow import INTERVIEW
from portal.ballot.box import CastResult
from portal.ballot.interviews import cast_interview, void_interview
from portal.ballot.questionnaire import Questionnaire
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.texts import lazy
from portal.core.workflow import fire, why_not

#: acts of a call that end without answers
OUTCOMES = ("no_answer", "refuse", "wrong_number", "reopen")


class VoidReason(enum.Enum):
    """Why an interview's answer is taken out again. A list and no free text: that could repeat an answer."""

    WRONG_PERSON = "wrong_person"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"
    CHECK_FAILED = "check_failed"

    @property
    def label(self) -> str:
        """The reason in words."""
        return str(_REASONS[self])


_REASONS = {
    VoidReason.WRONG_PERSON: lazy("The person on the phone was not the one drawn"),
    VoidReason.CONSENT_WITHDRAWN: lazy("The person no longer wants the answers to count"),
    VoidReason.RECORDED_BY_MISTAKE: lazy("Recorded by mistake, for example on the wrong row"),
    VoidReason.CHECK_FAILED: lazy("A call-back found that the interview did not take place as recorded"),
}


def calls_of(participation: Participation) -> list[Interview]:
    """The whole call list with its roster rows, in drawn order."""
    query = (
        select(Interview)
        .where(Interview.participation_id == participation.id)
        .order_by(Interview.position)
        .options(joinedload(Interview.roster_entry).joinedload(RosterEntry.group))
    )
    return list(db.session.scalars(query))


def next_call(participation: Participation, *, after: int = 0) -> Interview | None:
    """Whom to call next: the next in drawn order who was not called, else who did not answer; None: nobody.

    ``after`` is the position called last, so that one does not ring the same person twice in a row.
    """
    query = (
        select(Interview)
        .where(
            Interview.participation_id == participation.id,
            Interview.outcome.in_((InterviewOutcome.PENDING, InterviewOutcome.NO_ANSWER)),
        )
        .order_by(
            case((Interview.outcome == InterviewOutcome.PENDING, 0), else_=1),
            case((Interview.position > after, 0), else_=1),
            Interview.position,
        )
        .limit(1)
    )
    return db.session.scalars(query).first()


def tally(participation: Participation) -> dict[InterviewOutcome, int]:
    """How many calls stand at each outcome, zeros too."""
    query = (
        select(Interview.outcome, func.count())
        .where(Interview.participation_id == participation.id)
        .group_by(Interview.outcome)
    )
    numbers = dict(db.session.execute(query).all())
    return {outcome: numbers.get(outcome, 0) for outcome in InterviewOutcome}


def note_outcome(interview: Interview, step: str, *, actor: Actor, version: int) -> None:
    """Note a call without answers: a step of ``OUTCOMES``.

    Raises Stale where somebody else noted something since the page with ``version`` was shown, NotFound
    where the actor may not, Closed outside the stage, Refused where the step is not possible.
    """
    if step not in OUTCOMES:
        raise Refused("This step is not possible now")
    _require_current(interview, version)
    called_at = None if step == "reopen" else clock.now()
    fire(INTERVIEW, interview, step, actor=actor, called_at=called_at)


def record_answers(
    interview: Interview,
    chosen: Mapping[int, int],
    *,
    questionnaire: Questionnaire,
    actor: Actor,
    version: int,
) -> None:
    """Seal the answers into the box, and note that the person answered: both or neither.

    ``chosen`` has a choice by slot; a slot that is missing or 0 was not answered. Raises as
    ``note_outcome``, and Refused where the roster row is used up or the round has closed; BadAnswer.
    """
    _require_current(interview, version)
    _require_possible(interview, "answer", actor)
    assert actor.account_id is not None, "only a person interviews"
    answers = questionnaire.encode(chosen)
    with audit.act("interview.answer"):
        result = cast_interview(interview, answers, interviewer_id=actor.account_id)
    if result is CastResult.ALREADY:
        raise Refused("This person has been interviewed before: the row is used up")
    if result is CastResult.CLOSED:
        raise Refused("The round has closed: it takes no more answers")


def void(interview: Interview, reason: VoidReason, *, actor: Actor, version: int) -> None:
    """Take a failed interview's answer out of the box. It cannot be undone, and the row is used up.

    Raises Stale, NotFound, Refused.
    """
    _require_current(interview, version)
    _require_possible(interview, "void", actor)
    with audit.act("interview.void"):
        void_interview(interview, outcome=InterviewOutcome.VOIDED)
    audit.record(
        db.session(),
        act="interview.void_reason",
        thing="interview",
        row=interview.id,
        chain=audit.chain_of(interview),
        after={"reason": reason.value},
    )


def _require_possible(interview: Interview, step: str, actor: Actor) -> None:
    reason = why_not(INTERVIEW, interview, step, actor=actor)
    if reason is not None:
        raise reason


def _require_current(interview: Interview, version: int) -> None:
    if interview.version != version:
        raise Stale
