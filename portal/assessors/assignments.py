"""Which assessor body judges which agencies of a round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.assessor import AssessorBody, Assignment
from models.distribution import AssessorConflict
from models.participation import Participation
from models.round import Round, RoundState
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Refused


def assign(session: Session, body: AssessorBody, participations: Iterable[Participation]) -> int:
    """Give participations to a body; gives how many were new.

    A participation that has a body already keeps it: two bodies for one agency is a mistake, and changing
    the body is an act of its own (``planning.py``). What a conflict of interest keeps from the body is left
    out. One event per province holds the numbers. Flushes.
    """
    chosen = list(participations)
    _hold(session, chosen)
    taken, kept = _taken(session, chosen), _kept_from(session, body)
    fresh = [
        one
        for one in chosen
        if one.id not in taken and not {("province", one.province_id), ("agency", one.agency_id)} & kept
    ]
    with audit.unrecorded(session):
        session.add_all(Assignment(body_id=body.id, participation=one) for one in fresh)
        session.flush()
    for province_id in sorted({one.province_id for one in fresh}):
        rows = sorted(one.id for one in fresh if one.province_id == province_id)
        audit.record(
            session,
            act="assignment.assign",
            thing="assessor_body",
            row=body.id,
            chain=f"province:{province_id}",
            after={"count": len(rows), "participations": rows},
        )
    return len(fresh)


def without_body(session: Session, round: Round, province_ids: Sequence[int]) -> list[Participation]:
    """The participations of some provinces that no body was given yet."""
    given = select(Assignment.id).where(Assignment.participation_id == Participation.id)
    query = (
        select(Participation)
        .where(
            Participation.round_id == round.id, Participation.province_id.in_(province_ids), ~given.exists()
        )
        .order_by(Participation.id)
    )
    return list(session.scalars(query))


def kept_but_given(conflict: AssessorConflict) -> int:
    """How many agencies of unfinished rounds a body has that a conflict of interest keeps from it."""
    query = (
        select(func.count(Assignment.id))
        .join(Participation, Assignment.participation_id == Participation.id)
        .join(Round, Participation.round_id == Round.id)
        .where(
            Assignment.body_id == conflict.body_id,
            or_(
                Assignment.province_id == conflict.province_id,
                Assignment.agency_id == conflict.agency_id,
            ),
            Round.state != RoundState.OPENED,
        )
    )
    return db.session.scalar(query) or 0


def is_finished(round: Round) -> bool:
    """True for a round whose boxes were opened: its results stand, nothing is assigned any more."""
    return round.state is RoundState.OPENED


def require_unfinished(round: Round) -> None:
    """Raise Refused for a finished round."""
    if is_finished(round):
        raise Refused("The results of this round stand: nothing is assigned any more")


def _hold(session: Session, participations: Sequence[Participation]) -> None:
    """Let others who assign the same agencies wait, in one order, so that nobody waits in a circle."""
    ids = sorted(one.id for one in participations)
    for start in range(0, len(ids), 500):
        query = select(Participation.id).where(Participation.id.in_(ids[start : start + 500]))
        session.execute(query.order_by(Participation.id).with_for_update(key_share=True)).all()


def _kept_from(session: Session, body: AssessorBody) -> set[tuple[str, int | None]]:
    query = select(AssessorConflict.province_id, AssessorConflict.agency_id)
    rows = session.execute(query.where(AssessorConflict.body_id == body.id))
    return {("agency", agency) if province is None else ("province", province) for province, agency in rows}


def _taken(session: Session, participations: Sequence[Participation]) -> set[int]:
    ids = [one.id for one in participations]
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        query = select(Assignment.participation_id).where(
            Assignment.participation_id.in_(ids[start : start + 500])
        )
        found.update(session.scalars(query))
    return found
