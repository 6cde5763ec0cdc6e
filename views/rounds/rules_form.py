"""The form of a draft's rules: grade bands, minimum-sample rows, roster groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from models.round import Round
from portal.core.forms import WORDS, bind_field
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.rounds.desk import Rules
from views.rounds.words import KINDS, SIZES

SPARE_ROWS = 2


class _Row(Form):
    """A row of a list; a row left empty does not count."""

    class Meta(DefaultMeta):
        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            return WORDS


class BandRow(_Row):
    """A grade and its lower bound."""

    grade = StringField(lazy("Grade"), [Length(max=4)])
    lower = DecimalField(
        lazy("From (score)"), [Optional(), NumberRange(0, 100, lazy("A score lies between 0 and 100"))]
    )
    passes = BooleanField(lazy("Passes the assessment"))

    def validate_grade(self, field: Any) -> None:
        """A grade without a bound, or a bound without a grade, is half a row."""
        sent = self.lower.raw_data
        given = bool(sent[0].strip()) if sent else self.lower.data is not None
        if bool(str(field.data or "").strip()) != given:
            raise ValidationError(_("Enter the grade and its lower bound"))


class SampleRow(_Row):
    """Up to so many people: a fixed number of answers or a percentage."""

    instrument = SelectField(
        lazy("Instrument"), choices=[("", "–"), ("iit", "IIT"), ("eit", "EIT")], default=""
    )
    agency_kind = SelectField(lazy("Kind of agency"), choices=[("", lazy("All kinds")), *KINDS], default="")
    agency_size = SelectField(lazy("Size"), choices=[("", lazy("All sizes")), *SIZES], default="")
    upto = IntegerField(lazy("Up to (people)"), [Optional(), NumberRange(1, message=lazy("Enter 1 or more"))])
    fixed = IntegerField(lazy("Answers"), [Optional(), NumberRange(0, message=lazy("Enter 0 or more"))])
    percent = DecimalField(
        lazy("or percent"), [Optional(), NumberRange(0, 100, lazy("A percentage lies between 0 and 100"))]
    )

    def validate_instrument(self, field: Any) -> None:
        """A row says either a number or a percentage, and of which instrument."""
        filled = [one for one in (self.upto, self.fixed, self.percent) if one.data is not None]
        if filled and not field.data:
            raise ValidationError(_("Choose the instrument"))
        if field.data and (self.fixed.data is None) == (self.percent.data is None):
            raise ValidationError(_("Enter either a number of answers or a percentage"))


class GroupRow(_Row):
    """A group of the roster."""

    name = StringField(lazy("Name of the group"), [Length(max=160)])


class RulesForm(VersionedForm):
    """Grade bands, minimum-sample rule and roster groups of a draft."""

    bands = FieldList(FormField(BandRow))
    samples = FieldList(FormField(SampleRow))
    groups = FieldList(FormField(GroupRow))

    @classmethod
    def of(cls, round: Round) -> RulesForm:
        """The form of a round's rules as they are stored, with empty rows to fill, or as they were sent."""
        sent = cls(version=str(round.version))
        if sent.is_submitted():
            return sent
        form = cls(
            version=str(round.version),
            bands=list(round.bands),
            samples=[vars_of(row) for row in round.sample_rules],
            groups=list(round.roster_groups),
        )
        for rows in (form.bands, form.samples, form.groups):
            for _spare in range(SPARE_ROWS):
                rows.append_entry()
        return form

    def rules(self) -> Rules:
        """What was entered, without the empty rows."""
        return Rules(
            tuple(_filled(self.bands, "grade", ("grade", "lower", "passes"))),
            tuple(_filled(self.samples, "instrument", tuple(_SAMPLE))),
            tuple(row["name"] for row in _filled(self.groups, "name", ("name",))),
        )


_SAMPLE = ("instrument", "agency_kind", "agency_size", "upto", "fixed", "percent")


def vars_of(row: Any) -> dict[str, Any]:
    """A stored row of a sample rule as its form's fields take it (an empty text for "all")."""
    return {name: getattr(row, name) if getattr(row, name) is not None else _empty(name) for name in _SAMPLE}


def _empty(name: str) -> Any:
    return "" if name in {"agency_kind", "agency_size"} else None


def _filled(rows: FieldList, needed: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for entry in rows:
        values = {name: entry.form[name].data for name in names}
        if str(values[needed] or "").strip():
            yield {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value
