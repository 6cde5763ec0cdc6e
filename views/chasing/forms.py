"""The form of a note: how an agency was reached, what it promised, and whatever is worth knowing."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.chasing import Reached
from portal.chasing.notes import LONGEST
from portal.core.forms import ThaiDateField
from portal.core.texts import lazy
from views.chasing.words import REACHED


class NoteForm(FlaskForm):
    """A note of a late agency."""

    reached = RadioField(
        lazy("How was it reached"),
        [InputRequired(lazy("Choose how the agency was reached"))],
        choices=[(one.value, words) for one, words in REACHED.items()],
    )
    promised_until = ThaiDateField(lazy("Promised by"))
    text = TextAreaField(lazy("Note"), [Length(max=LONGEST)])

    @property
    def how(self) -> Reached:
        """How it was reached, of a valid form."""
        return Reached(self.reached.data)
