"""The check of a record against its anchors, for somebody who does not trust the portal.

This file stands alone: Python, ``cryptography`` and, for PostgreSQL, ``psycopg``. It imports nothing of the
portal, so that it can be read through, carried to another machine and run there, with the database or a copy
of it, the folder of anchors that was kept elsewhere, and the public key:

    python witness.py --key anchor-key.pem --anchors /media/anchors --database copy-of-portal.db

It ends with 0 where everything is as the anchors saw it, 1 where it is not, 2 where it could not be checked.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TITLE = "ITA portal: anchor of the record, format 1"
COLUMNS = (
    "chain",
    "sequence",
    "at",
    "account_id",
    "grant_id",
    "act",
    "thing",
    "row",
    "before",
    "after",
    "previous_hash",
    "hash",
)
#: the columns as both databases take them: some are words of SQL
_QUOTED = ", ".join(f'"{name}"' for name in COLUMNS)
EVENTS = f"SELECT {_QUOTED} FROM audit_event ORDER BY chain, sequence, id"  # noqa: S608 - names of ours
HEADS = "SELECT chain, sequence, hash FROM audit_head"
_NAME = re.compile(r"anchor-(\d+)\.txt")
_HEAD = re.compile(r"(.+) (\d+) ([0-9a-f]{64})")


class Unusable(Exception):
    """What was given cannot be checked with; the text says why."""


# -- anchors ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """What an anchor saw of a chain: so many events, the last of them with this hash."""

    sequence: int
    hash: str
    anchor: int


@dataclass
class Anchors:
    """The anchors of a folder: those that are signed, what is wrong with the others, and what they saw."""

    signed: dict[int, tuple[str, str]] = field(default_factory=dict)  # number: (time, digest)
    faults: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    marks: dict[str, list[Mark]] = field(default_factory=dict)

    def named(self, number: int) -> str:
        """An anchor in words."""
        return f"anchor {number} ({self.signed[number][0]})"


def public_key(given: str) -> Ed25519PublicKey:
    """The key of a PEM file. Raises Unusable."""
    try:
        key = serialization.load_pem_public_key(Path(given).read_bytes())
    except (OSError, ValueError) as error:
        raise Unusable(f"{given} holds no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Unusable(f"{given} holds a key of another kind: anchors are signed with Ed25519")
    return key


def read_anchors(folder: Path, key: Ed25519PublicKey) -> Anchors:
    """Read and prove every anchor of a folder. Raises Unusable where there is none."""
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder")
    files = {int(name[1]): file for file in folder.iterdir() if (name := _NAME.fullmatch(file.name))}
    if not files:
        raise Unusable(f"There is no anchor in {folder}")
    anchors = Anchors()
    expected = ""
    for number in sorted(files):
        body = files[number].read_bytes()
        try:
            before = _take(anchors, number, body, key)
        except (InvalidSignature, ValueError, KeyError):
            anchors.faults.append(f"anchor {number} is damaged, forged or signed with another key")
            expected = ""
            continue
        if expected and number - 1 in anchors.signed and before != expected:
            anchors.faults.append(f"anchor {number} does not follow anchor {number - 1}: one was made anew")
        expected = anchors.signed[number][1]
    anchors.missing = sorted(set(range(min(files), max(files) + 1)) - files.keys())
    return anchors


def _take(anchors: Anchors, number: int, body: bytes, key: Ed25519PublicKey) -> str:
    """Take in one anchor; gives the digest of the one before. Raises what a bad file raises."""
    signed, _word, signature = body.rpartition(b"signature: ")
    key.verify(base64.b64decode(signature.strip(), validate=True), signed)
    lines = signed.decode().splitlines()
    said = dict(line.split(": ", 1) for line in lines[1:7])
    if lines[0] != TITLE or int(said["number"]) != number:
        raise ValueError("the number inside is not that of the file's name")
    anchors.signed[number] = (said["time"], hashlib.sha256(body).hexdigest())
    for line in lines[7:]:
        found = _HEAD.fullmatch(line)
        if found is None:
            raise ValueError("a line that is no head")
        chain, sequence, link = found.groups()
        marks = anchors.marks.setdefault(chain, [])
        mark = Mark(int(sequence), link, number)
        if mark.sequence and (not marks or (marks[-1].sequence, marks[-1].hash) != (mark.sequence, link)):
            marks.append(mark)
    return said["before"]


# -- the record -------------------------------------------------------------------------------------------


@contextmanager
def opened(given: str) -> Iterator[tuple[Iterable[dict[str, Any]], dict[str, tuple[int, str]]]]:
    """The events of a database in the order of chains, and its heads, both of one moment.

    ``given``: the URL of a PostgreSQL database, a file of SQLite or a plain dump of pg_dump. Raises Unusable.
    """
    if given.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        with _postgres(given) as found:
            yield found
        return
    file = Path(given.removeprefix("sqlite:///"))
    if not file.is_file():
        raise Unusable(f"There is no file {file}")
    with file.open("rb") as start:
        is_sqlite = start.read(16) == b"SQLite format 3\0"
    try:
        with _sqlite(file) if is_sqlite else _dumped(file) as found:
            yield found
    except sqlite3.Error as error:
        raise Unusable(f"{file} cannot be read: {error}") from error


@contextmanager
def _sqlite(file: Path) -> Iterator[Any]:
    address = f"file:{quote(str(file.resolve()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.text_factory = lambda body: body.decode("utf-8", "surrogateescape")
        connection.execute("BEGIN")
        heads = {chain: (sequence, link) for chain, sequence, link in connection.execute(HEADS)}
        yield map(_event, connection.execute(EVENTS)), heads


@contextmanager
def _postgres(url: str) -> Iterator[Any]:
    try:
        import psycopg  # noqa: PLC0415 - not needed for a file
    except ImportError as error:
        raise Unusable("psycopg is not installed: pip install 'psycopg[binary]', or check a dump") from error
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            (partly,) = connection.execute("SELECT row_security_active('audit_event')").fetchone() or (True,)
            if partly:
                raise Unusable(
                    "This role may see a part of the record only: give the URL of the owner, or a dump"
                )
            heads = {chain: (sequence, link) for chain, sequence, link in connection.execute(HEADS)}
            with connection.cursor(name="events") as cursor:
                cursor.itersize = 1000
                yield map(_event, cursor.execute(EVENTS)), heads
    except psycopg.Error as error:
        raise Unusable(f"The database cannot be read: {error}") from error


@contextmanager
def _dumped(file: Path) -> Iterator[Any]:
    """The two tables of a dump in plain text, laid into a database of SQLite for a while."""
    with closing(sqlite3.connect("")) as connection:  # in a file of its own that is gone afterwards
        connection.execute(f"CREATE TABLE audit_event (id, {_QUOTED})")
        connection.execute("CREATE TABLE audit_head (chain, sequence, hash)")
        found = _load(connection, file)
        if found != {"audit_event", "audit_head"}:
            raise Unusable(f"{file} is no database of SQLite and no plain dump (pg_dump) with the record")
        connection.execute("CREATE INDEX in_order ON audit_event (chain, sequence, id)")
        heads = {chain: (sequence, link) for chain, sequence, link in connection.execute(HEADS)}
        yield map(_event, connection.execute(EVENTS)), heads


def _load(connection: sqlite3.Connection, file: Path) -> set[str]:
    """Copy the rows of both tables; which of them were there."""
    begins = re.compile(r"COPY (?:\w+\.)?(audit_event|audit_head) \((.+)\) FROM stdin;")
    numbers = {"id", "sequence", "account_id", "grant_id"}
    found = set()
    names: list[str] = []
    table = ""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in map(_without_end, lines):
            if table and line == r"\.":
                table = ""
            elif table:
                values = [
                    int(value) if value is not None and name in numbers else value
                    for name, value in zip(names, map(_unescaped, line.split("\t")), strict=True)
                ]
                columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _name in names)
                connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608
            elif start := begins.fullmatch(line):
                table, names = start[1], [name.strip().strip('"') for name in start[2].split(",")]
                found.add(table)
    return found


def _without_end(line: str) -> str:
    return line.rstrip("\n")


def _unescaped(value: str) -> str | None:
    if value == r"\N":
        return None
    special = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
    return re.sub(r"\\(.)", lambda found: special.get(found[1], found[1]), value)


def _event(row: Sequence[Any]) -> dict[str, Any]:
    event = dict(zip(COLUMNS, row, strict=True))
    for name in ("before", "after"):
        if isinstance(event[name], str):
            try:
                event[name] = json.loads(event[name])
            except (ValueError, RecursionError):
                event[name] = f"unreadable: {event[name]}"  # which no hash fits
    return event


def digest_of(event: dict[str, Any]) -> str:
    """The hash of an event: SHA-256 over its canonical JSON, in which the hash of the event before stands."""
    hashed = {name: value for name, value in event.items() if name != "hash"}
    hashed["at"] = _moment(event["at"])
    text = json.dumps(hashed, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _moment(value: Any) -> str:
    """A moment in UTC as the hash has it; text that is no moment stays, and fits no hash."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


