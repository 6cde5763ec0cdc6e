"""Who was named for a desk and waits for a first code: the work of whoever issues codes there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased, selectinload

from models.account import Account, Capacity, Grant, Role
from portal.core import clock, sign_in
from portal.core.access import ROLES, Actor
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.people.states import AccountState, in_state

#: that one home names
MOST = 5


@dataclass(frozen=True)
class Named:
    """Somebody who follows at a desk, acts there or is a deputy, and cannot come in yet."""

    account_id: int
    name: str
    role: Role
    capacity: Capacity
    place: str


def waiting(actor: Actor) -> list[Named]:
    """Those who wait for a code of this desk: a province's own; at the back office those nobody serves."""
    now = clock.now()
    named = (or_(Grant.valid_until.is_(None), Grant.valid_until > now)) & (
        Grant.follows_id.is_not(None) | (Grant.capacity != Capacity.HOLDER)
    )
    query = (
        select(Account)
        .where(Account.grants.any(named))
        .where(or_(in_state(AccountState.NO_CODE, now), in_state(AccountState.CODE_ENDED, now)))
        .options(selectinload(Account.grants).joinedload(Grant.agency))
        .order_by(Account.id)
        .limit(MOST)
    )
    if actor.role is not None and ROLES[actor.role].reach is Reach.PROVINCE:
        query = query.where(Account.province_id == actor.province_id)
    else:
        staff = aliased(Grant)
        serves = exists().where(
            staff.province_id == Account.province_id,
            staff.valid_from <= now,
            or_(staff.valid_until.is_(None), staff.valid_until > now),
        )
        query = query.where(~serves)
    return [_named(account) for account in db.session.scalars(query)]


def _named(account: Account) -> Named:
    grant = next(
        one
        for one in sorted(account.grants, key=lambda one: one.id, reverse=True)
        if one.follows_id is not None or one.capacity is not Capacity.HOLDER
    )
    return Named(account.id, str(account), grant.role, grant.capacity, sign_in.place_of(grant))
