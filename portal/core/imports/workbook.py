"""Read an XLSX workbook that a stranger sent: look at the zip directory first, then parse it in a process of
its own under limits of memory and time. (A 696 KiB workbook cost 132 s and 1.2 GB without them.)
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
from portal.core.imports.errors import TooMuch, UnknownFormat, UnsafeWorkbook
from portal.core.imports.headings import Names
from portal.core.imports.notes import Note

MOST_PARTS = 400
LARGEST_UNPACKED = 96 * 1024 * 1024
#: a part this much larger than its packed form was made to fill the memory; small parts may pack well
LARGEST_RATIO, SMALL_PART = 150, 1024 * 1024
SECONDS = 30
#: exit status of the child where memory or time ran out
TOO_LARGE = 3
_ENCRYPTED = 0x1


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
    inspect_directory(content)
    words = (*map(str, (limits.rows, limits.columns, limits.cell)), names)
    command = [sys.executable, "-m", "portal.core.imports.workbook_child", *words]
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
    if done.returncode == TOO_LARGE or done.returncode < 0:
        raise _too_large()
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
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnknownFormat("The file is not a workbook: send an .xlsx or .csv file") from error
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise UnknownFormat("The file is not a workbook: send an .xlsx or .csv file")
    if any(
        name.endswith("vbaproject.bin") or "/activex/" in name or "/macrosheets/" in name for name in names
    ):
        raise UnsafeWorkbook("The workbook holds macros: save it as an ordinary .xlsx and send that file")
    if any(name.startswith(("xl/externallinks/", "xl/embeddings/")) for name in names):
        raise UnsafeWorkbook(
            "The workbook refers to other files: paste its cells as values and send it again"
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnsafeWorkbook("The workbook is locked with a password: save it without one and send it again")
    if (
        len(parts) > MOST_PARTS
        or len(names) < len(parts)
        or sum(part.file_size for part in parts) > LARGEST_UNPACKED
    ):
        raise _too_large()
    if any(_swollen(part) for part in parts):
        raise _too_large()


def _swollen(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART and part.file_size > LARGEST_RATIO * max(part.compress_size, 1)


def _too_large() -> UnsafeWorkbook:
    return UnsafeWorkbook(
        "The workbook is too large: keep only the form's rows and columns and send it again"
    )