# -- the verdict ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What was changed in a chain: from which event, in words."""

    chain: str
    place: int
    words: str


@dataclass
class Verdict:
    """What came of the check."""

    anchors: Anchors
    chains: int = 0
    events: int = 0
    whole: int = 0
    changes: list[Change] = field(default_factory=list)
    #: events that fit and that no anchor saw yet, by chain
    young: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """True where nothing is wrong with record and anchors."""
        return not self.changes and not self.anchors.faults


class Walk:
    """One chain, event by event, beside what the anchors saw of it. The first thing that is wrong counts."""

    def __init__(self, chain: str, anchors: Anchors) -> None:
        self.chain, self.anchors = chain, anchors
        self.marks = sorted(anchors.marks.get(chain, ()), key=lambda mark: (mark.sequence, mark.anchor))
        self.seen = max((mark.sequence for mark in self.marks), default=0)
        self.sequence, self.hash, self.events = 0, "", 0
        self.agreed: Mark | None = None
        self.change: Change | None = None
        self._next = 0

    def take(self, event: dict[str, Any]) -> None:
        """The next event of the chain."""
        self.events += 1
        if self.change is not None:
            return
        place = self.sequence + 1
        if event["sequence"] != place:
            self._changed(place, f"event {place} is missing, or its number was changed")
        elif event["previous_hash"] != self.hash:
            self._changed(place, f"event {place} does not hang on the one before it")
        elif digest_of(event) != event["hash"]:
            self._changed(place, f"event {place} was changed")
        else:
            self.sequence, self.hash = place, event["hash"]
            self._compare()

    def end(self, head: tuple[int, str] | None) -> Change | None:
        """After the last event; what is wrong with the chain, None where nothing is."""
        if self.change is None and self.sequence < self.seen:
            first, missing = self.sequence + 1, self.seen
            words = f"events {first} to {missing} are gone" if self.sequence else "the whole chain is gone"
            self._changed(first, words)
        if self.change is None and (head or (0, "")) != (self.sequence, self.hash):
            self._changed(self.sequence + 1, "the head of the chain is another than its last event")
        return self.change

    def _compare(self) -> None:
        """The event that was taken, beside every anchor that saw it as the last."""
        while self._next < len(self.marks) and self.marks[self._next].sequence == self.sequence:
            mark = self.marks[self._next]
            self._next += 1
            if mark.hash != self.hash:
                first = self.agreed.sequence + 1 if self.agreed else 1
                where = f"event {first}" if first == mark.sequence else f"events {first} to {mark.sequence}"
                self._changed(first, f"{where}: rewritten, so that their hashes fit again")
                return
            self.agreed = mark

    def _changed(self, place: int, words: str) -> None:
        after = next((mark for mark in self.marks if mark.sequence >= place), None)
        if after is None:
            self.change = Change(self.chain, place, f"{words}; younger than the last anchor")
            return
        seen = f"{self.anchors.named(after.anchor)} saw otherwise"
        if self.agreed is not None:
            since = f"they were written after {self.anchors.named(self.agreed.anchor)}, with which all fits"
            seen = f"{seen}; {since}"
        self.change = Change(self.chain, place, f"{words}; {seen}")


