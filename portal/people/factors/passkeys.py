"""Passkeys (WebAuthn): a key pair in the person's device, which signs what this portal asks, at one host.

What is to be signed lies in the row of the session that asked; it is signed once.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.account import Account, SignInSession
from models.second_factor import Passkey
from portal.core import audit, clock, vault
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.sessions import token_hash

#: keys of one person: a phone, a computer, a few spares
MOST = 10
CHALLENGE_BYTES = 32
#: an answer of a device is a few hundred letters
LONGEST = 20_000


@dataclass(frozen=True)
class Site:
    """The address at which a browser sees the portal."""

    origin: str

    @property
    def host(self) -> str:
        """Its name, without scheme and port: what passkeys are bound to."""
        return urlsplit(self.origin).hostname or ""

    @property
    def takes_passkeys(self) -> bool:
        """Browsers make passkeys over https, and for this machine's own name; never for a number."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            here = self.host == "localhost" or self.host.endswith(".localhost")
            return here or self.origin.startswith("https://")
        return False

    @property
    def elsewhere(self) -> str:
        """The same machine by its name, where a browser asks for it by its number; else ""."""
        parts = urlsplit(self.origin)
        if self.host not in {"127.0.0.1", "::1"}:
            return ""
        return f"{parts.scheme}://localhost" + (f":{parts.port}" if parts.port else "")

    def server(self) -> Fido2Server:
        """What checks answers of this site: the whole origin, not only its name."""
        entity = PublicKeyCredentialRpEntity(id=self.host, name="ITA Portal")
        return Fido2Server(entity, verify_origin=lambda said: said == self.origin)


def ask_to_make(token: str, account_id: int, site: Site) -> dict[str, Any]:
    """What a browser needs to make a passkey for an account. Raises Refused."""
    with writing(), privileged("a passkey is to be made") as session:
        account = session.get_one(Account, account_id)
        keys = list(session.scalars(select(Passkey).where(Passkey.account_id == account_id)))
        _refuse_more(keys)
        user = PublicKeyCredentialUserEntity(
            id=vault.digest(str(account_id), row_context=b"passkey"),
            name=account.username,
            display_name=account.name or account.username,
        )
        options, _state = site.server().register_begin(
            user,
            [AttestedCredentialData(key.credential) for key in keys if key.host == site.host],
            resident_key_requirement=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
            challenge=_new_challenge(session, token),
        )
    return dict(options)


def add(token: str, account_id: int, name: str, answer: str, site: Site) -> None:
    """Keep the passkey that a browser made. Raises Refused, field "name" or none."""
    with writing(), privileged("a passkey is added") as session:
        state = _state(session, token)
        try:
            made = site.server().register_complete(state, json.loads(answer[:LONGEST]))
        except Exception as error:  # words of a machine outside: whatever is odd about them is refused
            raise _not_taken() from error
        data = made.credential_data
        assert data is not None, "an answer without a key was refused"
        _refuse_more(list(session.scalars(select(Passkey).where(Passkey.account_id == account_id))))
        with audit.unrecorded(session):
            session.add(
                Passkey(
                    account_id=account_id,
                    credential_id=data.credential_id,
                    credential=bytes(data),
                    sign_count=made.counter,
                    name=name,
                    host=site.host,
                    made_at=clock.now(),
                )
            )
        audit.record(
            session,
            act="factor.add",
            thing="account",
            row=account_id,
            after={"factor": "passkey", "name": name},
        )


def ask_to_sign(session: Session, token: str, account_id: int, site: Site) -> dict[str, Any]:
    """What a browser needs to sign with a passkey of the account. Raises NotFound where it has none here."""
    keys = _here(session, account_id, site)
    if not keys:
        raise NotFound
    options, _state = site.server().authenticate_begin(
        [AttestedCredentialData(key.credential) for key in keys],
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=_new_challenge(session, token),
    )
    return dict(options)


def take(session: Session, token: str, account_id: int, answer: str, site: Site) -> bool:
    """True where one of the account's passkeys has signed what this session asked for; it is asked once."""
    try:
        state = _state(session, token)
    except Refused:
        return False
    keys = {key.credential_id: key for key in _here(session, account_id, site)}
    known = [AttestedCredentialData(key.credential) for key in keys.values()]
    try:
        read = AuthenticationResponse.from_dict(json.loads(answer[:LONGEST]))
        signed = site.server().authenticate_complete(state, known, read)
        count = read.response.authenticator_data.counter
    except Exception:  # words of a machine outside: whatever is odd about them is no signature
        return False
    return _counts_on(session, keys[signed.credential_id].id, count)


def remove(session: Session, account_id: int, passkey_id: int) -> str:
    """Take a passkey away; gives its name. Raises NotFound."""
    mine = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    name = session.scalar(mine.returning(Passkey.name))
    if name is None:
        raise NotFound
    return name


def _here(session: Session, account_id: int, site: Site) -> list[Passkey]:
    query = select(Passkey).where(Passkey.account_id == account_id, Passkey.host == site.host)
    return list(session.scalars(query.order_by(Passkey.id)))


def _counts_on(session: Session, passkey_id: int, count: int) -> bool:
    """A device that counts its signatures never counts back: else somebody has a copy of its key."""
    fits = or_(Passkey.sign_count < count, Passkey.sign_count == 0) if count else Passkey.sign_count == 0
    counted = update(Passkey).where(Passkey.id == passkey_id, fits)
    found = session.execute(
        counted.values(sign_count=count, used_at=clock.now()).returning(Passkey.id),
        execution_options={"synchronize_session": False},
    )
    return found.first() is not None


def _new_challenge(session: Session, token: str) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    mine = update(SignInSession).where(SignInSession.token_hash == token_hash(token))
    session.execute(mine.values(challenge=challenge), execution_options={"synchronize_session": False})
    return challenge


def _state(session: Session, token: str) -> dict[str, Any]:
    """What this session asked to be signed, taken out of its row. Raises Refused where it asked nothing."""
    mine = SignInSession.token_hash == token_hash(token)
    asked = session.scalar(select(SignInSession.challenge).where(mine))
    if asked is None:
        raise _not_taken()
    taken = session.execute(
        update(SignInSession)
        .where(mine, SignInSession.challenge == asked)
        .values(challenge=None)
        .returning(SignInSession.account_id),
        execution_options={"synchronize_session": False},
    )
    if taken.first() is None:
        raise _not_taken()
    return {"challenge": _websafe(asked), "user_verification": UserVerificationRequirement.PREFERRED}


def _websafe(challenge: bytes) -> str:
    return urlsafe_b64encode(challenge).rstrip(b"=").decode()


def _refuse_more(keys: list[Passkey]) -> None:
    if len(keys) >= MOST:
        raise Refused("You have %(most)s passkeys: take one away first", most=MOST)


def _not_taken() -> Refused:
    return Refused("The passkey was not taken: press the button once more")
