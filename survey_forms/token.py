"""The form's own token: it stands in for the session's CSRF token and tells when the form was opened.

It binds a form to its link and to the moment it was made; nothing in it belongs to a person.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask import current_app

from models.zone import BANGKOK

_LENGTH = 32


def make_token(code: str, now: datetime, *, purpose: str = "form") -> str:
    """A token for a form of this link made at this moment."""
    second = str(int(now.timestamp()))
    return f"{second}.{_signature(code, second, purpose)}"


def read_token(token: str, code: str, *, now: datetime, purpose: str = "form") -> datetime | None:
    """When the form was made; None for a token that is not ours, of another link or of the future."""
    second, _dot, signature = token.partition(".")
    if not (second.isascii() and second.isdigit()) or len(second) > 12:
        return None
    if not hmac.compare_digest(signature.encode(), _signature(code, second, purpose).encode()):
        return None
    made = datetime.fromtimestamp(int(second), tz=BANGKOK)
    return made if made <= now else None


def _signature(code: str, second: str, purpose: str) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    key = hashlib.sha256(b"survey form token\0" + secret.encode()).digest()
    return hmac.digest(key, f"{purpose}|{code}|{second}".encode(), "sha256").hex()[:_LENGTH]
