"""Descriptive fields of agencies and accounts: what there is, how a value is read, kept, compared and shown.

Definitions are asked anew by each request (and by each job), in one small query: a field that an office adds
is there in every process at once. A value is kept under its field's key in the row's JSON column: a text, a
number, a day as 2018-11-09, a choice by its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g, has_app_context, has_request_context, request
from sqlalchemy import ColumnElement, Numeric, String, case, cast, false, literal_column, or_, select
from sqlalchemy.orm import Session

from models import citizen_id
from models.account import Account
from models.agency import Agency
from models.descriptive import KEY, DescriptiveField, FieldKind, FieldOwner
from models.phones import AS_TYPED, read_phone
from models.phones import shown as phone_shown
from models.search import Word
from models.thai import arabic_digits, one_line, thai_date_short
from portal.core.database.session import db
from portal.core.errors import Refused, Stale
from portal.core.forms import plain_number, read_date
from portal.core.imports.headings import normal
from portal.core.outside import is_web_site
from portal.core.search import spellings

#: what stands before a key where a field is named beside columns of the table
PREFIX = "described_"
#: the column itself
DESCRIBED = "described"
LONGEST = {FieldKind.TEXT: 300, FieldKind.PHONE: 120, FieldKind.WEB: 300}
#: a number is at most so large, and has at most four digits behind the point
LARGEST = 10**12 - 1
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d{1,4})?")
#: thirteen digits, however they are parted
_THIRTEEN = re.compile(r"(?<!\d)[1-8](?:[\s.-]?\d){12}(?!\d)")
#: behind a day that comes out of a workbook
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?$")
_CACHE = "portal.described"
MODELS: dict[FieldOwner, Any] = {FieldOwner.AGENCY: Agency, FieldOwner.ACCOUNT: Account}


@dataclass(frozen=True)
class Choice:
    """One choice of a field; one that is out of use stays with the rows that hold it."""

    code: str
    label: str
    active: bool = True


@dataclass(frozen=True)
class Field:
    """A descriptive field, as it was when it was asked for."""

    id: int
    owner: FieldOwner
    key: str
    label: str
    kind: FieldKind
    choices: tuple[Choice, ...]
    required: bool
    in_list: bool
    active: bool

    @property
    def name(self) -> str:
        """What it is called among the columns of a list, a form or a file."""
        return f"{PREFIX}{self.key}"

    def choice(self, code: object) -> Choice | None:
        """The choice of a code, None where there is none."""
        return next((choice for choice in self.choices if choice.code == code), None)


def fields_of(owner: FieldOwner) -> tuple[Field, ...]:
    """The fields in use, in their order; asked once in a request or a job."""
    if not has_app_context():
        return ()
    kept = request.environ if has_request_context() else vars(g)
    if _CACHE not in kept:
        kept[_CACHE] = every_field(db.session())
    return tuple(field for field in kept[_CACHE] if field.owner is owner and field.active)


def every_field(session: Session) -> tuple[Field, ...]:
    """Every field that there is, in or out of use, asked now."""
    query = select(DescriptiveField).order_by(DescriptiveField.position, DescriptiveField.id)
    columns = query.with_only_columns(
        DescriptiveField.id, DescriptiveField.owner, DescriptiveField.key, DescriptiveField.label,
        DescriptiveField.kind, DescriptiveField.choices, DescriptiveField.required,
        DescriptiveField.in_list, DescriptiveField.active,
    )  # fmt: skip
    return tuple(
        Field(id, owner, key, label, kind, tuple(Choice(**one) for one in choices), *flags)
        for id, owner, key, label, kind, choices, *flags in session.execute(columns)
    )


def in_use(session: Session, owner: FieldOwner) -> tuple[Field, ...]:
    """The fields in use, asked now."""
    return tuple(field for field in every_field(session) if field.owner is owner and field.active)


def hold(session: Session, owner: FieldOwner, seen: Iterable[Field] | None = None) -> tuple[Field, ...]:
    """The fields in use, held until the transaction ends: none changes its kind or goes while one writes.

    Raises Stale where ``seen`` (what a form was made of) is not what there is.
    """
    rows = select(DescriptiveField).where(DescriptiveField.owner == owner).order_by(DescriptiveField.id)
    session.execute(rows.with_only_columns(DescriptiveField.id).with_for_update(read=True)).all()
    now = in_use(session, owner)
    if seen is not None and {one.name: one.kind for one in seen} != {one.name: one.kind for one in now}:
        raise Stale
    return now


# -- values ------------------------------------------------------------------------------------------------


def read_value(field: Field, typed: str, held: Any = None) -> Any:
    """What is kept of a typed text: None where there is nothing.

    ``held`` is what the row holds now: a choice out of use may stay, and is not chosen anew. Raises Refused.
    """
    text = one_line(typed)
    if not text:
        return None
    most = LONGEST.get(field.kind)
    if most and len(text) > most:
        raise Refused("At most %(longest)s characters fit here", longest=most)
    if _holds_id(field.kind, text):
        raise Refused("A number of 13 digits stands here: take the citizen ID out")
    return _READ[field.kind](field, text, held)


def _holds_id(kind: FieldKind, text: str) -> bool:
    """Any number of that length in a text; elsewhere one that is a citizen ID for sure."""
    match = _THIRTEEN.search(arabic_digits(text))
    if match is None or kind is FieldKind.TEXT:
        return match is not None
    try:
        citizen_id.check(match[0], first_digits="12345678")
    except citizen_id.InvalidCitizenId:
        return False
    return True


def _number(_field: Field, text: str, _held: Any) -> int | float:
    plain = plain_number(text)
    if not _NUMBER.fullmatch(plain):
        raise Refused("Write a number, with at most four digits behind the point")
    number = Decimal(plain)
    if abs(number) > LARGEST:
        raise Refused("This number is too large")
    return int(number) if number == number.to_integral_value() else float(number)


def _date(_field: Field, text: str, _held: Any) -> str:
    try:
        return read_date(_MIDNIGHT.sub("", text)).isoformat()
    except ValueError:
        raise Refused("Write the date as 9 พ.ย. 2561 or 9/11/2561") from None


def _choice(field: Field, text: str, held: Any) -> str:
    """By its code, as a form sends it, or by its label, as a file says it."""
    found = field.choice(text) or next(
        (choice for choice in field.choices if normal(choice.label) == normal(text)), None
    )
    if found is None or not (found.active or found.code == held):
        labels = " · ".join(choice.label for choice in field.choices if choice.active)
        raise Refused("“%(now)s” is none of the choices: %(labels)s", now=text, labels=labels)
    return found.code


def _web(_field: Field, text: str, _held: Any) -> str:
    plain = arabic_digits(text)
    if "://" not in plain and "." in plain:
        plain = f"http://{plain}"
    if not is_web_site(plain):
        raise Refused("Write the web site as https://www.example.go.th")
    return plain


def _phone(_field: Field, text: str, _held: Any) -> str:
    phone = read_phone(text)
    if phone.remark == AS_TYPED:
        raise Refused("This cannot be read as a telephone number")
    return phone.stored


_READ: Mapping[FieldKind, Callable[[Field, str, Any], Any]] = {
    FieldKind.TEXT: lambda _field, text, _held: text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.WEB: _web,
    FieldKind.PHONE: _phone,
}


def value_of(row: Any, field: Field) -> Any:
    """What a row holds of a field, as it is kept."""
    return (row.described or {}).get(field.key)


def put(row: Any, field: Field, value: Any) -> None:
    """Let a row hold a value as it is kept; None: nothing. What it holds of other fields stays."""
    row.described = merged(row.described, {field.key: value})


def merged(described: Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the column holds with these values, by key; None where that is nothing."""
    both = {**(described or {}), **values}
    return {key: value for key, value in both.items() if value is not None} or None


