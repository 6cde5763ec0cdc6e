"""What a person reads and changes of the own account, at whatever desk: always of the own id alone."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from models.account import Account, Capacity, Grant, Role, SignInSession
from models.audit import AuditEvent
from portal.core import audit, clock, sign_in
from portal.core.database.session import privileged, writing
from portal.core.delays import short_hash
from portal.core.errors import NotFound
from portal.core.sent.versions import require_version
from portal.core.sessions import token_hash
from portal.core.sign_in import ABSOLUTE, IDLE

#: signing in, as the record has it
SIGN_INS = ("sign_in", "sign_in.refused", "sign_in.factor_asked", "sign_in.factor_refused")
NEWEST = 20


@dataclass(frozen=True)
class Right:
    """A right of the person, with its place in words."""

    role: Role
    place: str
    valid_from: datetime
    valid_until: datetime | None
    capacity: Capacity
    holds: bool


@dataclass(frozen=True)
class Session:
    """A browser in which the person is signed in. ``key`` names it, and is no token."""

    key: str
    browser: str
    network: str
    since: datetime
    last_seen: datetime
    this_one: bool


@dataclass(frozen=True)
class SignIn:
    """A line of the last sign-ins."""

    at: datetime
    act: str
    network: str
    factor: str


def account(account_id: int) -> Account:
    """The person's account, detached."""
    with privileged("a person's own account") as session:
        found = session.get_one(Account, account_id)
        session.expunge(found)
        return found


def change(account_id: int, version: int, **texts: str) -> None:
    """Change name, position, telephone or e-mail of the own account. Raises Stale."""
    with writing(), privileged("a person changes the own account") as session, audit.act("account.edit_own"):
        row = session.get_one(Account, account_id)
        require_version(row, version)
        for name, text in texts.items():
            if getattr(row, name) != text:
                setattr(row, name, text)
        session.flush()


def rights(account_id: int) -> list[Right]:
    """Every right, those that hold first, then what begins later, then what has ended."""
    now = clock.now()
    with privileged("a person's own rights") as session:
        rows = session.scalars(select(Grant).where(Grant.account_id == account_id).order_by(Grant.id))
        found = [_right(row, now) for row in rows]
    return sorted(found, key=lambda one: (not one.holds, one.valid_from < now))


def _right(row: Grant, now: datetime) -> Right:
    return Right(
        row.role, sign_in.place_of(row), row.valid_from, row.valid_until, row.capacity, row.valid_at(now)
    )


def sessions(account_id: int, token: str) -> list[Session]:
    """The living sessions, this one first, then by last use."""
    now = clock.now()
    with privileged("a person's own sessions") as session:
        query = select(SignInSession).where(
            SignInSession.account_id == account_id,
            SignInSession.factor_due.is_(False),
            SignInSession.last_seen > now - IDLE,
            SignInSession.created_at > now - ABSOLUTE,
        )
        rows = list(session.scalars(query.order_by(SignInSession.last_seen.desc())))
        found = [_session(row, token_hash(token)) for row in rows]
    return sorted(found, key=lambda one: not one.this_one)


def _session(row: SignInSession, mine: bytes) -> Session:
    return Session(
        _key(row.token_hash), row.browser, row.network, row.created_at, row.last_seen, row.token_hash == mine
    )


def _key(hashed: bytes) -> str:
    return short_hash(f"session:{hashed.hex()}")


def end_one(account_id: int, key: str) -> None:
    """End a session by its key. Raises NotFound where it ended already."""
    with writing(), privileged("a person ends an own session") as session:
        rows = session.scalars(select(SignInSession).where(SignInSession.account_id == account_id))
        row = next((row for row in rows if hmac.compare_digest(_key(row.token_hash), key)), None)
        if row is None:
            raise NotFound
        session.delete(row)
        _ended(session, account_id, 1)


def end_others(account_id: int, token: str) -> int:
    """End every session but this one; gives how many."""
    with writing(), privileged("a person ends the other own sessions") as session:
        others = delete(SignInSession).where(
            SignInSession.account_id == account_id, SignInSession.token_hash != token_hash(token)
        )
        ended = len(list(session.scalars(others.returning(SignInSession.account_id))))
        if ended:
            _ended(session, account_id, ended)
        return ended


def _ended(session: Any, account_id: int, count: int) -> None:
    act = "account.end_own_sessions"
    audit.record(session, act=act, thing="account", row=account_id, after={"count": count})


def forget_browsers(account_id: int) -> None:
    """Every browser in which the person has signed in before is a stranger again."""
    with writing(), privileged("a person has browsers forgotten") as session:
        mine = update(Account).where(Account.id == account_id)
        more = mine.values(browsers_forgotten=Account.browsers_forgotten + 1)
        session.execute(more, execution_options={"synchronize_session": False})
        audit.record(session, act="account.forget_browsers", thing="account", row=account_id)


def last_sign_ins(account_id: int) -> list[SignIn]:
    """The newest sign-ins and attempts of this account, from the record."""
    with privileged("a person's own last sign-ins") as session:
        query = (
            select(AuditEvent)
            .where(AuditEvent.thing == "account", AuditEvent.row == str(account_id))
            .where(AuditEvent.act.in_(SIGN_INS))
            .order_by(AuditEvent.id.desc())
            .limit(NEWEST)
        )
        return [
            SignIn(row.at, row.act, str(row.after.get("network", "")), str(row.after.get("factor", "")))
            for row in session.scalars(query)
        ]
