"""The form of a note: how an agency was reached, what it promised, and whatever is worth knowing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.chasing import Reached
from models.participation import LONGEST_REASON
from portal.chasing.notes import LONGEST
from portal.core.forms import ThaiDateField
from portal.core.texts import label_of, lazy


class NoteForm(FlaskForm):
    """A note of a late agency."""

    reached = RadioField(
        lazy("How was it reached"),
        [InputRequired(lazy("Choose how the agency was reached"))],
    )
    promised_until = ThaiDateField(lazy("Promised by"))
    text = TextAreaField(lazy("Note"), [Length(max=LONGEST)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reached.choices = [(one.value, label_of(one)) for one in Reached]

    @property
    def how(self) -> Reached:
        """How it was reached, of a valid form."""
        return Reached(self.reached.data)


class TakeBackForm(FlaskForm):
    """Why an extension is taken back."""

    reason = TextAreaField(
        lazy("Reason of taking back"),
        [
            InputRequired(lazy("Write the reason: the agency and its province read it")),
            Length(max=LONGEST_REASON),
        ],
    )


class ExtensionForm(FlaskForm):
    """More time for agencies: the new last day, and why."""

    reason = TextAreaField(
        lazy("Reason"),
        [
            InputRequired(lazy("Write the reason: the agency and its province read it")),
            Length(max=LONGEST_REASON),
        ],
    )
    until = ThaiDateField(lazy("New last day"), [InputRequired(lazy("Enter the new last day"))])

    @property
    def day(self) -> date:
        """The new last day, of a valid form."""
        assert self.until.data is not None, "asked of a valid form"
        return self.until.data
