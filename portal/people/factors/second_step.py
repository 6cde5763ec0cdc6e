"""The second step of signing in: a session that waits for its factor, and what is shown to it.

Wrong ones make the next wait as wrong passwords do: per account and network, per account, and apart for a
browser in which the person has signed in before. A passkey cannot be guessed, and is never made to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.account import Account, SignInSession
from portal.core import audit, delays, known_browser, sessions, sign_in
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit, network_of, short_hash
from portal.core.sign_in import Attempt
from portal.people.factors import own_factors, passkeys, recovery, totp
from portal.people.factors.own_factors import Factors
from portal.people.factors.passkeys import Site

#: of one account from one network, and of the account from everywhere: 288 of a million numbers a day
PAIR = Limit(5, 30)
ACCOUNT = Limit(20, 300)
#: of a browser in which this person has signed in before
KNOWN = Limit(10, 300)


@dataclass(frozen=True)
class Waiting:
    """Whose session waits, and what may be shown to it."""

    account_id: int
    name: str
    factors: Factors


def waits(token: str) -> bool:
    """True for the token of a session that waits for its second factor."""
    with privileged("whether a session waits for its second factor") as session:
        return sessions.pending(session, token) is not None


def find(token: str) -> Waiting | None:
    """The session that waits under this token; None where none does any more."""
    with privileged("whose session waits for its second factor") as session:
        row = sessions.pending(session, token)
        if row is None:
            return None
        account = session.get_one(Account, row.account_id)
        account_id, name = account.id, account.username
    return Waiting(account_id, name, own_factors.of(account_id))


def ask_to_sign(token: str, site: Site) -> dict[str, Any] | None:
    """What the browser of a waiting session needs to sign; None where none waits. Raises NotFound."""
    with writing(), privileged("a passkey is asked to sign") as session:
        row = sessions.pending(session, token)
        return None if row is None else passkeys.ask_to_sign(session, token, row.account_id, site)


def with_code(
    token: str, typed: str, *, network: str, known: Callable[[Account], str | None] = known_browser.known
) -> Attempt | None:
    """Show a number of the app or a recovery code; the session goes on under a new token where it fits.

    None where no session waits any more: the password is asked for again.
    """
    with writing(), privileged("a second factor is shown") as session:
        row = sessions.pending(session, token)
        if row is None:
            return None
        account = session.get_one(Account, row.account_id)
        limits, own = _limits(account, network, known(account))
        taken = delays.take(session, limits)
        factor = _taken(session, account.id, typed) if taken.allowed else ""
        if not factor:
            _note_failure(session, account, network, own)
            return Attempt(wait=taken.wait)
        delays.give_back(session, limits, forget=own)
        return _go_on(session, row, account, factor)


def with_passkey(token: str, answer: str, *, network: str, site: Site) -> Attempt | None:
    """Show what a passkey signed; as ``with_code``."""
    with writing(), privileged("a passkey has signed") as session:
        row = sessions.pending(session, token)
        if row is None:
            return None
        account = session.get_one(Account, row.account_id)
        if not passkeys.take(session, token, account.id, answer, site):
            _note_failure(session, account, network, f"passkey:{account.id}")
            return Attempt()
        return _go_on(session, row, account, "passkey")


def _taken(session: Session, account_id: int, typed: str) -> str:
    """Which factor this is, used up with being taken; "" for none."""
    if recovery.looks_like_one(typed):
        return "recovery" if recovery.take(session, account_id, typed) else ""
    return "app" if totp.take(session, account_id, typed) else ""


def _go_on(session: Session, row: SignInSession, account: Account, factor: str) -> Attempt | None:
    fresh = sessions.renew(session, row, factor=factor)
    return Attempt(token=fresh, mark=known_browser.mark_of(account)) if fresh else None


def _limits(account: Account, network: str, browser: str | None) -> tuple[dict[str, Limit], str]:
    """What a wrong one counts for, and which of it is the person's own."""
    if browser is not None:
        own = f"second-known:{short_hash(f'{account.id}|{browser}')}"
        return {own: KNOWN}, own
    own = f"second:{short_hash(f'{account.id}|{network_of(network, 64)}')}"
    return {own: PAIR, f"second:{short_hash(str(account.id))}": ACCOUNT}, own


def _note_failure(session: Session, account: Account, network: str, own: str) -> None:
    """Into the record, once an hour for each account and network; never what was typed."""
    noted = {f"noted:{own}": sign_in.NOTED, "noted": sign_in.NOTED_ALL}
    if delays.take(session, noted).allowed:
        audit.record(
            session,
            act="sign_in.factor_refused",
            thing="account",
            row=account.id,
            after={"network": network_of(network, 48, 24)},
        )
