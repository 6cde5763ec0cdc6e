"""The form that gives the agencies of whole provinces to an assessor body."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import func, select
from wtforms import SelectField
from wtforms.validators import InputRequired

from models.assessor import AssessorBody, Assignment
from models.participation import Participation
from models.place import Province
from models.round import Round
from models.thai import sort_key
from portal.core.database.session import db
from portal.core.forms import CheckboxListField
from portal.core.texts import _, lazy


class AssignForm(FlaskForm):
    """A body and the provinces whose agencies it is given."""

    body = SelectField(
        lazy("Assessor body"), [InputRequired(lazy("Choose the assessor body"))], coerce=lambda v: int(v or 0)
    )
    provinces = CheckboxListField(
        lazy("Provinces with agencies that have no assessor yet"),
        [InputRequired(lazy("Choose at least one province"))],
        coerce=int,
    )

    def __init__(self, round: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = sorted(db.session.scalars(select(AssessorBody)), key=lambda body: sort_key(body.name))
        self.body.choices = [("", "–"), *((row.id, row.name) for row in bodies)]
        self.provinces.choices = [
            (key, _("%(province)s (%(count)s agencies)", province=name, count=f"{count:,}"))
            for key, name, count in unassigned(round)
        ]


def unassigned(round: Round) -> list[tuple[int, str, int]]:
    """Provinces with the number of their agencies that have no body yet, in Thai order."""
    given = select(Assignment.id).where(Assignment.participation_id == Participation.id)
    query = (
        select(Province.id, Province.name, func.count(Participation.id))
        .join(Participation, Participation.province_id == Province.id)
        .where(Participation.round_id == round.id, ~given.exists())
        .group_by(Province.id, Province.name, Province.sort_key)
        .order_by(Province.sort_key)
    )
    return [(key, name, count) for key, name, count in db.session.execute(query)]
