"""A letter that was sent arrives at the desk of each addressee; one that was taken back says so there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.delivery import Delivery, desk_of
from models.dispatch import Dispatch
from models.letter import Letter
from models.participation import Participation
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.letters.inbox import noticing


def deliver(dispatch: Dispatch, *, actor: Actor) -> None:
    """Lay each copy of a letter that was just sent on the desk of its addressee, and order the notices.

    One letter to all governors lies on the desk of every province that has agencies in the round.
    """
    session = db.session()
    laid = [_delivery(dispatch, letter, place) for letter, place in _addressees(dispatch)]
    with audit.act("delivery.deliver"), audit.unrecorded(session):
        session.add_all(laid)
    _tell_the_record(session, dispatch, len(laid))
    noticing.order(dispatch.number, {"dispatch_id": dispatch.id}, actor=actor)


def _addressees(dispatch: Dispatch) -> Iterator[tuple[Letter, int | None]]:
    """Each letter with the province at whose desk it lies; None: DLA's."""
    for letter in dispatch.letters:
        if letter.province_id is None and dispatch.circular:
            taking_part = select(Participation.province_id).where(Participation.round_id == dispatch.round_id)
            yield from ((letter, place) for place in db.session.scalars(taking_part.distinct()).all())
        else:
            yield letter, letter.province_id


def _delivery(dispatch: Dispatch, letter: Letter, province_id: int | None) -> Delivery:
    return Delivery(
        letter_id=letter.id,
        dispatch_id=dispatch.id,
        replaces_id=dispatch.replaces_id,
        round_id=dispatch.round_id,
        desk=desk_of(province_id, None),
        province_id=province_id,
        sender=str(dispatch.office.texts.get("name", "")),
        number=letter.number,
        dated=letter.dated,
        subject=letter.subject,
        urgency=dispatch.urgency,
        sent_at=clock.now(),
    )


def _tell_the_record(session: Session, dispatch: Dispatch, count: int) -> None:
    """One event for all desks: a circular reaches as many as there are provinces."""
    after = {"number": dispatch.number, "letters": count}
    audit.record(session, act="delivery.deliver", thing="dispatch", row=dispatch.id, after=after)


def take_off(dispatch: Dispatch, *, replaced_by: str = "") -> None:
    """Say at every desk that a letter does not hold any more, also where it was passed on to."""
    gone = {"void_at": dispatch.withdrawn_at, "void_reason": dispatch.reason, "replaced_by": replaced_by}
    there = update(Delivery).where(Delivery.dispatch_id == dispatch.id, Delivery.void_at.is_(None))
    db.session.execute(there.values(**gone), execution_options={"synchronize_session": False})
