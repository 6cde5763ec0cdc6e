"""Forms of the letters room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from models.letter_office import LetterOffice, Register, SigningOrder
from models.letter_text import TextKind
from models.participation import Participation
from models.thai import arabic_digits, one_line, thai_date_short
from portal.core.errors import Refused
from portal.core.forms import CheckboxListField, ThaiDateField, WholeNumberField
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, label_of, lazy
from portal.letters.citing import Known
from portal.letters.drafting import Draft
from portal.letters.offices import Ways
from portal.letters.texts import Version
from reports.glyphs import unprintable
from reports.letter_data import TYPEFACES
from reports.pictures import PictureFault, fault_of
from reports.wording import MOST_URGENT

URGENCIES = (MOST_URGENT, "ด่วนมาก", "ด่วน", "")
#: room for all references that a letter may have
LONGEST_REFERENCES = 6000
#: a scanned letter of some pages
LARGEST_SCAN = 10 * 2**20
FAULTS = {
    PictureFault.NO_PNG: lazy("The emblem must be a PNG picture"),
    PictureFault.TOO_MANY_BYTES: lazy("The picture has more than 200 KB: make it smaller"),
    PictureFault.TOO_MANY_PIXELS: lazy("The picture has more than 1,500 pixels on a side: make it smaller"),
    PictureFault.DAMAGED: lazy("The picture is damaged: save it as PNG once more"),
}
#: the choice of an office whose copies the portal signs, beside the orders of signing and numbering
BY_KEY = "by_key"
SIGNING = {
    BY_KEY: lazy("In the portal: number and date first, then every copy is signed with the office's key"),
    SigningOrder.NUMBER_FIRST.value: lazy(
        "By electronic means elsewhere: number and date, then the signature"
    ),
    SigningOrder.SIGN_FIRST.value: lazy("On paper: the signature first, then number and date by hand"),
}
REGISTERS = {
    Register.ELSEWHERE: lazy("The office keeps its register elsewhere: each number is typed"),
    Register.GENERAL: lazy("The portal gives the numbers, circulars in the same series"),
    Register.CIRCULARS_APART: lazy("The portal gives the numbers, circulars (ว) in a series of their own"),
}


def choice_of(version: Version) -> str:
    """How a version of a text is named in a form."""
    return f"{version.kind.value}.{version.number}"


def chosen_text(choice: str) -> tuple[TextKind, int] | None:
    """The text and the version that a form names; None for the one in use. Raises Refused."""
    if not choice:
        return None
    kind, _dot, number = choice.partition(".")
    found, count = next((one for one in TextKind if one.value == kind), None), whole(number, least=0)
    if found is None or count is None:
        raise Refused("Choose the words from the list", field="text")
    return found, count


def words_of_version(version: Version) -> str:
    """A text in one version as a person chooses it."""
    if version.made_at is None:
        return _("%(text)s · the portal's own text", text=label_of(version.kind))
    return _(
        "%(text)s · version %(number)s (%(when)s)",
        text=label_of(version.kind), number=version.number, when=thai_date_short(version.made_at),
    )  # fmt: skip


def on_paper(_form: Any, field: Any) -> None:
    """A validator of what letters print. Raises ValidationError for signs that their font does not have."""
    if signs := unprintable(field.data or ""):
        raise ValidationError(
            _(
                "The letters' font has no sign for %(signs)s: write it in another way",
                signs=" ".join(signs[:10]),
            )
        )


def named(letter: Known) -> str:
    """An issued letter in a list to choose from."""
    return " · ".join((letter.number, thai_date_short(letter.dated), letter.subject))


class DraftForm(VersionedForm):
    """What an officer enters for a letter; number and date come when it is issued."""

    signatory = SelectField(lazy("Who signs"), [InputRequired(lazy("Choose who signs the letter"))])
    urgency = SelectField(lazy("Urgency"), choices=[(value, value or "–") for value in URGENCIES])
    references = TextAreaField(
        lazy("References, one a line"), [Optional(), Length(max=LONGEST_REFERENCES), on_paper]
    )
    #: a search finds more than the list shows: what was chosen is looked at when it is saved
    pick = SelectField(lazy("Add a letter from the portal"), validate_choice=False)
    #: who saves a text meanwhile takes no choice away: the act looks whether there is such a version
    text = SelectField(lazy("Words of the letter"), validate_choice=False)

    def offer_words(self, versions: Iterable[Version]) -> None:
        """Offer texts in their versions, the first one at the beginning."""
        self.text.choices = [(choice_of(one), words_of_version(one)) for one in versions]
        self.text.data = self.text.data or self.text.choices[0][0]

    def offer(self, office: LetterOffice | None, provinces: dict[int, str], letters: Sequence[Known]) -> None:
        """Offer the office's signatories, the round's provinces and the letters that may be cited."""
        self.pick.choices = [("", "–", {})]
        self.pick.choices += [(str(one.id), named(one), {"data-cite": one.line}) for one in letters]
        self.signatory.choices = [("", lazy("Choose"))]
        self.signatory.choices += [
            (str(one.id), f"{one.name} · {' '.join(one.position.split())}")
            for one in (office.signatories if office else ())
        ]

    def draft(self) -> Draft:
        """The draft as it was entered."""
        lines = (one_line(line) for line in arabic_digits(self.references.data or "").splitlines())
        return Draft(
            signatory_id=int(self.signatory.data) if self.signatory.data else None,
            urgency=self.urgency.data or "",
            references=tuple(line for line in lines if line),
            to_provinces=self.chosen_provinces(),
            text=chosen_text(self.text.data or ""),
            picked=whole(self.pick.data, least=1),
            to_agency=self.chosen_agency(),
        )

    def chosen_agency(self) -> int | None:
        """The one agency that the letter goes to."""
        return None

    def chosen_provinces(self) -> tuple[int, ...] | None:
        """Which provinces the letter goes to; None for all."""
        return None


class CircularForm(DraftForm):
    """DLA's circular."""

    provinces = CheckboxListField(lazy("To the governors of"), validators=[Optional()])

    def offer(self, office: LetterOffice | None, provinces: dict[int, str], letters: Sequence[Known]) -> None:
        """Offer the office's signatories, the round's provinces and the letters that may be cited."""
        super().offer(office, provinces, letters)
        self.provinces.choices = [(str(key), name) for key, name in provinces.items()]

    def chosen_provinces(self) -> tuple[int, ...] | None:
        """The chosen provinces; None for all."""
        return tuple(int(one) for one in self.provinces.data or () if one) or None


