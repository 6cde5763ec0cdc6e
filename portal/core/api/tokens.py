"""The person behind a token: the same desk, rights and scope as on screen, and nothing once it has ended.

A token comes in the header ``Authorization`` alone: addresses are written down on their way. It is looked up
by its hash. How often a person's programmes ask is bounded, whatever number of tokens they have.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models.account import Account
from models.api_token import ApiToken
from models.thai import local_day
from portal.core import audit, clock, delays, factors
from portal.core.access import Actor
from portal.core.api.problems import FactorMissing, NoToken, TooMany
from portal.core.database.session import privileged, writing
from portal.core.delays import Limit, network_of, short_hash
from portal.core.sessions import token_hash
from portal.core.sign_in import actor_for_grant

#: by which a token is known where it turns up
PREFIX = "ita_"
BEARER = re.compile(rf"Bearer +({PREFIX}[A-Za-z0-9_-]{{20,100}})", re.IGNORECASE)
#: requests of one person's programmes: as many at once as pages of a country, then two a second
ASKED = Limit(240, 0.5)
#: tokens that open nothing, of one network
WRONG = Limit(60, 5)


def bearer(header: str) -> str:
    """The token of a header. Raises NoToken where there is none."""
    found = BEARER.fullmatch(header.strip())
    if found is None:
        raise NoToken
    return found[1]


def actor_of(token: str, *, network: str) -> Actor:
    """Who asks by a token. Raises NoToken, TooMany, FactorMissing."""
    now = clock.now()
    with privileged("who asks by a token") as session:
        found = _living(session, token, now)
        actor, missing = found[1:] if found else (None, False)
    if found is None or actor is None:
        _refuse(network)
    else:
        _use(found[0], actor, now)
    assert actor is not None, "who is refused does not come here"
    if missing:
        raise FactorMissing
    return actor


def _living(session: Session, token: str, now: datetime) -> tuple[int, Actor, bool] | None:
    """The token's id, its actor, and whether the desk lacks a second factor; None where it opens nothing."""
    query = select(ApiToken, Account).join(Account, Account.id == ApiToken.account_id)
    row = session.execute(query.where(ApiToken.token_hash == token_hash(token))).one_or_none()
    if row is None or not row.ApiToken.lives_at(now) or not row.Account.active:
        return None
    try:
        actor = actor_for_grant(session, row.ApiToken.grant_id)
    except LookupError:
        return None
    if actor.account_id != row.Account.id or actor.role is None:
        return None
    missing = factors.missing(session, row.Account, actor.role)
    return row.ApiToken.id, replace(actor, other_desks=False), missing


def _refuse(network: str) -> None:
    """Raise NoToken; TooMany where a network tries one wrong token after another."""
    place = short_hash(network_of(network, 64))
    with writing(), privileged("a token that opens nothing") as session:
        taken = delays.take(session, {f"api:network:{place}": WRONG})
    if not taken.allowed:
        raise TooMany(_seconds(taken.wait))
    raise NoToken


def _use(token_id: int, actor: Actor, now: datetime) -> None:
    """Count the request, and note the day. The first one of all stands in the record. Raises TooMany."""
    asks = {f"api:{short_hash(str(actor.account_id))}": ASKED}
    today = local_day(now)
    with writing(), privileged("a token is used") as session:
        taken = delays.take(session, asks)
        mine = update(ApiToken).where(ApiToken.id == token_id)
        first = mine.where(ApiToken.used_on.is_(None)).values(used_on=today).returning(ApiToken.name)
        name = session.scalar(first)
        if name is not None:
            told = {"token": token_id, "name": name}
            audit.record(
                session, act="api_token.first_use", thing="account", row=actor.account_id, after=told
            )
        else:
            session.execute(mine.where(ApiToken.used_on < today).values(used_on=today))
    if not taken.allowed:
        raise TooMany(_seconds(taken.wait))


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1


def end_all(system: Session | Connection, account_id: int, *, grant_id: int | None = None) -> None:
    """Revoke every token of an account, or of one desk of it; as the system's role."""
    mine = update(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    if grant_id is not None:
        mine = mine.where(ApiToken.grant_id == grant_id)
    system.execute(mine.values(revoked_at=clock.now()))
