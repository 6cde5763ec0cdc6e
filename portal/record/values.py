"""What the record holds of a row's columns: in words for readers, and as the columns took it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum, inspect, select

from models.account import Account
from models.agency import Agency
from models.assessor import AssessorBody
from models.base import Base
from models.kinds import Coded, CodedColumn
from models.participation import Participation
from models.place import District, Province
from models.thai import thai_date_short, thai_datetime_short
from portal.core.audit import MASK
from portal.core.database.session import db
from portal.core.texts import _, label_of

#: rows that are named where another row refers to them, if the reader may see them
NAMED: tuple[type[Any], ...] = (Account, Agency, AssessorBody, District, Participation, Province)
_NAMED = {model.__tablename__: model for model in NAMED}
NOTHING = "–"

Names = Mapping[tuple[str, Any], str]


def stored(model: type[Base], name: str, value: Any) -> Any:
    """A value of the record as the column takes it. Raises ValueError for one that no longer fits."""
    column = _column(model, name)
    if value is None or value == MASK:
        return value
    if isinstance(column.type, Enum) and column.type.enum_class:
        return column.type.enum_class(value)
    if isinstance(column.type, CodedColumn):
        return column.type.values(value)
    kind = column.type.python_type
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value


def names_in(pairs: Iterable[tuple[type[Base], Mapping[str, Any]]]) -> dict[tuple[str, Any], str]:
    """The names of all rows that values refer to, one query for each kind of row."""
    wanted: dict[str, set[Any]] = {}
    for model, values in pairs:
        for name, value in values.items():
            table = _refers_to(model, name)
            if value is not None and table in _NAMED:
                wanted.setdefault(table, set()).add(value)
    found: dict[tuple[str, Any], str] = {}
    for table, keys in wanted.items():
        rows = db.session.scalars(select(_NAMED[table]).where(_NAMED[table].id.in_(keys)))
        found.update({(table, row.id): str(row) for row in rows.unique()})
    return found


def words(model: type[Base], name: str, value: Any, names: Names) -> str:
    """A value of the record in words; what is masked or refers to a row out of reach is said so."""
    if value is None or value == "":
        return NOTHING
    if value == MASK:
        return _("(not shown)")
    table = _refers_to(model, name)
    if table:
        return names.get((table, value)) or _("no. %(number)s", number=value)
    try:
        value = stored(model, name, value)
    except (ValueError, TypeError, KeyError):
        return str(value)  # an older release knew it
    return next((say(value) for kind, say in _SAID if isinstance(value, kind)), str(value))


def _column(model: type[Base], name: str) -> Any:
    return inspect(model).column_attrs[name].columns[0]


def _refers_to(model: type[Base], name: str) -> str:
    if name not in inspect(model).column_attrs:
        return ""
    column = _column(model, name)
    if isinstance(column.type, CodedColumn):
        return ""
    return next((key.column.table.name for key in column.foreign_keys), "")


#: in this order: a datetime is a date
_SAID: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: _("Yes") if value else _("No")),
    (enum.Enum, label_of),
    (Coded, label_of),
    (datetime, thai_datetime_short),
    (date, thai_date_short),
    (int, lambda value: f"{value:,}"),
)
