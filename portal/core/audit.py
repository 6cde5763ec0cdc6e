"""The one writer of the record: what changed, by whom and under which act, chained by hash.

The flush hook calls it for every audited row, so that no change can leave without its event; files that may
use bulk statements call ``record`` themselves. Services only name the act (``act``). A respondent's act
leaves no event: its tables are not audited.
"""

from __future__ import annotations

import contextvars
import enum
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import bindparam, event, insert, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.agency import Agency
from models.audit import AuditEvent, AuditHead
from models.base import AgencyOwned, Base, KeptByProvince, ProvinceOwned
from models.delivery import DLA_DESK, AtADesk
from models.kinds import Coded
from portal.core import clock
from portal.core.database.session import ScopedSession, db

MASK = "•••"
_act: contextvars.ContextVar[str | None] = contextvars.ContextVar("act", default=None)


def _lock(dialect: Any) -> Any:
    """Gives heads of chains and locks them, made where there were none, in one trip."""
    make = dialect.insert(_HEADS)
    touched = make.on_conflict_do_update(index_elements=["chain"], set_={"sequence": _HEADS.c.sequence})
    return touched.returning(_HEADS.c.chain, _HEADS.c.sequence, _HEADS.c.hash)


# every change of the house comes by here: the statements are made once, of tables and not of classes
_HEADS: Any = AuditHead.__table__
_LOCK = {"postgresql": _lock(postgresql), "sqlite": _lock(sqlite)}
_EVENT = insert(AuditEvent.__table__).inline()  # type: ignore[arg-type]
_MOVE = update(_HEADS).where(_HEADS.c.chain == bindparam("of"))


@dataclass(frozen=True)
class Entry:
    """One change, before it is chained."""

    chain: str
    act: str
    thing: str
    row: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@contextmanager
def act(name: str) -> Iterator[None]:
    """Name the act ("preparation.confirm") that the changes inside belong to; they are flushed at its end."""
    token = _act.set(name)
    try:
        yield
        if db.session.registry.has():
            db.session.flush()
    finally:
        _act.reset(token)


@contextmanager
def unrecorded(session: Session) -> Iterator[None]:
    """No event per row for what is flushed inside: the caller records the whole as one event (an import)."""
    before = session.info.get("unrecorded")
    session.flush()
    session.info["unrecorded"] = True
    try:
        yield
        session.flush()
    finally:
        session.info["unrecorded"] = before


