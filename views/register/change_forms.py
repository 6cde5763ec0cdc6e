"""The forms of changes of agencies: one for each sort, with the values that agencies are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeSort, PartSide
from models.kinds import AGENCY_KINDS
from models.place import District
from portal.core.database.session import db
from portal.core.errors import UserError
from portal.core.forms import WORDS, DigitsField, ThaiDateField, bind_field, say
from portal.core.outside import whole
from portal.core.sent.versions import VersionedForm
from portal.core.texts import _, lazy
from portal.register.changes import Given, Wanted

#: rows of a new form, and the most that one takes
FIRST_ROWS, MOST_ROWS = 2, 20
#: the mark of an agency that is not there yet
NEW = ""


class _Row(Form):
    """A row of a list inside a form."""

    class Meta(DefaultMeta):
        bind_field = bind_field

        def get_translations(self, form: Any) -> Any:
            return WORDS


class OtherRow(_Row):
    """One more agency that ends."""

    agency = SelectField(lazy("Agency that ends"))


class MadeRow(_Row):
    """An agency that is made; a row without a name does not count."""

    kind = SelectField(lazy("Kind"), choices=AGENCY_KINDS.choices)
    name = StringField(lazy("Own name"), [Length(max=160)])
    code = DigitsField(lazy("Code"), [Length(max=20)])
    district = SelectField(lazy("District"))


class ChangeForm(VersionedForm):
    """What every change says: from when it holds, and by what."""

    sort: ChangeSort

    holds_from = ThaiDateField(
        lazy("Holds from"), [InputRequired(lazy("Enter the day from which the change holds"))]
    )
    rests_on = StringField(
        lazy("Announcement or order"),
        [InputRequired(lazy("Say by which announcement or order it holds")), Length(max=300)],
    )

    @classmethod
    def of(cls, agency: Agency, change: AgencyChange | None = None) -> ChangeForm:
        """The form as it was sent, else of a draft, else as a new one of this agency begins."""
        form = cls(data=cls.begun(agency) if change is None else {**_head(change), **cls.kept(change)})
        form.offer(agency)
        return form

    @classmethod
    def begun(cls, agency: Agency) -> dict[str, Any]:
        """What a new form says."""
        raise NotImplementedError

    @classmethod
    def kept(cls, change: AgencyChange) -> dict[str, Any]:
        """What a draft says beside its day and what it rests on."""
        raise NotImplementedError

    def offer(self, agency: Agency) -> None:
        """Offer the places and agencies of the agency's province."""
        raise NotImplementedError

    def wanted(self, agency: Agency) -> Wanted:
        """The change as the valid form says it."""
        sides, given = self.parts(agency)
        assert self.holds_from.data is not None, "else the form is not valid"
        return Wanted(self.sort, self.holds_from.data, self.rests_on.data or "", sides, tuple(given))

    def parts(self, agency: Agency) -> tuple[dict[int, PartSide], list[Given]]:
        """What becomes of which agency, and what is given."""
        raise NotImplementedError

    def another_row(self) -> None:
        """One empty row more, where the form has rows."""

    def tell(self, error: UserError) -> None:
        """Put a refusal at its field, also inside a row."""
        name, _dash, rest = error.field.partition("-")
        rows, number = self._fields.get(name), whole(rest.partition("-")[0], least=0)
        if isinstance(rows, FieldList) and number is not None:
            row = rows.entries[number].form
            row[rest.partition("-")[2]].errors = [error.message]
            rows.errors = [one.form.errors for one in rows.entries]
        else:
            say(self, error)


class RenewForm(ChangeForm):
    """An agency with another name, kind, code or district."""

    sort = ChangeSort.RENEWED

    kind = SelectField(lazy("Kind"), choices=AGENCY_KINDS.choices)
    name = StringField(
        lazy("Own name"), [InputRequired(lazy("Enter the agency's own name")), Length(max=160)]
    )
    code = DigitsField(lazy("Code"), [Length(max=20)])
    district = SelectField(lazy("District"))

    @classmethod
    def begun(cls, agency: Agency) -> dict[str, Any]:
        """The agency as it is."""
        return {**_place(agency), "name": agency.name, "code": agency.code}

    @classmethod
    def kept(cls, change: AgencyChange) -> dict[str, Any]:
        """What the draft gives it."""
        return _fields(change.planned[0])

    def offer(self, agency: Agency) -> None:
        """The districts of its province."""
        self.district.choices = districts_of(agency)
        self.kind.choices = AGENCY_KINDS.choices(agency.kind, self.kind.data)

    def parts(self, agency: Agency) -> tuple[dict[int, PartSide], list[Given]]:
        """The agency goes on with what it is given."""
        return {agency.id: PartSide.GOES_ON}, [_given(self, agency_id=agency.id)]


