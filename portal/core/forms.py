"""What forms of both doors share: WTForms' words in Thai, and dates and numbers as people here write them.

A number is a text field with digits of both kinds: a browser's own number field swallows Thai digits.
A date is typed and shown as "9 พ.ย. 2561" (or 9/11/2561), a moment as "9 พ.ย. 2561 08:30"; years of the
Buddhist era, digits of both kinds. A browser's own date field would show the Gregorian year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Domain
from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    FieldList,
    FloatField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from models import thai
from models.account import USERNAME_LETTERS
from models.zone import BANGKOK
from portal.core import bounds
from portal.core.database.session import db
from portal.core.errors import Closed, UserError
from portal.core.sent import unsent
from portal.core.texts import FOLDER, _, lazy

_NUMBERS = re.compile(r"^(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORDS = re.compile(r"^(\d{1,2})\s*(?:เดือน\s*)?([ก-๙.]+?)\s*(?:พ\.ศ\.\s*)?(\d{4})$")
_TIME = re.compile(r"^(.*?)[\s,]*(?:เวลา\s*)?(\d{1,2})[:.](\d{2})\s*(?:น\.?)?$")
#: a year below this one is of the Gregorian calendar, as spreadsheets and phones write it
_FIRST_BUDDHIST_YEAR = 2400
#: years that a date of this portal may lie in; 3104 is 2561 counted up twice
YEARS = range(2443, 2701)
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")


class _Words:
    """WTForms' own messages from our catalogue (there is none for Thai in its package)."""

    def __init__(self, folder: Path) -> None:
        self._domain = Domain(str(folder), domain="wtforms")

    def gettext(self, string: str) -> str:
        return str(self._domain.get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(self._domain.get_translations().ungettext(singular, plural, n))


WORDS = _Words(FOLDER / "wtforms")


def init_app(app: Flask) -> None:
    """Let every Flask-WTF form speak and read Thai: its Meta has no setting for either."""
    FlaskForm.Meta.get_translations = lambda _meta, _form: WORDS
    FlaskForm.Meta.bind_field = bind_field
    FlaskForm.Meta.wrap_formdata = _sent_or_typed
    app.jinja_env.globals["wrong_fields"] = wrong_fields


def bind_field(_meta: Any, form: Any, unbound: UnboundField[Any], options: dict[str, Any]) -> Any:
    """A form's field as its Meta makes it: bounded, numbers take Thai digits, names no spaces at the ends."""
    kind = _NUMBER_FIELDS.get(unbound.field_class)
    if kind is not None:
        unbound = UnboundField(kind, *unbound.args, name=unbound.name, **unbound.kwargs)
    field = bounds.bound(unbound.bind(form=form, **options))
    if isinstance(field, StringField) and not isinstance(field, PasswordField):
        field.filters = (*field.filters, partial(_as_typed, field))
    return field


def _as_typed(field: Any, text: Any) -> Any:
    """A name has no spaces at its ends; where there is nothing but spaces, nothing was typed."""
    if not isinstance(text, str):
        return text
    if field.raw_data and not text.strip():
        field.raw_data = [""]  # what ``InputRequired`` asks
    return text if isinstance(field, TextAreaField) else thai.one_line(text)


_sent: Any = FlaskForm.Meta.wrap_formdata


def _sent_or_typed(meta: Any, form: Any, formdata: Any) -> Any:
    """What was sent with this request; on a page that is made again, what was typed before."""
    typed_before = unsent.fill(form)
    sent = _sent(meta, form, formdata)
    return typed_before if sent is None and formdata is not None else sent


def wrong_fields(form: Any, row: int = 0) -> Iterator[tuple[Any, int]]:
    """The fields of a form that have to be mended, also those inside lists, with the number of their row."""
    for field in form:
        if isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, 1):
                yield from wrong_fields(entry.form, number)
        elif field.errors:
            yield field, row


def say(form: Any, error: UserError, *, otherwise: str = "") -> None:
    """Put a refusal at the field that it is about, else at ``otherwise``, else at the head of the form.

    Where the database itself refused, the unit of work is thrown away first: the page asks it again.
    """
    if not db.session.is_active:
        db.session.rollback()
    if isinstance(error, Closed):  # the page may come without its form
        unsent.show_again("refused", error.message)
    field = form._fields.get(error.field or otherwise)
    if field is None or isinstance(field, FieldList):  # a list shows the faults of its rows only
        form.form_errors = [error.message]
    else:
        field.errors = [error.message]


