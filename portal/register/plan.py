"""What an import of the register would do: the file's rows compared with the agencies that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row as DatabaseRow
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agency import Agency, whole_code
from models.descriptive import FieldOwner
from models.place import District, Province
from portal.core import described, described_files
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table
from portal.register import contact_columns
from portal.register.file import ParsedAgency, parse

#: what an import may set, in the order in which a report shows it
FIELDS = ("code", "kind", "name", "full_name", "size", "province_id", "district_id")
NameKey = tuple[int, str]
#: the columns of a file that say one thing
_COLUMNS_OF = {
    "kind": {"kind", "kind_code"},
    "name": {"name", "full_name"},
    "district": {"district", "district_code"},
}


@dataclass(frozen=True)
class Place:
    """A district with its province."""

    district_id: int
    district: str
    province_id: int
    province: str


@dataclass(frozen=True)
class NewAgency:
    """A row that makes an agency."""

    parsed: ParsedAgency
    place: Place


@dataclass(frozen=True)
class ChangedAgency:
    """A row that changes an agency: by field, the value before and after."""

    parsed: ParsedAgency
    place: Place
    agency_id: int
    changes: Mapping[str, tuple[Any, Any]]
    #: where the record of the change belongs: the province that the agency leaves, or stays in
    province_id: int
    #: the code it has afterwards
    code: str | None


@dataclass(frozen=True)
class WrongRow:
    """A row that cannot be used, as it stands in the file."""

    row: Row
    wrong: Wrong


@dataclass(frozen=True)
class AbsentAgency:
    """An agency in use of a province that the file names, which the file does not."""

    agency_id: int
    code: str | None
    full_name: str
    district: str
    province: str


@dataclass
class RegistryPlan:
    """What an import would do."""

    name: str
    sha256: str
    new: list[NewAgency] = field(default_factory=list)
    changed: list[ChangedAgency] = field(default_factory=list)
    unchanged: list[ParsedAgency] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)
    #: in the order of the register; an import leaves them alone
    absent: list[AbsentAgency] = field(default_factory=list)
    #: the row that keeps what was done, once it was applied
    import_id: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each sort."""
        return {sort: len(getattr(self, sort)) for sort in ("new", "changed", "unchanged", "wrong")}

    @property
    def empty(self) -> bool:
        """True where applying would do nothing."""
        return not self.new and not self.changed


def plan_registry(session: Session, table: Table) -> RegistryPlan:
    """Compare a read file with the register, in three queries. Writes nothing."""
    return _Planner(session, table).plan()