def judged(anchors: Anchors, events: Iterable[dict[str, Any]], heads: dict[str, tuple[int, str]]) -> Verdict:
    """Walk every chain beside the anchors. ``events`` are in the order of chains and places."""
    verdict = Verdict(anchors)
    walked = set()
    walk: Walk | None = None
    for event in events:
        if walk is None or walk.chain != event["chain"]:
            if walk is not None:
                _end(verdict, walk, heads)
            walk = Walk(event["chain"], anchors)
            walked.add(walk.chain)
        walk.take(event)
    if walk is not None:
        _end(verdict, walk, heads)
    for chain in sorted(
        (anchors.marks.keys() | {name for name, head in heads.items() if head[0]}) - walked, key=str
    ):
        _end(verdict, Walk(chain, anchors), heads)
    return verdict


def _end(verdict: Verdict, walk: Walk, heads: dict[str, tuple[int, str]]) -> None:
    change = walk.end(heads.get(walk.chain))
    verdict.chains += 1
    verdict.events += walk.events
    if change is not None:
        verdict.changes.append(change)
        return
    verdict.whole += min(walk.seen, walk.sequence)
    if walk.sequence > walk.seen:
        verdict.young[walk.chain] = walk.sequence - walk.seen


def check(key: str, folder: str, database: str) -> Verdict:
    """The verdict on a database (see ``opened``) by a folder of anchors. Raises Unusable."""
    anchors = read_anchors(Path(folder), public_key(key))  # first: the record may grow meanwhile, not they
    with opened(database) as (events, heads):
        return judged(anchors, events, heads)


