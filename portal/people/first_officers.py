"""The first officers of a sector's back office: one NACC officer names them, another confirms.

An office gives its rights itself, by two of its own people. Until it has two, the NACC is both of the two.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from models.account import Account, Grant, Role
from models.granting import Asked, AskedState, GrantRequest
from models.sector import Sector
from portal.core import clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.people import granting, keeping
from portal.people.keeping import Place

#: from so many on an office gives rights without the NACC
ENOUGH = 2


def officers(sector: Sector) -> list[Account]:
    """Who holds the right of the back office of a sector today, in the order in which they came."""
    now = clock.now()
    held = select(Grant.account_id).where(
        Grant.role == Role.DLA,
        Grant.valid_from <= now,
        or_(Grant.valid_until.is_(None), Grant.valid_until > now),
    )
    query = select(Account).where(Account.sector_id == sector.id, Account.active, Account.id.in_(held))
    return list(db.session.scalars(query.order_by(Account.id)))


def waiting(sector: Sector) -> list[GrantRequest]:
    """Who is named and waits for the second NACC officer."""
    query = (
        select(GrantRequest)
        .join(Account, Account.id == GrantRequest.account_id)
        .where(
            Account.sector_id == sector.id,
            GrantRequest.state == AskedState.WAITING,
            GrantRequest.what == Asked.RIGHT,
            GrantRequest.role == Role.DLA,
        )
        .order_by(GrantRequest.id)
    )
    return list(db.session.scalars(query))


def ask(sector: Sector, *, username: str, name: str, email: str, actor: Actor) -> GrantRequest:
    """Make the account of a first officer, and ask another NACC officer for its right.

    Raises Refused where the name is taken, or the office has enough people to give rights itself.
    """
    hold(sector)
    if len(officers(sector)) + len(waiting(sector)) >= ENOUGH:
        raise Refused("This office has two officers, who give further rights themselves")
    account = keeping.add_account(username=username, name=name, email=email, phone="", sector_id=sector.id)
    return granting.ask(account, Role.DLA, Place(), actor=actor)
