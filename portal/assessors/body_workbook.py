"""The workbook of a round's agencies and their bodies: taken as it stands, filled in, read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.agency import whole_code
from models.assessor import AssessorBody
from portal.assessors.holdings import Held
from portal.core.imports.headings import normal
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row, Table, read_table
from portal.core.texts import _
from reports import account_workbook

#: columns and the names they may have; the first is the one of the workbook that is downloaded
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("รหัส อปท.", "รหัสหน่วยงาน", "รหัส"),
    "agency": ("หน่วยงาน", "ชื่อหน่วยงาน", "ชื่อ อปท."),
    "district": ("อำเภอ",),
    "province": ("จังหวัด",),
    "body": ("หน่วยงานผู้ประเมิน", "ผู้ประเมิน"),
}
HEADINGS = {column: names[0] for column, names in COLUMNS.items()}


@dataclass
class BodiesRead:
    """What a table says: a body by participation, and the rows that cannot be used."""

    rows: dict[int, int] = field(default_factory=dict)
    wrong: list[tuple[Row, Wrong]] = field(default_factory=list)


def download(agencies: Sequence[Held], bodies: Sequence[AssessorBody]) -> bytes:
    """The workbook of a round as it stands; the body is picked from a list."""
    names = {body.id: body.name for body in bodies}
    words = account_workbook.Words(
        sheet=_("Assignments"),
        notes_sheet=_("Notes"),
        notes=[
            _("Choose the assessor body of each agency; an empty cell leaves the agency as it is"),
            _("The shaded columns say which agency a row is about: known by its code, else its name"),
        ],
        choose=_("Choose one of the bodies"),
    )
    cells = (
        (one.code, one.name, one.district, one.province, names.get(one.body_id or 0, "")) for one in agencies
    )
    return account_workbook.workbook(
        HEADINGS, cells, words, to_fill={"body"}, choices={"body": list(names.values())}
    )


def read_bodies(content: bytes, name: str) -> Table:
    """Read a sent workbook. Raises UnreadableFile."""
    return read_table(content, name, names=COLUMNS)


def bodies_in(table: Table, agencies: Sequence[Held], bodies: Sequence[AssessorBody]) -> BodiesRead:
    """What the rows say; a row without a body says nothing."""
    named = {normal(body.name): body.id for body in bodies}
    by_code = {one.code: one for one in agencies if one.code}
    by_name: dict[tuple[str, str, str], list[Held]] = {}
    for one in agencies:
        by_name.setdefault((one.name, one.district, one.province), []).append(one)
    found, said_in = BodiesRead(), dict[int, int]()
    for row in table.rows:
        if not row["body"]:
            continue
        about = _agency(row, by_code, by_name)
        body = named.get(normal(row["body"]))
        if isinstance(about, Wrong):
            found.wrong.append((row, about))
        elif body is None:
            words = "No assessor body “%(now)s” is known"
            found.wrong.append((row, Wrong("body", words, {"now": row["body"]})))
        elif about.key in said_in:
            words = "Row %(row)s is about this agency already"
            found.wrong.append((row, Wrong("code", words, {"row": said_in[about.key]})))
        else:
            said_in[about.key], found.rows[about.key] = row.number, body
    return found


def _agency(
    row: Row, by_code: dict[str, Held], by_name: dict[tuple[str, str, str], list[Held]]
) -> Held | Wrong:
    code = whole_code(row["code"])
    if code:
        one = by_code.get(code)
        if one is None:
            return Wrong("code", "No agency of this round has the code “%(now)s”", {"now": code})
        if row["agency"] and row["agency"] != one.name:
            values = {"code": code, "name": one.name, "now": row["agency"]}
            return Wrong("agency", "The code %(code)s is of %(name)s, not of “%(now)s”", values)
        return one
    place = row["district"].removeprefix("อำเภอ"), row["province"].removeprefix("จังหวัด")
    some = by_name.get((row["agency"], *place), [])
    if len(some) != 1:
        words = "No agency, or several, of this name are in this district: write the code"
        return Wrong("agency", words, {})
    return some[0]