class MergeForm(ChangeForm):
    """Agencies of a province that end in another one."""

    sort = ChangeSort.MERGED

    others = FieldList(FormField(OtherRow))
    into = SelectField(lazy("They go on as"))
    kind = SelectField(lazy("Kind"), choices=AGENCY_KINDS.choices)
    name = StringField(lazy("Own name"), [Length(max=160)])
    code = DigitsField(lazy("Code"), [Length(max=20)])
    district = SelectField(lazy("District"))

    @classmethod
    def begun(cls, agency: Agency) -> dict[str, Any]:
        """Nobody else yet, and a new one where it lies."""
        return {**_place(agency), "others": [{}] * FIRST_ROWS}

    @classmethod
    def kept(cls, change: AgencyChange) -> dict[str, Any]:
        """Who ends, and what goes on."""
        ends, goes_on = change.on(PartSide.ENDS), change.on(PartSide.GOES_ON)
        return {
            "others": [{"agency": str(part.agency_id)} for part in ends[1:]] or [{}],
            "into": str(goes_on[0].agency_id) if goes_on else NEW,
            **(_fields(change.planned[0]) if change.planned else _place(ends[0].agency)),
        }

    def offer(self, agency: Agency) -> None:
        """The agencies in use of its province, and the districts."""
        self.district.choices = districts_of(agency)
        self.kind.choices = AGENCY_KINDS.choices(agency.kind, self.kind.data)
        there = agencies_of(agency)
        self.into.choices = [(NEW, _("A new agency, described below")), *there]
        self._there = [one for one in there if one[0] != str(agency.id)]
        self._offer_rows()

    def _offer_rows(self) -> None:
        for entry in self.others:
            entry.form.agency.choices = [(NEW, _("None")), *self._there]

    def another_row(self) -> None:
        """One agency more that ends."""
        if len(self.others) < MOST_ROWS:
            self.others.append_entry()
            self._offer_rows()

    def validate(self, extra_validators: Any = None) -> bool:
        """What is new has a name."""
        good = super().validate(extra_validators)
        if self.into.data == NEW and not self.name.data:
            self.name.errors = [_("Enter the agency's own name")]
            good = False
        return good

    def parts(self, agency: Agency) -> tuple[dict[int, PartSide], list[Given]]:
        """All that are chosen end but the one that goes on. Raises UserError where nothing would end."""
        into = whole(self.into.data, least=1)
        ends = [agency.id, *filter(None, (whole(row.form.agency.data, least=1) for row in self.others))]
        sides = {key: PartSide.ENDS for key in ends if key != into}
        if into is None:
            return sides, [_given(self)]
        sides[into] = PartSide.GOES_ON
        return sides, []


class SplitForm(ChangeForm):
    """Agencies that are made from one, which stays or ends."""

    sort = ChangeSort.SPLIT

    stays = BooleanField(lazy("The agency itself stays in use"))
    made = FieldList(FormField(MadeRow))

    @classmethod
    def begun(cls, agency: Agency) -> dict[str, Any]:
        """The agency stays, and others of its kind are made beside it."""
        return {"stays": True, "made": [_place(agency)] * FIRST_ROWS}

    @classmethod
    def kept(cls, change: AgencyChange) -> dict[str, Any]:
        """What the draft makes."""
        return {
            "stays": bool(change.on(PartSide.GOES_ON)),
            "made": [_fields(row) for row in change.planned],
        }

    def offer(self, agency: Agency) -> None:
        """The districts of its province."""
        self._districts, self._kind = districts_of(agency), agency.kind
        self._offer_rows()

    def _offer_rows(self) -> None:
        for entry in self.made:
            entry.form.district.choices = self._districts
            entry.form.kind.choices = AGENCY_KINDS.choices(self._kind, entry.form.kind.data)

    def another_row(self) -> None:
        """One agency more that is made."""
        if len(self.made) < MOST_ROWS:
            self.made.append_entry()
            self._offer_rows()

    def validate(self, extra_validators: Any = None) -> bool:
        """Something is made."""
        good = super().validate(extra_validators)
        if good and not list(self._named()):
            self.made[0].form.name.errors = [_("Enter the name of at least one agency that is made")]
            self.made.errors = [one.form.errors for one in self.made]
            good = False
        return good

    def _named(self) -> Iterator[tuple[int, Any]]:
        return ((number, one.form) for number, one in enumerate(self.made) if one.form.name.data)

    def parts(self, agency: Agency) -> tuple[dict[int, PartSide], list[Given]]:
        """The agency stays or ends; the rows with a name are made."""
        side = PartSide.GOES_ON if self.stays.data else PartSide.ENDS
        return {agency.id: side}, [_given(row, field=f"made-{number}-") for number, row in self._named()]


FORMS: dict[ChangeSort, type[ChangeForm]] = {form.sort: form for form in (RenewForm, MergeForm, SplitForm)}


def districts_of(agency: Agency) -> list[tuple[str, str]]:
    """The districts of the agency's province."""
    query = select(District).where(District.province_id == agency.province_id).order_by(District.sort_key)
    return [(str(row.id), row.name) for row in db.session.scalars(query)]


def agencies_of(agency: Agency) -> list[tuple[str, str]]:
    """The agencies in use of the agency's province."""
    query = (
        select(Agency.id, Agency.full_name, District.name)
        .join(District, District.id == Agency.district_id)
        .where(Agency.province_id == agency.province_id, Agency.active)
        .order_by(Agency.sort_key, Agency.id)
    )
    return [(str(key), f"{name} · {place}") for key, name, place in db.session.execute(query)]


def _given(fields: Any, *, agency_id: int | None = None, field: str = "") -> Given:
    return Given(
        AGENCY_KINDS(fields.kind.data),
        fields.name.data or "",
        fields.code.data,
        whole(fields.district.data, least=1) or 0,
        agency_id,
        field,
    )


def _head(change: AgencyChange) -> dict[str, Any]:
    return {"holds_from": change.holds_from, "rests_on": change.rests_on}


def _place(agency: Agency) -> dict[str, Any]:
    return {"kind": agency.kind.value, "district": str(agency.district_id)}


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in ("kind", "name", "code")}, "district": str(row["district_id"])}
