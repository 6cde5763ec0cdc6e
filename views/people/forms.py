"""The forms of accounts: a new one with its first right, and one more right."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from models.account import Capacity, Role
from models.assessor import AssessorBody
from models.place import Province
from models.thai import sort_key
from portal.core.access import ROLES, roles_given_by
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.forms import A_USERNAME, AN_EMAIL, DigitsField, ThaiDateField, say
from portal.core.holders import CAPACITIES
from portal.core.scopes import Reach
from portal.core.texts import _, lazy
from portal.people import keeping
from portal.people.keeping import Place
from portal.people.terms import Terms, terms_of


class _GrantFields(FlaskForm):
    """A role and its place; which place is needed follows from the role."""

    role = SelectField(lazy("Role"), validators=[InputRequired(lazy("Choose the role"))])
    agency = StringField(
        lazy("Agency"),
        [Length(max=200)],
        description=lazy("For admin and executive: the code of 8 digits, or the full name"),
    )
    province = SelectField(lazy("Province"), description=lazy("For provincial staff"), default="")
    body = SelectField(lazy("Assessor body"), description=lazy("For assessors and interviewers"), default="")
    capacity = SelectField(
        lazy("In what capacity"),
        choices=[(one.value, words) for one, words in CAPACITIES.items()],
        default=Capacity.HOLDER.value,
    )
    first = ThaiDateField(lazy("First day"), [Optional()], description=lazy("Empty: at once"))
    last = ThaiDateField(
        lazy("Last day"),
        [Optional()],
        description=lazy("Holds to the end of this day; empty: without an end"),
    )
    order_number = DigitsField(
        lazy("Number of the order"),
        [Length(max=80)],
        description=lazy("For who acts or is a deputy, as it stands on the order"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = db.session.scalars(select(Province).order_by(Province.sort_key))
        bodies = sorted(db.session.scalars(select(AssessorBody)), key=lambda body: sort_key(body.name))
        self.role.choices = [
            ("", "–"),
            *((role.value, ROLES[role].label) for role in roles_given_by(Role.DLA)),
        ]
        self.province.choices = [("", "–"), *((str(row.id), row.name) for row in provinces)]
        self.body.choices = [("", "–"), *((str(row.id), row.name) for row in bodies)]

    def place(self) -> Place | None:
        """The place that the role needs; None with the words at its field where it is missing."""
        reach = ROLES[self.chosen].reach
        if reach is Reach.AGENCY:
            return self._agency()
        if reach is Reach.PROVINCE:
            key = self._needed(self.province, _("Choose the province of this role"))
            return Place(province_id=key) if key else None
        if reach is Reach.ASSESSOR:
            key = self._needed(self.body, _("Choose the assessor body of this role"))
            return Place(body_id=key) if key else None
        return Place()

    def terms(self) -> Terms:
        """From when, until when and in what capacity. Raises Refused at the field that is wrong."""
        capacity = Capacity(self.capacity.data or Capacity.HOLDER.value)
        return terms_of(self.first.data, self.last.data, capacity, self.order_number.data or "")

    def _agency(self) -> Place | None:
        try:
            if not (self.agency.data or "").strip():
                raise Refused("Enter the agency of this role")
            return Place(agency_id=keeping.find_agency(self.agency.data).id)
        except Refused as refused:
            say(self, refused, otherwise="agency")
            return None

    @property
    def chosen(self) -> Role:
        """The chosen role."""
        return Role(self.role.data)

    @staticmethod
    def _needed(field: Any, reason: str) -> int | None:
        if not field.data:
            field.errors = [reason]
            return None
        return int(field.data)


class AccountForm(_GrantFields):
    """A new account with its first right."""

    username = DigitsField(lazy("User name"), A_USERNAME)
    name = StringField(
        lazy("Name and surname"), [InputRequired(lazy("Enter name and surname")), Length(max=160)]
    )
    position = StringField(lazy("Position"), [Length(max=160)])
    email = StringField(lazy("E-mail"), [Optional(), Length(max=200), AN_EMAIL])
    phone = DigitsField(lazy("Telephone"), [Length(max=40)])


class GrantForm(_GrantFields):
    """One more right of an account."""
