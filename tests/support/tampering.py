"""Somebody who owns the database changes the record: with care (all hashes made anew) or without."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, delete, insert, pool, select, text

from models.audit import AuditEvent, AuditHead
from portal.core import audit

Event = dict[str, Any]
#: tables as they are: a class would bring the session's rules with it
EVENT: Any = AuditEvent.__table__
HEAD: Any = AuditHead.__table__


@dataclass
class Record:
    """The record as its owner holds it: events of each chain in their order, and the heads."""

    chains: dict[str, list[Event]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def relink(self, chain: str, first: int = 0) -> None:
        """Number and hash a chain anew from an event on, its head too."""
        events = self.chains[chain]
        for place in range(first, len(events)):
            event = events[place]
            event["sequence"] = place + 1
            event["previous_hash"] = events[place - 1]["hash"] if place else ""
            event["hash"] = audit.digest_of(event)
        self.heads[chain] = (len(events), events[-1]["hash"] if events else "")


@contextmanager
def owned(url: str) -> Iterator[Engine]:
    """The database in the hands of its owner, without the triggers that keep heads in order."""
    engine = create_engine(url, poolclass=pool.NullPool)
    mine = "type = 'trigger' AND tbl_name IN ('audit_event', 'audit_head')"
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER USER"))
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        else:
            for name in connection.scalars(text(f"SELECT name FROM sqlite_master WHERE {mine}")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
    yield engine
    engine.dispose()


def read(engine: Engine) -> Record:
    """The record as it stands."""
    record = Record()
    with engine.connect() as connection:
        for row in connection.execute(select(EVENT).order_by(EVENT.c.chain, EVENT.c.sequence)).mappings():
            record.chains.setdefault(row["chain"], []).append(dict(row))
        record.heads = {
            row["chain"]: (row["sequence"], row["hash"])
            for row in connection.execute(select(HEAD)).mappings()
        }
    return record


def put(engine: Engine, record: Record) -> None:
    """Put a record into the place of the one that stands there."""
    events = [event for chain in record.chains.values() for event in chain]
    heads = [{"chain": name, "sequence": head[0], "hash": head[1]} for name, head in record.heads.items()]
    with engine.begin() as connection:
        connection.execute(delete(EVENT))
        connection.execute(delete(HEAD))
        if events:
            connection.execute(insert(EVENT).inline(), events)
        connection.execute(insert(HEAD).inline(), heads)


# -- the ways ----------------------------------------------------------------------------------------------


def change_field(events: list[Event], place: int, by: random.Random) -> None:
    """One column of an event says something else."""
    event = events[place]
    column = by.choice(("at", "account_id", "grant_id", "act", "thing", "row", "before", "after"))
    if column == "at":
        event["at"] += timedelta(microseconds=by.randint(1, 999_999))
    elif column in {"account_id", "grant_id"}:
        event[column] = 1 if event[column] is None else None
    elif column in {"before", "after"}:
        event[column] = {**event[column], "changed": by.random()}
    else:
        event[column] = f"{event[column]}x"[-80:]


def change_row(events: list[Event], place: int, by: random.Random) -> None:
    """An event becomes another altogether."""
    events[place] |= {
        "act": "forged.act",
        "thing": "forged",
        "row": str(by.random()),
        "before": {},
        "after": {},
    }


def add_row(events: list[Event], place: int, by: random.Random) -> None:
    """An event that never happened stands between two."""
    forged = deepcopy(events[place]) | {"id": 1_000_000 + by.randrange(1_000_000), "act": "forged.act"}
    events.insert(place, forged)


def change_order(events: list[Event], place: int, by: random.Random) -> None:
    """Two events change places."""
    other = by.choice([number for number in range(len(events)) if number != place])
    events[place], events[other] = events[other], events[place]


def remove(events: list[Event], place: int, by: random.Random) -> None:
    """An event is gone."""
    del events[place]


def cut(events: list[Event], place: int, by: random.Random) -> None:
    """The chain ends earlier."""
    del events[place:]


Way = Callable[[list[Event], int, random.Random], None]
WAYS: dict[str, Way] = {
    "field": change_field,
    "row": change_row,
    "added": add_row,
    "order": change_order,
    "removal": remove,
    "tail": cut,
}


def tampered(record: Record, chain: str, place: int, way: str, by: random.Random, *, care: bool) -> Record:
    """A copy of the record in which a chain was tampered with at a place, counted from 0.

    With care every number, hash and head after it fits again. Without, numbers alone are made anew where the
    database would refuse two of one number; what was cut leaves its head.
    """
    other = Record(dict(record.chains), dict(record.heads))
    events = other.chains[chain] = deepcopy(record.chains[chain])
    WAYS[way](events, place, by)
    if care:
        other.relink(chain)
        if not events:
            del other.heads[chain]
    elif way in {"added", "order"}:
        for number, event in enumerate(events):
            event["sequence"] = number + 1
    return other
