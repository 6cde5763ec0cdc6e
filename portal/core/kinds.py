"""Kinds and sizes of agencies as the database has them now.

They are asked anew by each request (and by each job) that shows or chooses one, in one small query for each
of the two tables: a kind that an office adds is there in every process at once. Outside of both, what this
process saw last holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.kinds import AGENCY_KINDS, AGENCY_SIZES, KindFacts, KindRow, SizeFacts, SizeRow, Values
from portal.core.database.session import ScopedSession, db, reading, sector_here

_CACHE = "portal.kinds."
#: for each table: its values, its facts
TABLES: dict[Any, tuple[Values[Any, Any], Callable[..., SizeFacts]]] = {
    KindRow: (AGENCY_KINDS, KindFacts),
    SizeRow: (AGENCY_SIZES, SizeFacts),
}


def install() -> None:
    """Let values of kinds and sizes ask the database of the request or job in which they are asked."""
    for model, (values, _facts) in TABLES.items():
        values.known.source = _source(model)
        values.known.sector = _sector


def _sector() -> int | None:
    return sector_here() if has_app_context() else None


def _source(model: Any) -> Callable[[], Mapping[str, SizeFacts]]:
    known = TABLES[model][0].known

    def source() -> Mapping[str, SizeFacts]:
        if not has_app_context():
            return known.last
        kept = request.environ if has_request_context() else vars(g)
        name = f"{_CACHE}{model.__tablename__}"
        if name not in kept:
            kept[name] = known.last = _asked(model)
        found: Mapping[str, SizeFacts] = kept[name]
        return found

    return source


def _asked(model: Any) -> dict[str, SizeFacts]:
    """By the session under way; where it is none, or cannot be asked, by one that only reads."""
    session = db.session()
    if session.in_transaction() and session.is_active:
        return facts_in(session, model)
    with reading(), ScopedSession(db) as own:
        return facts_in(own, model)


def facts_in(session: Session, model: Any) -> dict[str, SizeFacts]:
    """The rows of one of the tables by their codes, in their order; one query."""
    make = TABLES[model][1]
    names = list(make.__dataclass_fields__)  # type: ignore[attr-defined]
    columns: list[InstrumentedAttribute[Any]] = [getattr(model, name) for name in names]
    query = select(model).order_by(model.position, model.id).with_only_columns(model.code, *columns)
    with session.no_autoflush:
        rows = session.execute(query).all()
    return {code: make(**_frozen(zip(names, facts, strict=True))) for code, *facts in rows}


def _frozen(facts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts}


def _forget(mapper: Any, _connection: Any, _row: Any) -> None:
    """What was written in this request or job is asked anew."""
    if has_app_context():
        kept = request.environ if has_request_context() else vars(g)
        kept.pop(f"{_CACHE}{inspect(mapper).local_table.name}", None)


for _model in TABLES:
    for _moment in ("after_insert", "after_update", "after_delete"):
        event.listen(_model, _moment, _forget)
