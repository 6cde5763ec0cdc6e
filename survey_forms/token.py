"""The form's own token: it stands in for the session's CSRF token and tells when which form was opened.

It binds a form to its link, to the moment it was made and to 16 random bytes, the form's value: by it a form
that is sent twice is told from a second person (``portal.ballot.box``). Nothing in it belongs to a person.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from models.zone import BANGKOK

_LENGTH = 32
VALUE_BYTES = 16


@dataclass(frozen=True)
class Opened:
    """A form that we served: when, and its random value."""

    at: datetime
    value: bytes = field(repr=False)


def open_form(now: datetime) -> Opened:
    """A form that is served now, with a value of its own."""
    return Opened(now, secrets.token_bytes(VALUE_BYTES))


def make_token(code: str, opened: Opened, *, purpose: str = "form") -> str:
    """The token of a form of this link. The same form under another purpose keeps its value."""
    second, value = str(int(opened.at.timestamp())), opened.value.hex()
    return f"{second}.{value}.{_signature(code, second, value, purpose)}"


def read_token(token: str, code: str, *, now: datetime, purpose: str = "form") -> Opened | None:
    """The form that a token belongs to; None for one that is not ours, of another link or of the future."""
    second, _dot, rest = token.partition(".")
    value, _dot, signature = rest.partition(".")
    # what is ours is known by its signature, before anything is made of its parts
    if not hmac.compare_digest(signature.encode(), _signature(code, second, value, purpose).encode()):
        return None
    made = datetime.fromtimestamp(int(second), tz=BANGKOK)
    return Opened(made, bytes.fromhex(value)) if made <= now else None


def _signature(code: str, second: str, value: str, purpose: str) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    key = hashlib.sha256(b"survey form token\0" + secret.encode()).digest()
    return hmac.digest(key, f"{purpose}|{code}|{second}|{value}".encode(), "sha256").hex()[:_LENGTH]
