"""A letter that was sent arrives at the desk of each addressee; one that was taken back says so there."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.delivery import Delivery, desk_of
from models.dispatch import Dispatch
from models.letter import Letter
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.letters.inbox import noticing


def deliver(dispatch: Dispatch, *, actor: Actor) -> None:
    """Lay each copy of a letter that was just sent on the desk of its addressee, and order the notices."""
    session = db.session()
    with audit.act("delivery.deliver"), audit.unrecorded(session):
        session.add_all(_delivery(dispatch, letter) for letter in dispatch.letters)
    _tell_the_record(session, dispatch)
    noticing.order(dispatch.number, {"dispatch_id": dispatch.id}, actor=actor)


def _delivery(dispatch: Dispatch, letter: Letter) -> Delivery:
    return Delivery(
        letter_id=letter.id,
        dispatch_id=dispatch.id,
        replaces_id=dispatch.replaces_id,
        round_id=dispatch.round_id,
        desk=desk_of(letter.province_id, None),
        province_id=letter.province_id,
        sender=str(dispatch.office.texts.get("name", "")),
        number=letter.number,
        dated=letter.dated,
        subject=letter.subject,
        urgency=dispatch.urgency,
        sent_at=clock.now(),
    )


def _tell_the_record(session: Session, dispatch: Dispatch) -> None:
    """One event for all copies: a circular has as many as there are provinces."""
    after = {"number": dispatch.number, "letters": len(dispatch.letters)}
    audit.record(session, act="delivery.deliver", thing="dispatch", row=dispatch.id, after=after)


def take_off(dispatch: Dispatch, *, replaced_by: str = "") -> None:
    """Say at every desk that a letter does not hold any more, also where it was passed on to."""
    gone = {"void_at": dispatch.withdrawn_at, "void_reason": dispatch.reason, "replaced_by": replaced_by}
    there = update(Delivery).where(Delivery.dispatch_id == dispatch.id, Delivery.void_at.is_(None))
    db.session.execute(there.values(**gone), execution_options={"synchronize_session": False})
