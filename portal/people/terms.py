"""From when, until when and in what capacity a right holds; days as people write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.account import Account, Capacity, Grant, Role
from models.agency import Agency
from models.thai import midnight_after
from models.zone import BANGKOK
from portal.core import clock
from portal.core.access import ROLES
from portal.core.errors import Refused
from portal.core.holders import last_day
from portal.core.lookup import hold


@dataclass(frozen=True)
class Terms:
    """When a right begins (None: at once) and ends (None: without an end), and in what capacity."""

    valid_from: datetime | None = None
    valid_until: datetime | None = None
    capacity: Capacity = Capacity.HOLDER
    order_number: str = ""

    def given(self) -> dict[str, Any]:
        """What of it goes into a right, as arguments of ``accounts.give_grant``."""
        return vars(self)


def beginning(first: date | None) -> datetime | None:
    """The moment at which a chosen first day begins, None for today. Raises Refused for a past day."""
    today = clock.now().date()
    if first is None or first == today:
        return None
    if first < today:
        raise Refused("The first day is past: choose today or a day to come", field="first")
    return datetime.combine(first, time(), BANGKOK)


def terms_of(first: date | None, last: date | None, capacity: Capacity, order_number: str) -> Terms:
    """Terms of what a person chose; the right holds through its last day.

    Raises Refused: days that are past or the wrong way round, who acts without a last day or an order.
    """
    begins = beginning(first)
    if last is not None and last < (first or clock.now().date()):
        raise Refused("The last day lies before the first", field="last")
    if capacity is not Capacity.HOLDER:
        if last is None:
            raise Refused("Enter the last day: who acts or is a deputy does so until a day", field="last")
        if not order_number:
            raise Refused("Enter the number of the order", field="order_number")
    ends = midnight_after(last) if last else None
    return Terms(begins, ends, capacity, order_number)


#: what most rights are given with: from now on, by its holder
PLAIN = Terms()


def require_acting(role: Role, terms: Terms) -> None:
    """Raise Refused for somebody who would act at a desk at which nobody acts (``ROLES``)."""
    if terms.capacity is not Capacity.HOLDER and not ROLES[role].acting_by:
        raise Refused("Nobody acts at this desk: give the right as to a holder", field="capacity")


def later(terms: Terms) -> Terms:
    """The terms as they are once somebody has confirmed them. Raises Refused where their last day is past."""
    now = clock.now()
    if terms.valid_until is not None and terms.valid_until <= now:
        raise Refused("The last day of what was asked for is past: refuse it, and ask anew")
    begun = terms.valid_from is not None and terms.valid_from <= now
    return replace(terms, valid_from=None) if begun else terms


def refuse_two_acting(session: Session, new: Grant) -> None:
    """One person at a time acts at a desk of an agency. Raises Refused.

    The agency is held, so that of two who appoint at the same moment the second sees the first.
    """
    if new.capacity is not Capacity.ACTING or new.agency_id is None:
        return
    hold(session.get_one(Agency, new.agency_id))
    query = (
        select(Grant)
        .join(Account)
        .where(Grant.agency_id == new.agency_id, Grant.role == new.role, Account.active)
        .where(Grant.capacity == Capacity.ACTING)
        .where(or_(Grant.valid_until.is_(None), Grant.valid_until > new.valid_from))
        .execution_options(populate_existing=True)
    )
    if new.valid_until is not None:
        query = query.where(Grant.valid_from < new.valid_until)
    with session.no_autoflush:
        other = session.scalars(query).first()
    if other is None:
        return
    raise Refused(
        "%(name)s acts at this desk until %(day)s already: end that first, or begin afterwards",
        field="first",
        name=str(other.account),
        day=last_day(other.valid_until) if other.valid_until else "–",
    )