def read_date(text: str) -> date:
    """The day that a person typed. Raises ValueError, in the reader's words, for what is none."""
    plain = thai.arabic_digits(thai.one_line(text))
    if found := _ISO.match(plain):
        return _day(*map(int, found.groups()))
    for pattern, month_of in ((_NUMBERS, int), (_WORDS, _month)):
        if found := pattern.match(plain):
            day, month, year = found.groups()
            return _day(int(year), month_of(month), int(day))
    raise ValueError(_("Write the date as 9 พ.ย. 2561 or 9/11/2561"))


def day_asked_for(typed: str) -> date | None:
    """A day that a list is narrowed to, as it was typed; what is none narrows nothing."""
    try:
        return read_date(typed) if typed.strip() else None
    except ValueError:
        return None


def read_moment(text: str) -> datetime:
    """The moment (Bangkok) that a person typed. Raises ValueError, in the reader's words, for what is none.

    24:00 is the end of that day.
    """
    plain = thai.arabic_digits(thai.one_line(text))
    match = _TIME.match(plain)
    if not match:
        raise ValueError(_("Write date and time as 9 พ.ย. 2561 08:30"))
    day, hour, minute = read_date(match[1]), int(match[2]), int(match[3])
    if (hour, minute) == (24, 0):
        return datetime(day.year, day.month, day.day, tzinfo=BANGKOK) + timedelta(days=1)
    if hour > 23 or minute > 59:
        raise ValueError(_("The time lies between 00:00 and 24:00"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BANGKOK)


def plain_number(text: str) -> str:
    """A typed number with the digits of computers, without the commas of thousands."""
    plain = thai.arabic_digits(thai.one_line(text))
    return plain.replace(",", "") if _THOUSANDS.match(plain) else plain


def _month(name: str) -> int:
    for number, (long, short) in enumerate(zip(thai.MONTHS, thai.MONTHS_SHORT, strict=True), 1):
        if name in {long, short} or name.replace(".", "") == short.replace(".", ""):
            return number
    raise ValueError(_("%(name)s is not a month", name=name))


def _day(year: int, month: int, day: int) -> date:
    buddhist = year if year >= _FIRST_BUDDHIST_YEAR else year + thai.BUDDHIST_ERA
    if buddhist not in YEARS:
        raise ValueError(
            _("The year lies between %(first)s and %(last)s", first=YEARS.start, last=YEARS.stop - 1)
        )
    try:
        return date(buddhist - thai.BUDDHIST_ERA, month, day)
    except ValueError:
        raise ValueError(_("There is no such day in the calendar")) from None


class _TypedField(StringField):
    """A text that means something: what was typed stays until it can be read."""

    read: Any
    show: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.show(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.read(valuelist[0])


class CheckboxListField(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThaiDateField(_TypedField):
    """A day; ``data`` is a date or None."""

    read = staticmethod(read_date)
    show = staticmethod(thai.thai_date_short)


class ThaiMomentField(_TypedField):
    """A moment in Bangkok; ``data`` is an aware datetime or None."""

    read = staticmethod(read_moment)
    show = staticmethod(lambda moment: f"{thai.thai_date_short(moment)} {thai.thai_time(moment)[:5]}")


#: what an e-mail address and a user name have to look like
AN_EMAIL = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=lazy("Write the address as name@example.go.th"))
A_USERNAME = (
    InputRequired(lazy("Enter the user name")),
    Length(3, 80, lazy("A user name has 3 to 80 characters")),
    Regexp(USERNAME_LETTERS, message=lazy("Latin letters, digits and . _ - @ only")),
)


class DigitsField(StringField):
    """A code, a user name or a telephone number: a text whose digits are those of computers."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([thai.arabic_digits(value) for value in valuelist])


class _Number(TextInput):
    """A text in which a phone offers its digits."""

    def __init__(self, inputmode: str) -> None:
        super().__init__()
        self.inputmode = inputmode

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("inputmode", self.inputmode)
        kwargs.setdefault("autocomplete", "off")
        return super().__call__(field, **kwargs)


class WholeNumberField(IntegerField):
    """A whole number, in digits of both kinds."""

    widget = _Number("numeric")

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain_number(value) for value in valuelist])


class NumberField(DecimalField):
    """A decimal number, in digits of both kinds."""

    widget = _Number("decimal")

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain_number(value) for value in valuelist])


class FractionField(FloatField):
    """A number of the machine's own precision, in digits of both kinds."""

    widget = _Number("decimal")

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([plain_number(value) for value in valuelist])


_NUMBER_FIELDS: dict[type[Any], type[Any]] = {
    IntegerField: WholeNumberField,
    DecimalField: NumberField,
    FloatField: FractionField,
}
