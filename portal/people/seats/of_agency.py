"""The people of one agency: who holds which right there now, who will, and who did."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from models.account import Account, Capacity, Grant, Role
from models.agency import Agency
from models.thai import sort_key
from portal.core import clock
from portal.core.access import ROLES, can, the_actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, reading
from portal.people.states import AccountState, state_of


class When(enum.Enum):
    """Whether a right holds, will hold, or has ended."""

    NOW = "now"
    LATER = "later"
    BEFORE = "before"


@dataclass(frozen=True)
class Way:
    """How far the person has come to the account: told to those whose person it is."""

    username: str
    state: AccountState
    activated_at: datetime | None
    code_ends: datetime | None


@dataclass(frozen=True)
class Person:
    """One right at the agency, and whose it is. ``name`` is "" where an account has no person yet."""

    grant_id: int
    account_id: int
    when: When
    role: Role
    capacity: Capacity
    name: str
    position: str
    phone: str
    valid_from: datetime
    valid_until: datetime | None
    order_number: str
    #: None for somebody whose rights lie elsewhere too: of them names and telephones are told
    way: Way | None
    #: whether the acting person may open the account
    opens: bool


def people_of(agency: Agency) -> dict[When, list[Person]]:
    """Everybody with a right at an agency of the acting person's scope; what ended last comes first.

    Accounts lie outside the scope of an agency, and partly of a province: after the agency was found in the
    acting person's own scope, names and telephones are read by the system.
    """
    opened = set(db.session.scalars(_ids(agency))) if can(the_actor(), P.ACCOUNTS_READ) else set()
    now = clock.now()
    with reading(), privileged("the people of an agency for whoever may see the agency") as session:
        query = select(Grant).where(Grant.agency_id == agency.id)
        options = joinedload(Grant.account).joinedload(Account.code)
        rows = [_person(row, agency, opened, now) for row in session.scalars(query.options(options))]
    return {when: _in_order([row for row in rows if row.when is when]) for when in When}


def _ids(agency: Agency) -> Select[int]:
    """The accounts with a right at the agency that the acting person may open."""
    there = select(Grant.account_id).where(Grant.agency_id == agency.id)
    return select(Account.id).where(Account.id.in_(there))


def _person(grant: Grant, agency: Agency, opened: set[int], now: datetime) -> Person:
    account = grant.account
    opens = account.id in opened
    return Person(
        grant.id,
        account.id,
        _when(grant, now),
        grant.role,
        grant.capacity,
        account.name,
        account.position,
        account.phone,
        grant.valid_from,
        grant.valid_until,
        grant.order_number,
        _way(account, now) if opens or account.province_id == agency.province_id else None,
        opens,
    )


def _when(grant: Grant, now: datetime) -> When:
    if grant.valid_at(now):
        return When.NOW
    return When.LATER if now < grant.valid_from else When.BEFORE


def _way(account: Account, now: datetime) -> Way:
    ends = account.code.expires_at if account.code is not None else None
    return Way(account.username, state_of(account, now), account.activated_at, ends)


def _in_order(people: list[Person]) -> list[Person]:
    """By role and name; of what has ended, the newest first."""
    roles, capacities = list(ROLES), list(Capacity)
    people.sort(key=lambda one: (roles.index(one.role), capacities.index(one.capacity), sort_key(one.name)))
    if people and people[0].when is When.BEFORE:
        people.sort(key=lambda one: one.valid_until or one.valid_from, reverse=True)
    return people
