"""The admin's part of OIT: begin the checklist, answer items, submit, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureLink, Review
from models.participation import Participation
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.workflow import fire
from portal.disclosure.state import ANSWERING, answer_of, ensure_disclosure, require_version
from portal.disclosure.workflow import DISCLOSURE, where_it_lies

LONGEST_EXPLANATION = 5000


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

    A change takes the executive's judgement back. ``mended`` does so for a failed item whose answer stays as
    it is, because the web site itself was mended. Raises Refused (with the reason), Closed, Stale, NotFound.
    """
    ANSWERING.enter(participation, actor)
    explanation = explanation.strip()
    _require_sense(disclosed, links, explanation)
    disclosure = ensure_disclosure(participation)
    if not disclosure.state.editable:
        raise where_it_lies(disclosure)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    before = _content(answer)
    after = {"disclosed": disclosed, "links": list(links), "explanation": explanation}
    if before == after and not (mended and answer.review is Review.FAIL):
        return answer
    with audit.unrecorded(db.session()):
        answer.disclosed, answer.explanation = disclosed, explanation
        replace_links(answer, links)
        answer.review = Review.PENDING
        answer.version = answer.version + 1  # also where only its links changed
    _record("answer", answer, before=before, after=after)
    return answer


def _require_sense(disclosed: bool | None, links: Sequence[str], explanation: str) -> None:
    if len(explanation) > LONGEST_EXPLANATION:
        raise Refused(
            "The explanation has at most %(most)s characters: there are %(number)s now",
            field="explanation",
            most=LONGEST_EXPLANATION,
            number=len(explanation),
        )
    if disclosed is True and not links and not explanation:
        raise Refused("Give at least one link, or an explanation of where it is disclosed", field="links")
    if disclosed is False and not explanation:
        raise Refused("Write why it is not disclosed", field="explanation")
    if disclosed is False and links:
        raise Refused(
            "An item that is not disclosed has no links: remove them or choose disclosed", field="links"
        )


def _content(answer: DisclosureAnswer) -> dict[str, Any]:
    return {
        "disclosed": answer.disclosed,
        "links": [link.url for link in answer.links],
        "explanation": answer.explanation,
    }


def replace_links(answer: DisclosureAnswer, links: Sequence[str]) -> None:
    """Give an answer its links, in place: places are unique, and rows are inserted before others go."""
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
    disclosure = ANSWERING.at_version(participation, version, actor)
    again = disclosure.submission + 1
    fire(DISCLOSURE, disclosure, "submit", actor=actor, submitted_at=clock.now(), submission=again)
    return disclosure


def withdraw(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """Take the checklist back while the executive has marked nothing. Raises Refused, Closed, Stale."""
    disclosure = ANSWERING.at_version(participation, version, actor)
    fire(DISCLOSURE, disclosure, "withdraw", actor=actor, submitted_at=None)
    return disclosure
