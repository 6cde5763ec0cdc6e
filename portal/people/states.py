"""How far a person has come to an account: no code, a code that is out or has ended, activated, shut."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from models.account import Account, ActivationCode
from portal.core.texts import lazy


class AccountState(enum.Enum):
    """One of these holds for an account, in the order of the way to it."""

    NO_CODE = "no_code"
    CODE_OUT = "code_out"
    CODE_ENDED = "code_ended"
    ACTIVATED = "activated"
    SHUT = "shut"


WORDS: dict[AccountState, Any] = {
    AccountState.NO_CODE: lazy("no code yet"),
    AccountState.CODE_OUT: lazy("code is out"),
    AccountState.CODE_ENDED: lazy("code has ended"),
    AccountState.ACTIVATED: lazy("activated"),
    AccountState.SHUT: lazy("shut"),
}
#: kinds of badges (ui.html)
BADGES: dict[AccountState, str] = {
    AccountState.NO_CODE: "idle",
    AccountState.CODE_OUT: "info",
    AccountState.CODE_ENDED: "warn",
    AccountState.ACTIVATED: "ok",
    AccountState.SHUT: "bad",
}


def state_of(account: Account, now: datetime) -> AccountState:
    """The state of an account whose code the session may read."""
    if not account.active:
        return AccountState.SHUT
    if account.activated_at is not None:
        return AccountState.ACTIVATED
    if account.code is None:
        return AccountState.NO_CODE
    return AccountState.CODE_OUT if now < account.code.expires_at else AccountState.CODE_ENDED


def in_state(state: AccountState, now: datetime) -> ColumnElement[bool]:
    """The same as a condition on Account."""
    if state is AccountState.SHUT:
        return Account.active.is_(False)
    if state is AccountState.ACTIVATED:
        return Account.active & Account.activated_at.is_not(None)
    return not_activated() & _with_code(state, now)


def not_activated() -> ColumnElement[bool]:
    """Open accounts that nobody has activated, as a condition on Account."""
    return Account.active & Account.activated_at.is_(None)


def _with_code(state: AccountState, now: datetime) -> ColumnElement[bool]:
    coded = select(ActivationCode.account_id)
    if state is AccountState.NO_CODE:
        return Account.id.not_in(coded)
    ends = ActivationCode.expires_at
    return Account.id.in_(coded.where(ends > now if state is AccountState.CODE_OUT else ends <= now))
