"""Codes of many accounts at once: made in memory, laid out, and only then put in the place of older ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.account import Account, ActivationCode, Grant
from portal.ballot.wall import desk_role
from portal.core import clock
from portal.core.access import Actor, scope_of
from portal.people import accounts, notices
from portal.people.slips.choosing import ROLES_WITH_SLIPS
from portal.people.slips.ends import End


@dataclass(frozen=True)
class Code:
    """A code that is on a slip, and what is stored of it. ``repr`` leaves the code out."""

    text: str = field(repr=False)
    hashed: bytes = field(repr=False)
    end: End


def make(end: End) -> Code:
    """A fresh code with this end."""
    text, hashed, _ends = accounts.new_code()
    return Code(text, hashed, end)


def replace(session: Session, codes: Mapping[int, Code], *, by: Actor, activated: bool) -> list[int]:
    """Let these codes take the place of those before, by account; gives the accounts that got theirs.

    Accounts are locked in the order of their ids, so that two orders wait for each other and only the later
    one's codes work. Who lost the right, was shut or (unless ``activated``) came in meanwhile gets none; nor
    does whoever the acting province no longer reaches.
    """
    people = _held(session, codes, by, activated=activated)
    if not people:
        return []
    old = delete(ActivationCode).where(ActivationCode.account_id.in_(people))
    connection = session.connection()
    # of a province, as the province: on PostgreSQL the wall refuses it for anybody else's account
    with nullcontext(connection) if by.province_id is None else desk_role(connection, scope_of(by)):
        connection.execute(old)
        connection.execute(insert(ActivationCode).inline(), _rows(codes, people, by))
    with_home = [key for key, was_activated in people.items() if was_activated]
    notices.tell_all(session, with_home, "code", by=by.name)
    return list(people)


def _held(session: Session, account_ids: Collection[int], by: Actor, *, activated: bool) -> dict[int, bool]:
    """The accounts of these that may get a code, locked; whether each was activated before."""
    query = (
        select(Account.id, Account.activated_at, Account.active, Account.province_id)
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )
    rows = [
        row
        for row in session.execute(query)
        if row.active
        and (activated or row.activated_at is None)
        and (by.province_id is None or row.province_id == by.province_id)
    ]
    living = _with_living_right(session, [row.id for row in rows])
    return {row.id: row.activated_at is not None for row in rows if row.id in living}


def _with_living_right(session: Session, account_ids: list[int]) -> set[int]:
    now = clock.now()
    rights = select(Grant.account_id, Grant.valid_from, Grant.valid_until).where(
        Grant.account_id.in_(account_ids), Grant.role.in_(ROLES_WITH_SLIPS)
    )
    return {
        row.account_id
        for row in session.execute(rights)
        if row.valid_from <= now and (row.valid_until is None or now < row.valid_until)
    }


def _rows(codes: Mapping[int, Code], account_ids: Collection[int], by: Actor) -> list[dict[str, Any]]:
    return [
        {
            "account_id": key,
            "code_hash": codes[key].hashed,
            "expires_at": codes[key].end.at,
            "issued_at": clock.now(),
            "issued_by_id": by.account_id,
            "province_id": by.province_id,
        }
        for key in account_ids
    ]
