"""A workbook of accounts as plain data: each row parsed by itself, with all its faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.account import Role
from models.agency import whole_code
from models.phones import AS_TYPED, read_phone
from models.thai import arabic_digits, one_line
from portal.core import described_files
from portal.core.access import ROLES
from portal.core.described import Field
from portal.core.imports.headings import normal
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table, read_table
from portal.people.bulk.standing import NEEDED

#: columns and the names they may have; the first is the one of the workbook that is downloaded
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("รหัส อปท.", "รหัสหน่วยงาน", "รหัส", "lao_code8"),
    "agency": ("หน่วยงาน", "ชื่อหน่วยงาน", "ชื่อ อปท."),
    "district": ("อำเภอ",),
    "role": ("หน้าที่", "สิทธิ", "สิทธิ์", "บทบาท"),
    "username": ("ชื่อผู้ใช้", "username", "user name"),
    "name": ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อและนามสกุล"),
    "position": ("ตำแหน่ง",),
    "phone": ("โทรศัพท์", "หมายเลขโทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร"),
    "email": ("อีเมล", "e-mail", "อีเมล์"),
    "state": ("สถานะ",),
}
#: what a row may say of a person, and how long it may be
LONGEST = {"name": 160, "position": 160, "phone": 40, "email": 200}
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_NO_ENTRY = frozenset({"-", "–", "—"})


@dataclass(frozen=True)
class Said:
    """One usable row: whom it is about, and what it says of the person (only what is filled in)."""

    number: int
    code: str
    agency: str
    district: str
    role: Role
    username: str
    values: dict[str, str]
    #: what it says of descriptive fields, by their names, as they are kept
    described: Mapping[str, Any] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, Any]:
        """Both, by the names of their columns."""
        return {**self.values, **self.described}


def columns_of(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    """Every column that a workbook may have: its own, then those of descriptive fields."""
    return {**COLUMNS, **described_files.headings(fields)}


def read_accounts(content: bytes, name: str, fields: Iterable[Field] = ()) -> Table:
    """Read a sent workbook. Raises UnreadableFile."""
    return read_table(content, name, names=columns_of(fields))


def role_names() -> dict[str, Role]:
    """What a row may write for each role."""
    return {normal(str(ROLES[role].label)): role for role in NEEDED} | {
        "admin": Role.AGENCY_ADMIN,
        normal("ผู้ดูแล"): Role.AGENCY_ADMIN,
        "exec": Role.EXECUTIVE,
        "executive": Role.EXECUTIVE,
    }


def parse(row: Row, roles: Mapping[str, Role], fields: Sequence[Field] = ()) -> Said | tuple[Wrong, ...]:
    """One row as plain data, or everything that is wrong with it. ``roles`` as ``role_names`` gives them."""
    values = {column: text for column in LONGEST if (text := _entry(row, column))}
    described, wrongs = described_files.read_cells(row, fields)
    wrongs += _wrongs(values)
    role = roles.get(normal(row["role"]))
    if role is None:
        labels = ", ".join(str(ROLES[one].label) for one in NEEDED)
        wrongs.append(Wrong("role", "Write one of: %(labels)s", {"labels": labels}))
    if not (row["code"] or row["agency"] or row["username"]):
        wrongs.append(Wrong("code", "Say which agency: its code, or its name and district", {}))
    if wrongs or role is None:
        order = list(columns_of(fields))
        return tuple(sorted(wrongs, key=lambda wrong: order.index(wrong.column)))
    if "phone" in values:
        values["phone"] = read_phone(values["phone"]).stored
    return Said(
        number=row.number,
        code=whole_code(_entry(row, "code")),
        agency=_entry(row, "agency"),
        district=_entry(row, "district").removeprefix("อำเภอ").strip(),
        role=role,
        username=arabic_digits(_entry(row, "username")),
        values=values,
        described=described,
    )


def _wrongs(values: dict[str, str]) -> Iterator[Wrong]:
    if "email" in values and not _EMAIL.fullmatch(values["email"]):
        yield Wrong("email", "An e-mail address looks like name@place.th", {})
    if "phone" in values and read_phone(values["phone"]).remark == AS_TYPED:
        yield Wrong("phone", "This cannot be read as a telephone number", {})
    for column, text in values.items():
        if len(text) > LONGEST[column]:
            yield Wrong(column, "The entry has more than %(most)s letters", {"most": LONGEST[column]})


def _entry(row: Row, column: str) -> str:
    text = one_line(row[column])
    return "" if text in _NO_ENTRY else text
