"""The executive's part of OIT: judge each item, return the checklist or confirm the review."""

from __future__ import annotations

from models.disclosure import Disclosure, DisclosureAnswer, Review
from models.participation import Participation
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.workflow import fire
from portal.disclosure.state import REVIEWING, answer_of, require_version
from portal.disclosure.workflow import DISCLOSURE

LONGEST_REASON = 1000


def judge_item(
    participation: Participation,
    item_id: int,
    judgement: Review,
    *,
    version: int,
    actor: Actor,
    reason: str = "",
) -> DisclosureAnswer:
    """Judge one item: pass, fail with a reason, or pending again (undo); flushed.

    Raises Stale when the answer is not the one that the executive's page showed, Refused where the checklist
    was not submitted or the reason is missing, Closed, NotFound.
    """
    disclosure = REVIEWING.take(participation, actor)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    reason = reason.strip()
    if judgement is Review.FAIL and not reason:
        raise Refused("Say why the item fails: the admin mends it by your words", field="why")
    if len(reason) > LONGEST_REASON:
        raise Refused(
            "The reason has at most %(most)s characters: there are %(number)s now",
            field="more",
            most=LONGEST_REASON,
            number=len(reason),
        )
    with audit.act(f"disclosure.{'undo' if judgement is Review.PENDING else judgement.value}"):
        answer.review, answer.review_reason = judgement, reason
        db.session.flush()
    return answer


def return_disclosure(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Not approved (ไม่อนุมัติ): back to the admin. Raises Refused with the reason, Closed, Stale."""
    disclosure = REVIEWING.at_version(participation, version, actor)
    fire(DISCLOSURE, disclosure, "return", actor=actor)
    return disclosure


def confirm_review(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Confirm the review (ยืนยันการตรวจ): final. Raises Refused with the reason, Closed, Stale."""
    disclosure = REVIEWING.at_version(participation, version, actor)
    fire(DISCLOSURE, disclosure, "confirm", actor=actor, confirmed_at=clock.now())
    return disclosure
