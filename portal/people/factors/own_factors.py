"""A person's own second factors: what there is, taking one away, losing all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models.account import Account, SignInSession
from models.second_factor import Passkey, RecoveryCode, TotpSecret
from portal.core import audit, clock, delays, factors
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit, short_hash
from portal.core.errors import NotFound, Refused
from portal.core.sessions import token_hash
from portal.core.sign_in import HASHER
from portal.people.factors import passkeys, recovery, totp

#: so long after signing in the password is not asked for again before a factor is added
LATELY = timedelta(minutes=10)
#: wrong passwords of a person who is signed in
PROOFS = Limit(5, 30)
ALL = (TotpSecret, Passkey, RecoveryCode)


@dataclass(frozen=True)
class Key:
    """A passkey as its person knows it."""

    id: int
    name: str
    host: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What an account has beside its password."""

    app_since: datetime | None
    keys: tuple[Key, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """True where something is asked for after the password."""
        return self.app_since is not None or bool(self.keys)

    @property
    def count(self) -> int:
        """How many there are, without the codes for when they are lost."""
        return len(self.keys) + (self.app_since is not None)


def of(account_id: int) -> Factors:
    """What an account has; its own person reads it, signed in or about to be."""
    with privileged("a person's own second factors") as session:
        app = select(TotpSecret.confirmed_at).where(TotpSecret.account_id == account_id)
        keys = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
        shown = [Key(row.id, row.name, row.host, row.made_at, row.used_at) for row in session.scalars(keys)]
        return Factors(session.scalar(app), tuple(shown), recovery.left(session, account_id))


def proof_needed(account_id: int, token: str) -> bool:
    """True where the password is asked for before a factor is added: one is there, and the session is old."""
    with privileged("how fresh a session is") as session:
        row = session.get(SignInSession, token_hash(token))
        fresh = row is not None and clock.now() - row.created_at < LATELY
        return not fresh and factors.held(session, account_id)


def prove(account_id: int, password: str) -> None:
    """The person shows the password once more. Raises Refused, field "password"."""
    own = {f"proof:{short_hash(str(account_id))}": PROOFS}
    with writing(), privileged("a password shown once more") as session:
        taken = delays.take(session, own)
        stored = session.scalar(select(Account.password_hash).where(Account.id == account_id))
    if not taken.allowed:
        seconds = int(taken.wait.total_seconds()) + 1
        raise Refused("Try again in %(seconds)s seconds", field="password", seconds=seconds)
    try:
        HASHER.verify(stored or "", password)
    except (VerificationError, InvalidHashError) as error:
        raise Refused("The present password does not fit", field="password") from error
    with writing(), privileged("a password shown once more") as session:
        delays.give_back(session, own)


def remove_app(account_id: int) -> None:
    """Take one's own app away. Raises NotFound where there is none."""
    with writing(), privileged("a person takes the own app away") as session:
        if not totp.remove(session, account_id):
            raise NotFound
        _removed(session, account_id, factor="app")


def remove_passkey(account_id: int, passkey_id: int) -> None:
    """Take one of one's own passkeys away. Raises NotFound."""
    with writing(), privileged("a person takes an own passkey away") as session:
        name = passkeys.remove(session, account_id, passkey_id)
        _removed(session, account_id, factor="passkey", name=name)


def _removed(session: Session, account_id: int, **what: str) -> None:
    audit.record(session, act="factor.remove", thing="account", row=account_id, before=what)
    if not factors.held(session, account_id):  # without a factor there is nothing to recover
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def forget(system: Connection, account_id: int) -> None:
    """Take every factor and code of an account away, and end its sessions; as the system's role."""
    for table in (*ALL, SignInSession):
        system.execute(delete(table).where(table.account_id == account_id))
