"""Which rounds were closed for good: a list beside the keys, outside the database and its backups.

A backup is older than what it is restored after. Where a round was closed since, the database that comes back
takes it for open; this list does not. A line is written before the first mark of a closed round goes. It
holds no secret: the round, a fingerprint of its public key, and when it was closed. Only whole lines count.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.engine import Connection

from models.ballot import UrnKey
from models.round import Round
from portal.core import clock

FILE = "closed-rounds.jsonl"


@dataclass(frozen=True)
class ClosedRound:
    """A round as it was closed. ``fingerprint``: SHA-256 of its public key, "" where it had no keys."""

    round_id: int
    fiscal_year: int
    scheme: str
    name: str
    fingerprint: str
    closed_at: str

    def is_same(self, other: ClosedRound) -> bool:
        """True for the same round: by its key, or where one of both has none yet, by what it assesses.

        An id alone is not enough: a database that was restored gives it to another round.
        """
        if self.round_id != other.round_id:
            return False
        if self.fingerprint and other.fingerprint:
            return self.fingerprint == other.fingerprint
        return (self.fiscal_year, self.scheme) == (other.fiscal_year, other.scheme)


def as_it_stands(connection: Connection, round_id: int) -> ClosedRound:
    """A round of the database as a line of the list."""
    columns = (Round.fiscal_year, Round.scheme, Round.name, Round.closed_at, UrnKey.public_key)
    query = select(*columns).outerjoin(UrnKey, UrnKey.round_id == Round.id).where(Round.id == round_id)
    row = connection.execute(query).one()
    key = hashlib.sha256(bytes(row.public_key)).hexdigest() if row.public_key is not None else ""
    at: datetime = row.closed_at or clock.now()
    return ClosedRound(round_id, row.fiscal_year, row.scheme, row.name, key, at.astimezone(UTC).isoformat())


def read(*places: Path) -> list[ClosedRound]:
    """Every round that one of the lists names, each once; a list that is not there names none."""
    found: list[ClosedRound] = []
    for place in places:
        try:
            lines = place.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            continue
        # what stands after the last end of a line was cut by a crash
        for line in filter(None, lines[:-1]):
            one = _of_line(line)
            if one is not None and not any(one.is_same(other) for other in found):
                found.append(one)
    return found


def note(place: Path, rounds: Iterable[ClosedRound]) -> None:
    """Add the rounds that a list does not name yet, on the disk when this returns. Raises OSError."""
    known = read(place)
    new = [one for one in rounds if not any(one.is_same(other) for other in known)]
    if not new:
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in new)
        file.write(b"" if _ends_whole(file) else b"\n")
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_whole(file: BinaryIO) -> bool:
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _of_line(line: str) -> ClosedRound | None:
    """None for what a crash cut in two and a later line followed."""
    try:
        return ClosedRound(**json.loads(line))
    except (ValueError, TypeError):
        return None
