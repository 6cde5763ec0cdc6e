"""A province passes a letter on to its agencies, all of them or some, with covering words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from models.delivery import Delivery, desk_of
from models.participation import Participation
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.letters.inbox import noticing
from portal.letters.inbox.desk import require_holding

LONGEST_NOTE = 500
NOBODY_CHOSEN = "Choose at least one agency that does not have the letter yet"


def may_pass_on(delivery: Delivery, actor: Actor) -> bool:
    """True at the desk of a province, which hands letters to agencies of its own."""
    return can(actor, P.LETTERS_FORWARD) and delivery.province_id is not None and not delivery.for_an_agency


def agencies_for(delivery: Delivery) -> Sequence[Participation]:
    """The agencies of the letter's round that a province may pass it on to, in the order of their names."""
    query = select(Participation).where(
        Participation.round_id == delivery.round_id, Participation.province_id == delivery.province_id
    )
    return db.session.scalars(query.order_by(Participation.district_name, Participation.sort_key)).all()


def have_it(delivery: Delivery) -> set[int]:
    """The agencies at whose desk the letter lies already."""
    there = select(Delivery.agency_id).where(Delivery.passed_from_id == delivery.id)
    return {key for key in db.session.scalars(there) if key is not None}


def pass_on(delivery: Delivery, agency_ids: Iterable[int] | None, note: str, *, actor: Actor) -> int:
    """Lay a letter on the desks of agencies (None: every one of the round); gives how many it reaches now.

    Those that have it keep theirs. Raises NotFound at any desk but a province's; Refused where nobody opened
    the letter, it does not hold, or no agency is left that lacks it.
    """
    if not may_pass_on(delivery, actor):
        raise NotFound
    hold(delivery)
    require_holding(delivery)
    there = {row.agency_id for row in agencies_for(delivery)}
    chosen = there if agency_ids is None else there & set(agency_ids)
    new = sorted(chosen - have_it(delivery))
    if not new:
        raise Refused(NOBODY_CHOSEN, field="agencies")
    session = db.session()
    with audit.act("delivery.pass_on"), audit.unrecorded(session):
        session.add_all(_passed(delivery, key, note.strip(), actor) for key in new)
    after = {"number": delivery.number, "agencies": new, "note": note.strip()}
    audit.record(
        session, act="delivery.pass_on", thing="delivery", row=delivery.id, chain=delivery.desk, after=after
    )
    noticing.order(delivery.number, {"passed_from_id": delivery.id}, actor=actor)
    return len(new)


def _passed(delivery: Delivery, agency_id: int, note: str, actor: Actor) -> Delivery:
    return Delivery(
        letter_id=delivery.letter_id,
        dispatch_id=delivery.dispatch_id,
        replaces_id=delivery.replaces_id,
        round_id=delivery.round_id,
        desk=desk_of(delivery.province_id, agency_id),
        province_id=delivery.province_id,
        agency_id=agency_id,
        passed_from_id=delivery.id,
        sender=delivery.sender,
        through=actor.place,
        note=note,
        number=delivery.number,
        dated=delivery.dated,
        subject=delivery.subject,
        urgency=delivery.urgency,
        sent_at=clock.now(),
    )