class _Planner:
    """The state of one comparison: what the register holds, and what the file has named so far."""

    def __init__(self, session: Session, table: Table) -> None:
        self._table = table
        self._fields = described.in_use(session, FieldOwner.AGENCY)
        places = session.execute(
            select(District.id, District.code, District.name, Province.id, Province.code, Province.name).join(
                Province, Province.id == District.province_id
            )
        ).all()
        self._by_code = {row[1]: Place(row[0], row[2], row[3], row[5]) for row in places}
        self._district_codes = {row[0]: row[1] for row in places}
        self._of_district = {one.district_id: one for one in self._by_code.values()}
        self._by_name = {(row[5], row[2]): self._by_code[row[1]] for row in places}
        self._province_codes = {row[3]: row[4] for row in places}
        columns = [Agency.id, Agency.active, Agency.described, *(getattr(Agency, name) for name in FIELDS)]
        query = select(*columns).order_by(Agency.sort_key, Agency.id)
        self._agencies = session.execute(query).all()
        self._with_code = {row.code: row for row in self._agencies if row.code}
        self._with_name: dict[NameKey, list[DatabaseRow[Any]]] = {}
        for row in self._agencies:
            self._with_name.setdefault((row.district_id, row.full_name), []).append(row)
        self._named: dict[object, int] = {}
        named = set(contact_columns.COLUMNS) & set(table.columns)
        self._contacts = contact_columns.kept(session) if named else {}

    def plan(self) -> RegistryPlan:
        plan = RegistryPlan(self._table.name, self._table.sha256)
        matched: set[int] = set()
        provinces: set[int] = set()
        for row in self._table.rows:
            sorted_row = self._sort(row)
            if isinstance(sorted_row, Wrong):
                plan.wrong.append(WrongRow(row, sorted_row))
                continue
            parsed, place, agency = sorted_row
            provinces.add(place.province_id)
            if agency is None:
                plan.new.append(NewAgency(parsed, place))
                continue
            matched.add(agency.id)
            changes = _changes(agency, parsed, place)
            changes |= described_files.changes(agency.described, parsed.described)
            changes |= contact_columns.changes(self._contacts.get(agency.id, {}), parsed.contacts)
            if changes:
                code = parsed.code or agency.code
                plan.changed.append(
                    ChangedAgency(parsed, place, agency.id, changes, agency.province_id, code)
                )
            else:
                plan.unchanged.append(parsed)
        plan.absent = [
            self._absent(row)
            for row in self._agencies
            if row.active and row.province_id in provinces and row.id not in matched
        ]
        return plan

    def _absent(self, agency: DatabaseRow[Any]) -> AbsentAgency:
        place = self._of_district[agency.district_id]
        return AbsentAgency(agency.id, agency.code, agency.full_name, place.district, place.province)

    def _sort(self, row: Row) -> Wrong | tuple[ParsedAgency, Place, DatabaseRow[Any] | None]:
        parsed = parse(self._completed(row), self._fields)
        if isinstance(parsed, Wrong):
            return parsed
        place = self._place(parsed)
        if isinstance(place, Wrong):
            return place
        agency = self._existing(parsed, place)
        if isinstance(agency, Wrong):
            return agency
        if agency is not None and "size" not in self._table.columns:
            parsed = replace(parsed, size=agency.size)
        return self._repeated(parsed, place, agency) or (parsed, place, agency)

    def _completed(self, row: Row) -> Row:
        """The row, with what the register holds in place of columns that the file lacks."""
        agency = self._with_code.get(whole_code(row["code"]))
        if agency is None:
            return row
        held = {
            "kind": {"kind": agency.kind.label},
            "name": {"name": agency.name, "full_name": agency.full_name},
            "district": {"district_code": self._district_codes[agency.district_id]},
        }
        lacking = [values for of, values in held.items() if not _COLUMNS_OF[of] & set(self._table.columns)]
        return Row(row.number, {**row.cells, **{name: text for one in lacking for name, text in one.items()}})

    def _place(self, parsed: ParsedAgency) -> Place | Wrong:
        place = (
            self._by_code.get(parsed.district_code)
            if parsed.district_code
            else self._by_name.get((parsed.province, parsed.district))
        )
        if place is None:
            now = " ".join(filter(None, (parsed.district_code, parsed.district)))
            return Wrong(
                "district",
                "No district “%(now)s” in the province “%(province)s”",
                {"now": now, "province": parsed.province or parsed.province_code},
            )
        province_code = self._province_codes[place.province_id]
        names = (parsed.province or place.province, parsed.province_code or province_code)
        if names != (place.province, province_code):
            return Wrong(
                "province",
                "District %(district)s lies in the province %(province)s",
                {"district": place.district, "province": place.province},
            )
        if parsed.district not in ("", place.district):
            return Wrong(
                "district",
                "District code %(code)s is %(name)s, not “%(now)s”",
                {"code": parsed.district_code, "name": place.district, "now": parsed.district},
            )
        return place

    def _existing(self, parsed: ParsedAgency, place: Place) -> DatabaseRow[Any] | Wrong | None:
        """The agency of this code; else, where one side has no code, the one of this place and name."""
        if parsed.code and parsed.code in self._with_code:
            return self._with_code[parsed.code]
        same = self._with_name.get((place.district_id, parsed.full_name), [])
        if parsed.code:
            same = [row for row in same if row.code is None]
        if len(same) > 1:
            return Wrong("code", "Several agencies of this district have this name: the code is needed", {})
        return same[0] if same else None

    def _repeated(self, parsed: ParsedAgency, place: Place, agency: DatabaseRow[Any] | None) -> Wrong | None:
        """A row that names the same agency as an earlier row of the file."""
        by_name = (place.district_id, parsed.full_name)
        asked: list[object]
        kept: list[object]
        if parsed.code:
            asked, kept = [parsed.code, ("uncoded", by_name)], [parsed.code, by_name]
        else:
            asked, kept = [by_name], [by_name, ("uncoded", by_name)]
        if agency is not None:
            asked, kept = [*asked, agency.id], [*kept, agency.id]
        earlier = next((self._named[key] for key in asked if key in self._named), None)
        if earlier is not None:
            return Wrong("code", "The same agency stands in row %(row)s", {"row": earlier})
        self._named.update(dict.fromkeys(kept, parsed.number))
        return None


def _changes(agency: DatabaseRow[Any], parsed: ParsedAgency, place: Place) -> dict[str, tuple[Any, Any]]:
    values = values_of(parsed, place)
    if parsed.code is None:
        del values["code"]  # a file without the code does not take it away
    return {
        name: (getattr(agency, name), value)
        for name, value in values.items()
        if getattr(agency, name) != value
    }


def values_of(parsed: ParsedAgency, place: Place) -> dict[str, Any]:
    """What a row says of an agency, by the columns of the register."""
    return {
        "code": parsed.code,
        "kind": parsed.kind,
        "name": parsed.name,
        "full_name": parsed.full_name,
        "size": parsed.size,
        "province_id": place.province_id,
        "district_id": place.district_id,
    }
