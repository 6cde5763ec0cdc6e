"""The forms of a draft's rules: weights, grades, roster groups, and the minimum sample of one group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AGENCY_SIZES
from models.thai import local_day
from portal.content.year import ContentBand, ContentSampleRow, YearContent
from portal.core.forms import NumberField, ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.register.sizes import SIZES
from portal.rounds.building.edits.rules import Bracket, SampleGroup
from views.rounds.form_rows import SPARE_ROWS, Row
from views.rounds.scale_forms import short

_SURVEYS = [(kind.value, kind.name) for kind in InstrumentKind if kind is not InstrumentKind.OIT]


class WeightsForm(VersionedForm):
    """The weights of the three instruments, which make 100 together."""

    @classmethod
    def of(cls, version: int, content: YearContent) -> WeightsForm:
        """The form of the weights as they are, or as they were sent."""
        return cls(version=str(version), **{one.code: short(one.weight) for one in content.instruments})

    def weights(self) -> dict[str, Decimal]:
        """What was entered, by the codes of the instruments."""
        return {kind.value: self[kind.value].data for kind in InstrumentKind}

    def sum(self) -> Decimal:
        """All that was entered together; what is no number counts nothing."""
        return sum((self[kind.value].data or Decimal(0) for kind in InstrumentKind), Decimal(0))


for _kind in InstrumentKind:
    setattr(
        WeightsForm,
        _kind.value,
        NumberField(
            _kind.name,
            [
                InputRequired(lazy("Fill in this field")),
                NumberRange(0, 100, lazy("Enter 0 to 100")),
            ],
            places=None,
        ),
    )


class MoveWindowsForm(VersionedForm):
    """The day on which the first window is to open; the others keep their distance from it."""

    first_day = ThaiDateField(
        lazy("The first window is to open on"),
        [InputRequired(lazy("Enter the day on which the first window is to open"))],
    )

    @classmethod
    def of(cls, version: int, content: YearContent) -> MoveWindowsForm:
        """The form with the day on which the first window opens now, or as it was sent."""
        opening = min((row.opens_at for row in content.windows), default=None)
        return cls(version=str(version), first_day=local_day(opening) if opening else None)

    def day(self) -> date:
        """The day that was entered, of a form that is valid."""
        assert self.first_day.data is not None, "a day is needed"
        return self.first_day.data


class BandRow(Row):
    """A grade and its lower bound."""

    grade = StringField(lazy("Grade"), [Length(max=4)])
    lower = DecimalField(
        lazy("From (score)"),
        [Optional(), NumberRange(0, 100, lazy("A score lies between 0 and 100"))],
        places=None,
    )
    passes = BooleanField(lazy("Passes the assessment"))

    def validate_grade(self, field: Any) -> None:
        """A grade without a bound, or a bound without a grade, is half a row."""
        sent = self.lower.raw_data
        given = bool(sent[0].strip()) if sent else self.lower.data is not None
        if bool(str(field.data or "").strip()) != given:
            raise ValidationError(_("Enter the grade and its lower bound"))


class BandsForm(VersionedForm):
    """The grades of a draft."""

    bands = FieldList(FormField(BandRow))

    @classmethod
    def of(cls, version: int, content: YearContent) -> BandsForm:
        """The form of the grades as they are, with empty rows to fill, or as they were sent."""
        sent = cls(version=str(version))
        if sent.is_submitted():
            return sent
        rows = [{**vars(row), "lower": short(row.lower)} for row in content.bands]
        return _with_spare(cls(version=str(version), bands=rows), "bands")

    def said(self) -> list[ContentBand]:
        """What was entered, without the empty rows."""
        return [
            ContentBand(str(row.grade.data).strip(), row.lower.data, bool(row.passes.data))
            for row in _filled(self.bands, "grade")
        ]


class GroupRow(Row):
    """A group of the roster, or of the headcount."""

    name = StringField(lazy("Name of the group"), [Length(max=160)])


class GroupsForm(VersionedForm):
    """The groups of the external roster, in their order."""

    groups = FieldList(FormField(GroupRow))

    @classmethod
    def of(cls, version: int, content: YearContent) -> GroupsForm:
        """The form of the groups as they are, with empty rows to fill, or as they were sent."""
        sent = cls(version=str(version))
        if sent.is_submitted():
            return sent
        rows = [{"name": name} for name in cls.stored(content)]
        return _with_spare(cls(version=str(version), groups=rows), "groups")

    @staticmethod
    def stored(content: YearContent) -> tuple[str, ...]:
        """The groups as they are."""
        return content.roster_groups

    def said(self) -> list[str]:
        """What was entered, without the empty rows."""
        return [str(row.name.data).strip() for row in _filled(self.groups, "name")]


class HeadcountGroupsForm(GroupsForm):
    """The groups of the headcount, in their order; without any one number is asked."""

    @staticmethod
    def stored(content: YearContent) -> tuple[str, ...]:
        """The groups as they are."""
        return content.headcount_groups


class BracketRow(Row):
    """Up to so many people: a fixed number of answers or a percentage."""

    upto = IntegerField(lazy("Up to (people)"), [Optional(), NumberRange(1, message=lazy("Enter 1 or more"))])
    fixed = IntegerField(lazy("Answers"), [Optional(), NumberRange(0, message=lazy("Enter 0 or more"))])
    percent = DecimalField(
        lazy("or percent"),
        [Optional(), NumberRange(0, 100, lazy("A percentage lies between 0 and 100"))],
        places=None,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever, and a row says either a number or a percentage: an empty field asks no rule of its own."""
        sound = super().validate(extra_validators)
        said = [one.data is not None for one in (self.fixed, self.percent)]
        if sound and (self.upto.data is not None or any(said)) and sum(said) != 1:
            self.fixed.errors = [_("Enter either a number of answers or a percentage")]
            return False
        return sound


