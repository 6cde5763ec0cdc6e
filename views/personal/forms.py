"""Forms of the room of personal data."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from models.personal import RefusalGround, RequestKind, RequestWay
from portal.core.forms import ThaiDateField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import label_of, lazy


class RequestForm(FlaskForm):
    """A request as it is registered."""

    kind = RadioField(lazy("What the person asks for"), [InputRequired(lazy("Choose what is asked for"))])
    way = SelectField(lazy("How the request came"), [InputRequired()])
    received_on = ThaiDateField(
        lazy("Came on"), [InputRequired(lazy("Write the day on which the request came"))]
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [(one.value, label_of(one)) for one in RequestKind]
        self.way.choices = [(one.value, label_of(one)) for one in RequestWay]


class RefusalForm(VersionedForm):
    """Why a request is not done."""

    ground = RadioField(lazy("Why it is not done"), [InputRequired(lazy("Choose why it is not done"))])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.ground.choices = [(one.value, label_of(one)) for one in RefusalGround]


class OwnDataForm(VersionedForm):
    """The person's row as it should be; what may be typed is said by the rules of the import."""

    name = StringField(lazy("Name"))
    organisation = StringField(lazy("Organisation"))
    phone = StringField(lazy("Telephone"))
    email = StringField(lazy("E-mail"))


class KeepingForm(VersionedForm):
    """Until when a round's rosters keep personal data; empty: as long as the rule says."""

    day = ThaiDateField(lazy("Keep until"))
