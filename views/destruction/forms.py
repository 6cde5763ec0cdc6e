"""The form of a certificate of key destruction: each copy outside the portal, and that it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length

from portal.core.errors import Refused
from portal.core.forms import WORDS, ThaiMomentField, bind_field
from portal.core.texts import _, lazy
from portal.destruction.seen import Seen
from portal.destruction.writing import require_true
from reports.destruction_data import DestroyedCopy

PRIVATE, MARKS = "private", "marks"
#: rows of a new form: the key ceremony makes two copies
FIRST_ROWS = 2
MOST_ROWS = 20


class CopyRow(Form):
    """A copy of a key; a row left empty does not count."""

    class Meta(DefaultMeta):
        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            return WORDS

    key = SelectField(
        lazy("Which key"),
        choices=[
            (PRIVATE, lazy("Private key, which opens the boxes")),
            (MARKS, lazy("Key of the marks")),
        ],
    )
    place = StringField(lazy("Where the copy lay"), [Length(max=200)])
    medium = StringField(lazy("What it lay on"), [Length(max=120)])
    how = StringField(lazy("How it was destroyed"), [Length(max=200)])
    at = ThaiMomentField(lazy("Day and time of the destruction"))
    by = StringField(lazy("Who destroyed it"), [Length(max=120)])
    witness = StringField(lazy("Who saw it"), [Length(max=120)])

    @property
    def written(self) -> tuple[Any, ...]:
        """The fields that are written in."""
        return self.place, self.medium, self.how, self.at, self.by, self.witness

    @property
    def counts(self) -> bool:
        """True where anything was written in."""
        return any(field.data or any(field.raw_data or ()) for field in self.written)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row that counts is complete."""
        valid = super().validate(extra_validators)
        if not self.counts:
            return valid
        for field in self.written:
            if not field.data and not field.errors:
                field.errors = [_("Fill in this field, or empty the whole copy")]
                valid = False
        return valid

    def copy(self) -> DestroyedCopy:
        """What was written in; only of a valid row that counts."""
        assert self.at.data is not None, "else the row is not valid"
        return DestroyedCopy(
            private=self.key.data == PRIVATE,
            place=self.place.data,
            medium=self.medium.data,
            how=self.how.data,
            at=self.at.data,
            by=self.by.data,
            witness=self.witness.data,
        )


class DestructionForm(FlaskForm):
    """The copies that were destroyed, or that there was none; why it is written again; that it is meant."""

    reason = StringField(
        lazy("What was wrong on the certificate before"),
        [InputRequired(lazy("Say what was wrong on the certificate before")), Length(max=300)],
    )
    copies = FieldList(FormField(CopyRow))
    none = BooleanField(lazy("No copy of a key of this round was ever made outside the portal"))
    meant = BooleanField(
        lazy("I compared this with the signed sheet, and know that a written certificate cannot be changed"),
        [InputRequired(lazy("Tick this once you have compared it with the signed sheet"))],
    )

    @classmethod
    def of(cls, before: Sequence[DestroyedCopy] | None) -> DestructionForm:
        """The form as it was sent, else empty or with what the certificate ``before`` says."""
        form = cls()
        if before is None:
            del form.reason
        if form.is_submitted():
            return form
        for copy in before or ():
            form.copies.append_entry({**vars(copy), "key": PRIVATE if copy.private else MARKS})
        form.none.data = before is not None and not before
        while len(form.copies) < (FIRST_ROWS if before is None else 1):
            form.copies.append_entry()
        return form

    def another_copy(self) -> None:
        """One empty copy more, up to the most that a certificate takes."""
        if len(self.copies) < MOST_ROWS:
            self.copies.append_entry()

    def stated(self) -> list[DestroyedCopy]:
        """The copies that were written in."""
        return [entry.form.copy() for entry in self.copies if entry.form.counts]

    def agrees_with(self, seen: Seen) -> bool:
        """Say at its field what cannot be true; True where all can be."""
        agrees = True
        rows = [entry.form for entry in self.copies if entry.form.counts]
        if bool(rows) == bool(self.none.data):
            self.none.errors = [_("Describe each copy that was destroyed, or tick that none was ever made")]
            return False
        for row in rows:
            try:
                require_true(row.copy(), seen)
            except Refused as refused:
                row[refused.field].errors = [refused.message]
                self.copies.errors = [row.errors]
                agrees = False
        return agrees
