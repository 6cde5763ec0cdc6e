"""Descriptive fields that an office added on screen, in generated lists, forms and files.

A view says ``described_by`` and no more. What there is, is asked per request (portal/core/described.py): in
the properties below the view's own columns and filters come first, and the added ones follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional

from models.descriptive import FieldKind
from models.search import Word
from models.thai import thai_date_short
from portal.core import described
from portal.core.database.session import db
from portal.core.described import Field
from portal.core.errors import Refused
from portal.core.forms import plain_number, read_date
from portal.core.texts import _, lazy
from views.generated.filters import Filter

CELLS = {
    FieldKind.TEXT: "drop",
    FieldKind.NUMBER: "num end drop",
    FieldKind.DATE: "nowrap drop",
    FieldKind.CHOICE: "drop",
    FieldKind.WEB: "drop",
    FieldKind.PHONE: "nowrap drop",
}
HINTS = {
    FieldKind.NUMBER: lazy("A number, with at most four digits behind the point"),
    FieldKind.DATE: lazy("Such as 9 พ.ย. 2561"),
    FieldKind.WEB: lazy("Such as https://www.example.go.th"),
    FieldKind.TEXT: lazy("Describes only: no citizen ID and nothing private of a person"),
}
#: of a filter: rows that hold nothing
NOTHING = "none"


class WithAdded:
    """An attribute of a view that gives what was set, and what is added now."""

    def __init__(self, add: Callable[[Any, Any], Any]) -> None:
        self._add = add

    def __set_name__(self, _view: type[Any], name: str) -> None:
        self._own = f"_own_{name.strip('_')}"

    def __get__(self, view: Any, _kind: Any = None) -> Any:
        if view is None:
            return self
        own = getattr(view, self._own, None)
        return self._add(view, own) if own is not None and fields(view) else own

    def __set__(self, view: Any, own: Any) -> None:
        setattr(view, self._own, own)


def fields(view: Any) -> tuple[Field, ...]:
    """The fields that come to a view now; at start, when nobody asks yet, none."""
    if view.described_by is None or view._starting:
        return ()
    return described.fields_of(view.described_by)


def field_of(view: Any, name: str | None) -> Field | None:
    """The added field that a column's name is about, if it is one."""
    if not name or not name.startswith(described.PREFIX):
        return None
    return next((field for field in fields(view) if field.name == name), None)


