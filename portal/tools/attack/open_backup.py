"""What a backup of the open boxes gives away beside its words: where marks and sealed rows lie in it.

Its holder was robbed, and the key of the marks too: everybody's mark is known, and its place in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.tools.attack import storage
from portal.tools.attack.crowd import Surveyed
from portal.tools.attack.linking import Case, Person, Stored

#: what is known of a person, and what is seen of a sealed row
MARK, ROW = "mark in the backup", "row in the backup"


def cases_in(file: Path, boxes: Sequence[Surveyed], *, sqlite: bool) -> list[Case]:
    """People against the sealed rows of their box: by when they came, and by where their mark lies.

    ``file``: SQLite's own, or PostgreSQL's dump as text, in which bytes stand as hexadecimal digits.
    """
    content = file.read_bytes()

    def place(value: bytes) -> tuple[int, int]:
        if sqlite:
            return storage.cell_of(content, value, page=storage.PAGE[True])
        return 0, content.rfind(value.hex().encode())

    return [
        Case(
            [
                Person(known["sealed"], {"arrival": known["arrival"], MARK: place(known["mark"])})
                for known in (person.known for person in where.people)
            ],
            [
                Stored(sealed, {ROW: place(sealed)})
                for sealed in sorted(p.known["sealed"] for p in where.people)
            ],
        )
        for where in boxes
    ]
