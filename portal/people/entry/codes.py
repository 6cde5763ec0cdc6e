"""An activation code, issued at a desk: by the back office, or by a province for people of its own agencies.

It is written in the desk's own transaction and, of a province, as the province: on PostgreSQL the wall
refuses it for anybody else's account. Before, the account is locked, as whoever gives a right locks it: a
right elsewhere that is given at the same moment comes before (then there is no such account here) or after
(then the code no longer works, see ``portal/people/accounts.py``).
"""

from __future__ import annotations

from contextlib import nullcontext

from sqlalchemy import delete, insert, select

from models.account import Account, ActivationCode
from portal.ballot.wall import system_role
from portal.core import audit, clock
from portal.core.access import ROLES, Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import one_or_404
from portal.core.scopes import Reach
from portal.people import accounts, keeping, notices


def issue(account_id: int, *, actor: Actor) -> tuple[Account, str]:
    """A fresh code, shown once; the password used until now stays until it is used.

    Raises NotFound outside the actor's reach, and Refused: an account that is shut, of the NACC, or one whose
    code two officers give (``portal/people/granting.py``).
    """
    account = _held(account_id, actor)
    keeping.refuse_nacc(account)
    if not account.active:
        raise Refused("This account is shut: open it again first")
    if keeping.needs_second(account):
        raise Refused("A code for this person is asked for by one officer and confirmed by another")
    with system_role(db.session.connection()):
        notices.tell(db.session(), account.id, "code", by=actor.name)
    return account, replace(account.id, actor=actor)


def replace(account_id: int, *, actor: Actor) -> str:
    """A code in the place of the one before, in the session of the desk; recorded. Nothing is asked here."""
    code, hashed, ends = accounts.new_code()
    connection = db.session.connection()
    with nullcontext(connection) if _of_a_province(actor) else system_role(connection):
        connection.execute(delete(ActivationCode).where(ActivationCode.account_id == account_id))
        connection.execute(
            insert(ActivationCode)
            .inline()
            .values(
                account_id=account_id,
                code_hash=hashed,
                expires_at=ends,
                issued_at=clock.now(),
                issued_by_id=actor.account_id,
                province_id=actor.province_id,
            )
        )
    audit.record(db.session(), act="account.issue_code", thing="account", row=account_id)
    return code


def account_or_404(account_id: int, actor: Actor) -> Account:
    """An account for which this desk may issue a code. Raises NotFound.

    A province sees its officers' own accounts too: those are no accounts of its agencies.
    """
    account: Account = one_or_404(
        select(Account).where(Account.id == account_id).execution_options(populate_existing=True)
    )
    if _of_a_province(actor) and account.province_id != actor.province_id:
        raise NotFound
    return account


def _held(account_id: int, actor: Actor) -> Account:
    """The account, locked, as it is now; a province has no right to lock it, so the system does."""
    with system_role(db.session.connection()) as connection:
        lock = select(Account.id).where(Account.id == account_id)
        connection.execute(lock.with_for_update(key_share=True))
    return account_or_404(account_id, actor)


def _of_a_province(actor: Actor) -> bool:
    return actor.role is not None and ROLES[actor.role].reach is Reach.PROVINCE