def columns(view: Any, own: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The columns of a file or of the page of one row."""
    return [*own, *((field.name, field.label) for field in fields(view))]


def list_columns(view: Any, own: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The columns of the list: added fields of which the office says so."""
    return [*own, *((field.name, field.label) for field in fields(view) if field.in_list)]


def sortable(view: Any, own: dict[str, Any]) -> dict[str, Any]:
    """By what a list can be sorted."""
    return {**own, **{field.name: field.name for field in fields(view)}}


def found(view: Any, word: Word) -> list[ColumnElement[bool]]:
    """Conditions under which a searched word finds a row by its added fields."""
    return list(described.holding(view.described_by, word)) if fields(view) else []


# -- filters -----------------------------------------------------------------------------------------------


def filters(view: Any, own: dict[str, Filter]) -> dict[str, Filter]:
    """What a list can be narrowed by."""
    more = (filter for field in fields(view) for filter in _filters(field))
    return {**own, **{filter.name: filter for filter in more}}


def _filters(field: Field) -> list[Filter]:
    if field.kind is FieldKind.CHOICE:
        return [ChoiceOfField(field)]
    if field.kind in (FieldKind.NUMBER, FieldKind.DATE):
        return [EdgeOfField(field, upto=False), EdgeOfField(field, upto=True)]
    return [TextOfField(field)]


class TextOfField(Filter):
    """Rows whose text, web site or telephone number holds what is typed."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.name, field.label, described.expression(field))
        self.field = field

    def condition(self, value: str) -> ColumnElement[bool]:
        """As it is kept: a telephone number without what parts its digits."""
        if self.field.kind is FieldKind.PHONE:
            value = "".join(letter for letter in plain_number(value) if letter not in " -()")
        return self.column.icontains(value, autoescape=True)


class ChoiceOfField(Filter):
    """Rows of one choice, or those without any."""

    kind = "choice"

    def __init__(self, field: Field) -> None:
        super().__init__(field.name, field.label, described.expression(field))
        self.field = field

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        """The choices in their order, those out of use too: rows may hold them."""
        return [*((one.code, one.label) for one in self.field.choices), (NOTHING, _("not filled in"))]

    def condition(self, value: str) -> ColumnElement[bool]:
        """Raises ValueError for what is no choice."""
        if value == NOTHING:
            return self.column.is_(None)
        if self.field.choice(value) is None:
            raise ValueError(_("This choice is not in the list"))
        return self.column == value

    def words(self, value: str) -> str:
        """The choice's label."""
        choice = self.field.choice(value)
        return choice.label if choice else _("not filled in")


class EdgeOfField(Filter):
    """Rows from a number or a day on, or up to it."""

    def __init__(self, field: Field, *, upto: bool) -> None:
        edge = lazy("%(name)s to", name=field.label) if upto else lazy("%(name)s from", name=field.label)
        super().__init__(f"{field.name}{'.to' if upto else '.from'}", edge, described.expression(field))
        self.field, self.upto = field, upto
        self.kind = "day" if field.kind is FieldKind.DATE else "number"

    def condition(self, value: str) -> ColumnElement[bool]:
        """Raises ValueError for what is no number, or no day."""
        edge = self._edge(value)
        return self.column <= edge if self.upto else self.column >= edge

    def words(self, value: str) -> str:
        """The number or the day."""
        edge = self._edge(value)
        return thai_date_short(read_date(value)) if isinstance(edge, str) else described.number_words(edge)

    def _edge(self, value: str) -> Any:
        if self.field.kind is FieldKind.DATE:
            return read_date(value).isoformat()
        try:
            return described.read_value(self.field, value)
        except Refused as refused:
            raise ValueError(refused.message) from None


# -- forms -------------------------------------------------------------------------------------------------


class _OfField:
    """What both sorts of form fields do: they write into the row's JSON column, never an attribute."""

    field: Field

    def populate_obj(self, row: Any, _name: str) -> None:
        """Let the row hold the value as it is kept."""
        described.put(row, self.field, self.data)  # type: ignore[attr-defined]


class ValueField(_OfField, StringField):
    """A value of a field, typed; ``data`` is the value as it is kept."""

    def __init__(self, label: Any = None, validators: Any = None, *, field: Field, **more: Any) -> None:
        self.field = field
        super().__init__(label, validators, **more)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return described.words(self.field, self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError, in the reader's words, for what cannot be kept."""
        self.data = None
        if valuelist and not valuelist[0].strip():
            self.raw_data = [""]  # what ``InputRequired`` asks
        try:
            self.data = described.read_value(self.field, valuelist[0]) if valuelist else None
        except Refused as refused:
            raise ValueError(refused.message) from None


class ChoiceField(_OfField, SelectField):
    """One choice; one out of use is offered to the row that holds it, and to no other."""

    def __init__(self, label: Any = None, validators: Any = None, *, field: Field, **more: Any) -> None:
        self.field = field
        self.held = more.get("default")
        super().__init__(label, validators, choices=self._offered, coerce=_code, **more)

    def _offered(self) -> list[tuple[str, str]]:
        living = (one for one in self.field.choices if one.active or one.code == self.held)
        return [("", "–"), *((one.code, one.label) for one in living)]


def _code(value: Any) -> str | None:
    return str(value) if value else None


def with_fields(view: Any, kind: type[Any], row: Any) -> type[Any]:
    """The form with a field for each of the view's; ``row`` is what it edits, None for a new one."""
    more = {field.name: _form_field(field, row) for field in fields(view)}
    return type(kind.__name__, (kind,), more) if more else kind


def _form_field(field: Field, row: Any) -> Any:
    held = None if row is None else described.value_of(row, field)
    kind = ChoiceField if field.kind is FieldKind.CHOICE else ValueField
    needed = [InputRequired()] if field.required else [Optional()]
    return kind(
        field.label, needed, field=field, default=held, description=HINTS.get(field.kind, ""), id=field.name
    )


def fields_in(form: Any) -> list[Any]:
    """The form's fields that were added, in their order."""
    return [field for field in form if isinstance(field, _OfField)]


def values_in(form: Any) -> dict[str, Any] | None:
    """What a valid form says of added fields, as a new row holds it."""
    return described.merged(None, {field.field.key: field.data for field in fields_in(form)})


def hold_fields(view: Any, form: Any) -> None:
    """Hold the definitions while a form is saved. Raises Stale where they are others than the form's."""
    if view.described_by is not None:
        described.hold(db.session(), view.described_by, [field.field for field in fields_in(form)])
