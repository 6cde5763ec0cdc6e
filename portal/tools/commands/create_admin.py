"""The first account of a real installation; provinces and districts are loaded with it.

The last way back, too: an officer of the country whom no two others can restore gets a fresh code here.
"""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.account import USERNAME_LETTERS, Account, Grant, Role, SignInSession, fold
from models.second_factor import Passkey, RecoveryCode, TotpSecret
from portal.core import audit, clock, vault
from portal.core.access import ROLES, roles_reaching
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.scopes import Reach
from portal.people import accounts, keeping, notices
from portal.register import places
from portal.tools.commands import refused

#: by whom it was, as people are told; a term of the field
BY = "ผู้ดูแลเครื่องแม่ข่าย"


def run(app: Flask, *, username: str, name: str, role: str) -> int:
    """Make an account of a country office and print its activation code; 1 for a taken or odd user name."""
    vault.make_keys(app.settings.key_dir)  # type: ignore[attr-defined]
    with app.app_context():
        try:
            _refuse_odd(username)
            with writing(), privileged("create-admin") as session:
                places.load_places(session)
                _refuse_taken(session, username)
                account = accounts.make_account(session, username=username, name=name, role=Role(role))
                code = accounts.issue_code(session, account)
        except Refused as error:
            return refused.say(error)
    print(f"Account {username}: activate it at /activate with the code {code}")
    return 0


def restore(app: Flask, *, username: str, forget_factor: bool) -> int:
    """Give an officer of the country a fresh code and print it; 1 where there is no such officer.

    Every session of the account ends, it is recorded, and every other officer of the country is told.
    """
    with app.app_context():
        try:
            with writing(), privileged("create-admin --restore") as session:
                account = _officer(session, username)
                code = _restored(session, account, forget_factor=forget_factor)
                told, name = _tell(session, account), account.username
        except Refused as error:
            return refused.say(error)
    print(f"Account {name}: use the code {code} at /activate; the old password ends with it")
    print("Its second factor is gone" if forget_factor else "Its second factor stays, where it has one")
    print(f"Recorded; told to {told} other officers of the country")
    return 0


def _restored(session: Session, account: Account, *, forget_factor: bool) -> str:
    code = accounts.issue_code(session, account)
    session.execute(delete(SignInSession).where(SignInSession.account_id == account.id))
    if forget_factor:
        session.execute(delete(TotpSecret).where(TotpSecret.account_id == account.id))
        session.execute(delete(Passkey).where(Passkey.account_id == account.id))
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    audit.record(
        session,
        act="account.restore",
        thing="account",
        row=account.id,
        after={"username": account.username, "second_factor": "forgotten" if forget_factor else "kept"},
    )
    return code


def _tell(session: Session, account: Account) -> int:
    """Tell the person and every other officer of the country; gives how many others."""
    query = select(Grant).join(Account).where(Account.active, Grant.role.in_(roles_reaching(Reach.COUNTRY)))
    others = {grant.account_id for grant in session.scalars(query) if grant.valid_at(clock.now())}
    others.discard(account.id)
    notices.tell(session, account.id, "code", by=BY)
    notices.tell_all(session, sorted(others), "restored_beside", person=str(account), by=BY)
    return len(others)


def _officer(session: Session, username: str) -> Account:
    """The account of an officer of the country. Raises Refused."""
    account = session.scalar(select(Account).where(Account.folded_username == fold(username)))
    if account is None:
        raise Refused("No account has this user name")
    if not any(ROLES[grant.role].restored_by for grant in keeping.living_grants(account)):
        raise Refused("This account has no right of a country office: its code is issued at a desk")
    if not account.active:
        raise Refused("This account is shut: open it again first")
    return account


def _refuse_taken(session: Session, username: str) -> None:
    if session.scalar(select(Account.id).where(Account.folded_username == fold(username))):
        raise Refused("This user name is taken: --restore gives its officer a fresh code instead")


def _refuse_odd(username: str) -> None:
    """What the form of accounts asks of a user name. Raises Refused."""
    if not 3 <= len(username) <= 80:
        raise Refused("A user name has 3 to 80 characters")
    if not re.fullmatch(USERNAME_LETTERS, username):
        raise Refused("Latin letters, digits and . _ - @ only")
