"""A list of agencies that somebody sends, by their codes or full names: for whom accounts are made."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from models.agency import Agency, whole_code
from models.letter import StoredFile
from models.thai import normal_form
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.core.files import AGENCIES_TO_SERVE, keep, stored_file
from portal.core.imports.errors import NoHeader, UnreadableFile
from portal.core.imports.spreadsheet import Row, Table, read_table

#: columns and the names they may have; one of them is enough
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("รหัส อปท.", "รหัสหน่วยงาน", "รหัส", "lao_code8", "lao_code"),
    "name": ("หน่วยงาน", "ชื่อหน่วยงาน", "ชื่อเต็ม", "ชื่อ อปท.", "full_name_th"),
}


@dataclass(frozen=True)
class Chosen:
    """The agencies of a list, and what of it names none that the desk keeps, with the row of each."""

    file_name: str
    agency_ids: tuple[int, ...]
    unknown: tuple[tuple[int, str], ...]


def read_list(content: bytes, name: str) -> Table:
    """Read a sent list: both columns, or one of them alone. Raises UnreadableFile."""
    table = _read(content, name)
    if not table.rows:
        raise UnreadableFile("The file has a heading and no rows below it")
    return table


def _read(content: bytes, name: str) -> Table:
    try:
        return read_table(content, name, names=COLUMNS)
    except NoHeader:
        for column, names in COLUMNS.items():
            with suppress(NoHeader):
                return read_table(content, name, names={column: names})
        raise


def keep_list(table: Table, *, actor: Actor) -> StoredFile:
    """Keep which agencies of the desk's reach a read list names; flushed."""
    chosen = _chosen(table)
    kept = {
        "file": table.name,
        "agencies": list(chosen.agency_ids),
        "unknown": [list(pair) for pair in chosen.unknown],
    }
    content = json.dumps(kept, ensure_ascii=False).encode()
    file = stored_file(table.name[:200], AGENCIES_TO_SERVE, content, province_id=actor.province_id)
    return keep(db.session(), file, account_id=actor.account_id)


def kept_list(file_id: int) -> Chosen:
    """What ``keep_list`` kept. Raises NotFound for somebody else's, or where a day has passed."""
    content = db.session.scalar(
        select(StoredFile.content).where(
            StoredFile.id == file_id, StoredFile.content_type == AGENCIES_TO_SERVE
        )
    )
    if content is None:
        raise NotFound
    kept = json.loads(content)
    unknown = tuple((int(number), str(text)) for number, text in kept["unknown"])
    return Chosen(kept["file"], tuple(kept["agencies"]), unknown)


def _chosen(table: Table) -> Chosen:
    by_code: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    for key, code, name in db.session.execute(select(Agency.id, Agency.code, Agency.full_name)):
        if code:
            by_code[code] = key
        by_name.setdefault(normal_form(name), []).append(key)
    ids: dict[int, None] = {}
    unknown: list[tuple[int, str]] = []
    for row in table.rows:
        found = _find(row, by_code, by_name)
        if found is None:
            unknown.append((row.number, " ".join(filter(None, (row["code"], row["name"])))))
        else:
            ids[found] = None
    return Chosen(table.name, tuple(ids), tuple(unknown))


def _find(row: Row, by_code: dict[str, int], by_name: dict[str, list[int]]) -> int | None:
    """By its code where it has one; by a full name that only one agency has."""
    if row["code"]:
        return by_code.get(whole_code(row["code"]))
    same = by_name.get(normal_form(row["name"]), [])
    return same[0] if len(same) == 1 else None
