"""A file of agencies as plain data: each row parsed by itself, with the reasons why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.agency import CODE_DIGITS, whole_code
from models.kinds import KIND_NAMES, KIND_SHORT, AgencyKind, AgencySize
from models.thai import arabic_digits
from portal.core import described_files
from portal.core.described import Field
from portal.core.imports.headings import normal
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Note, Row, Table, read_table
from portal.register import contact_columns

#: columns and the names they may have; the first is the one that templates and messages use
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("รหัส อปท.", "lao_code8", "รหัสหน่วยงาน", "รหัส", "lao_code"),
    "kind": ("ประเภท", "type_th", "ประเภท อปท.", "ประเภทหน่วยงาน"),
    "kind_code": ("รหัสประเภท", "type"),
    "name": ("ชื่อ", "name_th", "ชื่อ อปท."),
    "full_name": ("ชื่อเต็ม", "full_name_th", "ชื่อหน่วยงาน"),
    "size": ("ขนาด",),
    "province_code": ("รหัสจังหวัด",),
    "province": ("จังหวัด", "province_th"),
    "district_code": ("รหัสอำเภอ",),
    "district": ("อำเภอ", "district_th"),
    **contact_columns.COLUMNS,
}

#: a file may lack these: for agencies that are known nothing of them changes
_LEFT_ALONE = ("code", "size")
LONGEST_NAME = 160
_KINDS = {
    "pao": AgencyKind.PAO,
    "city": AgencyKind.CITY,
    "town": AgencyKind.TOWN,
    "subdistmun": AgencyKind.SUBDISTRICT,
    "subdistrict": AgencyKind.SUBDISTRICT,
    "tao": AgencyKind.SAO,
    "sao": AgencyKind.SAO,
    "special": AgencyKind.SPECIAL,
    normal("เมือง"): AgencyKind.SPECIAL,
    normal("เมืองพัทยา"): AgencyKind.SPECIAL,
    **{normal(name): kind for kind, name in KIND_NAMES.items()},
    **{normal(name): kind for kind, name in KIND_SHORT.items()},
}
SIZE_WORDS = {
    **{size.value.casefold(): size for size in AgencySize},
    "เล็ก": AgencySize.S,
    "กลาง": AgencySize.M,
    "ใหญ่": AgencySize.L,
    "": None,
    "undefined": None,
    "-": None,
    "–": None,
}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class ParsedAgency:
    """One usable row. ``code`` is None where the agency has none."""

    number: int
    code: str | None
    kind: AgencyKind
    name: str
    full_name: str
    size: AgencySize | None
    province_code: str
    province: str
    district_code: str
    district: str
    #: the contacts that the row says, by the names of their columns
    contacts: Mapping[str, str] = field(default_factory=dict)
    #: what it says of descriptive fields, by their names
    described: Mapping[str, Any] = field(default_factory=dict)


def columns_of(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    """Every column that a file may have, with those of the descriptive fields."""
    return {**described_files.headings(fields), **COLUMNS}


def read_agencies(content: bytes, name: str, fields: Iterable[Field] = ()) -> Table:
    """Read an uploaded register; columns that it lacks are said. Raises UnreadableFile."""
    table = read_table(content, name, names=columns_of(fields))
    lacking = [COLUMNS[column][0] for column in _LEFT_ALONE if column not in table.columns]
    if not lacking:
        return table
    values = {"columns": " · ".join(lacking)}
    note = Note("The file has no column %(columns)s: what the register holds there stays as it is", values)
    return replace(table, notes=(*table.notes, note))


def parse(row: Row, fields: Iterable[Field] = ()) -> ParsedAgency | Wrong:
    """One row as plain data, or the first thing that is wrong with it."""
    code = whole_code(row["code"])
    if code and not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
        return Wrong("code", "“%(now)s” is no code: a code has 8 digits", {"now": row["code"]})
    kind = _KINDS.get(normal(row["kind"])) or _KINDS.get(normal(row["kind_code"]))
    if kind is None:
        return _wrong_kind(row)
    name, full_name = _names(row, kind)
    if not name:
        return Wrong("name", "The name is missing", {})
    if len(name) > LONGEST_NAME or len(full_name) > LONGEST_NAME:
        return Wrong("name", "The name has more than %(most)s letters", {"most": LONGEST_NAME})
    size = arabic_digits(row["size"]).strip().casefold()
    if size not in SIZE_WORDS:
        return Wrong("size", "“%(now)s” is no size: write S, M or L, or leave it empty", {"now": row["size"]})
    if not (row["district_code"] or row["district"]):
        return Wrong("district", "The district is missing", {})
    contacts = contact_columns.read_cells(row)
    if isinstance(contacts, Wrong):
        return contacts
    described, wrongs = described_files.read_cells(row, fields)
    if wrongs:
        return wrongs[0]
    return ParsedAgency(
        number=row.number,
        code=code or None,
        kind=kind,
        name=name,
        full_name=full_name,
        size=SIZE_WORDS[size],
        province_code=arabic_digits(row["province_code"]),
        province=_tidy(row["province"]).removeprefix("จังหวัด"),
        district_code=arabic_digits(row["district_code"]),
        district=_tidy(row["district"]).removeprefix("อำเภอ"),
        contacts=contacts,
        described=described,
    )


def _names(row: Row, kind: AgencyKind) -> tuple[str, str]:
    """Own name and full name; one follows from the other by the kind's official name."""
    name, full_name = _tidy(row["name"]), _tidy(row["full_name"])
    if kind is AgencyKind.SPECIAL:
        full_name = full_name or (name if name.startswith("เมือง") else f"เมือง{name}" if name else "")
        return name or full_name.removeprefix("เมือง"), full_name
    name = name or full_name.removeprefix(kind.label)
    return name.removeprefix(kind.label), full_name or (f"{kind.label}{name}" if name else "")


def _wrong_kind(row: Row) -> Wrong:
    given = row["kind"] or row["kind_code"]
    if not given:
        return Wrong("kind", "The kind of agency is missing", {})
    column = "kind" if row["kind"] else "kind_code"
    allowed = ", ".join(KIND_SHORT.values())
    return Wrong(
        column, "“%(now)s” is no kind of agency: write %(allowed)s", {"now": given, "allowed": allowed}
    )


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
