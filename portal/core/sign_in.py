"""Signing in: passwords, sessions kept by the server, delays, and the actor behind a request.

Failed attempts make the next one wait, per name and network together; a browser in which the person has
signed in before has a count of its own, so that nobody can keep another person or office out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, joinedload

from models.account import Account, Grant, Role, SignInSession, fold
from models.sector import USUAL_SECTOR, Sector
from portal.core import audit, clock, delays, factors, known_browser
from portal.core.access import ROLES, Actor, Span, office_of
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit, network_of, short_hash
from portal.core.hashing import Hasher
from portal.core.scopes import Reach
from portal.core.sessions import begin_session, pending, token_hash
from portal.core.texts import _

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
#: of one name from one network: what a person mistypes
PAIR = Limit(5, 30)
#: of one name from everywhere, and of one network for every name: what a machine tries
NAME = Limit(60, 10)
NETWORK = Limit(60, 5)
#: of a browser in which this person has signed in before: nobody else's failures count
KNOWN = Limit(10, 15)
#: failed sign-ins that the record takes: of one name and network in an hour, and of all in a day
NOTED = Limit(1, 3600)
NOTED_ALL = Limit(500, 60)

#: 19 MiB and two passes: the smallest setting OWASP accepts, 30 ms instead of 250
HASHER = Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: what an unknown name is compared with, so that it takes as long as a known one
_NOBODY = PasswordHasher.hash(HASHER, secrets.token_urlsafe(16))


#: how long it is known whose an ended session was, for a form that comes late: over a long weekend
ENDED_KEPT = timedelta(days=4)


#: whether there is another sector than the first: without one, nothing is narrowed by it
SEVERAL_SECTORS = exists(select(Sector.id).where(Sector.id != USUAL_SECTOR))
#: of a desk that should be of a sector and is of none: it sees nothing
NO_SECTOR = 0


@dataclass(frozen=True)
class Ended:
    """A session that is over: whose it was, at which desk, and why it ended, in words."""

    account_id: int
    grant_id: int | None
    message: str


@dataclass(frozen=True)
class Attempt:
    """What came of a sign-in: a token, or how long to wait before the next one. ``mark``: by what the browser
    is known from now on; none while the second factor is waited for."""

    token: str | None = None
    wait: timedelta = timedelta(0)
    mark: known_browser.Mark | None = None


def sign_in(
    username: str, password: str, *, network: str, known: Callable[[Account | None], str | None] | None = None
) -> Attempt:
    """Check name and password and begin a session. ``network`` is where the attempt comes from, ``known``
    names the browser where the account was signed in to in it before.

    The attempt is counted before the password is checked, so that attempts at once are all counted; checking
    holds no transaction, because it takes long on purpose.
    """
    name = fold(username)
    with writing(), privileged("an attempt to sign in") as session:
        account = _by_name(session, name)
        limits, own = _limits(name, network, known(account) if known else None)
        taken = delays.take(session, limits)
        if not taken.allowed:
            _note_failure(session, account, network, own)
            return Attempt(wait=taken.wait)
        stored = account.password_hash if account and account.active else None
    fits = _fits(stored, password)
    with writing(), privileged("sign-in") as session:
        account = _by_name(session, name)
        if not fits or account is None or not account.active or account.password_hash != stored:
            _note_failure(session, account, network, own)
            return Attempt(wait=taken.wait)
        delays.give_back(session, limits, forget=own)
        token = begin_session(session, account)
        due = pending(session, token) is not None
        return Attempt(token=token, mark=None if due else known_browser.mark_of(account))


def _by_name(session: Session, name: str) -> Account | None:
    return session.scalar(select(Account).where(Account.folded_username == name))


def _limits(name: str, network: str, browser: str | None) -> tuple[dict[str, Limit], str]:
    """What an attempt counts for, and which of it is the person's own."""
    if browser is not None:
        own = f"known:{short_hash(f'{name}|{browser}')}"
        return {own: KNOWN}, own
    place = network_of(network, 64)
    own = f"pair:{short_hash(f'{name}|{place}')}"
    return {own: PAIR, f"name:{short_hash(name)}": NAME, f"network:{short_hash(place)}": NETWORK}, own


