"""The forms by which somebody is named for a desk: to act there for a time, or to follow."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from models.account import Capacity
from portal.core.forms import AN_EMAIL, DigitsField, ThaiDateField
from portal.core.holders import CAPACITIES
from portal.core.texts import lazy
from portal.people import terms
from portal.people.seats.naming import Person
from portal.people.terms import Terms


class PersonForm(FlaskForm):
    """Who is named: a person who gets an account, or one who has it."""

    name = StringField(lazy("Name and surname"), [Length(max=160)])
    position = StringField(lazy("Position"), [Length(max=160)])
    phone = DigitsField(lazy("Telephone"), [Length(max=40)])
    email = StringField(lazy("E-mail"), [Optional(), Length(max=200), AN_EMAIL])
    username = DigitsField(
        lazy("User name, where the person has an account"),
        [Length(max=80)],
        description=lazy("With a user name no new account is made, and the lines above stay empty"),
    )

    def person(self) -> Person:
        """Who was entered."""
        return Person(
            username=self.username.data or "",
            name=self.name.data or "",
            position=self.position.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
        )


class HandOverForm(PersonForm):
    """Who follows at a desk, and from when."""

    first = ThaiDateField(
        lazy("First day of the successor"),
        [InputRequired(lazy("Enter the day from which the successor holds the desk"))],
        description=lazy("For example 1 ธ.ค. 2561; the present right ends on that day"),
    )

    def beginning(self) -> datetime | None:
        """The moment of the first day, None for now. Raises Refused for a day that is past."""
        return terms.beginning(self.first.data)


class AppointForm(PersonForm):
    """Who acts or is a deputy, from when until when, by which order."""

    capacity = RadioField(
        lazy("In what capacity"),
        [InputRequired(lazy("Choose whether the person acts or is a deputy"))],
        choices=[(one.value, CAPACITIES[one]) for one in (Capacity.ACTING, Capacity.DEPUTY)],
    )
    order_number = DigitsField(
        lazy("Number of the order"),
        [InputRequired(lazy("Enter the number of the order")), Length(max=80)],
        description=lazy("As it stands on the order, for example 123/2561"),
    )
    first = ThaiDateField(
        lazy("First day"),
        [InputRequired(lazy("Enter the first day"))],
        description=lazy("For example 9 พ.ย. 2561"),
    )
    last = ThaiDateField(
        lazy("Last day"),
        [InputRequired(lazy("Enter the last day: who acts or is a deputy does so until a day"))],
        description=lazy("The right holds to the end of this day and then ends by itself"),
    )

    def terms(self) -> Terms:
        """The chosen terms. Raises Refused at the field that is wrong."""
        return terms.terms_of(
            self.first.data, self.last.data, Capacity(self.capacity.data), self.order_number.data or ""
        )