def record(
    session: Session,
    *,
    act: str,
    thing: str,
    row: object = "",
    chain: str = "system",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write one event in the session's transaction. ``chain``: "system", "agency:7" or "province:52"."""
    write(session, [Entry(chain, act, thing, str(row), before or {}, after or {})])


def write(session: Session, entries: list[Entry]) -> None:
    """Chain and store events. Heads are locked in the order of their names, so that two writers cannot wait
    for each other inside one call."""
    if not entries:
        return
    connection = session.connection()
    heads = _locked_heads(connection, sorted({entry.chain for entry in entries}))
    rows = []
    for entry in sorted(entries, key=lambda one: one.chain):
        sequence, previous = heads[entry.chain]
        values = _event_values(entry, sequence + 1, previous)
        heads[entry.chain] = sequence + 1, values["hash"]
        rows.append(values)
    moved = [{"of": chain, "sequence": sequence, "hash": link} for chain, (sequence, link) in heads.items()]
    connection.execute(_EVENT, rows)
    connection.execute(_MOVE, moved)


def digest_of(values: dict[str, Any]) -> str:
    """The link of one event: SHA-256 over its canonical JSON, which holds the link before it."""
    hashed = {key: value for key, value in values.items() if key not in {"hash", "id"}}
    hashed["at"] = values["at"].astimezone(clock.UTC).isoformat(timespec="microseconds")
    text = json.dumps(hashed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(session: Session) -> tuple[str, int] | None:
    """Walk every chain; give (chain, sequence) of the first event that does not fit, None where all do.

    A sequence of -1 says that events are missing at the chain's end.
    """
    columns = [column for column in AuditEvent.__table__.columns if column.name != "id"]
    query = select(*columns).order_by(AuditEvent.chain, AuditEvent.sequence)
    last: dict[str, tuple[int, str]] = {}
    with session.execute(query.execution_options(yield_per=1000)) as result:
        for row in result.mappings():
            chain = row["chain"]
            sequence, previous = last.get(chain, (0, ""))
            fits = (sequence + 1, previous, digest_of(dict(row)))
            if (row["sequence"], row["previous_hash"], row["hash"]) != fits:
                return chain, sequence + 1
            last[chain] = (row["sequence"], row["hash"])
    heads = session.execute(select(AuditHead.chain, AuditHead.hash).order_by(AuditHead.chain))
    cut = (chain for chain, link in heads.all() if last.get(chain, (0, ""))[1] != link)
    broken = next(cut, None)
    return None if broken is None else (broken, -1)


def _event_values(entry: Entry, sequence: int, previous: str) -> dict[str, Any]:
    actor = g.get("actor") if has_app_context() else None
    values: dict[str, Any] = {
        "chain": entry.chain,
        "sequence": sequence,
        "at": clock.now(),
        "account_id": actor.account_id if actor else None,
        "grant_id": actor.grant_id if actor else None,
        "act": entry.act,
        "thing": entry.thing,
        "row": entry.row,
        "before": entry.before,
        "after": entry.after,
        "previous_hash": previous,
    }
    values["hash"] = digest_of(values)
    return values


def _locked_heads(connection: Any, chains: list[str]) -> dict[str, tuple[int, str]]:
    """Sequence and hash of each chain's last event; the rows stay locked until the transaction ends."""
    first = [{"chain": chain, "sequence": 0, "hash": ""} for chain in chains]
    locked = connection.execute(_LOCK[connection.dialect.name], first)
    return {chain: (sequence, link) for chain, sequence, link in locked}


# -- the flush hook ----------------------------------------------------------------------------------------


@event.listens_for(ScopedSession, "after_flush")
def _record_flush(session: Session, _context: Any) -> None:
    if session.info.get("unrecorded"):
        return
    entries = [
        *(_entry(obj, "create") for obj in session.new if _audited(obj)),
        *(_entry(obj, "change") for obj in session.dirty if _audited(obj) and session.is_modified(obj)),
        *(_entry(obj, "delete") for obj in session.deleted if _audited(obj)),
    ]
    write(session, [entry for entry in entries if entry is not None])


def _audited(obj: Any) -> bool:
    return isinstance(obj, Base) and obj.__audited__


def _entry(obj: Any, kind: str) -> Entry | None:
    before, after = _difference(obj, kind)
    if kind == "change" and not before and not after:
        return None
    key = "|".join(str(value) for value in inspect(obj).mapper.primary_key_from_instance(obj))
    return Entry(chain_of(obj), current_act(kind), obj.__tablename__, key, before, after)


def current_act(kind: str) -> str:
    """The named act, else the door that was used ("agencies.edit"), else the kind of change."""
    named = _act.get()
    if named:
        return named
    if has_request_context() and request.endpoint:
        return request.endpoint
    return kind


def chain_of(obj: Any) -> str:
    """The chain of a row: of its agency, its province, or the system."""
    if isinstance(obj, AgencyOwned):
        return f"agency:{obj.agency_id}"
    if isinstance(obj, Agency):
        return f"agency:{obj.id}"
    if isinstance(obj, ProvinceOwned) or (isinstance(obj, KeptByProvince) and hasattr(obj, "province_id")):
        return f"province:{obj.province_id}"
    if isinstance(obj, AtADesk):
        return "system" if obj.desk == DLA_DESK else obj.desk
    return "system"


def _difference(obj: Any, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(obj)
    for column in state.mapper.column_attrs:
        name = column.key
        if name in obj.__unaudited__ or name == "version":
            continue
        history = state.attrs[name].history
        if kind == "create":
            _put(after, name, getattr(obj, name), obj)
        elif kind == "delete":
            if name in state.dict:
                _put(before, name, state.dict[name], obj)
        elif history.has_changes():
            before[name] = _shown(name, history.deleted[0] if history.deleted else None, obj)
            after[name] = _shown(name, history.added[0] if history.added else None, obj)
    return before, after


def _put(target: dict[str, Any], name: str, value: Any, obj: Any) -> None:
    if value is not None and value != "":
        target[name] = _shown(name, value, obj)


def _shown(name: str, value: Any, obj: Any) -> Any:
    if value is None:
        return None
    return MASK if name in obj.__masked__ else _plain(value)


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, enum.Enum | Coded):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value
