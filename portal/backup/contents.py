"""What is in a copy of the database, so that what comes back can be proved to be all of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

_SEALED = text(
    "SELECT round_id, participation_id, instrument, key, channel, sealed FROM sealed_answer"
    " ORDER BY round_id, participation_id, instrument, key"
)
_REVISION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True)
class Contents:
    """``counts``: rows by table. ``boxes``: by round, how many answers are sealed and a hash over them."""

    revision: str
    counts: dict[str, int]
    boxes: dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Manifest:
    """What stands in a backup beside its files. ``contents`` None: the database is backed up elsewhere."""

    made_at: str
    engine: str
    contents: Contents | None

    def as_json(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self)).encode()


def manifest_from(content: bytes) -> Manifest:
    """A manifest as it was written."""
    read = json.loads(content)
    inside = read["contents"]
    if inside is not None:
        boxes = {number: (int(count), digest) for number, (count, digest) in inside["boxes"].items()}
        inside = Contents(inside["revision"], inside["counts"], boxes)
    return Manifest(read["made_at"], read["engine"], inside)


def contents_of(connection: Connection) -> Contents:
    """Count every table and hash the boxes, in the connection's transaction."""
    tables = sorted(inspect(connection).get_table_names())
    quote = connection.dialect.identifier_preparer.quote
    counts = {
        # the names are the database's own
        table: int(connection.execute(text(f"SELECT count(*) FROM {quote(table)}")).scalar_one())  # noqa: S608
        for table in tables
    }
    return Contents(connection.execute(_REVISION).scalar_one(), counts, _boxes(connection))


def differences(expected: Contents, found: Contents) -> list[str]:
    """What is not as it was, in words; empty where all of it is there."""
    told = []
    for table in sorted(expected.counts.keys() | found.counts.keys()):
        was, now = expected.counts.get(table), found.counts.get(table)
        if was != now:
            told.append(f"table {table}: {was} rows were written, {now} are there")
    for number in sorted(expected.boxes.keys() | found.boxes.keys()):
        if expected.boxes.get(number) != found.boxes.get(number):
            told.append(f"the sealed answers of round {number} are not those that were written")
    if expected.revision != found.revision:
        told.append(f"it stands at migration {found.revision}, not {expected.revision}")
    return told


def _boxes(connection: Connection) -> dict[str, tuple[int, str]]:
    """A hash over each round's sealed answers in an order of their own: it says nothing of their arrival."""
    hashes: dict[str, hashlib._Hash] = {}
    numbers: dict[str, int] = {}
    with connection.execution_options(yield_per=5000).execute(_SEALED) as rows:
        for row in rows:
            round_id = str(row.round_id)
            parts = (
                row.participation_id,
                row.instrument,
                bytes(row.key).hex(),
                row.channel,
                bytes(row.sealed).hex(),
            )
            line = "|".join(map(str, parts)) + "\n"
            hashes.setdefault(round_id, hashlib.sha256()).update(line.encode())
            numbers[round_id] = numbers.get(round_id, 0) + 1
    return {round_id: (numbers[round_id], hashes[round_id].hexdigest()) for round_id in numbers}
