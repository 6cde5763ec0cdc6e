"""Who acts for the holder of a desk (รักษาการ), or is a deputy: named for a time, by an order with a number.

It ends by itself, it can be ended early, and another time is a new appointment.
"""

from __future__ import annotations

from models.account import Capacity, Role
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.people import accounts, notices, reach
from portal.people.seats import desks, naming
from portal.people.seats.desks import Spot
from portal.people.seats.naming import Person
from portal.people.terms import Terms


def appoint(role: Role, spot: Spot, person: Person, terms: Terms, *, actor: Actor) -> bool:
    """Name somebody who acts at a desk, or its deputy; True where the account waits for its first code.

    Raises NotFound where the actor may not, Refused: oneself, somebody of a role that never meets it, a
    second who acts at the same time, an account that cannot be named.
    """
    if terms.capacity is Capacity.HOLDER or terms.valid_until is None or not terms.order_number:
        raise Refused("Choose whether the person acts or is a deputy", field="capacity")
    with writing(), privileged("naming somebody who acts at a desk") as session, audit.act("acting.appoint"):
        place = desks.require(session, P.APPOINT, role, spot, actor)
        account = naming.account_of(session, person, role, place, actor)
        grant = accounts.give_grant(session, account, role, **(terms.given() | spot.given()))
        notices.tell_of_appointment(session, grant, by=actor.name)
        return account.activated_at is None


def end(grant_id: int, *, actor: Actor) -> None:
    """End an appointment now, or take one back that has not begun. Raises NotFound, Refused."""
    with writing(), privileged("ending an appointment") as session, audit.act("acting.end"):
        grant = desks.right_or_404(session, P.APPOINT, grant_id, actor)
        if grant.capacity is Capacity.HOLDER:
            raise NotFound
        if grant.account_id == actor.account_id:
            raise Refused("Nobody gives or ends their own rights: somebody else does it")
        now = clock.now()
        if grant.valid_until is not None and grant.valid_until <= now:
            raise Refused("This right has ended already")
        notices.tell_of_end(session, grant, by=actor.name)
        if grant.valid_from > now:
            session.delete(grant)
        else:
            grant.valid_until = now
        session.flush()
        reach.settle(session, [grant.account_id])
