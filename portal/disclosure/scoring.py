"""The assessor's part of OIT: points for each item by its criterion, then the end of the scoring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState
from models.instrument import Choice, OitItem, Scale
from models.participation import Participation
from models.round import Stage
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.stages import require_open
from portal.core.texts import lazy
from portal.disclosure.state import (
    answer_of,
    begun,
    require_permission,
    require_state,
    require_version,
    take_step,
    why_state,
)

#: a round whose OIT points are other than 0 and 100 has a scale of this code
SCALE = "OIT"
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Points:
    """What an item can get."""

    points: Decimal
    label: object


#: 2561: an item is met or it is not
DEFAULT_POINTS = (
    Points(Decimal(100), lazy("Meets the criterion")),
    Points(Decimal(0), lazy("Does not meet the criterion")),
)


def points_of(round_id: int) -> tuple[Points, ...]:
    """The points that an item of the round can get: its scale "OIT" where it has one, else 0 and 100."""
    query = (
        select(Choice.points, Choice.label)
        .join(Scale, Scale.id == Choice.scale_id)
        .where(Scale.round_id == round_id, Scale.code == SCALE)
        .order_by(Choice.position)
    )
    rows = tuple(Points(points, label) for points, label in db.session.execute(query))
    return rows or DEFAULT_POINTS


def score_item(
    participation: Participation,
    item_id: int,
    *,
    points: Decimal | None,
    note: str,
    version: int,
    actor: Actor,
) -> DisclosureAnswer:
    """Give an item its points; flushed. Raises Refused with the reason, Closed, Stale, NotFound."""
    disclosure = _open_scoring(participation, actor)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    if points is None or points not in {choice.points for choice in points_of(participation.round_id)}:
        raise Refused("Choose the points of this item")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(
            "The note has at most %(most)s characters: there are %(number)s now",
            most=LONGEST_NOTE,
            number=len(note),
        )
    with audit.act("disclosure.score"):
        answer.score, answer.score_note = points, note
        db.session.flush()
    return answer


def score_all(participation: Participation, *, actor: Actor, points: Callable[[OitItem], Decimal]) -> int:
    """Score every item that has no points, for drills and the demonstration; gives how many."""
    disclosure = _open_scoring(participation, actor)
    rest = [answer for answer in disclosure.answers if answer.score is None]
    with audit.unrecorded(db.session()):
        for answer in rest:
            answer.score = points(answer.item)
    audit.record(
        db.session(),
        act="disclosure.score_all",
        thing="disclosure",
        row=disclosure.id,
        chain=audit.chain_of(disclosure),
        after={"items": len(rest)},
    )
    return len(rest)


def finish_scoring(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """End the scoring of an agency: final. Raises Refused with the reason, Closed, Stale."""
    require_permission(actor, P.DISCLOSURE_SCORE, participation)
    disclosure = begun(participation)
    require_version(disclosure, version)
    take_step(disclosure, "finish", actor=actor, scored_at=clock.now())
    return disclosure


def scoring_closed(participation: Participation, disclosure: Disclosure | None) -> Refused | None:
    """Why the assessor cannot give points now; None where it is possible."""
    try:
        require_open(participation.round, Stage.OIT_SCORING)
    except Refused as trouble:
        return trouble
    if disclosure is None or disclosure.state is not DisclosureState.CONFIRMED:
        return why_state(disclosure)
    return None


def _open_scoring(participation: Participation, actor: Actor) -> Disclosure:
    require_permission(actor, P.DISCLOSURE_SCORE, participation)
    require_open(participation.round, Stage.OIT_SCORING)
    disclosure = begun(participation)
    require_state(disclosure, DisclosureState.CONFIRMED)
    return disclosure
