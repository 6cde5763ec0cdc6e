"""What a slip's code is for, said before a password is set; and a second agency for who has an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from models.account import Account, ActivationCode, Grant, Role, SignInSession
from models.onboarding import MailPurpose
from models.place import District
from models.sent_form import SentForm
from portal.core import audit, clock, mail, sessions, sign_in
from portal.core.access import ROLES
from portal.core.calling import Call, calls_of
from portal.core.database.session import privileged, writing
from portal.core.errors import Refused
from portal.core.lookup import hold
from portal.people import accounts, notices, reach
from portal.people.accounts import Person, code_hashes, used_up
from portal.people.entry import guessing, mailing

#: how long the same form may be sent again: a slow line, a second press
AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Desk:
    """One right that a slip brings: the role's words, and where."""

    role: Role
    place: str
    district: str = ""
    province: str = ""


@dataclass(frozen=True)
class Slip:
    """For whom a code is. ``ended``: since when it opens nothing any more; ``joins``: whether somebody who
    has an account may take its rights over. ``mailed``: by mail a forgotten password could be set anew."""

    username: str
    person: Person
    known: bool
    desks: tuple[Desk, ...]
    calls: tuple[Call, ...]
    ended: datetime | None
    joins: bool
    mailed: bool


def look(code: str, *, network: str) -> Slip:
    """For whom a code is. Raises Refused for a wrong or used one, and where the network has to wait."""
    slip = guessing.look_up(network, lambda session: _slip(session, code))
    if slip is None:
        raise used_up()
    return slip


def _slip(session: Session, code: str) -> Slip | None:
    query = select(ActivationCode).where(ActivationCode.code_hash.in_(code_hashes(code)))
    row = session.scalar(query.options(undefer(ActivationCode.code_hash)))
    account = session.get(Account, row.account_id) if row is not None else None
    if row is None or account is None or not account.active:
        return None
    if row.province_id not in (None, account.province_id):
        return None
    grants = _rights(account)
    return Slip(
        username=account.username,
        person=Person(account.name, account.position, account.phone, account.email),
        known=bool(account.name),
        desks=tuple(_desk(session, grant) for grant in grants),
        calls=calls_of(session, _province(grants)),
        ended=row.expires_at if row.expires_at <= clock.now() else None,
        joins=_may_go_over(account, grants),
        mailed=mail.offered() and mailing.within_reach(account),
    )


def _rights(account: Account) -> list[Grant]:
    """The rights that hold, and those that are to begin."""
    now = clock.now()
    return [one for one in account.grants if one.valid_until is None or one.valid_until > now]


def _may_go_over(account: Account, grants: list[Grant]) -> bool:
    """Only an account that nobody has used, and rights at agencies: others were given to one person."""
    unused = account.activated_at is None and account.password_hash is None
    return unused and bool(grants) and all(grant.agency_id is not None for grant in grants)


def _province(grants: list[Grant]) -> int | None:
    for grant in grants:
        if grant.agency is not None:
            return grant.agency.province_id
    return None


def _desk(session: Session, grant: Grant) -> Desk:
    agency = grant.agency
    if agency is None:
        return Desk(grant.role, sign_in.place_of(grant))
    district = session.get(District, agency.district_id)
    return Desk(grant.role, agency.full_name, district.name if district else "", agency.province.name)


def come_in(code: str, password: str, person: Person) -> str:
    """Activate an account as its person, and let an address that is new be proved; gives the session's token.

    Raises Refused as ``accounts.activate`` does.
    """
    token = accounts.activate(code, password, person)
    if person.email and mail.offered():
        with writing(), privileged("a new address to prove") as session:
            row = session.get_one(SignInSession, sessions.token_hash(token))
            account = session.get_one(Account, row.account_id)
            if account.email_proved_at is None:
                mailing.ask(session, account, MailPurpose.PROVE)
    return token


def again(code: str, password: str, *, network: str) -> str | None:
    """A session for who sends the form once more with which they have just come in; None for anybody else.

    The code opens nothing any more: it only says whose password is asked, as signing in does.
    """
    sent = select(SentForm.account_id).where(
        SentForm.key == accounts.sending_key(code), SentForm.sent_at > clock.machine() - AGAIN
    )
    with privileged("a code that was just used") as session:
        account_id = session.scalar(sent)
        username = session.get_one(Account, account_id).username if account_id else None
    return sign_in.sign_in(username, password, network=network).token if username else None


def join(code: str, account_id: int) -> list[Desk]:
    """Use a code up for somebody who has an account: its rights go over to them, its own account is shut.

    Gives what was gained. Raises Refused for a code that opens nothing, of an account that is in use, and
    for rights that never meet in one person; then nothing is changed.
    """
    with writing(), privileged("a person joins another agency") as session, audit.act("account.join"):
        placeholder = accounts.take_code(session, code)
        person = session.get_one(Account, account_id)
        if person.id == placeholder.id:
            raise Refused("This code is for your own account: sign in with its user name and password")
        hold(person)
        grants = _rights(placeholder)
        if not person.active or not _may_go_over(placeholder, grants):
            raise Refused("What this code is for cannot be added to another account: ask who gave it to you")
        gained = [_go_over(session, grant, person) for grant in grants]
        placeholder.active = False
        session.execute(delete(SignInSession).where(SignInSession.account_id == placeholder.id))
        session.flush()
        reach.settle(session, [placeholder.id, person.id])
        accounts.note_activation(session, person)
        notices.tell_of_activation(session, person, gained)
        return [_desk(session, grant) for grant in gained]


def _go_over(session: Session, held: Grant, person: Account) -> Grant:
    """The same right for another person, from now on; whom it followed at the desk it follows still."""
    now = clock.now()
    begins, until, follows = max(held.valid_from, now), held.valid_until, held.follows_id
    held.valid_until, held.follows_id = max(held.valid_from, now), None
    session.flush()
    return accounts.give_grant(
        session,
        person,
        held.role,
        valid_from=begins,
        valid_until=until,
        agency_id=held.agency_id,
        capacity=held.capacity,
        order_number=held.order_number,
        follows_id=follows,
    )


def role_words(desk: Desk) -> str:
    """What a desk's role is called."""
    return str(ROLES[desk.role].label)