def _note_failure(session: Session, account: Account | None, network: str, own: str) -> None:
    """Into the record, once an hour per name and network. Never what was typed: it may be a password."""
    if delays.take(session, {f"noted:{own}": NOTED, "noted": NOTED_ALL}).allowed:
        audit.record(
            session,
            act="sign_in.refused",
            thing="account",
            row=account.id if account else "",
            after={"network": network_of(network, 48, 24)},
        )


def end_session(token: str) -> None:
    """Sign out."""
    with writing(), privileged("sign-out") as session:
        row = session.get(SignInSession, token_hash(token))
        if row is not None:
            audit.record(session, act="sign_out", thing="account", row=row.account_id)
            session.delete(row)


def choose_desk(token: str, grant_id: int) -> bool:
    """Sit at the desk of a grant of one's own. False where it is not, or no longer, one's own."""
    now = clock.now()
    with writing(), privileged("choosing a desk") as session:
        row = session.get(SignInSession, token_hash(token))
        grant = session.get(Grant, grant_id)
        if row is None or grant is None or grant.account_id != row.account_id or not grant.valid_at(now):
            return False
        row.grant_id = grant.id
        return True


def take_desk_again(token: str, desk_of: Callable[[int], int | None]) -> None:
    """Sit at the desk where work was left, said by ``desk_of`` an account; nothing where it left none."""
    with privileged("whose session begins") as session:
        row = session.get(SignInSession, token_hash(token))
        account_id = row.account_id if row is not None else None
    grant_id = desk_of(account_id) if account_id is not None else None
    if grant_id is not None:
        choose_desk(token, grant_id)


def grants_of(account_id: int) -> list[Grant]:
    """The grants that a person may sit with now, with their places loaded."""
    now = clock.now()
    with privileged("listing one's desks") as session:
        query = select(Grant).where(Grant.account_id == account_id).order_by(Grant.id)
        grants = [grant for grant in session.scalars(query) if grant.valid_at(now)]
        for grant in grants:
            place_of(grant)
        session.expunge_all()
    return grants


def actor_of(token: str) -> Actor | None:
    """Who holds this token; None where the session has ended, idled or been ended."""
    now = clock.now()
    with privileged("who is asking") as session:
        row, account, several = _session_and_account(session, token)
        if row is None or account is None or _is_over(row, now) or not account.active:
            return None
        grant = next((one for one in account.grants if one.id == row.grant_id), None)
        actor = _actor(account, grant if grant and grant.valid_at(now) else None, token, sectors=several)
        missing = actor.role is not None and factors.missing(session, account, actor.role)
        used = now - row.last_seen >= SEEN_EVERY
        span = _span(row, now if used else row.last_seen, now)
    if used:
        _touch(token, now)
    return replace(actor, span=span, factor_missing=missing)


def _session_and_account(session: Session, token: str) -> tuple[SignInSession | None, Account | None, bool]:
    """A session and whose it is, with all desks and their places, and whether there are several sectors:
    every request asks, so by one statement."""
    desks = joinedload(Account.grants)
    query = (
        select(SignInSession, Account, SEVERAL_SECTORS)
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.token_hash == token_hash(token))
        .options(
            desks.joinedload(Grant.agency),
            desks.joinedload(Grant.province),
            desks.joinedload(Grant.body),
            joinedload(Account.sector),
        )
    )
    found = session.execute(query).unique().one_or_none()
    return (found[0], found[1], found[2]) if found else (None, None, False)


def _is_over(row: SignInSession, now: datetime) -> bool:
    """True once a session has idled, or lasted, for too long; one that waits for a factor never began."""
    return row.factor_due or now - row.last_seen > IDLE or now - row.created_at > ABSOLUTE


