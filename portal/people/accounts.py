"""Accounts: made with a grant, activated with a code, given a password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from models.account import Account, ActivationCode, Grant, Role, SignInSession
from models.agency import Agency
from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState, Stage
from models.sent_form import SentForm
from portal.core import audit, clock, vault
from portal.core.access import ROLES, Actor, never_meet
from portal.core.api import tokens as api_tokens
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.sessions import begin_session
from portal.core.sign_in import HASHER
from portal.core.stages import stage_of
from portal.people import answered, notices
from portal.people.keyboard import plain_code
from portal.people.passwords import problem_with
from portal.people.terms import refuse_two_acting

CODE_LIFE = timedelta(days=30)
#: without letters and digits that are mistaken for one another on paper
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Person:
    """What a person says of themselves when the account becomes theirs."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""


def make_account(
    session: Session,
    *,
    username: str,
    name: str,
    role: Role,
    valid_from: datetime | None = None,
    **place: Any,
) -> Account:
    """A new account with one grant; ``place`` is ``agency_id``, ``province_id`` or ``body_id``.

    Raises Refused for roles that never meet in one person.
    """
    account = Account(username=username, name=name)
    session.add(account)
    session.flush()
    give_grant(session, account, role, valid_from=valid_from, **place)
    return account


def give_grant(
    session: Session, account: Account, role: Role, *, valid_from: datetime | None = None, **given: Any
) -> Grant:
    """Give an account a role at a place; ``given`` is the place, and what ``Terms`` say beside the beginning.

    Raises Refused for a role that never meets one that it holds, and for a second who acts at one desk.
    """
    begins = valid_from or clock.now()
    grant = Grant(role=role, valid_from=begins, **given)
    refuse_apart(session, account, grant)
    refuse_two_acting(session, grant)
    grant.account = account
    session.add(grant)
    session.flush()
    return grant


def refuse_apart(session: Session, account: Account, new: Grant) -> None:
    """Some roles never meet in one person (``ROLES``), now or later; what ended does not count.

    The account is locked, so that two who give rights at once come one after the other. Raises Refused, also
    for the same right twice.
    """
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    _refuse_other_sector(session, account, new)
    query = select(Grant).where(Grant.account_id == account.id).execution_options(populate_existing=True)
    for held in session.scalars(query):
        begun_before = new.valid_until is None or held.valid_from < new.valid_until
        if begun_before and (held.valid_until is None or new.valid_from < held.valid_until):
            _refuse_beside(held, new)


def _refuse_other_sector(session: Session, account: Account, new: Grant) -> None:
    """The first right says of which sector a person is; others lie in it (migration 0043 holds it)."""
    of_agency = select(Agency.province_id).where(Agency.id == new.agency_id).scalar_subquery()
    place = select(Province.sector_id).where(Province.id == func.coalesce(new.province_id, of_agency))
    sector_id = session.scalar(place) if new.province_id or new.agency_id else None
    held = session.scalar(select(Grant.id).where(Grant.account_id == account.id).limit(1))
    if held is not None and account.sector_id and sector_id not in (None, account.sector_id):
        raise Refused("This person works for another sector: make an account for this one")


def _refuse_beside(held: Grant, new: Grant) -> None:
    if _what(held) == _what(new):
        raise Refused("The person has this right already", field="role")
    same_place = new.agency_id is not None and held.agency_id == new.agency_id
    if not never_meet(new.role, held.role, same_place=same_place):
        return
    if same_place:
        raise Refused("One person cannot be both admin and executive of an agency", field="role")
    raise Refused(
        "This person is %(held)s: roles of different bodies never meet in one person",
        field="role",
        held=str(ROLES[held.role].label),
    )


def _what(grant: Grant) -> tuple[Any, ...]:
    return grant.role, grant.agency_id, grant.province_id, grant.body_id


def issue_code(session: Session, account: Account, *, by: Actor | None = None) -> str:
    """A fresh activation code ("ABCD-EFGH-JKMN"); codes issued before stop working.

    ``by`` is who issues it. One of a province works only while the account is that province's.
    """
    hold(account)
    session.execute(delete(ActivationCode).where(ActivationCode.account_id == account.id))
    code, hashed, ends = new_code()
    session.add(
        ActivationCode(
            account_id=account.id,
            code_hash=hashed,
            expires_at=ends,
            issued_at=clock.now(),
            issued_by_id=by.account_id if by else None,
            province_id=by.province_id if by else None,
        )
    )
    audit.record(session, act="account.issue_code", thing="account", row=account.id)
    return code


def new_code() -> tuple[str, bytes, datetime]:
    """A random code, what is stored of it, and when it ends."""
    letters = [secrets.choice(CODE_LETTERS) for _place in range(12)]
    code = "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
    return code, code_hash(code), clock.now() + CODE_LIFE


