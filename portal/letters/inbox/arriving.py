"""A letter that was sent arrives at the desk of each addressee; one that was taken back says so there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from models.delivery import Delivery, desk_of
from models.dispatch import Dispatch
from models.letter import Letter
from models.letter_office import OfficeKind
from models.participation import Participation
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.letters.inbox import noticing

#: whose desk: (province, agency); None, None: DLA's
Place = tuple[int | None, int | None]


def deliver(dispatch: Dispatch, *, actor: Actor) -> None:
    """Lay each copy of a letter that was just sent on the desk of its addressee, and order the notices.

    One letter to all governors lies on the desk of every province that has agencies in the round; a
    province's own, on the desks of these agencies, or of the one. A memorandum goes through no desk here.
    """
    if not dispatch.addressee.has_desk:
        return
    session = db.session()
    laid = [_delivery(dispatch, letter, *place) for letter, place in _addressees(dispatch)]
    with audit.act("delivery.deliver"), audit.unrecorded(session):
        session.add_all(laid)
    _tell_the_record(session, dispatch, len(laid))
    noticing.order(dispatch.number, {"dispatch_id": dispatch.id}, actor=actor)


def _addressees(dispatch: Dispatch) -> Iterator[tuple[Letter, Place]]:
    """Each letter with the place at whose desk it lies."""
    if dispatch.office.kind is OfficeKind.PROVINCE:
        query = _taking_part(dispatch, Participation.province_id, Participation.agency_id)
        query = query.where(Participation.province_id == dispatch.province_id)
        if dispatch.to_agency_id is not None:
            query = query.where(Participation.agency_id == dispatch.to_agency_id)
        agencies = db.session.execute(query).all()
    for letter in dispatch.letters:
        if dispatch.office.kind is OfficeKind.PROVINCE:
            yield from ((letter, (place, agency)) for place, agency in agencies)
        elif letter.province_id is None and dispatch.circular:
            provinces = db.session.scalars(_taking_part(dispatch, Participation.province_id).distinct()).all()
            yield from ((letter, (place, None)) for place in provinces)
        else:
            yield letter, (letter.province_id, None)


def _taking_part(dispatch: Dispatch, *columns: Any) -> Select[Any]:
    return select(*columns).where(Participation.round_id == dispatch.round_id)


def _delivery(dispatch: Dispatch, letter: Letter, province_id: int | None, agency_id: int | None) -> Delivery:
    return Delivery(
        letter_id=letter.id,
        dispatch_id=dispatch.id,
        replaces_id=dispatch.replaces_id,
        round_id=dispatch.round_id,
        desk=desk_of(province_id, agency_id, dispatch.round.sector_id),
        province_id=province_id,
        agency_id=agency_id,
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