def ended(token: str) -> Ended | None:
    """Whose session this was before it ended of itself; None where it was ended, or is long forgotten."""
    now = clock.now()
    with privileged("whose session has ended") as session:
        row = session.get(SignInSession, token_hash(token))
        if row is None or row.factor_due:
            return None
        account = session.get(Account, row.account_id)
        if account is None or not account.active:
            return None
        return Ended(row.account_id, row.grant_id, _end_words(row, now))


def _end_words(row: SignInSession, now: datetime) -> str:
    if now - row.created_at > ABSOLUTE:
        hours = int(ABSOLUTE.total_seconds() // 3600)
        return _("You were signed out because a sign-in lasts %(hours)s hours", hours=hours)
    minutes = int(IDLE.total_seconds() // 60)
    return _("You were signed out because nothing happened for %(minutes)s minutes", minutes=minutes)


def span_of(token: str) -> Span | None:
    """How long a session still lasts; None where it is over. Asking counts as no use."""
    now = clock.now()
    with privileged("how long a session has left") as session:
        row = session.get(SignInSession, token_hash(token))
        if row is None or _is_over(row, now):
            return None
        return _span(row, row.last_seen, now)


def _span(row: SignInSession, seen: datetime, now: datetime) -> Span:
    left, last = seen + IDLE - now, row.created_at + ABSOLUTE - now
    desk = short_hash(f"desk:{row.account_id}:{row.grant_id}")
    return Span(int(left.total_seconds()), int(last.total_seconds()), desk)


def stay(token: str) -> None:
    """The person says to be there still."""
    _touch(token, clock.now())


def _touch(token: str, now: datetime) -> None:
    """Note that the session is in use: the one write that a GET may make, at most once a minute."""
    with writing(), privileged("a session is in use") as session:
        query = update(SignInSession).where(SignInSession.token_hash == token_hash(token))
        session.execute(query.values(last_seen=now))


def _actor(account: Account, grant: Grant | None, token: str, *, sectors: bool) -> Actor:
    now = clock.now()
    several = sum(one.valid_at(now) for one in account.grants) > 1
    if grant is None:
        return Actor(account_id=account.id, grant_id=None, role=None, name=account.name, token=token)
    sector_id = _sector_of(account, grant) if sectors else None
    return Actor(
        account_id=account.id,
        grant_id=grant.id,
        role=grant.role,
        name=account.name,
        agency_id=grant.agency_id,
        province_id=grant.province_id,
        body_id=grant.body_id,
        sector_id=sector_id,
        sector_name=account.sector.name if sector_id not in (None, USUAL_SECTOR) and account.sector else "",
        place=place_of(grant),
        token=token,
        other_desks=several,
        capacity=grant.capacity,
    )


def actor_for_grant(session: Session, grant_id: int) -> Actor:
    """The actor of a grant, for a job that runs under it. Raises LookupError where it no longer holds."""
    grant = session.get(Grant, grant_id)
    if grant is None or not grant.valid_at(clock.now()):
        raise LookupError(f"grant {grant_id} no longer holds")
    several = bool(session.scalar(select(SEVERAL_SECTORS)))
    return _actor(grant.account, grant, token="", sectors=several)


def _sector_of(account: Account, grant: Grant) -> int | None:
    """The sector that a desk ends at: None for the NACC and for those who assess, who are of no sector."""
    if grant.role is Role.NACC or ROLES[grant.role].reach is Reach.ASSESSOR:
        return None
    return account.sector_id or NO_SECTOR


def place_of(grant: Grant) -> str:
    """Where a grant sits, as its page says."""
    if grant.agency is not None:
        return grant.agency.full_name
    if grant.province is not None:
        return f"จังหวัด{grant.province.name}"
    if grant.body is not None:
        return grant.body.name
    return office_of(grant.role, grant.account.sector)


def _fits(stored: str | None, password: str) -> bool:
    try:
        HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
