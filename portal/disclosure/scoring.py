"""The assessor's part of OIT: points for each item by its criterion, then the end of the scoring."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from models.disclosure import Disclosure, DisclosureAnswer
from models.instrument import Choice, Scale
from models.participation import Participation
from models.round import RoundState
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.texts import lazy
from portal.core.workflow import fire
from portal.disclosure.state import SCORING, answer_of, require_version
from portal.disclosure.workflow import DISCLOSURE

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
    rows = tuple(Points(points, label) for points, label in db.session.execute(query) if points is not None)
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
    disclosure = SCORING.take(participation, actor)
    answer = answer_of(disclosure, item_id)
    require_version(answer, version)
    if points is None or points not in {choice.points for choice in points_of(participation.round_id)}:
        raise Refused("Choose the points of this item", field="points")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(
            "The note has at most %(most)s characters: there are %(number)s now",
            field="note",
            most=LONGEST_NOTE,
            number=len(note),
        )
    if points == 0 and not note:
        raise Refused("Write why this item gets no points: the agency reads it with its result", field="note")
    with audit.act("disclosure.score"):
        answer.score, answer.score_note = points, note
        db.session.flush()
    return answer


def clear_score(participation: Participation, item_id: int, *, version: int, actor: Actor) -> None:
    """Take the points of an item back, as if it had not been looked at. Raises as ``score_item``."""
    answer = answer_of(SCORING.take(participation, actor), item_id)
    require_version(answer, version)
    with audit.act("disclosure.unscore"):
        answer.score, answer.score_note = None, ""
        db.session.flush()


def points_shown(participation: Participation, actor: Actor) -> bool:
    """Who gives points and NACC see them at once; the agency and everybody else with the result (A4)."""
    if participation.round.state is RoundState.OPENED:
        return True
    return can(actor, P.DISCLOSURE_SCORE, participation) or can(actor, P.BOXES_CLOSE)


def finish_scoring(participation: Participation, *, version: int, actor: Actor) -> Disclosure:
    """End the scoring of an agency: final. Raises Refused with the reason, Closed, Stale."""
    disclosure = SCORING.at_version(participation, version, actor)
    fire(DISCLOSURE, disclosure, "finish", actor=actor, scored_at=clock.now())
    return disclosure
