"""A workbook of a round that was sent: kept, compared with the round, and taken over as one step."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from models.letter import StoredFile
from models.round import Round
from portal.content.year import YearContent
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.files import YEAR_TO_IMPORT, keep, stored_file
from portal.core.imports.notes import Note
from portal.rounds.building import steps
from portal.rounds.content.assembly import Fault, Faulty, Sheets, content_of_sheets
from portal.rounds.content.differences import Difference, differences
from portal.rounds.content.reading import content_of
from portal.rounds.content.workbook import read_book

LONGEST_NAME = 150


@dataclass(frozen=True)
class Sent:
    """A workbook as it was read: the round's sheets with those that it has in their place."""

    name: str
    round_id: int
    sheets: Sheets
    found: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Comparison:
    """What taking a workbook over would do: differences, or the faults because of which it cannot be."""

    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()
    content: YearContent | None = None


def keep_book(round: Round, content: bytes, name: str, *, actor: Actor) -> StoredFile:
    """Read a sent workbook and keep what it says, until it is taken over or a day has passed; flushed.

    Raises UnreadableFile, Refused for a round that was opened.
    """
    steps.require_draft(round)
    read = read_book(content, content_of(db.session(), round))
    kept = {
        "round": round.id,
        "sheets": {
            sheet: [[number, dict(cells)] for number, cells in rows] for sheet, rows in read.sheets.items()
        },
        "found": list(read.found),
        "notes": [[note.text, dict(note.values)] for note in read.notes],
    }
    body = json.dumps(kept, ensure_ascii=False).encode()
    file = stored_file(name[:LONGEST_NAME], YEAR_TO_IMPORT, body)
    return keep(db.session(), file, account_id=actor.account_id)


def kept_book(round: Round, file_id: int, *, actor: Actor) -> Sent:
    """The workbook that this person sent for this round. Raises NotFound, also where a day has passed."""
    query = select(StoredFile).where(
        StoredFile.id == file_id,
        StoredFile.content_type == YEAR_TO_IMPORT,
        StoredFile.account_id == actor.account_id,
    )
    file = db.session.scalar(query)
    if file is None:
        raise NotFound
    kept = json.loads(file.content)
    if kept["round"] != round.id:
        raise NotFound
    sheets = {sheet: [(number, cells) for number, cells in rows] for sheet, rows in kept["sheets"].items()}
    notes = tuple(Note(text, values) for text, values in kept["notes"])
    return Sent(file.name, round.id, sheets, tuple(kept["found"]), notes)


def compare(round: Round, sheets: Sheets) -> Comparison:
    """What the sheets would change of the round as it is now, or why they cannot be taken over."""
    try:
        content = content_of_sheets(sheets)
    except Faulty as faulty:
        return Comparison(faults=faulty.faults)
    before = content_of(db.session(), round)
    return Comparison(tuple(differences(before, content)), (), content)


def take_over(round: Round, sent: Sent, *, actor: Actor, seen_version: int | None) -> bool:
    """Make the round what the workbook says, as one step; False where nothing differs.

    Raises Refused where a cell is wrong, the fiscal year has another round or the round was opened; Stale.
    """
    found = compare(round, sent.sheets)
    content = found.content
    if content is None:
        raise Refused("Mend the cells that are marked first, and send the workbook again")
    taken = select(Round.id).where(Round.fiscal_year == content.fiscal_year, Round.id != round.id)
    if db.session.scalar(taken) is not None:
        raise Refused("The fiscal year %(year)s has a round already", year=content.fiscal_year)
    return steps.change(
        round, lambda _before: content, act="round.workbook", what=sent.name, actor=actor,
        seen_version=seen_version,
    )  # fmt: skip