def as_python(field: Field, value: Any) -> Any:
    """A kept value for a cell or a file: a number, a day, or its words."""
    if value is None:
        return None
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(value)
    if field.kind is FieldKind.CHOICE:
        choice = field.choice(value)
        return choice.label if choice else value
    return phone_shown(value) if field.kind is FieldKind.PHONE else value


def words(field: Field, value: Any) -> str:
    """A kept value as people read it; "" for nothing."""
    plain = as_python(field, value)
    if plain is None:
        return ""
    if isinstance(plain, date):
        return thai_date_short(plain)
    return number_words(plain) if isinstance(plain, int | float) else str(plain)


def words_then(field: Field, value: Any) -> str:
    """As ``words``, of a value in the record: the field may have been of another kind then."""
    try:
        return words(field, value)
    except (ValueError, TypeError, AttributeError):
        return str(value)


def number_words(number: int | float) -> str:
    """A number with the commas of thousands and no more digits than it has."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.4f}".rstrip("0")


# -- statements --------------------------------------------------------------------------------------------


def expression(field: Field) -> ColumnElement[Any]:
    """A field in SQL: text, or a number of a field of numbers. ``index-field`` indexes the same words."""
    text = as_text(field.owner, field.key)
    return cast(text, Numeric) if field.kind is FieldKind.NUMBER else text


def as_text(owner: FieldOwner, key: str) -> ColumnElement[Any]:
    """What a row holds under a key, as text on both databases. Raises ValueError for what is no key."""
    if not KEY.fullmatch(key):
        raise ValueError(key)
    text: ColumnElement[Any] = MODELS[owner].described.op("->>", return_type=String())(
        literal_column(f"'{key}'")
    )
    return text


def order(field: Field, *, desc: bool) -> ColumnElement[Any]:
    """By which a list is sorted: choices in their own order; rows that hold nothing come last."""
    key = expression(field)
    if field.kind is FieldKind.CHOICE and field.choices:
        key = case({choice.code: place for place, choice in enumerate(field.choices)}, value=key)
    return key.desc().nulls_last() if desc else key.asc().nulls_last()


def holding(owner: FieldOwner, word: Word) -> Iterator[ColumnElement[bool]]:
    """Conditions under which a searched word finds a row by what its fields hold."""
    for field in fields_of(owner):
        key = expression(field)
        if field.kind is FieldKind.CHOICE:
            typed = word.typed.casefold()
            codes = [one.code for one in field.choices if typed in one.label.casefold()]
            yield key.in_(codes) if codes else false()
        elif field.kind is FieldKind.PHONE:
            yield key.contains(word.key, autoescape=True) if word.key else false()
        elif field.kind in (FieldKind.TEXT, FieldKind.WEB):
            yield or_(*(key.icontains(spelling, autoescape=True) for spelling in spellings(word)))


# -- the record --------------------------------------------------------------------------------------------


def changes_in_words(
    owner: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[tuple[str, str, str]]:
    """What an event says of descriptive fields, in use or not: label, before and after."""
    if not before and not after:
        return []
    known = {(one.owner.value, one.key): one for one in every_field(db.session())}
    old, new = before or {}, after or {}
    changed = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    return [
        (field.label, words_then(field, old.get(key)), words_then(field, new.get(key)))
        if (field := known.get((owner, key)))
        else (key, str(old.get(key, "")), str(new.get(key, "")))
        for key in changed
    ]
