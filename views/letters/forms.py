"""Forms of the letters room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from models.thai import arabic_digits, local_day
from portal.core import clock
from portal.core.forms import ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import lazy
from portal.letters.orders import LetterOrder
from reports.letter_data import TYPEFACES
from reports.pictures import PictureFault, fault_of
from reports.wording import MOST_URGENT

URGENCIES = (MOST_URGENT, "ด่วนมาก", "ด่วน", "")
FAULTS = {
    PictureFault.NO_PNG: lazy("The emblem must be a PNG picture"),
    PictureFault.TOO_MANY_BYTES: lazy("The picture has more than 200 KB: make it smaller"),
    PictureFault.TOO_MANY_PIXELS: lazy("The picture has more than 1,500 pixels on a side: make it smaller"),
    PictureFault.DAMAGED: lazy("The picture is damaged: save it as PNG once more"),
}


class OrderForm(FlaskForm):
    """What every letter asks for."""

    number = StringField(
        lazy("Number of the letter"), [InputRequired(lazy("Enter the number of the letter")), Length(max=60)]
    )
    dated = ThaiDateField(lazy("Date of the letter"), [InputRequired(lazy("Enter the date of the letter"))])
    urgency = SelectField(lazy("Urgency"), choices=[(value, value or "–") for value in URGENCIES])
    references = TextAreaField(lazy("References, one a line"), [Optional(), Length(max=2000)])

    def order(self) -> LetterOrder:
        """The order as it was entered."""
        lines = (line.strip() for line in arabic_digits(self.references.data or "").splitlines())
        return LetterOrder(
            number=arabic_digits(self.number.data or "").strip(),
            dated=self.dated.data or local_day(clock.now()),
            references=tuple(line for line in lines if line),
            urgency=self.urgency.data or "",
            province_ids=self.chosen_provinces(),
        )

    def chosen_provinces(self) -> tuple[int, ...] | None:
        """Which provinces the letter goes to; None for all."""
        return None


class CircularForm(OrderForm):
    """DLA's circular."""

    province = SelectField(lazy("To the governor of"))

    def chosen_provinces(self) -> tuple[int, ...] | None:
        """The chosen province, or all."""
        return (int(self.province.data),) if self.province.data else None


class NaccForm(OrderForm):
    """NACC's letter to DLA."""


class SummaryForm(FlaskForm):
    """The names under a province's summary."""

    prepared_by = StringField(lazy("Prepared by"), [Optional(), Length(max=120)])
    checked_by = StringField(lazy("Checked by"), [Optional(), Length(max=120)])


class OfficeForm(VersionedForm):
    """What an office puts on its letters."""

    name = StringField(lazy("Name of the office"), [Length(max=160)])
    address = TextAreaField(lazy("Address"), [Length(max=400)])
    number_prefix = StringField(lazy("Number prefix"), [Length(max=60)])
    signatory_name = StringField(lazy("Name of the signatory"), [Length(max=120)])
    signatory_position = TextAreaField(lazy("Position of the signatory"), [Length(max=300)])
    owner_division = StringField(lazy("Division that owns the matter"), [Length(max=160)])
    phone = StringField(lazy("Telephone"), [Length(max=60)])
    fax = StringField(lazy("Fax"), [Length(max=60)])
    coordinator = StringField(lazy("Coordinator"), [Length(max=160)])
    typeface = SelectField(
        lazy("Font"),
        choices=[
            (name, face.family if name else lazy("The portal's own font")) for name, face in TYPEFACES.items()
        ],
    )
    emblem = FileField(lazy("Emblem (PNG)"), [Optional()])

    def demand(self, names: Iterable[str]) -> None:
        """Make these fields required."""
        for name in names:
            self[name].validators = [InputRequired(lazy("Fill in this field")), *self[name].validators]

    def validate_emblem(self, field: Any) -> None:
        """A PNG that fits on a letter. Raises ValidationError."""
        if not field.data:
            return
        content = field.data.read()
        field.data.seek(0)
        fault = fault_of(content)
        if fault is not None:
            raise ValidationError(FAULTS[fault])
