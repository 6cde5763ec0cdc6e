"""What a list can be narrowed by: a name in the address, a control on the page, a condition in SQL.

``column_filters`` of a view names columns and relations; ``filters_for`` makes the fitting filter of each. A
filter of one's own is an instance of a subclass of ``Filter``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Enum, select
from sqlalchemy.orm import RelationshipProperty

from models.base import Instant
from models.kinds import Coded, CodedColumn
from models.thai import sort_key
from models.zone import BANGKOK
from portal.core.database.session import db
from portal.core.forms import plain_number, read_date
from portal.core.outside import whole
from portal.core.texts import _, label_of, lazy
from views.generated.fields import Members, key_from
from views.generated.formatters import shown

#: a relation with more rows than this needs a filter of its own (a search, not a list)
MOST_OPTIONS = 1200
PREFIX = "flt_"


class Filter:
    """Base: a text field. ``name`` is what stands in the address after ``flt_``."""

    kind = "text"

    def __init__(self, name: str, label: Any, column: Any = None) -> None:
        self.name = name
        self.label = label
        self.column = column

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        """Value and words of each choice, for filters of kind "choice"."""
        return []

    def every(self, active: Mapping[str, str]) -> str:
        """The words of the choice that narrows nothing."""
        return _("All")

    def condition(self, value: str) -> ColumnElement[bool]:
        """The SQL condition. Raises ValueError, in the reader's words, for a value that says nothing."""
        return self.column.icontains(value, autoescape=True)

    def words(self, value: str) -> str:
        """The value as the chip shows it."""
        return value


class EnumFilter(Filter):
    """One member of an enum."""

    kind = "choice"

    def __init__(self, name: str, label: Any, column: Any, members: Members) -> None:
        super().__init__(name, label, column)
        self.members = members

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(str(member.value), label_of(member)) for member in self.members]

    def condition(self, value: str) -> ColumnElement[bool]:
        return self.column == self._member(value)

    def words(self, value: str) -> str:
        return label_of(self._member(value))

    def _member(self, value: str) -> enum.Enum | Coded:
        for member in self.members:
            if str(member.value) == value:
                return member
        raise ValueError(_("This choice is not in the list"))


class YesNoFilter(Filter):
    """Yes or no."""

    kind = "choice"

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        return [("1", _("Yes")), ("0", _("No"))]

    def condition(self, value: str) -> ColumnElement[bool]:
        if value not in {"0", "1"}:
            raise ValueError(_("This choice is not in the list"))
        return self.column.is_(value == "1")

    def words(self, value: str) -> str:
        return _("Yes") if value == "1" else _("No")


class RelationFilter(Filter):
    """One row that the list's rows point to; the choices are those of the person's scope.

    Of places inside a province (928 districts) the choices come once a province is chosen.
    """

    kind = "choice"

    def __init__(self, name: str, label: Any, relation: Any) -> None:
        super().__init__(name, label, next(iter(relation.property.local_columns)))
        self.remote = relation.property.mapper.class_

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        query = select(self.remote).limit(MOST_OPTIONS)
        if self._waits(active):
            query = query.where(self.remote.id == self._chosen(active))
        elif hasattr(self.remote, "province_id"):
            query = query.where(self.remote.province_id == self._int(active["province"]))
        query = query.order_by(getattr(self.remote, "sort_key", self.remote.id))
        choices = [(str(row.id), str(shown(row))) for row in db.session.scalars(query)]
        return sorted(choices, key=lambda pair: sort_key(pair[1]))

    def condition(self, value: str) -> ColumnElement[bool]:
        return self.column == self._key(value)

    def words(self, value: str) -> str:
        row = db.session.scalar(select(self.remote).where(self.remote.id == self._key(value)))
        if row is None:
            raise ValueError(_("This choice is not in the list"))
        return str(shown(row))

    def every(self, active: Mapping[str, str]) -> str:
        return _("Choose the province first") if self._waits(active) else _("All")

    def _waits(self, active: Mapping[str, str]) -> bool:
        return hasattr(self.remote, "province_id") and whole(active.get("province"), least=1) is None

    def _chosen(self, active: Mapping[str, str]) -> int:
        """What is chosen already stays to be seen (0: nothing)."""
        return self._int(active.get(self.name, ""))

    def _int(self, text: str) -> int:
        return whole(text, least=0) or 0

    def _key(self, value: str) -> int:
        try:
            return key_from(value)
        except ValueError:
            raise ValueError(_("This choice is not in the list")) from None


class DayFilter(Filter):
    """From a day on, or up to the end of a day."""

    kind = "day"

    def __init__(self, name: str, label: Any, column: Any, *, upto: bool) -> None:
        super().__init__(name, label, column)
        self.upto = upto

    def condition(self, value: str) -> ColumnElement[bool]:
        day = read_date(value)
        edge: date = day + timedelta(days=1) if self.upto else day
        if not isinstance(self.column.type, Date):
            edge = datetime(edge.year, edge.month, edge.day, tzinfo=BANGKOK)
        return self.column < edge if self.upto else self.column >= edge

    def words(self, value: str) -> str:
        return str(shown(read_date(value)))


class NumberFilter(Filter):
    """A whole number."""

    kind = "number"

    def condition(self, value: str) -> ColumnElement[bool]:
        number = whole(plain_number(value))
        if number is None:
            raise ValueError(_("Write a whole number"))
        return self.column == number


def filters_for(view: Any, given: Any) -> list[Filter]:
    """The filters of one entry of ``column_filters``. Raises AttributeError for an unknown name."""
    if isinstance(given, Filter):
        return [given]
    attribute = getattr(view.model, given)
    label = view.get_column_name(given)
    if isinstance(attribute.property, RelationshipProperty):
        return [RelationFilter(given, label, attribute)]
    kind = attribute.type
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return [EnumFilter(given, label, attribute, kind.enum_class)]
    if isinstance(kind, CodedColumn):
        return [EnumFilter(given, label, attribute, kind.values)]
    if isinstance(kind, Boolean):
        return [YesNoFilter(given, label, attribute)]
    if isinstance(kind, Instant | Date | DateTime):
        since, upto = lazy("%(name)s from", name=label), lazy("%(name)s to", name=label)
        return [
            DayFilter(f"{given}_from", since, attribute, upto=False),
            DayFilter(f"{given}_to", upto, attribute, upto=True),
        ]
    return [
        NumberFilter(given, label, attribute) if kind.python_type is int else Filter(given, label, attribute)
    ]
