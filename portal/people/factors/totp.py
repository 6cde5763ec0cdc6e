"""One-time passwords of an app on a phone (RFC 6238): set up, confirmed by a first one, each taken once.

The secret lies sealed by the vault, bound to its account. Steps are of the machine's clock, as on phones.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.account import Account
from models.second_factor import TotpSecret
from models.thai import arabic_digits
from portal.core import audit, clock, vault
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused

#: what the app shows beside the user name
ISSUER = "ITA Portal"
STEP_SECONDS = 30
DIGITS = 6
#: how far a phone's clock may be off, in steps
AROUND = 1
#: a secret that was shown and not confirmed is shown again for so long, then another is made
SHOWN_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Shown:
    """A secret for an app: as text in groups of four, and as the address that a QR code carries."""

    text: str
    address: str


def begin(account_id: int) -> None:
    """Make a secret that counts once confirmed; one that was shown a moment ago stays. Raises Refused."""
    now = clock.now()
    with writing(), privileged("setting up an app for one-time passwords") as session:
        row = _row(session, account_id)
        if row is not None and row.confirmed_at is not None:
            raise _there_is_one()
        if row is not None and now - row.made_at < SHOWN_FOR:
            return
        sealed = vault.seal(pyotp.random_base32(), row_context=_context(account_id))
        with audit.unrecorded(session):
            if row is None:
                session.add(TotpSecret(account_id=account_id, sealed=sealed, made_at=now))
            else:
                row.sealed, row.made_at = sealed, now


def shown(account_id: int) -> Shown | None:
    """The secret that waits for its first password; None where none does, and never once it counts."""
    with privileged("a secret that is being set up") as session:
        row = _row(session, account_id)
        if row is None or row.confirmed_at is not None or clock.now() - row.made_at >= SHOWN_FOR:
            return None
        secret = _secret(row)
        username = session.get_one(Account, account_id).username
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    return Shown(" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), address)


def confirm(account_id: int, typed: str) -> None:
    """The first password of the app: from now on it counts. Raises Refused, field "code"."""
    with writing(), privileged("an app for one-time passwords counts") as session:
        row = _row(session, account_id)
        if row is not None and row.confirmed_at is not None:
            raise _there_is_one()
        if row is None or clock.now() - row.made_at >= SHOWN_FOR:
            raise Refused("The QR code has ended: begin once more", field="code")
        step = _step_of(row, typed)
        if step is None:
            raise Refused(
                "The number does not fit: wait for the next one in the app and type it", field="code"
            )
        with audit.unrecorded(session):
            row.confirmed_at, row.last_step = clock.now(), step
        audit.record(session, act="factor.add", thing="account", row=account_id, after={"factor": "app"})


def take(session: Session, account_id: int, typed: str) -> bool:
    """True where this is a password of now, and the first time that its step is taken (the database says)."""
    row = _row(session, account_id)
    if row is None or row.confirmed_at is None:
        return False
    step = _step_of(row, typed)
    if step is None:
        return False
    once = update(TotpSecret).where(TotpSecret.account_id == account_id, TotpSecret.last_step < step)
    taken = session.execute(
        once.values(last_step=step).returning(TotpSecret.id), execution_options={"synchronize_session": False}
    )
    return taken.first() is not None


def remove(session: Session, account_id: int) -> bool:
    """Take the app away; False where there was none that counted."""
    mine = delete(TotpSecret).where(TotpSecret.account_id == account_id)
    gone = session.execute(mine.returning(TotpSecret.confirmed_at)).first()
    return gone is not None and gone.confirmed_at is not None


def _row(session: Session, account_id: int) -> TotpSecret | None:
    return session.scalar(select(TotpSecret).where(TotpSecret.account_id == account_id))


def _secret(row: TotpSecret) -> str:
    return vault.open_(row.sealed, row_context=_context(row.account_id))


def _step_of(row: TotpSecret, typed: str) -> int | None:
    """The step whose password this is, a little early or late; None where it is none."""
    digits = "".join(letter for letter in arabic_digits(typed) if not letter.isspace() and letter != "-")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    now = int(clock.machine().timestamp()) // STEP_SECONDS
    try:
        app = pyotp.TOTP(_secret(row))
    except vault.Unreadable:  # sealed with other keys, or for another account
        return None
    for step in range(now - AROUND, now + AROUND + 1):
        if hmac.compare_digest(app.generate_otp(step), digits):
            return step
    return None


def _there_is_one() -> Refused:
    return Refused("An app is set up already: take it away first, then set up another", field="code")


def _context(account_id: int) -> bytes:
    return f"totp_secret|{account_id}".encode()
