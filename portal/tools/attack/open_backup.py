"""What a backup of the open boxes tells of people: where their mark lies in it, and where their sealed row.

Its holder was robbed, and the key of the marks too. That the two belong together is told by their order, and
no secret (ADR 3); the attacks ask whether either place leads to an opened answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.tools.attack import storage
from portal.tools.attack.crowd import Surveyed

MARK, ROW = "mark in the backup", "row in the backup"


def learn(file: Path, boxes: Sequence[Surveyed], *, sqlite: bool) -> None:
    """Note both places for everybody.

    ``file``: SQLite's own, or PostgreSQL's dump as text, in which bytes stand as hexadecimal digits.
    """
    content = file.read_bytes()

    def place(value: bytes) -> tuple[int, int]:
        if sqlite:
            return storage.cell_of(content, value, page=storage.PAGE[True])
        return 0, content.rfind(value.hex().encode())

    for person in (person for where in boxes for person in where.people):
        person.known |= {MARK: place(person.known["mark"]), ROW: place(person.known["sealed"])}
