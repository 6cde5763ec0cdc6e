"""The record of one row or of one person, the newest first. Who may ask for it is the caller's to know.

Offices below the country read no event by themselves, on neither wall: events of a row are fetched past the
walls after the row itself was found behind them, by its number alone (see docs/adr/0060-histories.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.account import Account, Grant
from models.audit import AuditEvent
from portal.core.access import ROLES
from portal.core.database.session import db, privileged, reading
from portal.core.sign_in import place_of

#: rows of the record by their kinds: {"agency": ["7"], "agency_contact": ["3"]}
Rows = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Narrowing:
    """Which part of a history is asked for: since when, by whom, of which kind, and before which event."""

    since: datetime | None = None
    account_id: int | None = None
    thing: str = ""
    below: int | None = None


@dataclass(frozen=True)
class Event:
    """One event with the desk it was done at; the name of who did it is the reader's to look up."""

    id: int
    at: datetime
    act: str
    thing: str
    row: str
    account_id: int | None
    desk: str
    agency_id: int | None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def of_rows(rows: Rows, *, acts_unsaid: Collection[str] = (), narrowing: Narrowing, most: int) -> list[Event]:
    """What was done to rows, without the acts that their readers are not told of."""
    return _found(_of_rows(rows).where(AuditEvent.act.not_in(acts_unsaid)), narrowing, most)


def count(rows: Rows, *, acts_unsaid: Collection[str] = (), narrowing: Narrowing, most: int) -> int:
    """How many events ``of_rows`` would give; more than ``most`` are not counted."""
    query = _narrowed(_of_rows(rows).where(AuditEvent.act.not_in(acts_unsaid)), narrowing)
    some = query.with_only_columns(AuditEvent.id).limit(most).subquery()
    with _past_the_walls() as session:
        return session.scalar(select(func.count()).select_from(some)) or 0


def of_person(
    account_id: int,
    *,
    things: Collection[str] | None = None,
    grant_ids: Collection[int] | None = None,
    narrowing: Narrowing,
    most: int,
) -> list[Event]:
    """What an account did: all of it, or to rows of some kinds, or at some of its desks."""
    query = select(AuditEvent).where(AuditEvent.account_id == account_id)
    if things is not None:
        query = query.where(AuditEvent.thing.in_(things))
    if grant_ids is not None:
        query = query.where(AuditEvent.grant_id.in_(grant_ids))
    return _found(query, narrowing, most)


def newest(thing: str, row: object) -> Event | None:
    """The last event of one row, as committed; None where it has none."""
    found = _found(_of_rows({thing: [str(row)]}), Narrowing(), 1)
    return found[0] if found else None


def happened_after(event_id: int, acts: Collection[str]) -> bool:
    """True where one of these acts was done after an event, to whatever row."""
    query = select(AuditEvent.id).where(AuditEvent.act.in_(acts), AuditEvent.id > event_id).limit(1)
    with _past_the_walls() as session:
        return session.scalar(query) is not None


def people_of(rows: Rows) -> list[int]:
    """The accounts that have changed rows."""
    query = _of_rows(rows).with_only_columns(AuditEvent.account_id).distinct()
    with _past_the_walls() as session:
        return [one for one in session.scalars(query) if one is not None]


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    """The names of the accounts that the reader may see."""
    query = select(Account).where(Account.id.in_(set(account_ids)))
    return {account.id: str(account) for account in db.session.scalars(query)}


def names_at(agency_id: int, account_ids: Collection[int]) -> dict[int, str]:
    """The names of those of these accounts that hold or held a right at an agency."""
    query = select(Account).where(
        Account.id.in_(set(account_ids)),
        Account.id.in_(select(Grant.account_id).where(Grant.agency_id == agency_id)),
    )
    with _past_the_walls() as session:
        return {account.id: str(account) for account in session.scalars(query)}


@contextmanager
def _past_the_walls() -> Iterator[Session]:
    """Beside a unit that writes on SQLite it must not wait for that unit's own lock."""
    with reading(), privileged("the history of a row that was found") as session:
        yield session


def _of_rows(rows: Rows) -> Select[Any]:
    one_of: list[ColumnElement[bool]] = [
        and_(AuditEvent.thing == thing, AuditEvent.row.in_(keys)) for thing, keys in rows.items()
    ]
    return select(AuditEvent).where(or_(*one_of))


def _narrowed(query: Select[Any], narrowing: Narrowing) -> Select[Any]:
    if narrowing.since is not None:
        query = query.where(AuditEvent.at >= narrowing.since)
    if narrowing.account_id is not None:
        query = query.where(AuditEvent.account_id == narrowing.account_id)
    if narrowing.thing:
        query = query.where(AuditEvent.thing == narrowing.thing)
    if narrowing.below is not None:
        query = query.where(AuditEvent.id < narrowing.below)
    return query


def _found(query: Select[Any], narrowing: Narrowing, most: int) -> list[Event]:
    query = _narrowed(query, narrowing)
    with _past_the_walls() as session:
        events = session.scalars(query.order_by(AuditEvent.id.desc()).limit(most)).all()
        desks = _desks(session, {event.grant_id for event in events if event.grant_id is not None})
        return [_told(event, desks.get(event.grant_id or 0)) for event in events]


def _desks(session: Session, grant_ids: Collection[int]) -> dict[int, Grant]:
    query = select(Grant).where(Grant.id.in_(grant_ids))
    places = joinedload(Grant.agency), joinedload(Grant.province), joinedload(Grant.body)
    return {grant.id: grant for grant in session.scalars(query.options(*places))}


def _told(event: AuditEvent, grant: Grant | None) -> Event:
    desk = f"{ROLES[grant.role].label} · {place_of(grant)}" if grant and grant.role in ROLES else ""
    return Event(
        id=event.id,
        at=event.at,
        act=event.act,
        thing=event.thing,
        row=event.row,
        account_id=event.account_id,
        desk=desk,
        agency_id=grant.agency_id if grant else None,
        before=event.before,
        after=event.after,
    )
