"""Descriptive fields in files that are read in: a column that is headed by a field's label is its.

A column that is absent and a cell that is empty change nothing. Fields are named as in lists (``Field.name``)
beside the table's own columns, and their values are as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models.descriptive import FieldOwner
from portal.core.described import MODELS, PREFIX, Field, merged, read_value
from portal.core.errors import Refused
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row

#: how people write that there is nothing
_NONE = frozenset({"-", "–", "—"})
#: ids of one query
_PORTION = 500
Values = Mapping[str, Any]


def headings(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    """The columns that a file may have for these fields."""
    return {field.name: (field.label,) for field in fields}


def read_cells(row: Row, fields: Iterable[Field]) -> tuple[dict[str, Any], list[Wrong]]:
    """What a row says of these fields, and what of it cannot be."""
    values: dict[str, Any] = {}
    wrongs: list[Wrong] = []
    for field in fields:
        typed = row[field.name].strip()
        if not typed or typed in _NONE:
            continue
        try:
            values[field.name] = read_value(field, typed)
        except Refused as refused:
            wrongs.append(Wrong(field.name, refused.message_id, refused.values))
    return values, wrongs


def changes(held: Values | None, said: Values) -> dict[str, tuple[Any, Any]]:
    """What becomes another by what a row says: before and after, by the names of fields."""
    there = held or {}
    return {
        name: (there.get(key), value)
        for name, value in said.items()
        if there.get(key := name.removeprefix(PREFIX)) != value
    }


def apart(values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of what is named together: what is not of descriptive fields, and what is, by their keys."""
    other = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    return other, {name.removeprefix(PREFIX): value for name, value in values.items() if name not in other}


def write(session: Session, owner: FieldOwner, rows: Iterable[tuple[int, Values]]) -> None:
    """Give rows, by their ids, the values that are named so; what they hold of other fields stays.

    Without a new version where the caller gives one.
    """
    given = {key: values for key, named in rows if (values := apart(named)[1])}
    if not given:
        return
    model = MODELS[owner]
    there = {key: held for some in _portions(list(given)) for key, held in _held(session, model, some)}
    statement = (
        update(model)
        .where(model.__table__.c.id == bindparam("of"))
        .values(described=bindparam("new", type_=model.__table__.c.described.type))
    )
    rewritten = [{"of": key, "new": merged(there.get(key), values)} for key, values in given.items()]
    session.connection().execute(statement, rewritten)


def _held(session: Session, model: Any, keys: list[int]) -> Iterator[Any]:
    yield from session.execute(select(model.id, model.described).where(model.id.in_(keys)))


def _portions(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), _PORTION):
        yield keys[start : start + _PORTION]
