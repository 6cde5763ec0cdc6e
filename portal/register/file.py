"""A file of agencies as plain data: each row parsed by itself, with the reasons why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models.agency import CODE_DIGITS, whole_code
from models.kinds import AGENCY_KINDS, AGENCY_SIZES, AgencyKind, AgencySize, Values
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
#: what says that there is no size
NO_SIZE = frozenset({"", "undefined", "-", "–"})
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
    kind = kind_named(row["kind"]) or kind_named(row["kind_code"])
    if kind is None:
        return _wrong_kind(row)
    name, full_name = _names(row, kind)
    if not name:
        return Wrong("name", "The name is missing", {})
    if len(name) > LONGEST_NAME or len(full_name) > LONGEST_NAME:
        return Wrong("name", "The name has more than %(most)s letters", {"most": LONGEST_NAME})
    size = size_named(row["size"])
    if isinstance(size, Wrong):
        return size
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
        size=size,
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
    own = kind.own_name(name or full_name)
    return own, full_name or (kind.full_name(own) if own else "")


def kind_named(typed: str) -> AgencyKind | None:
    """The kind that a word names: its name, its short form, its code or another word of it."""
    return _words(AGENCY_KINDS, lambda kind: (kind.short,)).get(normal(typed))


def size_named(typed: str) -> AgencySize | Wrong | None:
    """The size that a word names, None where it says none."""
    word = arabic_digits(typed).strip().casefold()
    if word in NO_SIZE:
        return None
    size = _words(AGENCY_SIZES, lambda size: ()).get(normal(word))
    if size is None:
        allowed = ", ".join(size.code for size in AGENCY_SIZES.offered())
        values = {"now": typed, "allowed": allowed}
        return Wrong("size", "“%(now)s” is no size: write one of %(allowed)s, or leave it empty", values)
    return size


#: by which words files name the values of a table, as long as what is known of it is the same
_NAMED: dict[Any, tuple[Any, dict[str, Any]]] = {}


def _words(values: Values[Any, Any], more: Callable[[Any], tuple[str, ...]]) -> dict[str, Any]:
    """Values by the words that name them; made once for a file of thousands of rows."""
    known, words = _NAMED.get(values, (None, {}))
    if known is not values.known.now():
        known, words = values.known.now(), {}
        for one in reversed(list(values)):  # of two that share a word the first one is meant
            facts = one.facts
            words |= {normal(word): one for word in (*facts.aliases, one.code, *more(one), facts.name)}
        _NAMED[values] = known, words
    return words


def _wrong_kind(row: Row) -> Wrong:
    given = row["kind"] or row["kind_code"]
    if not given:
        return Wrong("kind", "The kind of agency is missing", {})
    column = "kind" if row["kind"] else "kind_code"
    allowed = ", ".join(kind.short for kind in AGENCY_KINDS.offered())
    return Wrong(
        column, "“%(now)s” is no kind of agency: write %(allowed)s", {"now": given, "allowed": allowed}
    )


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
