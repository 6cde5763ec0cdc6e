"""The form of a scale with its choices, what a new one may begin as, and how people know one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.content.year import ContentScale
from portal.core.forms import NumberField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from views.rounds.form_rows import SPARE_ROWS, Row


class ChoiceRow(Row):
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

    name = StringField(lazy("Name"), [InputRequired(lazy("Fill in this field")), Length(max=120)])
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
