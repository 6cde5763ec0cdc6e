"""The forms of contacts: of an agency, and of a province's office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal.core.forms import DigitsField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.register.contact_fields import LONGEST, OF_A_PROVINCE, OF_AN_AGENCY, read_contacts


class ProvinceContactForm(VersionedForm):
    """Whom the agencies of a province call."""

    names: Iterable[str] = OF_A_PROVINCE

    phone = DigitsField(lazy("Telephone"))
    person = StringField(lazy("Contact person"))
    email = DigitsField(lazy("E-mail"))
    line = DigitsField(lazy("LINE ID"))

    def typed(self) -> dict[str, str]:
        """The fields as they were typed."""
        return {name: self[name].data or "" for name in self.names}

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field that is wrong is said at once."""
        for name in self.names:
            self[name].validators = [Length(max=LONGEST[name]), *self[name].validators]
        good = super().validate(extra_validators)
        for name, fault in read_contacts(self.typed()).faults.items():
            self[name].errors = [fault.message]
        return good and not self.errors


class AgencyContactForm(ProvinceContactForm):
    """How an agency is reached."""

    names = OF_AN_AGENCY

    website = DigitsField(lazy("Web site"))
    address = TextAreaField(lazy("Postal address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # whose answers came too late is told whom to call (survey_forms/notices.py)
        self.phone.description = _(
            "A number of the office, not one's own: respondents whose answers could not be taken read it"
        )
