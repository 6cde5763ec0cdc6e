"""Tokens of a person's programmes: made for one own desk, seen once, ended by the person or an office.

They are read and written by the system's role alone, always of the own account (``end_another``: by who may).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from models.account import Account, Grant, Role
from models.api_token import LONGEST_DAYS, ApiToken
from portal.core import audit, clock, sign_in
from portal.core.access import GRANTS, ROLES, Actor, Permission
from portal.core.api.tokens import PREFIX
from portal.core.database.session import privileged, writing
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold
from portal.core.sessions import token_hash

#: so many living tokens a person has at most
MOST = 10
#: how long a token may last, as its form offers it
TERMS = (30, 90, 180, LONGEST_DAYS)


@dataclass(frozen=True)
class Token:
    """A token as people see it: never the token itself. ``owner`` is said to offices alone."""

    id: int
    name: str
    role: Role
    place: str
    made_at: datetime
    ends_at: datetime
    used_on: date | None
    lives: bool
    owner: str = ""

    def has(self, search: str) -> bool:
        """True where the words stand in owner, place or name."""
        return search.casefold() in f"{self.owner} {self.place} {self.name}".casefold()


def desks(account_id: int) -> list[tuple[int, str]]:
    """The own desks that a token can act for, in words."""
    return [
        (grant.id, f"{ROLES[grant.role].label} · {sign_in.place_of(grant)}")
        for grant in sign_in.grants_of(account_id)
        if Permission.API_READ in GRANTS[grant.role]
    ]


def make(account_id: int, grant_id: int, *, name: str, days: int) -> str:
    """Make a token and give it: this once. Raises Refused."""
    token = PREFIX + secrets.token_urlsafe(32)
    if days not in TERMS:
        raise Refused("Choose how long the token lasts", field="days")
    if grant_id not in dict(desks(account_id)):
        raise Refused("Choose one of your own desks", field="desk")
    with writing(), privileged("a person makes a token") as session:
        hold(session.get_one(Account, account_id))
        _refuse_too_many(session, account_id)
        row = ApiToken(
            account_id=account_id,
            grant_id=grant_id,
            name=name.strip(),
            token_hash=token_hash(token),
            made_at=clock.now(),
            days=days,
        )
        session.add(row)
        session.flush()
        told = {"token": row.id, "name": row.name, "desk": grant_id, "days": days}
        audit.record(session, act="api_token.make", thing="account", row=account_id, after=told)
    return token


def _refuse_too_many(session: Session, account_id: int) -> None:
    mine = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    living = [one for one in session.scalars(mine) if one.lives_at(clock.now())]
    if len(living) >= MOST:
        raise Refused("At most %(most)s tokens work at once: end one that is not used", most=MOST)


def own(account_id: int) -> list[Token]:
    """The person's tokens that were not ended, the newest first; those whose time is over too."""
    with privileged("a person's own tokens") as session:
        return _listed(session, ApiToken.account_id == account_id)


def others(actor: Actor) -> list[Token]:
    """The living tokens of everybody whose account the actor may end them of, the last used first."""
    with privileged("the tokens of programmes") as session:
        found = _listed(session, _within(actor), said=True)
    return sorted((one for one in found if one.lives), key=lambda one: one.used_on or date.min, reverse=True)


def _within(actor: Actor) -> ColumnElement[bool]:
    """Desks of the NACC are kept by the NACC alone."""
    return true() if actor.role is Role.NACC else Grant.role != Role.NACC


def _listed(session: Session, whose: ColumnElement[bool], *, said: bool = False) -> list[Token]:
    now = clock.now()
    query = (
        select(ApiToken, Grant, Account)
        .join(Grant, Grant.id == ApiToken.grant_id)
        .join(Account, Account.id == ApiToken.account_id)
        .where(ApiToken.revoked_at.is_(None), whose)
        .order_by(ApiToken.id.desc())
    )
    return [
        Token(
            id=row.id,
            name=row.name,
            role=grant.role,
            place=sign_in.place_of(grant),
            made_at=row.made_at,
            ends_at=row.ends_at,
            used_on=row.used_on,
            lives=row.lives_at(now) and grant.valid_at(now) and account.active,
            owner=str(account) if said else "",
        )
        for row, grant, account in session.execute(query)
    ]


def end_own(account_id: int, token_id: int) -> None:
    """End one's own token. Raises NotFound where it was ended already."""
    with writing(), privileged("a person ends an own token") as session:
        _end(session, session.scalar(_one(token_id).where(ApiToken.account_id == account_id)))


def end_another(actor: Actor, token_id: int) -> None:
    """End a token of somebody. Raises NotFound where it was ended already, or is not the actor's to end."""
    with writing(), privileged("an office ends a token") as session:
        query = _one(token_id).join(Grant, Grant.id == ApiToken.grant_id)
        _end(session, session.scalar(query.where(_within(actor))))


def _one(token_id: int) -> Select[Any]:
    living = select(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
    return living.with_for_update(of=ApiToken)


def _end(session: Session, row: ApiToken | None) -> None:
    if row is None:
        raise NotFound
    row.revoked_at = clock.now()
    session.flush()
    told = {"token": row.id, "name": row.name}
    audit.record(session, act="api_token.end", thing="account", row=row.account_id, before=told)
