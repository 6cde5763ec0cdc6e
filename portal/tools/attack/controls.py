"""Positive controls: designs that do not work, filled with as many people, attacked by the same code.

Where they are not recovered the attacks are blind, and what they say of the box is worth nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from portal.tools.attack import storage
from portal.tools.attack.attacks import MARK_AND_KEY, Found, equalities, ranks, sizes_of
from portal.tools.attack.engines import Target
from portal.tools.attack.linking import Case, Person, Stored, oracle_attack
from portal.tools.demo.citizen_ids import made_up_ids

#: the share of the people whom a control must recover
RECOVERED = 0.9


@dataclass(frozen=True)
class Control:
    """A broken design and the attack that recovers it."""

    design: str
    found: Found

    @property
    def recovered(self) -> bool:
        """True where the attack sees what it must see."""
        return self.found.hits >= RECOVERED * self.found.people


#: by the design's way of writing: which attack must recover it, by family and by the name of the attack
_TOGETHER = {
    "xmin": "mark xmin = xmin",
    "ctid": "arrival – ctid, in rank",
    "rowid": "mark rowid – rowid, in rank",
    "cell offset": "arrival – file cell, in rank",
    "write-ahead log": "arrival – log first, in rank",
    "order": "arrival – as read, in rank",
    "time": "mark at = at",
    "length": "length = length",
}
_APART = {"xmin": "mark xmin – xmin, in rank", "rowid": "mark rowid – rowid, in rank"}


def all_controls(target: Target, sizes: Sequence[int], folder: Path) -> list[Control]:
    """Build every broken design on this engine and recover it."""
    if target.sqlite:
        file = folder / "broken.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        url = f"sqlite:///{file}"
        target = replace(target, url=url, owner_url=url, thief_url=url, files=folder)
    engine = target.thief()
    found = []
    for together, attacks in ((True, _TOGETHER), (False, _APART)):
        design = "mark and answer in one transaction" if together else "in two transactions"
        cases = _look(target, engine, _fill(engine, sizes, together=together))
        made = {one.name: one for one in (*ranks(cases), *equalities(cases), _times(cases))}
        found += [Control(design, made[name]) for name in attacks.values() if name in made]
    engine.dispose()
    return [*found, *_in_memory(sizes)]


def _fill(engine: Engine, sizes: Sequence[int], *, together: bool) -> list[list[Person]]:
    """Plain answers of unpadded length with a time, and marks: in one transaction per person, or in two."""
    binary = "BLOB" if engine.dialect.name == "sqlite" else "bytea"
    with engine.begin() as connection:
        for table in ("bad_mark", "bad_answer"):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        connection.execute(text(f"CREATE TABLE bad_mark (box int, mark {binary}, at int)"))
        connection.execute(text(f"CREATE TABLE bad_answer (box int, key {binary}, answers {binary}, at int)"))
    boxes: list[list[Person]] = [[] for _size in sizes]
    draw = secrets.SystemRandom()
    lengths = [draw.sample(range(20, 200), size) for size in sizes]
    coming = [number for number, size in enumerate(sizes) for _one in range(size)]
    draw.shuffle(coming)
    with engine.connect() as connection:
        for arrival, box in enumerate(coming):
            size = lengths[box].pop()
            answers = bytes(draw.choices(range(1, 5), k=size))
            known = {"arrival": arrival, "mark": secrets.token_bytes(32), "length": size}
            boxes[box].append(Person(answers, known))
            _put(connection, box, known["mark"], answers, arrival, together=together)  # type: ignore[arg-type]
    return boxes


def _put(
    connection: Connection, box: int, mark: bytes, answers: bytes, arrival: int, *, together: bool
) -> None:
    row = {"box": box, "mark": mark, "key": secrets.token_bytes(16), "answers": answers, "at": arrival}
    connection.execute(text("INSERT INTO bad_mark VALUES (:box, :mark, :at)"), row)
    if not together:
        connection.commit()
    connection.execute(text("INSERT INTO bad_answer VALUES (:box, :key, :answers, :at)"), row)
    connection.commit()


def _look(target: Target, engine: Engine, boxes: list[list[Person]]) -> list[Case]:
    """What a dump, the files and the log give away of both tables."""
    page = storage.PAGE[target.sqlite]
    log = storage.log_files(target)
    with engine.connect() as connection:
        marks = {
            bytes(values[0]): {"at": values[1], **hidden}
            for values, hidden in storage.rows_of(connection, "bad_mark", "mark, at")
        }
        rows = storage.rows_of(connection, "bad_answer", "box, answers, at")
        file = storage.table_file(target, connection, "bad_answer")
    answers = {bytes(values[1]) for values, _hidden in rows}
    in_file, in_log = (storage.places(content, answers, page=page) for content in (file, log))
    stored: list[list[Stored]] = [[] for _box in boxes]
    for number, ((box, kept, at), hidden) in enumerate(rows):
        answer = bytes(kept)
        seen = {"as read": number, "length": len(answer), "at": at, **hidden}
        seen |= {f"file {name}": place for name, place in in_file.get(answer, storage.NOWHERE).items()}
        seen |= {f"log {name}": place for name, place in in_log.get(answer, storage.NOWHERE).items()}
        stored[box].append(Stored(answer, seen))
    for people in boxes:
        for person in people:
            person.known |= {f"mark {name}": value for name, value in marks[person.known["mark"]].items()}
    return [Case(people, of_box) for people, of_box in zip(boxes, stored, strict=True)]


def _in_memory(sizes: Sequence[int]) -> list[Control]:
    """Designs whose fault is in what is written, on whichever engine."""
    key, draw = secrets.token_bytes(32), secrets.SystemRandom()
    cases = []
    for size in sizes:
        people = []
        for _number in range(size):
            answers, mark = bytes(draw.choices(range(1, 5), k=30)), secrets.token_bytes(32)
            beside = hmac.digest(key, mark + answers, "sha256")
            people.append(
                Person(answers, {"mark": mark, "beside": beside, "sealed": _always_the_same(answers)})
            )
        stored = [Stored(one.answer, {"sealed again": _always_the_same(one.answer)}) for one in people]
        draw.shuffle(stored)
        cases.append(Case(people, stored))

    def fits(person: Person, one: Stored) -> bool:
        return hmac.digest(key, person.known["mark"] + one.answer, "sha256") == person.known["beside"]

    oracle = Found(
        MARK_AND_KEY, "tried with the key", sum(oracle_attack(case, fits) for case in cases), sizes_of(cases)
    )
    again = equalities(cases)[0]
    return [
        Control("a keyed hash of the answers beside the mark", oracle),
        Control("a seal without chance in it", again),
        Control("a salted hash of the ID", _undone(sizes)),
    ]


def _undone(sizes: Sequence[int]) -> Found:
    """Half of a list of IDs took part: who, is tried out of the salted hashes."""
    hits, ids = 0, made_up_ids(9_000_000)
    for size in sizes:
        listed = [next(ids) for _number in range(2 * size)]
        took_part = set(secrets.SystemRandom().sample(listed, size))
        stored = {hashlib.sha256(b"salt" + one.encode()).digest() for one in took_part}
        named = {one for one in listed if hashlib.sha256(b"salt" + one.encode()).digest() in stored}
        hits += len(named & took_part) if len(named) == size else 0
    return Found("list of IDs", "every ID is tried", hits, tuple(sizes))


def _times(cases: Sequence[Case]) -> Found:
    hits = 0
    for case in cases:
        by_time = {one.seen["at"]: one.answer for one in case.stored}
        hits += sum(by_time.get(person.known["mark at"]) == person.answer for person in case.people)
    return Found("time", "mark at = at", hits, sizes_of(cases))


def _always_the_same(answers: bytes) -> bytes:
    return hashlib.sha256(answers).digest()
