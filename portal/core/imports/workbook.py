"""Read a workbook (.xlsx, .xls, .ods) that a stranger sent: look at the zip directory first, then parse it in
a process of its own under limits of memory and time. (A 696 KiB workbook cost 132 s and 1.2 GB without them.)
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from config import ROOT
from portal.core.imports import old_office, workbook_child
from portal.core.imports.errors import TooMuch, UnknownFormat, UnreadableFile, UnsafeWorkbook
from portal.core.imports.headings import Names
from portal.core.imports.notes import Note

MOST_PARTS = 400
LARGEST_UNPACKED = 96 * 1024 * 1024
#: a part this much larger than its packed form was made to fill the memory; small parts may pack well
LARGEST_RATIO, SMALL_PART = 150, 1024 * 1024
SECONDS = 30
_ENCRYPTED = 0x1
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MACRO_PARTS = ("/activex/", "/macrosheets/")
_NO_WORKBOOK = "The file is not a workbook: send an .xlsx, .xls, .ods or .csv file"
_LOCKED = "The workbook is locked with a password: save it without one and send it again"
_LINKED = "The workbook refers to other files: paste its cells as values and send it again"
_MACROS = "The workbook holds macros: save it as an ordinary .xlsx and send that file"
#: how the child ends where it says why
_ENDS: dict[int, tuple[type[UnreadableFile], str]] = {
    workbook_child.LOCKED: (UnsafeWorkbook, _LOCKED),
    workbook_child.LINKED: (UnsafeWorkbook, _LINKED),
    workbook_child.MACROS: (UnsafeWorkbook, _MACROS),
    workbook_child.NO_WORKBOOK: (UnknownFormat, _NO_WORKBOOK),
}


@dataclass(frozen=True)
class Limits:
    """What one import takes at most."""

    rows: int = 20_000
    columns: int = 60
    cell: int = 4_000


FAR_CELLS = Note(
    "Cells far to the right of the columns of the form were not read: look whether they hold something"
)


@dataclass(frozen=True)
class ReadSheet:
    """The sheet that was read, its filled rows with their numbers there, and what is to be said."""

    sheet: str
    rows: list[tuple[int, list[str]]]
    notes: tuple[Note, ...]


def is_workbook(content: bytes) -> bool:
    """True where the first bytes are those of a workbook, whatever it holds."""
    return content.startswith((b"PK", old_office.MAGIC))


def read_workbook(content: bytes, limits: Limits, names: Names) -> ReadSheet:
    """The first sheet to be seen that has a heading of these names; without one the first filled one.

    Raises UnsafeWorkbook, TooMuch or UnknownFormat.
    """
    answer = _parsed(content, limits, json.dumps(dict(names)))
    notes = [FAR_CELLS] if answer["far"] else []
    if answer["others"]:
        values = {"sheet": answer["sheet"], "others": " · ".join(answer["others"])}
        notes.append(
            Note("Only the sheet “%(sheet)s” was read. These have a heading too: %(others)s", values)
        )
    rows = [(number, cells) for number, cells in answer["rows"]]
    return ReadSheet(answer["sheet"], rows, tuple(notes))


def read_sheets(content: bytes, limits: Limits) -> list[ReadSheet]:
    """Every sheet that is to be seen, in their order; the rows of all count against the limit.

    Raises as ``read_workbook``.
    """
    return [
        ReadSheet(
            sheet["sheet"],
            [(number, cells) for number, cells in sheet["rows"]],
            (FAR_CELLS,) if sheet["far"] else (),
        )
        for sheet in _parsed(content, limits, "null")["sheets"]
    ]


def _parsed(content: bytes, limits: Limits, names: str) -> dict[str, Any]:
    """What the process says that parses the workbook."""
    if not content.startswith(old_office.MAGIC):
        inspect_directory(content)
    limited = (*map(str, (limits.rows, limits.columns, limits.cell)), names)
    command = [sys.executable, "-m", "portal.core.imports.workbook_child", *limited]
    try:
        done = subprocess.run(  # noqa: S603 - our own module and numbers, no shell
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    if done.returncode == workbook_child.TOO_LARGE or done.returncode < 0:
        raise _too_large()
    if done.returncode in _ENDS:
        kind, words = _ENDS[done.returncode]
        raise kind(words)
    if done.returncode:
        raise UnsafeWorkbook(
            "The workbook cannot be read: open it, save it again as .xlsx and send that file"
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer.get("too_much"):
        raise TooMuch("The sheet has more than %(rows)s rows: send it in parts", rows=f"{limits.rows:,}")
    return answer


def inspect_directory(content: bytes) -> None:
    """Refuse by the zip directory alone what an ordinary workbook never has. Raises as ``read_workbook``."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            is_ods = _is_ods(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnknownFormat(_NO_WORKBOOK) from error
    names = {part.filename.lower() for part in parts}
    if not is_ods and "xl/workbook.xml" not in names:
        raise UnknownFormat(_NO_WORKBOOK)
    if any(map(_is_macro, names)):
        raise UnsafeWorkbook(_MACROS)
    if any(name.startswith(("xl/externallinks/", "xl/embeddings/")) for name in names):
        raise UnsafeWorkbook(_LINKED)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnsafeWorkbook(_LOCKED)
    if (
        len(parts) > MOST_PARTS
        or len(names) < len(parts)
        or sum(part.file_size for part in parts) > LARGEST_UNPACKED
    ):
        raise _too_large()
    if any(_swollen(part) for part in parts):
        raise _too_large()


def _is_ods(archive: zipfile.ZipFile) -> bool:
    """True where the first part says that the others are an OpenDocument spreadsheet."""
    if not {"mimetype", "content.xml", "META-INF/manifest.xml"} <= set(archive.namelist()):
        return False
    with archive.open("mimetype") as part:
        return part.read(len(_ODS)) == _ODS


def _is_macro(name: str) -> bool:
    """True for a part that holds a program: of an .xlsx, or (in folders of their own) of an .ods."""
    return (
        name.endswith("vbaproject.bin")
        or any(part in name for part in _MACRO_PARTS)
        or name.startswith(("basic/", "scripts/"))
    )


def _swollen(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)


def _too_large() -> UnsafeWorkbook:
    return UnsafeWorkbook(
        "The workbook is too large: keep only the form's rows and columns and send it again"
    )
