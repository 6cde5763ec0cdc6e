"""Forms of who chases: a note of how an agency was reached, and a rule by which reminders go out."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from models.chasing import Reached
from models.participation import LONGEST_REASON
from models.reminder import FARTHEST
from models.round import Stage
from portal.chasing.lacks import CHASED
from portal.chasing.notes import LONGEST
from portal.core.forms import ThaiDateField
from portal.core.stages import STAGE_NAMES
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


class RuleForm(FlaskForm):
    """A rule of reminders: how many days before the end of which stage."""

    stage = SelectField(lazy("Stage"))
    days = IntegerField(
        lazy("Days before the last day"),
        [
            InputRequired(lazy("Write how many days before the last day")),
            NumberRange(0, FARTHEST, lazy("Write a number of days from 0 to 60")),
        ],
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stage.choices = [(stage.value, str(STAGE_NAMES[stage])) for stage in CHASED]

    @property
    def of(self) -> Stage:
        """The stage, of a valid form."""
        return Stage(self.stage.data)


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
