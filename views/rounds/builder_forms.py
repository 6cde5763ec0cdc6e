"""The forms of the round builder: one for each thing of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from models.kinds import AGENCY_KINDS
from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentQuestion,
    YearContent,
)
from portal.core.forms import CheckboxListField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from views.rounds.form_rows import SPARE_ROWS, Row
from views.rounds.places import Place
from views.rounds.scale_forms import scale_words

_FILL_IN = lazy("Fill in this field")


def _code(label: Any = None) -> StringField:
    return StringField(
        label or lazy("Code"),
        [Length(max=8)],
        description=lazy("Left empty it becomes the next free one"),
    )


class InstrumentForm(VersionedForm):
    """The name of an instrument."""

    name = StringField(lazy("Name"), [InputRequired(_FILL_IN), Length(max=200)])

    @classmethod
    def of(cls, version: int, one: ContentInstrument) -> InstrumentForm:
        """The form of an instrument as it is, or as it was sent."""
        return cls(version=str(version), name=one.name)


class IndicatorForm(VersionedForm):
    """Code and name of an indicator."""

    code = _code()
    name = StringField(lazy("Name"), [InputRequired(_FILL_IN), Length(max=200)])

    @classmethod
    def of(cls, version: int, one: ContentIndicator | None) -> IndicatorForm:
        """The form of an indicator, an empty one, or as it was sent."""
        said = {"code": one.code, "name": one.name} if one else {}
        return cls(version=str(version), **said)


class LineRow(Row):
    """A scored line of a question."""

    text = StringField(lazy("Text of the line"), [Length(max=4000)])
    scale = SelectField(lazy("Own scale of the line"), default="")


class MoveForm(VersionedForm):
    """Where a thing is to stand: in which indicator, at which place."""

    indicator = SelectField(lazy("Indicator"), validate_choice=False)
    to = IntegerField(
        lazy("Number of the place"),
        [
            InputRequired(lazy("Enter the number of the place")),
            NumberRange(1, 9999, lazy("Enter 1 or more")),
        ],
    )

    @classmethod
    def of(cls, version: int, place: Place, choices: list[tuple[str, str]]) -> MoveForm:
        """The form with the present place; without ``choices`` of indicators it stays in its own."""
        form = cls(version=str(version), indicator=place.indicator, to=place.number)
        form.indicator.choices = choices
        if not choices:
            del form.indicator
        return form

    @property
    def goes_to(self) -> str:
        """The indicator that was chosen; empty where there is no choice."""
        return str(self.indicator.data) if "indicator" in self else ""


class QuestionForm(VersionedForm):
    """Everything that a question says."""

    code = _code(lazy("Question"))
    indicator = SelectField(lazy("Indicator"))
    text = TextAreaField(lazy("Text"), [InputRequired(_FILL_IN), Length(max=4000)])
    note = TextAreaField(lazy("Note for respondents"), [Length(max=4000)])
    scale = SelectField(lazy("Scale"))
    lines = FieldList(FormField(LineRow))

    @classmethod
    def of(
        cls,
        version: int,
        content: YearContent,
        one: ContentInstrument,
        question: ContentQuestion | None,
        indicator: str,
    ) -> QuestionForm:
        """The form of a question, an empty one of an indicator, or as it was sent."""
        scales = [(scale.code, scale_words(scale)) for scale in content.scales]
        sent = cls(version=str(version))
        form = sent if sent.is_submitted() else cls(version=str(version), **_said(question, indicator))
        if not sent.is_submitted():
            for _spare in range(SPARE_ROWS):
                form.lines.append_entry()
        form.indicator.choices = leaves(one)
        form.scale.choices = scales
        for entry in form.lines:
            entry.form.scale.choices = [("", _("as the question")), *scales]
        return form

    def lines_said(self) -> list[tuple[str, str]]:
        """Text and own scale of each line that is filled in."""
        return [
            (entry.form.text.data.strip(), entry.form.scale.data or "")
            for entry in self.lines
            if (entry.form.text.data or "").strip()
        ]


def _said(question: ContentQuestion | None, indicator: str) -> dict[str, Any]:
    if question is None:
        return {"indicator": indicator}
    several = len(question.lines) > 1 or bool(question.lines[0].text)
    lines = [{"text": line.text, "scale": line.scale if line.own_scale else ""} for line in question.lines]
    return {
        "code": question.code,
        "indicator": question.indicator,
        "text": question.text,
        "note": question.note,
        "scale": question.scale,
        "lines": lines if several else [],
    }


class ItemForm(VersionedForm):
    """Everything that an item of the checklist says."""

    code = _code()
    indicator = SelectField(lazy("Indicator"))
    title = StringField(lazy("What is disclosed"), [InputRequired(_FILL_IN), Length(max=300)])
    criterion = TextAreaField(lazy("Criterion"), [Length(max=4000)])
    example = TextAreaField(lazy("Example"), [Length(max=4000)])
    kinds = CheckboxListField(
        lazy("Kinds of agencies"),
        description=lazy("None chosen: the item is asked of every kind"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds.choices = AGENCY_KINDS.choices(*(self.kinds.data or ()))

    @classmethod
    def of(cls, version: int, one: ContentInstrument, item: ContentItem | None, indicator: str) -> ItemForm:
        """The form of an item, an empty one of an indicator, or as it was sent."""
        said: dict[str, Any] = {"indicator": indicator} if item is None else {**vars(item)}
        form = cls(version=str(version), **said)
        form.indicator.choices = leaves(one)
        return form

    def says(self) -> dict[str, Any]:
        """Title, criterion, example and kinds."""
        return {
            "title": str(self.title.data).strip(),
            "criterion": str(self.criterion.data or "").strip(),
            "example": str(self.example.data or "").strip(),
            "kinds": tuple(self.kinds.data or ()),
        }


def leaves(one: ContentInstrument) -> list[tuple[str, str]]:
    """The indicators that questions and items may stand in."""
    return list(_leaves(one))


def _leaves(one: ContentInstrument) -> Iterator[tuple[str, str]]:
    above = {row.parent for row in one.indicators}
    for row in one.indicators:
        if row.code not in above:
            yield row.code, f"{row.code} {row.name}"
