"""Whole checklists answered, passed and scored at once: for the drill and for tests, never for people."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from models.disclosure import Disclosure, Review
from models.instrument import OitItem
from models.participation import Participation
from portal.core import audit
from portal.core.access import Actor
from portal.core.database.session import db
from portal.disclosure.answering import replace_links
from portal.disclosure.state import ANSWERING, REVIEWING, SCORING, ensure_disclosure
from portal.disclosure.workflow import is_answered, where_it_lies


def answer_all(
    participation: Participation,
    *,
    actor: Actor,
    link: Callable[[OitItem], str],
    explanation: str = "",
) -> int:
    """Answer every open item as disclosed at ``link(item)``; gives how many. One event for the whole.

    Raises as ``save_answer``.
    """
    ANSWERING.enter(participation, actor)
    disclosure = ensure_disclosure(participation)
    if not disclosure.state.editable:
        raise where_it_lies(disclosure)
    rest = [answer for answer in disclosure.answers if not is_answered(answer)]
    with audit.unrecorded(db.session()):
        for answer in rest:
            answer.disclosed, answer.explanation = True, explanation
            replace_links(answer, [link(answer.item)])
            answer.version = answer.version + 1
    _record("answer_all", disclosure, len(rest))
    return len(rest)


def pass_all(participation: Participation, *, actor: Actor) -> int:
    """Pass every pending item; gives how many. Raises as ``judge_item``."""
    disclosure = REVIEWING.take(participation, actor)
    pending = [answer for answer in disclosure.answers if answer.review is Review.PENDING]
    with audit.unrecorded(db.session()):
        for answer in pending:
            answer.review, answer.review_reason = Review.PASS, ""
    _record("pass_all", disclosure, len(pending))
    return len(pending)


def score_all(participation: Participation, *, actor: Actor, points: Callable[[OitItem], Decimal]) -> int:
    """Score every item that has no points; gives how many. Raises as ``score_item``."""
    disclosure = SCORING.take(participation, actor)
    rest = [answer for answer in disclosure.answers if answer.score is None]
    with audit.unrecorded(db.session()):
        for answer in rest:
            answer.score = points(answer.item)
    _record("score_all", disclosure, len(rest))
    return len(rest)


def _record(name: str, disclosure: Disclosure, items: int) -> None:
    audit.record(
        db.session(),
        act=f"disclosure.{name}",
        thing="disclosure",
        row=disclosure.id,
        chain=audit.chain_of(disclosure),
        after={"items": items},
    )
