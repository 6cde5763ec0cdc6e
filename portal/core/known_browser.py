"""A browser in which a person has signed in before: what others do wrong elsewhere does not delay it.

A signed cookie that outlives signing out. It names the browser and, per account, a fingerprint of the stored
password and of how often its person had all browsers forgotten: either makes every browser a stranger again.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from models.account import Account

PATH = "/sign-in"
LIFE = 180 * 24 * 60 * 60
#: accounts that one browser remembers: a shared desk of an office
MOST = 5


class Mark(NamedTuple):
    """By what a browser shows that an account was signed in to in it."""

    account: str
    fingerprint: str


def mark_of(account: Account) -> Mark:
    """The mark of an account with its present password."""
    key = str(current_app.secret_key).encode()[:64]
    stored = f"{account.id}|{account.password_hash}|{account.browsers_forgotten}".encode()
    return Mark(str(account.id), hashlib.blake2b(stored, key=key, digest_size=9).hexdigest())


def known(account: Account | None) -> str | None:
    """The name of the browser that asks, where this account was signed in to in it before."""
    if account is None or account.password_hash is None:
        return None
    held = _held()
    mark = mark_of(account)
    return str(held["browser"]) if held and held["accounts"].get(mark.account) == mark.fingerprint else None


def remember(response: Response, mark: Mark) -> None:
    """Keep with the answer that this account was signed in to here."""
    held = _held()
    others = [one for one in held.get("accounts", {}).items() if one[0] != mark.account]
    prints = dict([*others, tuple(mark)][-MOST:])
    value = {"browser": held.get("browser") or secrets.token_hex(8), "accounts": prints}
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        cookie_name(current_app),
        _signer().dumps(value),
        max_age=LIFE,
        path=PATH,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def cookie_name(app: Flask) -> str:
    """What the cookie is called: with the prefix that browsers hold to https where there is any."""
    return "__Secure-portal-known" if app.config["SESSION_COOKIE_SECURE"] else "portal-known"


def _held() -> dict[str, Any]:
    try:
        value = _signer().loads(request.cookies.get(cookie_name(current_app), ""), max_age=LIFE)
    except BadData:
        return {}
    return value if isinstance(value, dict) and value.get("browser") and value.get("accounts") else {}


def _signer() -> URLSafeTimedSerializer:
    digest = {"digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known-browser", signer_kwargs=digest)