class ProvinceLetterForm(DraftForm):
    """A province's letter: to all of its agencies, or to one."""

    agency = SelectField(lazy("To one agency"), [Optional()])

    def offer_agencies(self, agencies: Sequence[Participation]) -> None:
        """Offer the agencies of the round."""
        self.agency.choices = [("", lazy("All agencies"))]
        self.agency.choices += [
            (str(one.agency_id), " · ".join((one.full_name, one.district_name))) for one in agencies
        ]

    def chosen_agency(self) -> int | None:
        """The one agency that the letter goes to; None for all."""
        return whole(self.agency.data, least=1)


class IssueForm(VersionedForm):
    """Number and day of a letter."""

    number = StringField(lazy("Number of the letter"), [Optional(), Length(max=60), on_paper])
    dated = ThaiDateField(lazy("Date of the letter"), [InputRequired(lazy("Enter the date of the letter"))])
    ahead = BooleanField(lazy("The date lies ahead, and is meant so"))


class ReasonForm(FlaskForm):
    """Why a letter is withdrawn or replaced."""

    reason = TextAreaField(
        lazy("Reason"), [InputRequired(lazy("Say why")), Length(max=300)], render_kw={"rows": 3}
    )


class ScanForm(FlaskForm):
    """The signed paper."""

    scan = FileField(lazy("Signed letter (PDF)"), [InputRequired(lazy("Choose a file first"))])


