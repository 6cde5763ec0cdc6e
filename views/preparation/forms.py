"""The forms of the preparation room, and what they say about what was typed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField

from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.preparation import desk

#: more people than the country has are a slip of the finger
MOST_PEOPLE = 99_999_999


class HeadcountForm(VersionedForm):
    """How many internal stakeholders; ``sure`` is asked only for a number that is seldom right.

    Its version is the number itself: the row has many other things that change beside it.
    """

    headcount = StringField(lazy("Number of internal stakeholders"))
    sure = BooleanField(lazy("The number is right"))

    def number(self) -> int | None:
        """The typed number (digits of both kinds, with or without commas); None for anything else."""
        return people_in(self.headcount.data)


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


def check_headcount(form: HeadcountForm, number: int | None, *, ask: bool) -> bool:
    """True for a number that can be saved; what is wrong stands at its field. ``ask``: it is unusual."""
    most = desk.LARGEST_HEADCOUNT
    if not (form.headcount.data or "").strip():
        form.headcount.errors = [_("Enter the number of internal stakeholders")]
    elif number is None:
        form.headcount.errors = [
            _("“%(now)s” is no number of people: write digits only", now=form.headcount.data)
        ]
    elif not 1 <= number <= most:
        form.headcount.errors = [
            _("The number is %(now)s: it lies between 1 and %(most)s", now=f"{number:,}", most=f"{most:,}")
        ]
    elif ask and not form.sure.data:
        form.sure.errors = [
            _(
                "%(now)s people is unusual for this kind of agency: mend the number, or tick if it is right",
                now=f"{number:,}",
            )
        ]
    return not form.errors


def reason_error(reason: str, *, nothing: str = "") -> str:
    """What is wrong with the text of a reason; ``nothing``: what is said where there is none."""
    if not reason:
        return nothing or str(_("Write what the admin should change"))
    most = desk.LONGEST_REASON
    return str(
        _("The reason has %(now)s letters: at most %(most)s fit", now=f"{len(reason):,}", most=f"{most:,}")
    )
