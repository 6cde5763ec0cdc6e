"""The process that parses a stranger's workbook: limits first, then openpyxl (.xlsx) or calamine (.xls and
.ods); the rows go out as JSON. Why two: docs/adr/0054-old-workbooks.md.

Run as ``python -m portal.core.imports.workbook_child ROWS COLUMNS CELL NAMES`` (names of columns as JSON;
null: every sheet), the workbook on standard input. It imports nothing of the portal but how headings are
known, so that it starts fast and holds no secret.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from portal.core.imports import headings, old_office

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 25
TOO_LARGE = 3
UNREADABLE = 4
#: exit statuses of what was seen inside an .xls or .ods
LOCKED, LINKED, MACROS, NO_WORKBOOK = 5, 6, 7, 8
_SEEN = {
    old_office.Locked: LOCKED,
    old_office.Linked: LINKED,
    old_office.Macros: MACROS,
    old_office.NoWorkbook: NO_WORKBOOK,
}
#: how an .ods names a table, a range or a value of another file
_ODS_LINKS = (b"<table:table-source", b"<table:cell-range-source", b"<office:dde-source")
#: "Strict Open XML": the same parts under other names, which openpyxl does not know
_STRICT = b"http://purl.oclc.org/ooxml/"
_SAME = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
)


def main(rows: int, columns: int, cell: int, names: headings.Names | None) -> int:
    """Parse the workbook on standard input; gives the exit status."""
    content = sys.stdin.buffer.read()
    try:
        if names is None:
            answer = parse_all(content, rows=rows, columns=columns, cell=cell)
        else:
            answer = parse(content, rows=rows, columns=columns, cell=cell, names=names)
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # whatever a broken workbook makes the parser raise: no text for people
        return _SEEN.get(type(error), UNREADABLE)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    return 0


def confine() -> None:
    """From here on this process can neither fill the memory, nor run for long, nor write a file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def parse(content: bytes, *, rows: int, columns: int, cell: int, names: headings.Names) -> dict[str, Any]:
    """The filled rows of the first visible sheet that has a known heading; else of the first with anything.

    ``{"rows": [[number, [cells]]], "sheet": its name, "far": cells stood beyond the columns, "others": names
    of further sheets with a heading}`` or ``{"too_much": true}``.
    """
    taken: dict[str, Any] = {"rows": [], "sheet": "", "far": False, "others": []}
    has_heading = False
    for sheet in _sheets(content):
        lines = _Lines(sheet.rows, columns, cell)
        head = lines.some(headings.WITHIN)
        if headings.find(head, names) is None:
            if not has_heading and not taken["rows"]:
                taken |= {"rows": head, "sheet": sheet.title}
            continue
        if has_heading:
            taken["others"].append(sheet.title)
            continue
        has_heading = True
        found = [*head, *lines.some(rows + 1 - len(head))]
        if len(found) > rows:
            return {"too_much": True}
        taken |= {"rows": found, "sheet": sheet.title, "far": lines.far}
    return taken


def parse_all(content: bytes, *, rows: int, columns: int, cell: int) -> dict[str, Any]:
    """The filled rows of every visible sheet, in their order; so many rows in all at most.

    ``{"sheets": [{"sheet": its name, "rows": [[number, [cells]]], "far": cells stood beyond the columns}]}``
    or ``{"too_much": true}``.
    """
    found = []
    left = rows
    for sheet in _sheets(content):
        lines = _Lines(sheet.rows, columns, cell)
        taken = lines.some(left + 1)
        left -= len(taken)
        if left < 0:
            return {"too_much": True}
        found.append({"sheet": sheet.title, "rows": taken, "far": lines.far})
    return {"sheets": found}


@dataclass(frozen=True)
class _Sheet:
    """A sheet that is to be seen: its name, and its rows from the first on."""

    title: str
    rows: Iterable[Sequence[Any]]


def _sheets(content: bytes) -> Iterator[_Sheet]:
    """The sheets of a workbook that are to be seen."""
    if content.startswith(old_office.MAGIC):
        old_office.look_inside(content)
        return _by_calamine(content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist():
            return _by_openpyxl(content)
        _look_inside_ods(archive)
    return _by_calamine(content)


def _by_openpyxl(content: bytes) -> Iterator[_Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits stand

    book = load_workbook(BytesIO(_transitional(content)), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # a sheet's own word about its size may be wrong
            yield _Sheet(sheet.title, sheet.iter_rows(values_only=True))


def _by_calamine(content: bytes) -> Iterator[_Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - as above

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for about in book.sheets_metadata:
        if (about.visible, about.typ) == (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet):
            sheet = book.get_sheet_by_name(about.name)
            left = [None] * sheet.start[1] if sheet.start else []  # its rows begin at the first filled column
            yield _Sheet(about.name, ([*left, *row] for row in sheet.iter_rows()))


def _look_inside_ods(archive: zipfile.ZipFile) -> None:
    """Raises Locked, Linked; ValueError for half a list, of which calamine gives what it has."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise old_office.Locked
    body = archive.read("content.xml")
    if any(link in body for link in _ODS_LINKS):
        raise old_office.Linked
    if not body.rstrip().endswith(b"document-content>"):
        raise ValueError("no end")


class _Lines:
    """The filled rows of a sheet, one after another; ``far`` once a cell stood beyond the columns."""

    def __init__(self, values: Iterable[Iterable[Any]], columns: int, cell: int) -> None:
        self._rows = enumerate(values, start=1)
        self._columns, self._cell = columns, cell
        self.far = False

    def some(self, most: int) -> list[tuple[int, list[str]]]:
        """The next filled rows, at most so many."""
        found = []
        for number, cells in self._filled(most):
            found.append((number, cells))
        return found

    def _filled(self, most: int) -> Iterator[tuple[int, list[str]]]:
        if most <= 0:
            return
        for number, values in self._rows:
            row = tuple(values)
            self.far = self.far or any(_text(value) for value in row[self._columns :])
            cells = [_text(value)[: self._cell] for value in row[: self._columns]]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells
                most -= 1
                if not most:
                    return


def _transitional(content: bytes) -> bytes:
    """A workbook in the usual names of its parts."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if _STRICT not in archive.read("xl/workbook.xml"):
            return content
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as usual:
            for part in archive.infolist():
                body = archive.read(part)
                if part.filename.endswith((".xml", ".rels")):
                    for strict, same in _SAME:
                        body = body.replace(strict, same)
                usual.writestr(part.filename, body)
    return stream.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()


if __name__ == "__main__":
    confine()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    most_rows, most_columns, longest = map(int, sys.argv[1:4])
    sys.exit(main(most_rows, most_columns, longest, json.loads(sys.argv[4])))
