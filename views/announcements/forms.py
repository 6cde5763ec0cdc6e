"""Forms of who announces: the words and to whom, and why an announcement is withdrawn."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.account import Role
from models.announcement import LONGEST_HEADING, LONGEST_REASON, LONGEST_TEXT, Announcement
from portal.announcements import writing
from portal.announcements.receivers import RECEIVERS, Chosen
from portal.announcements.writing import Words
from portal.core import places
from portal.core.access import ROLES
from portal.core.errors import Refused
from portal.core.forms import CheckboxListField, ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import lazy

EVERYWHERE, PLACES = "country", "places"


class AnnouncementForm(VersionedForm):
    """A draft: what is announced, until when, and to whom."""

    heading = StringField(
        lazy("Heading"), [InputRequired(lazy("Write what is announced")), Length(max=LONGEST_HEADING)]
    )
    text = TextAreaField(
        lazy("Text"), [InputRequired(lazy("Write what is announced")), Length(max=LONGEST_TEXT)]
    )
    until = ThaiDateField(lazy("Last day at home"))
    roles = CheckboxListField(lazy("To which roles"), [InputRequired(lazy("Choose at least one role"))])
    where = RadioField(lazy("To which places"), default=EVERYWHERE)
    provinces = CheckboxListField(lazy("Provinces"))
    agencies = TextAreaField(lazy("Agencies"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.roles.choices = [(role.value, str(ROLES[role].label)) for role in RECEIVERS]
        self.where.choices = [
            (EVERYWHERE, str(lazy("The whole country"))),
            (PLACES, str(lazy("Only the provinces and agencies below"))),
        ]
        self.provinces.choices = [(str(key), name) for key, name in places.provinces()]

    def words(self) -> Words:
        """What a valid form says. Raises Refused at the field that is wrong."""
        return Words(self.heading.data or "", self.text.data or "", self.until.data, self._chosen())

    def _chosen(self) -> Chosen:
        roles = tuple(Role(name) for name in self.roles.data or ())
        if self.where.data == EVERYWHERE:
            return Chosen(roles)
        provinces = tuple(int(key) for key in self.provinces.data or ())
        agencies = tuple(one.id for one in writing.agencies_named(self.agencies.data or ""))
        if not provinces and not agencies:
            raise Refused("Choose provinces or write agencies", field="where")
        return Chosen(roles, provinces, agencies)


def values_of(row: Announcement) -> dict[str, Any]:
    """The fields of a draft's form."""
    chosen = Chosen.of(row)
    return {
        "version": str(row.version),
        "heading": row.heading,
        "text": row.text,
        "until": row.until,
        "roles": [role.value for role in chosen.roles],
        "where": EVERYWHERE if chosen.everywhere else PLACES,
        "provinces": [str(key) for key in chosen.provinces],
        "agencies": "\n".join(one.code or one.full_name for one in writing.names_of(chosen.agencies)),
    }


class WithdrawForm(FlaskForm):
    """Why an announcement is withdrawn."""

    reason = TextAreaField(
        lazy("Reason"),
        [InputRequired(lazy("Write the reason: the receivers read it")), Length(max=LONGEST_REASON)],
    )
