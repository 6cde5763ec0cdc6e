"""The forms of the round builder: one for each thing of the tree, and for scales."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from models.agency import AgencyKind
from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentQuestion,
    ContentScale,
    YearContent,
)
from portal.core.forms import WORDS, CheckboxListField, NumberField, bind_field
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from views.rounds.places import Place

#: empty rows below those that are filled
SPARE_ROWS = 2
_FILL_IN = lazy("Fill in this field")


class _Row(Form):
    """A row of a list; a row left empty does not count."""

    class Meta(DefaultMeta):
        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            return WORDS


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


class LineRow(_Row):
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
        choices=[(kind.value, kind.label) for kind in AgencyKind],
        description=lazy("None chosen: the item is asked of every kind"),
    )

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


class ChoiceRow(_Row):
    """A choice of a scale."""

    label = StringField(lazy("Choice"), [Length(max=120)])
    points = NumberField(
        lazy("Points"), [Optional(), NumberRange(0, 1000, lazy("Enter 0 or more"))], places=None
    )
    aside = BooleanField(lazy("Not applicable: counts neither in the mean nor in the number of answers"))

    def validate_label(self, field: Any) -> None:
        """A choice has points or is not applicable."""
        said = bool(str(field.data or "").strip())
        if said and (self.points.data is None) != bool(self.aside.data):
            raise ValidationError(_("Enter the points, or tick that it is not applicable"))


class ScaleForm(VersionedForm):
    """A scale: its name and its choices in their order."""

    name = StringField(lazy("Name"), [InputRequired(_FILL_IN), Length(max=120)])
    choices = FieldList(FormField(ChoiceRow))

    @classmethod
    def of(cls, version: int, scale: ContentScale | None) -> ScaleForm:
        """The form of a scale, an empty one, or as it was sent."""
        sent = cls(version=str(version))
        if sent.is_submitted():
            return sent
        rows: list[dict[str, Any]] = []
        if scale is not None:
            pairs = zip(scale.labels, scale.points, strict=True)
            rows = [
                {"label": label, "points": short(worth), "aside": worth is None} for label, worth in pairs
            ]
        form = cls(version=str(version), name=_name(scale) if scale else "", choices=rows)
        for _spare in range(SPARE_ROWS):
            form.choices.append_entry()
        return form

    def scale(self, code: str) -> ContentScale:
        """What was entered, without the empty rows."""
        rows = [entry.form for entry in self.choices if (entry.form.label.data or "").strip()]
        return ContentScale(
            code,
            tuple(row.label.data.strip() for row in rows),
            tuple(None if row.aside.data else row.points.data for row in rows),
            str(self.name.data).strip(),
        )


#: what a new scale may begin as, by the word in its address: the words of its choices and their points
_YES_NO = (lazy("Yes, it is"), lazy("No, it is not"))
_FOUR = (lazy("Least or not at all"), lazy("Little"), lazy("Much"), lazy("Most"))
_FIVE = (lazy("Least"), lazy("Little"), lazy("Middling"), lazy("Much"), lazy("Most"))
_BEGINNINGS: dict[str, tuple[tuple[Any, ...], tuple[int, ...]]] = {
    "yes-no": (_YES_NO, (100, 0)),
    "four": (_FOUR, (0, 33, 67, 100)),
    "five": (_FIVE, (0, 25, 50, 75, 100)),
}


def beginning(like: str) -> ContentScale | None:
    """A scale as it often is, with a choice that is not applicable; None for a word that there is not."""
    if like not in _BEGINNINGS:
        return None
    labels, points = _BEGINNINGS[like]
    words = (*map(str, labels), _("Not applicable"))
    return ContentScale("", words, (*map(Decimal, points), None))


def short(number: Decimal | None) -> Decimal | None:
    """A number without the zeros behind it that its column gives it."""
    return None if number is None else Decimal(f"{number.normalize():f}")


def _name(scale: ContentScale) -> str:
    return scale.name or f"{scale.labels[0]} – {scale.labels[-1]}"


def scale_words(scale: ContentScale) -> str:
    """A scale as people know it: its name, else its ends; with the points that tell its direction."""
    worths = [points for points in scale.points if points is not None]
    return f"{_name(scale)} ({short(worths[0])} → {short(worths[-1])})" if worths else _name(scale)


def leaves(one: ContentInstrument) -> list[tuple[str, str]]:
    """The indicators that questions and items may stand in."""
    return list(_leaves(one))


def _leaves(one: ContentInstrument) -> Iterator[tuple[str, str]]:
    above = {row.parent for row in one.indicators}
    for row in one.indicators:
        if row.code not in above:
            yield row.code, f"{row.code} {row.name}"
