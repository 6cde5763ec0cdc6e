"""A workbook or a table that was sent for a round: kept, compared with it, taken over as one step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from models.letter import StoredFile
from models.round import Round
from portal.content.year import YearContent
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.files import YEAR_TO_IMPORT, keep, stored_file
from portal.core.imports.foreign import ForeignTable, read_foreign
from portal.core.imports.notes import Note
from portal.rounds.building import steps
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.differences import Difference, differences
from portal.rounds.content.given import Fault, Faulty, Sheets, numbered
from portal.rounds.content.mapping import Choice, mapped
from portal.rounds.content.origins import Origin, origin_of
from portal.rounds.content.reading import content_of
from portal.rounds.content.sheets import written
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
    #: the kept table that it was read from, where it is none of a workbook, and what was said of it
    table_id: int | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class KeptTable:
    """A table of others that waits for somebody to say which column is what; ``target``: what it is of."""

    name: str
    target: str
    table: ForeignTable


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
    return keep_sheets(round, Sent(name, round.id, read.sheets, read.found, read.notes), actor=actor)


def keep_sheets(round: Round, sent: Sent, *, actor: Actor) -> StoredFile:
    """Keep sheets between their reading and the step that takes them over; flushed."""
    kept = {
        "sheets": {
            sheet: [[number, dict(cells)] for number, cells in rows] for sheet, rows in sent.sheets.items()
        },
        "found": list(sent.found),
        "notes": [[note.text, dict(note.values)] for note in sent.notes],
        "table": sent.table_id,
        "choice": asdict(sent.choice) if sent.choice else None,
    }
    return _keep(round, kept, sent.name, actor)


def kept_book(round: Round, file_id: int, *, actor: Actor) -> Sent:
    """The sheets that this person keeps for this round. Raises NotFound, also where a day has passed."""
    name, kept = _kept(round, file_id, "sheets", actor)
    sheets = {sheet: [(number, cells) for number, cells in rows] for sheet, rows in kept["sheets"].items()}
    notes = tuple(Note(text, values) for text, values in kept["notes"])
    choice = _choice(kept["choice"]) if kept.get("choice") else None
    return Sent(name, round.id, sheets, tuple(kept["found"]), notes, kept["table"], choice)


def _choice(said: dict[str, Any]) -> Choice:
    return Choice(**{**said, "where": tuple(said["where"])})


def keep_table(
    round: Round, content: bytes, name: str, target_of: Callable[[ForeignTable], str], *, actor: Actor
) -> StoredFile:
    """Read a table of others and keep it until somebody has said which column is what; flushed.

    ``target_of`` tells what it is of. Raises UnreadableFile, Refused for a round that was opened.
    """
    steps.require_draft(round)
    table = read_foreign(content)
    target = target_of(table)
    rows = [[number, dict(cells)] for number, cells in table.rows]
    return _keep(round, {"headings": list(table.headings), "rows": rows, "target": target}, name, actor)


def kept_table(round: Round, file_id: int, *, actor: Actor) -> KeptTable:
    """The table that this person keeps for this round. Raises NotFound, also where a day has passed."""
    name, kept = _kept(round, file_id, "rows", actor)
    rows = tuple((number, cells) for number, cells in kept["rows"])
    return KeptTable(name, kept["target"], ForeignTable(tuple(kept["headings"]), rows))


def said_by(round: Round, kept: KeptTable, choice: Choice) -> Sent:
    """What a table says by this choice, as sheets beside those that the round has."""
    current = content_of(db.session(), round)
    found = mapped(kept.table, choice, current)
    sheets = {**numbered(written(current)), **found}
    return Sent(kept.name, round.id, sheets, tuple(found), (), choice=choice)


def origins(round: Round, sent: Sent, *, actor: Actor) -> Callable[[Fault], Origin | None]:
    """What tells the cell of the sent table that a fault is about; of a workbook it gives None."""
    choice = sent.choice
    if sent.table_id is None or choice is None:
        return lambda _fault: None
    try:
        table = kept_table(round, sent.table_id, actor=actor).table
    except NotFound:
        return lambda _fault: None
    return lambda fault: origin_of(fault, table, choice) if fault.sheet in sent.found else None


def _keep(round: Round, kept: Mapping[str, Any], name: str, actor: Actor) -> StoredFile:
    body = json.dumps({**kept, "round": round.id}, ensure_ascii=False).encode()
    file = stored_file(name[:LONGEST_NAME], YEAR_TO_IMPORT, body)
    return keep(db.session(), file, account_id=actor.account_id)


def _kept(round: Round, file_id: int, part: str, actor: Actor) -> tuple[str, dict[str, Any]]:
    """The name of a kept file of this person and round, and what was kept; it has this part."""
    query = select(StoredFile).where(
        StoredFile.id == file_id,
        StoredFile.content_type == YEAR_TO_IMPORT,
        StoredFile.account_id == actor.account_id,
    )
    file = db.session.scalar(query)
    if file is None:
        raise NotFound
    kept: dict[str, Any] = json.loads(file.content)
    if kept["round"] != round.id or part not in kept:
        raise NotFound
    return file.name, kept


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
    taken = select(Round.id).where(
        Round.fiscal_year == content.fiscal_year, Round.scheme == content.scheme, Round.id != round.id
    )
    if db.session.scalar(taken) is not None:
        raise Refused("The fiscal year %(year)s has a round already", year=content.fiscal_year)
    return steps.change(
        round, lambda _before: content, act="round.workbook", what=sent.name, actor=actor,
        seen_version=seen_version,
    )  # fmt: skip
