"""Forms of sharing agencies out among assessor bodies: a rule, a conflict, a move, a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from models.agency import Agency, whole_code
from models.assessor import AssessorBody
from models.distribution import LONGEST_WHY, AssessorRule, Together, Weight
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, AgencyKind, AgencySize
from models.place import District, Province
from models.thai import one_line, sort_key
from portal.assessors import holdings
from portal.core.database.session import db
from portal.core.forms import CheckboxListField, DigitsField
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy

WEIGHTS = {
    Weight.AGENCIES: lazy("Number of agencies"),
    Weight.ROSTER: lazy("Names in the rosters"),
    Weight.SAMPLE: lazy("People to be called by the minimum sample"),
}
TOGETHER = {
    Together.PROVINCE: lazy("A province stays with one body"),
    Together.DISTRICT: lazy("A district stays with one body"),
    Together.NOTHING: lazy("Agency by agency"),
}


class SharingRuleForm(VersionedForm):
    """These agencies go to these bodies."""

    bodies = CheckboxListField(
        lazy("To these assessor bodies"),
        [InputRequired(lazy("Choose at least one assessor body"))],
        coerce=int,
    )
    provinces = CheckboxListField(lazy("Provinces"), coerce=int)
    districts = TextAreaField(lazy("Districts of the ticked provinces"), [Length(max=4000)])
    kinds = CheckboxListField(lazy("Kinds of agency"))
    sizes = CheckboxListField(lazy("Sizes of agency"))
    weight = RadioField(lazy("Balanced load among several bodies"))
    together = RadioField(lazy("What stays together"))

    def __init__(self, rule: AssessorRule | None = None, **options: Any) -> None:
        super().__init__(data=None if rule is None else _said_by(rule), **options)
        self.bodies.choices = [(one.id, one.name) for one in holdings.bodies()]
        provinces = db.session.scalars(select(Province).order_by(Province.sort_key))
        self.provinces.choices = [(one.id, one.name) for one in provinces]
        self.kinds.choices = AGENCY_KINDS.choices(*(rule.kinds if rule else ()))
        self.sizes.choices = AGENCY_SIZES.choices(*(rule.sizes if rule else ()))
        self.weight.choices = [(one.value, words) for one, words in WEIGHTS.items()]
        self.together.choices = [(one.value, words) for one, words in TOGETHER.items()]
        self.weight.data = self.weight.data or Weight.AGENCIES.value
        self.together.data = self.together.data or Together.PROVINCE.value
        self.district_ids: list[int] = []

    def validate_districts(self, field: Any) -> None:
        """Each line is a district of one of the ticked provinces."""
        names = _lines(field.data)
        if not names:
            return
        ticked = {key for key, _name in self.provinces.choices} & set(self.provinces.data or [])
        query = select(District).where(District.province_id.in_(ticked))
        known: dict[str, list[int]] = {}
        for one in db.session.scalars(query):
            known.setdefault(one.name, []).append(one.id)
        for name in names:
            found = known.get(name, [])
            if not found:
                raise ValidationError(_("“%(name)s” is no district of the ticked provinces", name=name))
            if len(found) > 1:
                words = _("“%(name)s” is in several of the ticked provinces: make a rule for each", name=name)
                raise ValidationError(words)
            self.district_ids += found

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the rule, of a valid form."""
        return {
            "body_ids": self.bodies.data,
            "province_ids": self.provinces.data or [],
            "district_ids": sorted(self.district_ids),
            "kinds": self.kinds.data or [],
            "sizes": self.sizes.data or [],
            "weight": Weight(self.weight.data),
            "together": Together(self.together.data),
        }


class ShareForm(FlaskForm):
    """Who is shared out by the rules."""

    again = BooleanField(lazy("Also share agencies out anew that have a body and whose work has not begun"))


