"""The process that parses a stranger's workbook: limits first, then openpyxl; the rows go out as JSON.

Run as ``python -m portal.core.imports.workbook_child ROWS COLUMNS CELL``, the workbook on standard input. It
imports nothing of the portal, so that it starts fast and holds no secret.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 25
TOO_LARGE = 3
UNREADABLE = 4


def main(rows: int, columns: int, cell: int) -> int:
    """Parse the workbook on standard input; gives the exit status."""
    content = sys.stdin.buffer.read()
    try:
        answer = parse(content, rows=rows, columns=columns, cell=cell)
    except MemoryError:
        return TOO_LARGE
    except Exception:  # whatever a broken workbook makes the parser raise: its text is not for people
        return UNREADABLE
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    return 0


def confine() -> None:
    """From here on this process can neither fill the memory, nor run for long, nor write a file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def parse(content: bytes, *, rows: int, columns: int, cell: int) -> dict[str, Any]:
    """The filled rows of the first sheet that has any: ``{"rows": [[number, [cells]]], "sheets": n}``."""
    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits stand

    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    found: list[tuple[int, list[str]]] = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # a sheet's own word about its size may be wrong
        for number, values in enumerate(sheet.iter_rows(max_col=columns + 1, values_only=True), start=1):
            cells = _cells(values, cell)
            if len(cells) > columns or number > rows + 20:
                return {"too_much": True}
            if cells:
                found.append((number, cells))
        if found:
            break
    return {"rows": found, "sheets": len(book.sheetnames)}


def _cells(values: Iterable[Any], longest: int) -> list[str]:
    cells = [_text(value)[:longest] for value in values]
    while cells and not cells[-1]:
        cells.pop()
    return cells


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
    sys.exit(main(*map(int, sys.argv[1:4])))