class SampleForm(VersionedForm):
    """The minimum sample of one group of agencies: whom it is for, and its brackets."""

    instrument = SelectField(lazy("Instrument"), choices=_SURVEYS)
    agency_kind = SelectField(lazy("Kind of agency"), default="")
    agency_size = SelectField(lazy("Size"), default="")
    province_size = SelectField(
        lazy("Size of the province"),
        choices=[("", lazy("All sizes")), *((letter, letter) for letter in SIZES)],
        default="",
    )
    brackets = FieldList(FormField(BracketRow))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind, size = self.agency_kind, self.agency_size
        kind.choices = [("", _("All kinds")), *AGENCY_KINDS.choices(kind.data)]
        size.choices = [("", _("All sizes")), *AGENCY_SIZES.choices(size.data)]

    @classmethod
    def of(cls, version: int, group: SampleGroup | None, rows: list[ContentSampleRow]) -> SampleForm:
        """The form of a group's rule, an empty one, or as it was sent."""
        sent = cls(version=str(version))
        if sent.is_submitted():
            return sent
        said = {name: value or "" for name, value in vars(group).items()} if group else {}
        brackets = [{"upto": row.upto, "fixed": row.fixed, "percent": short(row.percent)} for row in rows]
        return _with_spare(cls(version=str(version), brackets=brackets, **said), "brackets")

    def group(self) -> SampleGroup:
        """Whom the rule is for."""
        names = ("agency_kind", "agency_size", "province_size")
        return SampleGroup(self.instrument.data, *(self[name].data or None for name in names))

    def said(self) -> list[Bracket]:
        """The brackets that were entered, without the empty rows."""
        rows = [entry.form for entry in self.brackets]
        return [
            Bracket(row.upto.data, row.fixed.data, row.percent.data)
            for row in rows
            if any(field.data is not None for field in (row.upto, row.fixed, row.percent))
        ]


def _with_spare(form: Any, name: str) -> Any:
    for _spare in range(SPARE_ROWS):
        form[name].append_entry()
    return form


def _filled(rows: FieldList, needed: str) -> Iterator[Any]:
    for entry in rows:
        if str(entry.form[needed].data or "").strip():
            yield entry.form
