"""Forms of the desk at which letters come in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, Optional

from portal.core.forms import CheckboxListField, ThaiMomentField, WholeNumberField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import lazy
from portal.letters.inbox.passing import LONGEST_NOTE

#: where a register of incoming letters is kept
HERE, ELSEWHERE = "here", "elsewhere"
#: whom a province passes a letter on to
ALL, CHOSEN = "all", "chosen"


class ReceiptForm(FlaskForm):
    """The receipt as a register that is kept elsewhere has it."""

    number = WholeNumberField(lazy("Receipt number"), [Optional()])
    moment = ThaiMomentField(lazy("Day and time of receipt"), [Optional()])


class BookForm(VersionedForm):
    """Where the register of incoming letters is kept."""

    kept = RadioField(
        lazy("Receipt numbers"),
        choices=[
            (HERE, lazy("The portal gives the numbers, beginning anew with each calendar year")),
            (ELSEWHERE, lazy("The office keeps its register elsewhere and types each number")),
        ],
    )
    first = WholeNumberField(lazy("Next number that the portal gives"), [Optional()])


class PassOnForm(FlaskForm):
    """To which agencies a letter is passed on, with what words."""

    which = RadioField(
        lazy("Pass on to"),
        choices=[(ALL, lazy("All agencies that do not have it yet")), (CHOSEN, lazy("Chosen agencies only"))],
        default=ALL,
    )
    agencies = CheckboxListField(lazy("Agencies"), validators=[Optional()])
    note = TextAreaField(
        lazy("Covering words of the province"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": 4}
    )

    def chosen(self) -> list[int] | None:
        """The ids of the chosen agencies; None for all."""
        if self.which.data != CHOSEN:
            return None
        return [int(one) for one in self.agencies.data or () if one]