class BodyMoveForm(FlaskForm):
    """Agencies of a body, all or narrowed, to another one."""

    body = SelectField(lazy("From the body"), coerce=lambda v: int(v or 0))
    province = SelectField(lazy("Province"), coerce=lambda v: int(v or 0))
    kind = SelectField(lazy("Kind"))
    search = StringField(lazy("Name or code of the agency"), [Length(max=200)])
    to = SelectField(lazy("To the body"), coerce=lambda v: int(v or 0))
    reason = TextAreaField(lazy("Reason"), [InputRequired(lazy("Write the reason")), Length(max=LONGEST_WHY)])

    def __init__(self, agencies: Iterable[holdings.Held], **options: Any) -> None:
        super().__init__(**options)
        bodies = [(one.id, one.name) for one in holdings.bodies()]
        provinces = {one.province_id: one.province for one in agencies}
        self.body.choices = [("", "–"), *bodies]
        self.to.choices = [("", "–"), *bodies]
        ordered = sorted(provinces.items(), key=lambda pair: sort_key(pair[1]))
        self.province.choices = [("", _("All")), *ordered]
        self.kind.choices = [("", _("All")), *((one.value, one.label) for one in AGENCY_KINDS)]

    def validate_body(self, field: Any) -> None:
        """A body is chosen."""
        _chosen(field)

    def validate_to(self, field: Any) -> None:
        """A body is chosen, and another one."""
        _chosen(field)
        if field.data == self.body.data:
            raise ValidationError(_("Choose another body than the one that has them"))

    @property
    def asked(self) -> dict[str, Any]:
        """What is moved where, of a valid form."""
        return {
            "body": self.body.data,
            "province": self.province.data or None,
            "kind": self.kind.data or "",
            "search": one_line(self.search.data or ""),
            "to": self.to.data,
        }


class ConflictForm(FlaskForm):
    """A body, and the province or the agency that is kept from it."""

    body = SelectField(lazy("Assessor body"), coerce=lambda v: int(v or 0))
    province = SelectField(lazy("Whole province"), coerce=lambda v: int(v or 0))
    code = DigitsField(lazy("or one agency, by its code"))
    reason = TextAreaField(lazy("Reason"), [InputRequired(lazy("Write the reason")), Length(max=LONGEST_WHY)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.body.choices = [("", "–"), *((one.id, one.name) for one in holdings.bodies())]
        provinces = db.session.scalars(select(Province).order_by(Province.sort_key))
        self.province.choices = [("", "–"), *((one.id, one.name) for one in provinces)]
        self.agency: Agency | None = None

    def validate_body(self, field: Any) -> None:
        """A body is chosen."""
        _chosen(field)

    def validate_code(self, field: Any) -> None:
        """Either a province or an agency that is there."""
        code = whole_code(field.data or "")
        if bool(code) == bool(self.province.data):
            raise ValidationError(_("Choose a province, or write the code of one agency"))
        if code:
            self.agency = db.session.scalar(select(Agency).where(Agency.code == code))
            if self.agency is None:
                raise ValidationError(_("No agency has this code"))


class BodiesFileForm(FlaskForm):
    """The one file."""

    file = FileField(lazy("Workbook of assignments"))


def rule_words(
    rule: AssessorRule, bodies: Sequence[AssessorBody], places: dict[str, dict[int, str]]
) -> dict[str, Any]:
    """A rule as a list shows it. ``places``: names of provinces and districts by their ids."""
    names = {one.id: one.name for one in bodies}
    sizes = [_("size %(size)s", size=AgencySize(one).label) for one in rule.sizes]
    whom = [
        *(places["district"].get(one, "?") for one in rule.district_ids),
        *(places["province"].get(one, "?") for one in rule.province_ids if not rule.district_ids),
        *(AgencyKind(one).label for one in rule.kinds),
        *sizes,
    ]
    to = [names.get(one, _("a body that is gone")) for one in rule.body_ids]
    several = len(rule.body_ids) > 1
    return {
        "whom": whom or [_("All agencies")],
        "to": to,
        "how": [WEIGHTS[rule.weight], TOGETHER[rule.together]] if several else [],
    }


def place_names(rules: Iterable[AssessorRule]) -> dict[str, dict[int, str]]:
    """The names of the places that rules name; two queries."""
    rules = list(rules)
    found: dict[str, dict[int, str]] = {}
    for name, model in (("province", Province), ("district", District)):
        ids = {key for rule in rules for key in getattr(rule, f"{name}_ids")}
        rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        found[name] = {row.id: row.name for row in rows}
    return found


def _said_by(rule: AssessorRule) -> dict[str, Any]:
    return {
        "version": str(rule.version),
        "bodies": rule.body_ids,
        "provinces": rule.province_ids,
        "districts": "\n".join(place_names([rule])["district"].values()),
        "kinds": rule.kinds,
        "sizes": rule.sizes,
        "weight": rule.weight.value,
        "together": rule.together.value,
    }


def _lines(text: str | None) -> list[str]:
    lines = (one_line(line).removeprefix("อำเภอ").strip() for line in (text or "").splitlines())
    return list(dict.fromkeys(filter(None, lines)))


def _chosen(field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Choose the assessor body"))
