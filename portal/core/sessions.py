"""Session rows: begun, waiting for a second factor, and renewed once it was shown.

A session is a random token in a signed cookie and its hash in the database, so that it can be ended.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import has_request_context, request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.account import Account, SignInSession
from portal.core import audit, clock, factors
from portal.core.browsers import short_name
from portal.core.delays import network_of

#: how long a right password waits for the second factor
PENDING = timedelta(minutes=10)


def begin_session(session: Session, account: Account) -> str:
    """Make a server-side session for an account and give its token. One desk is taken at once.

    Where the account has a second factor, nobody is signed in with the token until it is shown (``renew``).
    """
    due = factors.held(session, account.id)
    return _begin(session, account, act="sign_in.factor_asked" if due else "sign_in", due=due)


def pending(session: Session, token: str) -> SignInSession | None:
    """The session that waits for its second factor; None where it does not, or waited for too long."""
    row = session.get(SignInSession, token_hash(token))
    if row is None or not row.factor_due or clock.now() - row.created_at > PENDING:
        return None
    return row if session.get_one(Account, row.account_id).active else None


def renew(session: Session, row: SignInSession, *, factor: str) -> str | None:
    """The second factor was shown: a session with a token of its own in the place of the one that waited.

    None where another request was first, so that one showing never begins two.
    """
    account = session.get_one(Account, row.account_id)
    mine = delete(SignInSession).where(SignInSession.token_hash == row.token_hash, SignInSession.factor_due)
    if session.scalar(mine.returning(SignInSession.account_id)) is None:
        return None
    return _begin(session, account, act="sign_in", factor=factor)


def _begin(session: Session, account: Account, *, act: str, due: bool = False, factor: str = "") -> str:
    now = clock.now()
    token = secrets.token_urlsafe(32)
    grants = [grant for grant in account.grants if grant.valid_at(now)]
    browser, network = _where()
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            account_id=account.id,
            grant_id=grants[0].id if len(grants) == 1 else None,
            created_at=now,
            last_seen=now,
            factor_due=due,
            browser=browser,
            network=network,
        )
    )
    said = {"username": account.username, "network": network, "factor": factor}
    told = {name: text for name, text in said.items() if text}
    audit.record(session, act=act, thing="account", row=account.id, after=told)
    return token


def _where() -> tuple[str, str]:
    """The browser in short, and its network as the record has it; nothing where no browser asks."""
    if not has_request_context():
        return "", ""
    return short_name(request.user_agent.string), network_of(request.remote_addr or "", 48, 24)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
