"""Recovery codes: ten that each let a person in once who lost app and passkeys; stored as keyed hashes."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.second_factor import RecoveryCode
from portal.core import audit, clock, factors, vault
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.people import notices
from portal.people.accounts import CODE_LETTERS

HOW_MANY = 10
LETTERS = 10


def make(account_id: int) -> list[str]:
    """Ten new codes ("ABCDE-FGHJK"), shown this once; those of before end. Raises Refused."""
    codes = [_code() for _number in range(HOW_MANY)]
    now = clock.now()
    with writing(), privileged("making recovery codes") as session:
        if not factors.held(session, account_id):
            raise Refused("Set up an app or a passkey first: recovery codes are for when it is lost")
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
        session.add_all(
            RecoveryCode(account_id=account_id, code_hash=_hash(account_id, code), made_at=now)
            for code in codes
        )
        audit.record(session, act="factor.codes", thing="account", row=account_id)
    return codes


def take(session: Session, account_id: int, typed: str) -> bool:
    """True where this is an unused code; it is used up then (the database says), and its person is told."""
    mine = RecoveryCode.account_id == account_id
    unused = update(RecoveryCode).where(
        mine, RecoveryCode.code_hash == _hash(account_id, typed), RecoveryCode.used_at.is_(None)
    )
    used = session.execute(
        unused.values(used_at=clock.now()).returning(RecoveryCode.id),
        execution_options={"synchronize_session": False},
    )
    if used.first() is None:
        return False
    count = left(session, account_id)
    audit.record(session, act="factor.code_used", thing="account", row=account_id, after={"left": count})
    notices.tell(session, account_id, "recovery_code", left=count)
    return True


def left(session: Session, account_id: int) -> int:
    """How many codes are not used yet."""
    query = select(func.count()).select_from(RecoveryCode)
    found = query.where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(found) or 0


def looks_like_one(typed: str) -> bool:
    """True for what has the letters of a code, and not the digits of an app."""
    return len(_plain(typed)) == LETTERS


def _code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _place in range(LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def _plain(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _hash(account_id: int, typed: str) -> bytes:
    return vault.digest(_plain(typed), row_context=f"recovery_code|{account_id}".encode())