def activate(code: str, password: str, person: Person | None = None) -> str:
    """Use up a code, set the password and begin a session; gives its token.

    ``person``: who it is from now on; None leaves that as it is. Raises Refused for a wrong, used or expired
    code, or a weak password (then the code stays usable). The password is hashed between two transactions,
    because it takes long; of several at once one gets the code.
    """
    with privileged("looking at an activation code") as session:
        row = session.scalar(select(ActivationCode).where(ActivationCode.code_hash.in_(code_hashes(code))))
        if row is None or row.expires_at <= clock.now():
            raise used_up()
        account = session.get_one(Account, row.account_id)
        username, context = account.username, names_of(account, person)
    problem = problem_with(password, username=username, context=context)
    if problem:
        raise Refused(problem, field="password")
    hashed = HASHER.hash(password)
    with writing(), privileged("activating an account") as session, audit.act("sign_in.activate"):
        account = take_code(session, code)
        account.password_hash, account.activated_at = hashed, account.activated_at or clock.now()
        for field, said in vars(person).items() if person else ():
            setattr(account, field, said)
        session.flush()
        session.execute(delete(SignInSession).where(SignInSession.account_id == account.id))
        api_tokens.end_all(session, account.id)
        _keep_sending(session, code, account)
        note_activation(session, account)
        notices.tell_of_activation(session, account)
        return begin_session(session, account)


def _keep_sending(session: Session, code: str, account: Account) -> None:
    """That this code was sent, so that the same form sent twice is one act (``activation.again``)."""
    session.add(SentForm(key=sending_key(code), account_id=account.id, sent_at=clock.machine()))


def sending_key(code: str) -> bytes:
    """Under what it is kept that a code was used."""
    return vault.digest(plain_code(code), row_context=b"activated")


def take_code(session: Session, code: str) -> Account:
    """Use a code up; gives its account, locked. Of several at once one gets it, the others are Refused."""
    mine = ActivationCode.code_hash.in_(code_hashes(code))
    owner = session.scalar(select(ActivationCode.account_id).where(mine))
    account = session.get(Account, owner) if owner else None
    if account is None:
        raise used_up()
    # the account before its code, as whoever issues one does: neither waits for the other in turn; and a
    # right given elsewhere at this moment comes before or after, never between
    try:
        hold(account)
    except NotFound as gone:  # taken back at this moment, with others that were made in bulk
        raise used_up() from gone
    used = session.execute(
        delete(ActivationCode)
        .where(mine)
        .returning(
            ActivationCode.province_id,
            ActivationCode.expires_at,
            ActivationCode.issued_by_id,
        )
    ).first()
    if used is None or used.expires_at <= clock.now():
        raise used_up()
    if used.province_id not in (None, account.province_id) or not account.active:
        raise used_up()  # of a province that the account has outgrown since, or shut
    answered.close(session, account.id, by=used.issued_by_id)
    return account


def names_of(account: Account, person: Person | None = None) -> list[str]:
    """Names that others know of who holds an account: their own and those of their places."""
    names = [account.name, *(vars(person).values() if person else ())]
    for grant in account.grants:
        for place in (grant.agency, grant.province, grant.body):
            if place is not None:
                names += [place.name, getattr(place, "full_name", "")]
    return names


def used_up() -> Refused:
    """The one answer to every code that opens nothing."""
    return Refused(
        "This code is not valid: it was used already, has ended, or was typed differently", field="code"
    )


def note_activation(session: Session, account: Account) -> None:
    """Step 1 of preparation is done once the agency's admin has activated the password."""
    now = clock.now()
    agencies = [g.agency_id for g in account.grants if g.role is Role.AGENCY_ADMIN and g.valid_at(now)]
    if not agencies:
        return
    query = (
        select(Participation)
        .join(Round)
        .where(
            Participation.agency_id.in_(agencies),
            Round.state == RoundState.OPEN,
            Participation.activated_at.is_(None),
        )
        .options(contains_eager(Participation.round), selectinload(Participation.extensions))
    )
    with audit.act("preparation.activate"):
        for participation in session.scalars(query).all():
            if stage_of(participation, Stage.PREPARATION, now).is_open:
                participation.activated_at = now
        session.flush()


def code_hash(code: str) -> bytes:
    """What is stored of a code, however it was typed.

    With the vault's key: of the 59 bits of a code a thief of the database alone could try all.
    """
    return vault.digest(plain_code(code), row_context=b"code")


def code_hashes(code: str) -> tuple[bytes, bytes]:
    """As what a code may be stored: also without a key, as codes of an older portal are until they end."""
    return code_hash(code), hashlib.sha256(plain_code(code).encode()).digest()
