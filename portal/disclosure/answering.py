"""The admin's part of OIT: begin the checklist, answer items, submit, take back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink, Review
from models.instrument import OitItem
from models.participation import Participation
from models.round import Stage
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.stages import require_open
from portal.disclosure.checklist import items_of
from portal.disclosure.state import (
    answer_of,
    begun,
    locked_disclosure,
    require_permission,
    require_state,
    require_version,
    take_step,
    why_state,
)
from portal.disclosure.workflow import EDITABLE, is_answered

LONGEST_EXPLANATION = 5000


def ensure_disclosure(participation: Participation) -> Disclosure:
    """The checklist of a participation, locked, with a row for every item; made in one go where missing.

    Call it from acts only, never while reading. The preparation's confirmation calls it.
    """
    disclosure = locked_disclosure(participation)
    if disclosure is None:
        # two first acts at once: the second waits here and then finds the row
        db.session.execute(
            select(Participation.id).where(Participation.id == participation.id).with_for_update()
        )
        disclosure = locked_disclosure(participation)
    have = {answer.oit_item_id for answer in disclosure.answers} if disclosure else set()
    missing = [item for item in items_of(participation.round_id) if item.id not in have]
    if disclosure is None or missing:
        disclosure = _begin(disclosure, participation, missing)
    return disclosure


def _begin(
    disclosure: Disclosure | None, participation: Participation, items: Sequence[OitItem]
) -> Disclosure:
    with audit.unrecorded(db.session()):
        if disclosure is None:
            disclosure = Disclosure(participation=participation, participation_id=participation.id)
            db.session.add(disclosure)
        disclosure.answers.extend(
            DisclosureAnswer(participation_id=participation.id, item=item, links=[]) for item in items
        )
    _record("begin", disclosure, after={"items": len(items)})
    return disclosure


def closed_reason(participation: Participation, disclosure: Disclosure | None) -> Refused | None:
    """Why the admin cannot write answers now; None where it is possible."""
    try:
        require_open(participation.round, Stage.OIT)
    except Refused as trouble:
        return trouble
    if disclosure is not None and disclosure.state not in EDITABLE:
        return why_state(disclosure)
    return None


# -- answers ---------------------------------------------------------------------------------------------


def save_answer(
    participation: Participation,
    item_id: int,
    *,
    disclosed: bool | None,
    links: Sequence[str],
    explanation: str,
    version: int,
    actor: Actor,
    mended: bool = False,
) -> DisclosureAnswer:
    """Save the answer to one item; flushed.

    A change takes the executive's mark off again. ``mended`` does so for a failed item whose answer stays as
    it is, because the web site itself was mended. Raises Refused (with the reason), Closed, Stale, NotFound.
    """
    require_permission(actor, P.DISCLOSURE_ANSWER, participation)
    require_open(participation.round, Stage.OIT)
    explanation = explanation.strip()
    _require_sense(disclosed, links, explanation)
    disclosure = ensure_disclosure(participation)
    require_state(disclosure, *EDITABLE)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    before = _content(answer)
    after = {"disclosed": disclosed, "links": list(links), "explanation": explanation}
    if before == after and not (mended and answer.review is Review.FAIL):
        return answer
    with audit.unrecorded(db.session()):
        answer.disclosed, answer.explanation = disclosed, explanation
        _replace_links(answer, links)
        answer.review = Review.PENDING
        answer.version = answer.version + 1  # also where only its links changed
    _record("answer", answer, before=before, after=after)
    return answer


def _require_sense(disclosed: bool | None, links: Sequence[str], explanation: str) -> None:
    if len(explanation) > LONGEST_EXPLANATION:
        raise Refused(
            "The explanation has at most %(most)s characters: there are %(number)s now",
            most=LONGEST_EXPLANATION,
            number=len(explanation),
        )
    if disclosed is True and not links and not explanation:
        raise Refused("Give at least one link, or an explanation of where it is disclosed")
    if disclosed is False and not explanation:
        raise Refused("Write why it is not disclosed")
    if disclosed is False and links:
        raise Refused("An item that is not disclosed has no links: remove them or choose disclosed")


def _content(answer: DisclosureAnswer) -> dict[str, Any]:
    return {
        "disclosed": answer.disclosed,
        "links": [link.url for link in answer.links],
        "explanation": answer.explanation,
    }


def _replace_links(answer: DisclosureAnswer, links: Sequence[str]) -> None:
    """In place, because a place of the list is unique and rows are inserted before others are deleted."""
    del answer.links[len(links) :]
    for place, url in enumerate(links):
        if place < len(answer.links):
            answer.links[place].url = url
        else:
            answer.links.append(
                DisclosureLink(position=place + 1, url=url, participation_id=answer.participation_id)
            )


def _record(name: str, row: Disclosure | DisclosureAnswer, **changes: dict[str, Any]) -> None:
    audit.record(
        db.session(),
        act=f"disclosure.{name}",
        thing=row.__tablename__,
        row=row.id,
        chain=audit.chain_of(row),
        **changes,
    )


# -- submitting ------------------------------------------------------------------------------------------


def submit(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Submit the checklist for the executive's approval. Raises Refused with the reason, Closed, Stale."""
    require_permission(actor, P.DISCLOSURE_ANSWER, participation)
    disclosure = begun(participation)
    require_version(disclosure, version)
    take_step(
        disclosure,
        "submit",
        actor=actor,
        submitted_at=clock.now(),
        submission=disclosure.submission + 1,
    )
    return disclosure


def withdraw(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Take the checklist back while the executive has marked nothing. Raises Refused, Closed, Stale."""
    require_permission(actor, P.DISCLOSURE_ANSWER, participation)
    disclosure = begun(participation)
    require_version(disclosure, version)
    take_step(disclosure, "withdraw", actor=actor, submitted_at=None)
    return disclosure


def answer_all(
    participation: Participation,
    *,
    actor: Actor,
    link: Callable[[OitItem], str],
    explanation: str = "",
) -> int:
    """Answer every open item as disclosed at ``link(item)``; gives how many (drills, demonstration).

    One event for the whole. Raises as ``save_answer``.
    """
    require_permission(actor, P.DISCLOSURE_ANSWER, participation)
    require_open(participation.round, Stage.OIT)
    disclosure = ensure_disclosure(participation)
    require_state(disclosure, *EDITABLE)
    rest = [answer for answer in disclosure.answers if not is_answered(answer)]
    with audit.unrecorded(db.session()):
        for answer in rest:
            answer.disclosed, answer.explanation = True, explanation
            _replace_links(answer, [link(answer.item)])
            answer.version = answer.version + 1
    _record("answer_all", disclosure, after={"items": len(rest)})
    return len(rest)
