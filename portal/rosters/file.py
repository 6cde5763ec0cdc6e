"""A roster of external stakeholders as plain data: each row parsed by itself, with all its faults."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rapidfuzz import fuzz, process

from models import citizen_id
from models.phones import read_phone
from models.thai import arabic_digits, one_line
from portal.core.imports.errors import TooMuch
from portal.core.imports.headings import Rows, normal
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Note, Row, Table, read_table

#: columns and the names they may have; the first is the one of the template
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("ลำดับ", "ลำดับที่", "ที่", "no"),
    "name": ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อ", "ชื่อและสกุล", "ชื่อและนามสกุล", "ชื่อผู้ติดต่อ", "ชื่อจริง"),
    "organisation": ("หน่วยงาน", "หน่วยงาน/บริษัท", "บริษัท", "หน่วยงานหรือบริษัท", "organization"),
    "group": ("กลุ่ม", "กลุ่มผู้มีส่วนได้ส่วนเสีย", "ประเภท"),
    "phone": ("โทรศัพท์", "หมายเลขโทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร", "โทร", "telephone"),
    "email": ("อีเมล", "e-mail", "อีเมล์"),
}
#: columns that some offices part a name into: joined to the name when the file is read
PARTS: dict[str, tuple[str, ...]] = {
    "title": ("คำนำหน้า", "คำนำหน้าชื่อ", "คำนำหน้านาม", "title"),
    "surname": ("นามสกุล", "สกุล", "surname", "last name"),
}
LONGEST = 300
NO_WAY = "neither telephone nor e-mail: nobody can ask this person"
#: how alike (of 100) a word must be to a group's name, that the group is suggested
NEAR = 72
#: what most groups begin with: it makes none of them likely
_WHO = "ผู้"
#: a row of the form that shows how rows are filled in; it is never read
EXAMPLE = {
    "number": "ตัวอย่าง",
    "name": "นายตัวอย่าง แบบกรอก",
    "organisation": "บริษัท ตัวอย่างแบบกรอก จำกัด",
    "phone": "0 2555 0100 ต่อ 12, 08 5555 0100",
    "email": "example@example.com",
}
#: where a row keeps the word that was sent for its group, once another was chosen in its place
SENT_GROUP = "group_sent"
#: letters that may be pasted at once, some 2,500 rows; a longer list is sent as a file
MOST_PASTED = 300_000
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
#: the shortest numbers that are called have four digits
_CALLABLE = re.compile(r"\d(?:[\s.-]?\d){3}")
_NO_ENTRY = frozenset({"-", "–", "—", "ไม่มี"})
#: thirteen digits, however they are parted: a citizen ID is never stored (a company's number begins with 0)
_CITIZEN_ID = re.compile(r"(?<!\d)[1-8](?:[\s.-]?\d){12}(?!\d)")
_NOBODY = re.compile(r"(?:เอกสาร|ไฟล์|รายชื่อ|บัญชีรายชื่อ)\s*(?:ที่)?แนบ|ตามแนบ|ดังแนบ|แนบท้าย")


@dataclass(frozen=True)
class Person:
    """One usable row; a column without an entry is empty.

    ``remarks`` (English message ids) say what should be looked at before the row is taken.
    """

    row: int
    name: str
    organisation: str
    group_id: int
    phone: str
    email: str
    remarks: tuple[str, ...] = field(default=(), compare=False)


def read_roster(content: bytes, name: str) -> Table:
    """Read an uploaded roster. A name in several columns is joined. Raises UnreadableFile."""
    return _without_example(_joined(read_table(content, name, names={**COLUMNS, **PARTS})))


def read_pasted(text: str) -> Table:
    """Read rows that were copied in a spreadsheet program; the table has no name. Raises UnreadableFile.

    Where no row names the columns they are those of the form in their order, the number left out or not.
    """
    if len(text) > MOST_PASTED:
        raise TooMuch(
            "More than %(most)s letters were pasted: send the list as a file", most=f"{MOST_PASTED:,}"
        )
    names = {**COLUMNS, **PARTS}
    return _without_example(_joined(read_table(text.encode(), "", names=names, order=_order)))


def pasted_again(table: Table) -> str:
    """The rows of a pasted table as they can be pasted: headings, and each row as it was sent."""
    columns = [column for column in COLUMNS if column in table.columns]
    lines = [[COLUMNS[column][0] for column in columns]]
    lines += [[_sent(row, column) for column in columns] for row in table.rows]
    return "\n".join("\t".join(line) for line in lines)


def _order(rows: Rows) -> Mapping[int, str]:
    columns = list(COLUMNS)
    if not all(arabic_digits(cells[0]).isdecimal() for _number, cells in rows if cells and cells[0]):
        columns.remove("number")
    return dict(enumerate(columns))


def _without_example(table: Table) -> Table:
    rows = tuple(row for row in table.rows if one_line(row["name"]) != EXAMPLE["name"])
    return replace(table, rows=rows)


def is_blank(row: Row) -> bool:
    """True for a row of the form that holds its number only."""
    return not any(_entry(row, column) for column in COLUMNS if column != "number")


def parse(row: Row, groups: Groups) -> Person | tuple[Wrong, ...]:
    """One row as plain data, or everything that is wrong with it. ``groups`` as ``group_names`` gives it."""
    texts = {column: _entry(row, column) for column in COLUMNS}
    wrongs = list(_wrong_texts(texts))
    group_id = groups.find(texts["group"])
    if group_id is None:
        wrongs.append(_no_group(texts["group"], groups))
    if wrongs or group_id is None:
        order = list(COLUMNS)
        return tuple(sorted(wrongs, key=lambda wrong: order.index(wrong.column)))
    phone = read_phone(texts["phone"])
    remarks = [phone.remark] if phone.remark else []
    if not is_reached(texts["phone"], texts["email"]):
        remarks.append(NO_WAY)
    return Person(
        row=row.number,
        name=texts["name"],
        organisation=texts["organisation"],
        group_id=group_id,
        phone=phone.stored,
        email=texts["email"],
        remarks=tuple(remarks),
    )


def is_reached(phone: str, email: str) -> bool:
    """True where there is something to call or to write to."""
    return bool(email) or _CALLABLE.search(arabic_digits(phone)) is not None


@dataclass(frozen=True)
class Groups:
    """The groups of a form: by what a row may write for each, and their names in order."""

    ids: Mapping[str, int]
    names: tuple[str, ...]

    def find(self, typed: str) -> int | None:
        """The group of a name or number."""
        return self.ids.get(normal(arabic_digits(typed)))

    def nearest(self, typed: str) -> str:
        """The group that was meant perhaps: it holds what was typed, or is most alike. Else empty."""
        key = normal(typed)
        if key not in self._nearest:
            self._nearest[key] = self._find_nearest(key)
        return self._nearest[key]

    def _find_nearest(self, typed: str) -> str:
        holding = [name for name in self.names if typed in normal(name)]
        if len(holding) == 1:
            return holding[0]
        alike = process.extractOne(
            typed.removeprefix(_WHO), self._plain.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR
        )
        return self._plain[alike[0]] if alike else ""

    @cached_property
    def _nearest(self) -> dict[str, str]:
        return {"": ""}

    @cached_property
    def _plain(self) -> Mapping[str, str]:
        return {normal(name).removeprefix(_WHO): name for name in self.names}


def group_names(groups: Sequence[tuple[int, int, str]]) -> Groups:
    """What a row may write for each group (id, position, name): its name or its number."""
    ids = {normal(name): key for key, _position, name in groups}
    ids |= {str(position): key for key, position, _name in groups}
    return Groups(ids, tuple(name for _key, _position, name in groups))


# -- groups that the form does not know --------------------------------------------------------------------


@dataclass(frozen=True)
class GroupWord:
    """What rows say for their group and the form does not know ("": nothing), and how many say it.

    ``chosen`` is the group that was chosen for it, ``near`` the one that was meant perhaps.
    """

    word: str
    rows: int
    chosen: str
    near: str


def group_words(table: Table, groups: Groups) -> list[GroupWord]:
    """The words for groups that the form does not know, in the order of the rows."""
    counts: Counter[str] = Counter()
    chosen: dict[str, str] = {}
    for row, word in _unknown(table, groups):
        counts[word] += 1
        chosen[word] = row["group"] if SENT_GROUP in row.cells else ""
    return [GroupWord(word, count, chosen[word], groups.nearest(word)) for word, count in counts.items()]


def with_groups(table: Table, groups: Groups, chosen: Mapping[str, str]) -> Table:
    """The table with the chosen group (by its name; "": as it was sent) in all rows that say a word."""
    unknown = {row.number: word for row, word in _unknown(table, groups)}
    rows = (
        _with_group(row, unknown[row.number], chosen[unknown[row.number]])
        if unknown.get(row.number) in chosen
        else row
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _with_group(row: Row, word: str, group: str) -> Row:
    cells = {column: text for column, text in row.cells.items() if column not in ("group", SENT_GROUP)}
    if group:
        return Row(row.number, {**cells, "group": group, SENT_GROUP: word})
    return Row(row.number, {**cells, "group": word} if word else cells)


def _unknown(table: Table, groups: Groups) -> Iterator[tuple[Row, str]]:
    for row in table.rows:
        if is_blank(row):
            continue
        word = _sent(row, "group")
        word = "" if word in _NO_ENTRY else word
        if SENT_GROUP in row.cells or groups.find(word) is None:
            yield row, word


def _sent(row: Row, column: str) -> str:
    """A cell as it was sent, whatever was chosen for it since."""
    return one_line(row[SENT_GROUP] if column == "group" and SENT_GROUP in row.cells else row[column])


def _wrong_texts(texts: Mapping[str, str]) -> Sequence[Wrong]:
    wrongs = []
    if not texts["name"]:
        wrongs.append(Wrong("name", "The name is missing", {}))
    elif _NOBODY.search(texts["name"]):
        wrongs.append(Wrong("name", "This is no person: write each name of the attachment in a row", {}))
    if texts["email"] and not _EMAIL.fullmatch(texts["email"]):
        wrongs.append(Wrong("email", "An e-mail address looks like name@place.th", {}))
    for column, text in texts.items():
        if _holds_id(column, text):
            wrongs.append(Wrong(column, "A number of 13 digits stands here: take the citizen ID out", {}))
        if len(text) > LONGEST:
            wrongs.append(Wrong(column, "The entry has more than %(most)s letters", {"most": LONGEST}))
    return wrongs


def _holds_id(column: str, text: str) -> bool:
    match = _CITIZEN_ID.search(arabic_digits(text))
    if match is None or column != "phone":
        return match is not None
    try:  # among telephone numbers only what is an ID for sure
        citizen_id.check(match[0].replace(".", ""), first_digits="12345678")
    except citizen_id.InvalidCitizenId:
        return False
    return True


def _no_group(given: str, groups: Groups) -> Wrong:
    if not given:
        return Wrong("group", "Choose one of the groups", {})
    if near := groups.nearest(given):
        values = {"now": given, "near": near}
        return Wrong("group", "“%(now)s” is none of the groups of the form: is “%(near)s” meant?", values)
    return Wrong("group", "“%(now)s” is none of the groups of the form", {"now": given})


def _entry(row: Row, column: str) -> str:
    text = one_line(row[column])
    return "" if text in _NO_ENTRY else text


def _joined(table: Table) -> Table:
    """The table with title and surname put to the name, and said."""
    parts = [column for column in PARTS if column in table.columns]
    optional = ("organisation", "phone", "email")
    missing = [COLUMNS[column][0] for column in optional if column not in table.columns]
    notes = list(table.notes)
    if missing:
        notes.append(
            Note("The file has no column %(columns)s: it stays empty", {"columns": " · ".join(missing)})
        )
    columns = {column: at for column, at in table.columns.items() if column not in PARTS}
    if not parts:
        return replace(table, columns=columns, notes=tuple(notes))
    read = [at for column, at in table.columns.items() if column in (*parts, "name")]
    together = {"columns": " + ".join(sorted(read))}
    notes.append(Note("The name was put together from the columns %(columns)s", together))
    rows = tuple(Row(row.number, _with_whole_name(row)) for row in table.rows)
    return replace(table, columns={**columns, "name": min(read)}, rows=rows, notes=tuple(notes))


def _with_whole_name(row: Row) -> dict[str, str]:
    title, name, surname = (row[column].strip() for column in ("title", "name", "surname"))
    if title and not name.startswith(title):
        name = f"{title}{name}" if name else title
    if surname and not name.endswith(f" {surname}"):
        name = f"{name} {surname}".strip()
    cells = {column: text for column, text in row.cells.items() if column not in PARTS}
    return {**cells, "name": name} if name else cells
