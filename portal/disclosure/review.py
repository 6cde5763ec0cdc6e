"""The executive's part of OIT: mark each item, return the checklist or confirm the review."""

from __future__ import annotations

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.participation import Participation
from models.round import Stage
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.stages import require_open
from portal.disclosure.state import (
    answer_of,
    begun,
    require_permission,
    require_state,
    require_version,
    take_step,
    why_state,
)

LONGEST_REASON = 1000


def mark_item(
    participation: Participation,
    item_id: int,
    mark: Review,
    *,
    version: int,
    actor: Actor,
    reason: str = "",
) -> DisclosureAnswer:
    """Mark one item: pass, fail with a reason, or pending again (undo); flushed.

    Raises Stale when the answer is not the one that the executive's page showed, Refused where the checklist
    was not submitted or the reason is missing, Closed, NotFound.
    """
    disclosure = _open_review(participation, actor)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    reason = reason.strip()
    if mark is Review.FAIL and not reason:
        raise Refused("Say why the item fails: the admin mends it by your words")
    if len(reason) > LONGEST_REASON:
        raise Refused(
            "The reason has at most %(most)s characters: there are %(number)s now",
            most=LONGEST_REASON,
            number=len(reason),
        )
    with audit.act(f"disclosure.{'undo' if mark is Review.PENDING else mark.value}"):
        answer.review, answer.review_reason = mark, reason
        db.session.flush()
    return answer


def pass_all(participation: Participation, *, actor: Actor) -> int:
    """Pass every pending item, for drills and the demonstration; gives how many. Raises as ``mark_item``."""
    disclosure = _open_review(participation, actor)
    pending = [answer for answer in disclosure.answers if answer.review is Review.PENDING]
    with audit.unrecorded(db.session()):
        for answer in pending:
            answer.review, answer.review_reason = Review.PASS, ""
    audit.record(
        db.session(),
        act="disclosure.pass_all",
        thing="disclosure",
        row=disclosure.id,
        chain=audit.chain_of(disclosure),
        after={"items": len(pending)},
    )
    return len(pending)


def return_disclosure(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Not approved (ไม่อนุมัติ): back to the admin. Raises Refused with the reason, Closed, Stale."""
    disclosure = _at_version(participation, version, actor)
    take_step(disclosure, "return", actor=actor)
    return disclosure


def confirm_review(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Confirm the review (ยืนยันการตรวจ): final. Raises Refused with the reason, Closed, Stale."""
    disclosure = _at_version(participation, version, actor)
    take_step(disclosure, "confirm", actor=actor, confirmed_at=clock.now())
    return disclosure


def review_closed(participation: Participation, disclosure: Disclosure | None) -> Refused | None:
    """Why the executive cannot mark items now; None where it is possible."""
    try:
        require_open(participation.round, Stage.OIT)
    except Refused as trouble:
        return trouble
    if disclosure is None or disclosure.state is not DisclosureState.SUBMITTED:
        return why_state(disclosure)
    return None


def _open_review(participation: Participation, actor: Actor) -> Disclosure:
    require_permission(actor, P.DISCLOSURE_REVIEW, participation)
    require_open(participation.round, Stage.OIT)
    disclosure = begun(participation)
    require_state(disclosure, DisclosureState.SUBMITTED)
    return disclosure


def _at_version(participation: Participation, version: int, actor: Actor) -> Disclosure:
    require_permission(actor, P.DISCLOSURE_REVIEW, participation)
    disclosure = begun(participation)
    require_version(disclosure, version)
    return disclosure
