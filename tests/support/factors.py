"""Second factors of tests: an app's numbers, recovery codes, a device that signs as browsers do."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

from models.account import Account
from models.onboarding import PeopleSetting
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.people.factors import recovery, totp
from tests.support.passwords import set_password
from tests.support.world import PASSWORD

#: seconds that a test needs at most from a number to its being taken
TYPED_WITHIN = 5
USER_PRESENT, USER_VERIFIED, WITH_CREDENTIAL = 1, 4, 64


def number_of(secret: str, *, later: int = 0) -> str:
    """What the app of this secret shows now, or so many steps later.

    An earlier number would be too old, should the next step begin while it is typed: then that is waited for.
    """
    left = totp.STEP_SECONDS - clock.machine().timestamp() % totp.STEP_SECONDS
    if later < 0 and left < TYPED_WITHIN:
        time.sleep(left)
    step = int(clock.machine().timestamp()) // totp.STEP_SECONDS + later
    return pyotp.TOTP(secret).generate_otp(step)


def give_app(account_id: int) -> str:
    """Set up an app for an account; gives its secret. The number of the step before now is used up."""
    totp.begin(account_id)
    shown = totp.shown(account_id)
    assert shown is not None
    secret = shown.text.replace(" ", "")
    totp.confirm(account_id, number_of(secret, later=-1))
    return secret


def give_codes(account_id: int) -> list[str]:
    """Ten recovery codes of an account that has a factor."""
    return recovery.make(account_id)


def give_password(account_id: int) -> None:
    """The password of all tests."""
    with writing(), privileged("a password of a test") as session:
        set_password(session.get_one(Account, account_id), PASSWORD)


def demand_of(*roles: str) -> None:
    """The back office demands a second factor of these roles."""
    with writing(), privileged("a setting of a test") as session:
        row = session.query(PeopleSetting).one_or_none()
        if row is None:
            session.add(PeopleSetting(factor_roles=list(roles)))
        else:
            row.factor_roles = list(roles)


@dataclass
class Device:
    """A security key in software (ES256): it answers what a page asks, for one origin."""

    origin: str
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    count: int = 0

    def make(self, options: dict[str, Any]) -> str:
        """Answer navigator.credentials.create()."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + public
        data = self._data(options["publicKey"]["rp"]["id"], WITH_CREDENTIAL) + credential
        said = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(said)})

    def sign(self, options: dict[str, Any]) -> str:
        """Answer navigator.credentials.get()."""
        data = self._data(options["publicKey"]["rpId"], 0)
        client = self._client("webauthn.get", options)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signed),
        }
        return self._answer(response)

    def _data(self, host: str, flags: int) -> bytes:
        self.count += self.counts
        marks = bytes([USER_PRESENT | USER_VERIFIED | flags])
        return hashlib.sha256(host.encode()).digest() + marks + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        asked = options["publicKey"]["challenge"]
        challenge = _text(asked) if isinstance(asked, bytes) else asked
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = _text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
