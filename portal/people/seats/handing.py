"""Handing a desk over: the successor's right begins on a chosen day, and on that day the old one ends.

The two rights meet without a gap: nobody is ever left without anybody. Until the day it can be taken back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.account import Capacity, Grant
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.people import accounts, notices, reach
from portal.people.seats import desks, naming
from portal.people.seats.naming import Person


def hand_over(grant_id: int, person: Person, begins: datetime | None, *, actor: Actor) -> bool:
    """Name who follows at the desk of a right, from a moment (None: now); True where the account waits for
    its first code.

    Raises NotFound where the actor may not, Refused: handed over already, to its own holder, somebody of a
    role that never meets it.
    """
    with writing(), privileged("handing a desk over") as session, audit.act("desk.hand_over"):
        old = _held(session, grant_id, actor)
        now = clock.now()
        if old.capacity is not Capacity.HOLDER or not old.valid_at(now):
            raise Refused("Only a desk that somebody holds now is handed over")
        if old.valid_until is not None:
            raise Refused("The end of this right is set already: load the page and look")
        starts = begins or now
        place = desks.require_reach(session, desks.spot_of(old), actor)
        account = naming.account_of(session, person, old.role, place, actor)
        if account.id == old.account_id:
            raise Refused("This person holds the desk already: name somebody else", field="username")
        old.valid_until = starts
        session.flush()
        here = desks.spot_of(old).given()
        new = accounts.give_grant(session, account, old.role, valid_from=starts, follows_id=old.id, **here)
        reach.settle(session, [old.account_id])
        notices.tell_of_handover(session, old, new, by=actor.name)
        return account.activated_at is None


def undo(grant_id: int, *, actor: Actor) -> None:
    """Take a handover back by the right that it gave, while that has not begun. Raises NotFound, Refused.

    The account of somebody who was named for it alone and never came goes with it.
    """
    with writing(), privileged("taking a handover back") as session, audit.act("desk.undo_handover"):
        new = desks.right_or_404(session, P.HAND_OVER, grant_id, actor)
        if new.follows_id is None:
            raise NotFound
        old = _held(session, new.follows_id, actor)
        if new.account_id == actor.account_id:
            raise Refused("Nobody gives or ends their own rights: somebody else does it")
        if new.valid_from <= clock.now():
            raise Refused(
                "The day has come: this desk is handed over; where that was wrong, hand it over anew"
            )
        notices.tell_of_undo(session, old, new, by=actor.name)
        account = new.account
        session.delete(new)
        old.valid_until = None
        session.flush()
        session.refresh(account)
        if not account.grants and account.activated_at is None:
            session.delete(account)
            session.flush()
        reach.settle(session, [old.account_id, account.id])


def _held(session: Session, grant_id: int, actor: Actor) -> Grant:
    """The right whose desk is handed over. Whoever has the same role hands over the own desk only."""
    old = desks.right_or_404(session, P.HAND_OVER, grant_id, actor)
    if old.role is actor.role and old.account_id != actor.account_id:
        raise NotFound
    return old
