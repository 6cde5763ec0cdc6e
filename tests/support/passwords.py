"""Accounts that a test signs in with a password."""

from __future__ import annotations

from models.account import Account
from portal.core import clock
from portal.core.sign_in import HASHER


def set_password(account: Account, password: str) -> None:
    """Give an account a password, and activate it."""
    account.password_hash = HASHER.hash(password)
    account.activated_at = account.activated_at or clock.now()
