"""A roster of external stakeholders as plain data: each row parsed by itself, with all its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.thai import arabic_digits
from portal.core.imports.spreadsheet import Row, Table, normal, read_table
from portal.register.file import Wrong

#: columns and the names they may have; the first is the one of the template
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("ลำดับ", "ลำดับที่", "ที่", "no"),
    "name": ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อ", "ชื่อและสกุล", "ชื่อและนามสกุล", "ชื่อผู้ติดต่อ"),
    "organisation": ("หน่วยงาน", "หน่วยงาน/บริษัท", "บริษัท", "หน่วยงานหรือบริษัท", "organization"),
    "group": ("กลุ่ม", "กลุ่มผู้มีส่วนได้ส่วนเสีย", "ประเภท"),
    "phone": ("โทรศัพท์", "หมายเลขโทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร", "โทร", "telephone"),
    "email": ("อีเมล", "e-mail", "อีเมล์"),
}
LONGEST = 300
_BAD_PHONE = "A telephone number has 9 or 10 digits and begins with 0: here are %(now)s"
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"(?:ต่อ|ext\.?|#)\s*(\d{1,6})\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;/]|\bหรือ\b")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_NO_ENTRY = frozenset({"-", "–", "—", "ไม่มี"})


@dataclass(frozen=True)
class Person:
    """One usable row; a column without an entry is empty."""

    row: int
    name: str
    organisation: str
    group_id: int
    phone: str
    email: str


def read_roster(content: bytes, name: str) -> Table:
    """Read an uploaded roster. Raises UnreadableFile."""
    return read_table(content, name, names=COLUMNS)


def is_blank(row: Row) -> bool:
    """True for a row of the form that holds its number only."""
    return not any(_entry(row, column) for column in COLUMNS if column != "number")


def parse(row: Row, groups: Mapping[str, int]) -> Person | tuple[Wrong, ...]:
    """One row as plain data, or everything that is wrong with it. ``groups`` as ``group_names`` gives it."""
    wrongs: list[Wrong] = []
    texts = {column: _entry(row, column) for column in COLUMNS}
    if not texts["name"]:
        wrongs.append(Wrong("name", "The name is missing", {}))
    group_id = groups.get(normal(arabic_digits(texts["group"])))
    if group_id is None:
        wrongs.append(_no_group(texts["group"]))
    phone = _phone(texts["phone"], wrongs)
    if texts["email"] and not _EMAIL.fullmatch(texts["email"]):
        wrongs.append(Wrong("email", "An e-mail address looks like name@place.th", {}))
    wrongs += [
        Wrong(column, "The entry has more than %(most)s letters", {"most": LONGEST})
        for column, text in texts.items()
        if len(text) > LONGEST
    ]
    if wrongs or group_id is None:
        return tuple(wrongs)
    return Person(row.number, texts["name"], texts["organisation"], group_id, phone, texts["email"])


def group_names(groups: Sequence[tuple[int, int, str]]) -> dict[str, int]:
    """What a row may write for each group (id, position, name): its name or its number."""
    names = {normal(name): key for key, _position, name in groups}
    return {**names, **{str(position): key for key, position, _name in groups}}


def _no_group(given: str) -> Wrong:
    if not given:
        return Wrong("group", "Choose one of the groups", {})
    return Wrong("group", "“%(now)s” is none of the groups of the form", {"now": given})


def _phone(text: str, wrongs: list[Wrong]) -> str:
    """Each number of the entry with its digits alone; what is wrong goes to ``wrongs``."""
    numbers = [part.strip() for part in _BETWEEN.split(arabic_digits(text)) if part.strip()]
    found = []
    for number in numbers:
        extension = _EXTENSION.search(number)
        digits = re.sub(r"\D", "", number[: extension.start()] if extension else number)
        if digits.startswith("66") and len(digits) > 10:
            digits = f"0{digits[2:].removeprefix('0')}"
        if len(digits) in (8, 9) and not digits.startswith("0"):
            digits = f"0{digits}"  # a spreadsheet program took the leading zero away
        if len(digits) not in (9, 10) or not digits.startswith("0"):
            wrongs.append(Wrong("phone", _BAD_PHONE, {"now": len(digits)}))
            return ""
        found.append(f"{digits} ต่อ {extension[1]}" if extension else digits)
    return ", ".join(found)


def _entry(row: Row, column: str) -> str:
    text = _SPACES.sub(" ", row[column]).strip()
    return "" if text in _NO_ENTRY else text
