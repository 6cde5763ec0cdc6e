"""One's own password: changed by who knows it, and set anew by who forgot it and reads the account's mail."""

from __future__ import annotations

import hashlib

from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from models.account import Account, SignInSession
from models.onboarding import MailCode, MailPurpose
from portal.core import audit, clock
from portal.core.api import tokens as api_tokens
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.core.sessions import begin_session
from portal.core.sign_in import HASHER
from portal.people import answered
from portal.people.accounts import code_hashes, names_of
from portal.people.entry import mailing
from portal.people.passwords import problem_with


def change_password(account_id: int, old: str, new: str, *, token: str) -> None:
    """Change one's own password; every other session and every known browser of the person ends.

    Raises Refused. Checking and hashing hold no transaction.
    """
    with privileged("looking at one's password") as session:
        account = session.get_one(Account, account_id)
        stored, username, context = account.password_hash, account.username, names_of(account)
    try:
        HASHER.verify(stored or "", old)
    except (VerificationError, InvalidHashError) as error:
        raise Refused("The present password does not fit", field="old") from error
    problem = problem_with(new, username=username, context=context)
    if problem:
        raise Refused(problem, field="new")
    hashed = HASHER.hash(new)
    with writing(), privileged("changing one's password") as session:
        account = session.get_one(Account, account_id)
        if account.password_hash != stored:
            raise Refused("The present password does not fit", field="old")
        account.password_hash = hashed
        session.flush()
        kept = hashlib.sha256(token.encode()).digest()
        others = delete(SignInSession).where(SignInSession.account_id == account_id)
        session.execute(others.where(SignInSession.token_hash != kept))
        audit.record(session, act="account.change_password", thing="account", row=account_id)


def reset(code: str, new: str) -> str:
    """Set a new password with the code of a mail, and begin a session; gives its token.

    Raises Refused for a code that opens nothing, or a weak password (then the code stays usable). A second
    factor is asked for all the same.
    """
    with privileged("looking at a mail's code") as session:
        row = session.scalar(_living(code, MailPurpose.RESET))
        if row is None:
            raise not_of_a_mail()
        account = session.get_one(Account, row.account_id)
        username, context = account.username, names_of(account)
    problem = problem_with(new, username=username, context=context)
    if problem:
        raise Refused(problem, field="password")
    hashed = HASHER.hash(new)
    with writing(), privileged("setting a forgotten password anew") as session:
        account = _use(session, code, MailPurpose.RESET)
        if not mailing.may_reset(account):
            raise not_of_a_mail()
        account.password_hash = hashed
        session.flush()
        session.execute(delete(SignInSession).where(SignInSession.account_id == account.id))
        api_tokens.end_all(session, account.id)
        answered.close(session, account.id)
        audit.record(session, act="account.reset_password", thing="account", row=account.id)
        return begin_session(session, account)


def prove(code: str) -> None:
    """The person reads what comes to the account's address. Raises Refused for a code that opens nothing."""
    with writing(), privileged("proving an address") as session, audit.act("account.prove_email"):
        account = _use(session, code, MailPurpose.PROVE)
        account.email_proved_at = clock.now()
        session.flush()


def opens(session: Session, code: str, purpose: MailPurpose) -> bool | None:
    """True for a code of a mail that holds, None for any other (see ``guessing.look_up``)."""
    return session.scalar(_living(code, purpose)) is not None or None


def not_of_a_mail() -> Refused:
    """The one answer to every code that no mail holds now."""
    return Refused(
        "This code is not valid: it was used already, has ended, or a newer mail was sent", field="code"
    )


def _living(code: str, purpose: MailPurpose) -> Select[MailCode]:
    return select(MailCode).where(
        MailCode.code_hash.in_(code_hashes(code)),
        MailCode.purpose == purpose,
        MailCode.expires_at > clock.now(),
    )


def _use(session: Session, code: str, purpose: MailPurpose) -> Account:
    """Use a mail's code up; gives its account, locked. Of several at once one gets it."""
    mine = delete(MailCode).where(MailCode.code_hash.in_(code_hashes(code)), MailCode.purpose == purpose)
    used = session.execute(mine.returning(MailCode.account_id, MailCode.address, MailCode.expires_at)).first()
    if used is None or used.expires_at <= clock.now():
        raise not_of_a_mail()
    account = session.get_one(Account, used.account_id)
    hold(account)
    if account.email != used.address or not account.active:
        raise not_of_a_mail()
    return account
