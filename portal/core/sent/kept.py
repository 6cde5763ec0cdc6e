"""A form sent after its session had ended: kept sealed for minutes, and shown again to the same person only.

The row holds what was typed, sealed by the vault to account, desk (grant) and address; the browser's signed
cookie holds the random key of the row. Whoever signs in as another account, or sits at another desk, never
sees it. Nothing is ever sent from here: the person reads it and sends it.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, g, session
from sqlalchemy import delete, select

from models.kept_form import KeptForm
from portal.core import clock
from portal.core.access import Actor
from portal.core.database.session import privileged, writing
from portal.core.sent.unsent import Typed, without_citizen_ids
from portal.core.sessions import token_hash
from portal.core.vault import Unreadable, open_, seal

KEPT_FOR = timedelta(minutes=30)
#: forms of one person, and addresses in the cookie, at a time
MOST = 5
_COOKIE = "kept"


def keep(account_id: int, grant_id: int, address: str, fields: tuple[tuple[str, str], ...]) -> None:
    """Keep what an account typed at a desk on the page of ``address``, until its person signs in again."""
    now = clock.now()
    token = secrets.token_urlsafe(24)
    plain = json.dumps([[name, without_citizen_ids(text)] for name, text in fields], ensure_ascii=False)
    row = KeptForm(
        token_hash=token_hash(token),
        account_id=account_id,
        grant_id=grant_id,
        sealed=seal(plain, row_context=_context(account_id, grant_id, address)),
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    with writing(), privileged("keeping a form whose session has ended") as database:
        older = select(KeptForm.token_hash).where(KeptForm.account_id == account_id)
        surplus = list(database.scalars(older.order_by(KeptForm.created_at.desc()).offset(MOST - 1)))
        database.execute(delete(KeptForm).where(KeptForm.token_hash.in_(surplus)))
        database.add(row)
    held = {**addresses(), address: token}
    session[_COOKIE] = dict(list(held.items())[-MOST:])


def addresses() -> dict[str, str]:
    """The pages for which this browser has a form in keeping, with the key of each."""
    held = session.get(_COOKIE)
    return held if isinstance(held, dict) else {}


def carry_over(held: dict[str, str]) -> None:
    """Put the keys into the session that begins with signing in."""
    if held:
        session[_COOKIE] = held


def desk_of(address: str, account_id: int) -> int | None:
    """The desk (grant) at which an account typed what is kept for an address; None where nothing is."""
    token = addresses().get(address)
    if token is None:
        return None
    with privileged("the desk of a kept form") as database:
        row = database.get(KeptForm, token_hash(token))
        return row.grant_id if row is not None and row.account_id == account_id else None


def recall(address: str, actor: Actor) -> None:
    """Let the page of an address show what its person typed before the session ended, if anything is kept."""
    token = addresses().get(address)
    if token is None or actor.account_id is None or actor.grant_id is None:
        return
    with privileged("a kept form is shown again") as database:
        row = database.get(KeptForm, token_hash(token))
        if row is None or row.expires_at <= clock.now():
            return
        if (row.account_id, row.grant_id) != (actor.account_id, actor.grant_id):
            return
        sealed = row.sealed
    try:
        plain = open_(sealed, row_context=_context(actor.account_id, actor.grant_id, address))
    except Unreadable:
        return
    g.typed = Typed(tuple((name, text) for name, text in json.loads(plain)), "ended")


def erase(address: str) -> None:
    """Forget what is kept for an address: it was sent, or its person does not want it."""
    held = dict(addresses())
    token = held.pop(address, None)
    if token is None:
        return
    session[_COOKIE] = held
    with writing(), privileged("a kept form is erased") as database:
        database.execute(delete(KeptForm).where(KeptForm.token_hash == token_hash(token)))


def is_of(row: KeptForm, addresses: Iterable[str]) -> bool:
    """True for a form that was kept on one of these pages: only its own page's address opens it."""
    for address in addresses:
        with suppress(Unreadable):
            open_(row.sealed, row_context=_context(row.account_id, row.grant_id, address))
            return True
    return False


@dataclass(frozen=True)
class Draft:
    """What draft.js needs to keep a page's answers on its device: name, and the server's part of the key."""

    name: str
    key: str


def draft_on_device(actor: Actor, what: str) -> Draft:
    """The draft of one account and desk about one thing: nobody else is ever given its key."""
    secret = str(current_app.secret_key).encode()
    owner = f"{actor.account_id}|{actor.grant_id}|{what}"
    name, key = (
        hmac.digest(secret, f"draft {part}|{owner}".encode(), "sha256").hex() for part in ("name", "key")
    )
    return Draft(name[:32], key)


def clear_expired() -> None:
    """Delete what nobody came back for."""
    with writing(), privileged("clearing forms that nobody came back for") as database:
        database.execute(delete(KeptForm).where(KeptForm.expires_at <= clock.now()))


def _context(account_id: int, grant_id: int, address: str) -> bytes:
    return f"kept_form|{account_id}|{grant_id}|{address}".encode()