class TextForm(VersionedForm):
    """A text of an office, and whose letter is looked at beside it; ``version``: the number it began from."""

    source = TextAreaField(
        lazy("Words of the letter"),
        [InputRequired(lazy("Write the text, or begin from the portal's own"))],
        render_kw={"rows": 24, "spellcheck": "false", "data-words": ""},
    )
    about = SelectField(lazy("Letter to"), [Optional()], validate_choice=False)
    dated = ThaiDateField(lazy("As on the day"), [Optional()])
    refers = BooleanField(lazy("With a letter that is referred to"))

    def offer(self, addressees: dict[str, str]) -> None:
        """Offer whose letter may be looked at, the first one at the beginning."""
        self.about.choices = list(addressees.items())
        if self.about.data not in addressees:
            self.about.data = next(iter(addressees), "")


class SummaryForm(FlaskForm):
    """The names under a province's summary."""

    prepared_by = StringField(lazy("Prepared by"), [Optional(), Length(max=120), on_paper])
    checked_by = StringField(lazy("Checked by"), [Optional(), Length(max=120), on_paper])


class SignatoryForm(VersionedForm):
    """Who signs for an office."""

    name = StringField(
        lazy("Name of the signatory"), [InputRequired(lazy("Fill in this field")), Length(max=120), on_paper]
    )
    position = TextAreaField(
        lazy("Position of the signatory"),
        [InputRequired(lazy("Fill in this field")), Length(max=300), on_paper],
    )
    since = ThaiDateField(lazy("Signs from"), [Optional()])
    until = ThaiDateField(lazy("Signs until"), [Optional()])


class SeriesForm(FlaskForm):
    """Numbers of a series: those that are kept for letters to come."""

    count = WholeNumberField(lazy("How many numbers"), [InputRequired(lazy("Fill in this field"))])
    reason = StringField(lazy("What for"), [InputRequired(lazy("Fill in this field")), Length(max=300)])


class BeginForm(FlaskForm):
    """Where a year's series goes on from a register that was kept elsewhere."""

    first = WholeNumberField(
        lazy("First number that the portal gives"), [InputRequired(lazy("Fill in this field"))]
    )
    reason = StringField(
        lazy("Why it begins there"), [InputRequired(lazy("Fill in this field")), Length(max=300)]
    )


class OfficeForm(VersionedForm):
    """What an office puts on its letters."""

    name = StringField(lazy("Name of the office"), [Length(max=160), on_paper])
    address = TextAreaField(lazy("Address"), [Length(max=400), on_paper])
    number_prefix = StringField(lazy("Number prefix"), [Length(max=60), on_paper])
    owner_division = StringField(lazy("Division that owns the matter"), [Length(max=160), on_paper])
    phone = StringField(lazy("Telephone"), [Length(max=60), on_paper])
    fax = StringField(lazy("Fax"), [Length(max=60), on_paper])
    email = StringField(lazy("E-mail"), [Length(max=120), on_paper])
    coordinator = StringField(lazy("Coordinator"), [Length(max=160), on_paper])
    typeface = SelectField(
        lazy("Font"),
        choices=[
            (name, face.family if name else lazy("The portal's own font")) for name, face in TYPEFACES.items()
        ],
    )
    emblem = FileField(lazy("Emblem (PNG)"), [Optional()])
    signing = RadioField(lazy("Order of signing and numbering"), choices=list(SIGNING.items()))
    register = RadioField(
        lazy("Register of numbers"), choices=[(one.value, words) for one, words in REGISTERS.items()]
    )
    checked = BooleanField(lazy("A second person checks each letter before it is issued"))

    def demand(self, names: Iterable[str]) -> None:
        """Make these fields required."""
        for name in names:
            self[name].validators = [InputRequired(lazy("Fill in this field")), *self[name].validators]

    def validate_emblem(self, field: Any) -> None:
        """A PNG that fits on a letter. Raises ValidationError."""
        if not field.data:
            return
        content = field.data.read()
        field.data.seek(0)
        fault = fault_of(content)
        if fault is not None:
            raise ValidationError(FAULTS[fault])

    def ways(self) -> Ways:
        """How the office signs and numbers."""
        by_key = self.signing.data == BY_KEY
        order = SigningOrder.NUMBER_FIRST if by_key else SigningOrder(self.signing.data)
        return Ways(order, Register(self.register.data), checked=bool(self.checked.data), by_key=by_key)
