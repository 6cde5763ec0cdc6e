"""What answers hold: one declaration from which rows are written and by which they are described."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.kinds import Coded, Values
from portal.core.outside import LARGEST

Schema = dict[str, Any]

KEY: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
YES: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def maybe(kind: Schema) -> Schema:
    """The same, or null."""
    return {**kind, "type": [kind["type"], "null"]}


def one_of(kind: type[enum.Enum]) -> Schema:
    """A value of an enum."""
    return {"type": "string", "enum": [member.value for member in kind]}


@dataclass(frozen=True)
class Code:
    """A code of a table; the description says which there are when it is asked for."""

    values: Values[Any, Any]

    def schema(self) -> Schema:
        """As JSON Schema."""
        return {"type": "string", "enum": [one.code for one in self.values]}


@dataclass(frozen=True)
class Inner:
    """A shape inside another: one, one or null, or a list. ``of`` is asked late: a tree holds itself."""

    of: Callable[[], Shape]
    many: bool = False
    optional: bool = False

    def schema(self) -> Schema:
        """As JSON Schema."""
        one = {"$ref": f"#/components/schemas/{self.of().name}"}
        if self.many:
            return {"type": "array", "items": one}
        return {"anyOf": [one, {"type": "null"}]} if self.optional else one


@dataclass(frozen=True)
class Field:
    """A field: its kind, where its value comes from in the row, and what it says."""

    name: str
    kind: Schema | Inner | Code
    value: Callable[[Any], Any]
    about: str = ""

    def schema(self) -> Schema:
        """As JSON Schema."""
        kind = self.kind.schema() if isinstance(self.kind, Inner | Code) else self.kind
        return {**kind, "description": self.about} if self.about else kind

    def write(self, row: Any) -> Any:
        """The value of a row, as JSON holds it."""
        value = self.value(row)
        if not isinstance(self.kind, Inner):
            return plain(value)
        shape = self.kind.of()
        if self.kind.many:
            return [shape.write(one) for one in value]
        return None if value is None else shape.write(value)


@dataclass(frozen=True)
class Shape:
    """An object of an answer: every field is always there, and no other."""

    name: str
    about: str
    fields: tuple[Field, ...]

    def write(self, row: Any) -> dict[str, Any]:
        """A row as JSON holds it."""
        return {field.name: field.write(row) for field in self.fields}

    def schema(self) -> Schema:
        """As JSON Schema."""
        return {
            "type": "object",
            "description": self.about,
            "properties": {field.name: field.schema() for field in self.fields},
            "required": [field.name for field in self.fields],
            "additionalProperties": False,
        }

    def within(self, seen: set[str] | None = None) -> Iterator[Shape]:
        """This shape and every one inside it, each once."""
        seen = set() if seen is None else seen
        if self.name in seen:
            return
        seen.add(self.name)
        yield self
        for field in self.fields:
            if isinstance(field.kind, Inner):
                yield from field.kind.of().within(seen)


class _Whole(Shape):
    """An object that is written as it is."""

    def write(self, row: Any) -> dict[str, Any]:
        """As it is."""
        return dict(row)

    def schema(self) -> Schema:
        """As JSON Schema."""
        return {"type": "object", "description": self.about}


ANYTHING = _Whole("Anything", "An object that another standard describes", ())


def inner(shape: Shape, *, optional: bool = False) -> Inner:
    """One of a shape."""
    return Inner(lambda: shape, optional=optional)


def many(shape: Shape) -> Inner:
    """A list of a shape."""
    return Inner(lambda: shape, many=True)


def attributes(**kinds: Schema | Inner | Code) -> tuple[Field, ...]:
    """Fields that are called as the row's own attributes."""
    return tuple(Field(name, kind, _reader(name)) for name, kind in kinds.items())


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def through(way: Callable[[Any], Any], fields: Iterable[Field]) -> tuple[Field, ...]:
    """The same fields of a row that is reached from another one."""
    return tuple(Field(one.name, one.kind, _behind(way, one), one.about) for one in fields)


def _behind(way: Callable[[Any], Any], field: Field) -> Callable[[Any], Any]:
    return lambda row: field.value(way(row))


@dataclass(frozen=True)
class Page:
    """Rows of one page of a list; pages count from 1."""

    rows: list[Any]
    page: int
    per_page: int
    found: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where there is none."""
        return max(1, -(-self.found // self.per_page))


def paged(shape: Shape, *more: Field) -> Shape:
    """A page of a shape, with what stands beside all pages."""
    about = f"A page of a list: {shape.about[0].lower()}{shape.about[1:]}"
    fields = (*attributes(page=KEY, per_page=KEY, pages=KEY, found=COUNT), *more)
    return Shape(f"{shape.name}Page", about, (*fields, *attributes(rows=many(shape))))


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, enum.Enum | Coded):
        return value.value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
