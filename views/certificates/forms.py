"""Forms of the certificates room."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.letter_office import LetterOffice
from portal.core.forms import ThaiDateField
from portal.core.outside import whole
from portal.core.texts import lazy


class ReleaseForm(FlaskForm):
    """Who signs the certificates of a round, the day that they carry, and that the release is meant."""

    signatory = SelectField(
        lazy("Who signs"), [InputRequired(lazy("Choose who signs the certificates"))], validate_choice=False
    )
    dated = ThaiDateField(
        lazy("Date of the certificates"), [InputRequired(lazy("Enter the date of the certificates"))]
    )
    meant = BooleanField(
        lazy("I have looked at the proof, and know that released certificates cannot be changed"),
        [InputRequired(lazy("Tick this once you have looked at the proof"))],
    )

    def offer(self, office: LetterOffice | None) -> None:
        """Offer the office's signatories; the only one is chosen."""
        people = [
            (str(one.id), f"{one.name} · {' '.join(one.position.split())}")
            for one in (office.signatories if office else ())
        ]
        self.signatory.choices = people if len(people) == 1 else [("", lazy("Choose")), *people]

    @property
    def signatory_id(self) -> int | None:
        """The chosen signatory; the act looks whether the office has it."""
        return whole(self.signatory.data, least=1)


class WithdrawForm(FlaskForm):
    """Why a certificate is withdrawn."""

    reason = TextAreaField(
        lazy("Reason"), [InputRequired(lazy("Say why")), Length(max=300)], render_kw={"rows": 3}
    )