def told(verdict: Verdict) -> list[str]:
    """The verdict in plain words, line by line."""
    anchors = verdict.anchors
    lines = [f"Anchors: {len(anchors.signed):,} are signed with the key"]
    if anchors.signed:
        first, last = min(anchors.signed), max(anchors.signed)
        digest = anchors.signed[last][1]
        groups = " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))
        lines[0] += f", from {anchors.named(first)} to {anchors.named(last)}"
        lines.append(f"  The last one is {groups}: compare it with a print that was kept elsewhere.")
    if anchors.missing:
        lines.append(f"  Not in the folder: {_short(anchors.missing)}. What they alone saw was not compared.")
    lines += [f"  WRONG: {fault}" for fault in anchors.faults]
    lines.append(f"Record: {verdict.chains:,} chains with {verdict.events:,} events")
    lines.append(f"  WHOLE: {verdict.whole:,} events are as the anchors saw them.")
    lines += [f"  CHANGED: chain {change.chain}: {change.words}." for change in verdict.changes]
    if verdict.young:
        lines += [
            f"  YOUNGER than the last anchor: {sum(verdict.young.values()):,} events in"
            f" {len(verdict.young):,} chains ({_short(sorted(verdict.young, key=str))}).",
            "    They fit their chains, which proves nothing: until an anchor has seen them, whoever owns the"
            " database can rewrite, remove or add events here, and no check detects it.",
        ]
    else:
        lines.append(
            "  No event is younger than the last anchor; one that was removed since could not be detected."
        )
    lines.append("Nothing was changed that an anchor saw." if verdict.good else "NOT as the anchors saw it.")
    return lines


def _short(names: Sequence[object], most: int = 8) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more


def run(args: argparse.Namespace) -> int:
    """Check and say what came of it; the exit code."""
    try:
        verdict = check(args.key, args.anchors, args.database)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    # a name that is no text is shown by its bytes
    print("\n".join(told(verdict)).encode("utf-8", "backslashreplace").decode())
    return 0 if verdict.good else 1


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Check a record of changes against its anchors")
    asked.add_argument("--key", required=True, metavar="FILE", help="the public key (PEM)")
    asked.add_argument("--anchors", required=True, metavar="FOLDER", help="anchors that were kept elsewhere")
    words = "a file of SQLite, a plain dump by pg_dump, or the URL of a PostgreSQL database"
    asked.add_argument("--database", required=True, metavar="FILE_OR_URL", help=words)
    sys.exit(run(asked.parse_args()))
