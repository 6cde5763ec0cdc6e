"""The forms of the preparation room, and what they say about what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from models.round import HeadcountGroup
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.preparation import desk

NO_NUMBER = "Enter the number of internal stakeholders"
#: more people than the country has are a slip of the finger
MOST_PEOPLE = 99_999_999


class HeadcountForm(VersionedForm):
    """How many internal stakeholders; ``sure`` is asked only for a number that is seldom right.

    Its version is the number's own: the row has many other things that change beside it. Where the round
    asks for groups (``in_groups``) the number is their sum.
    """

    headcount = StringField(lazy("Number of internal stakeholders"))
    sure = BooleanField(lazy("The number is right"))
    #: fields of groups by their position
    groups: ClassVar[dict[str, str]] = {}

    @classmethod
    def in_groups(cls, groups: Iterable[HeadcountGroup]) -> type[Self]:
        """The form for a round: with a field for each group in the place of the one number."""
        named = {f"part_{group.position}": group for group in groups}
        if not named:
            return cls
        fields = {name: StringField(group.name) for name, group in named.items()}
        keys = {str(group.position): name for name, group in named.items()}
        return type(cls.__name__, (cls,), {"headcount": None, **fields, "groups": keys})

    @classmethod
    def stored(cls, headcount: int | None, parts: Mapping[str, int] | None) -> dict[str, str]:
        """The fields as they are stored."""
        if not cls.groups:
            return {"headcount": "" if headcount is None else str(headcount)}
        return {field: str((parts or {}).get(key, "")) for key, field in cls.groups.items()}

    @property
    def parts(self) -> list[Any]:
        """The fields of the groups, in their order."""
        return [self[name] for name in self.groups.values()]

    def numbers(self) -> dict[str, int] | None:
        """The typed numbers by the positions of their groups; None where there are no groups, or one is no
        number."""
        typed = {key: people_in(self[name].data) for key, name in self.groups.items()}
        if not typed or None in typed.values():
            return None
        return {key: number for key, number in typed.items() if number is not None}

    def number(self) -> int | None:
        """The typed number, of groups their sum (digits of both kinds, with or without commas); None for
        anything else."""
        if not self.groups:
            return people_in(self.headcount.data)
        numbers = self.numbers()
        return None if numbers is None else sum(numbers.values())


class HeadcountCorrectionForm(HeadcountForm):
    """Another number than the one that was confirmed, and why."""

    reason = TextAreaField(lazy("Why the number is corrected"))


class DeclineForm(VersionedForm):
    """Why the executive keeps the number that was confirmed."""

    reason = TextAreaField(lazy("Why the old number stays"))


class ReturnForm(FlaskForm):
    """Why the executive returns the data."""

    reason = TextAreaField(lazy("What the admin should change"))


def people_in(typed: str | None) -> int | None:
    """The number of people that was typed; None for what is none."""
    return whole((typed or "").replace(",", "").replace(" ", ""), least=0, most=MOST_PEOPLE)


def check_headcount(form: HeadcountForm, number: int | None, *, strange: str) -> bool:
    """True for a number that can be saved; what is wrong stands at its field. ``strange``: why it is asked
    once more."""
    most = desk.LARGEST_HEADCOUNT
    fields = form.parts or [form.headcount]
    for field in fields:
        if not (field.data or "").strip():
            field.errors = [_("Enter 0 where there is nobody") if form.groups else _(NO_NUMBER)]
        elif people_in(field.data) is None:
            field.errors = [_("“%(now)s” is no number of people: write digits only", now=field.data)]
    if number is not None and not 1 <= number <= most:
        fields[-1].errors = [
            _("The number is %(now)s: it lies between 1 and %(most)s", now=f"{number:,}", most=f"{most:,}")
        ]
    elif strange and not form.sure.data:
        form.sure.errors = [strange]
    return not form.errors


def reason_error(reason: str, *, nothing: str = "") -> str:
    """What is wrong with the text of a reason; ``nothing``: what is said where there is none."""
    if not reason:
        return nothing or str(_("Write what the admin should change"))
    most = desk.LONGEST_REASON
    return str(
        _("The reason has %(now)s letters: at most %(most)s fit", now=f"{len(reason):,}", most=f"{most:,}")
    )
