"""A2 and A3 against the real box: with everything ever stored, linking stays at chance."""

from __future__ import annotations

import hmac
import itertools
import random
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.round import Round, RoundState
from portal.ballot.box import Box, cast, form_mark_of, mark_of
from portal.ballot.closing import empty_marks
from portal.ballot.keys import key_folder
from portal.ballot.opening import open_boxes
from portal.ballot.wall import system_read
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.attacks.linking import (
    Case,
    Person,
    Stored,
    chance,
    equality_attack,
    oracle_attack,
    rank_attack,
    share,
)
from tests.support.ballots import sealed_size
from tests.support.databases import Database
from tests.support.respondents import EIT, IIT, LINES, box, citizen_id
from tests.support.world import World

pytestmark = pytest.mark.postgres
N = 25
#: A single run is judged at five σ: at three, one of the many attacks would exceed it by luck in some runs.
#: The designs that leak are linked for 90 % and more.
SIGMAS = 5.0


def test_linking_stays_at_chance(app: Portal, world: World, database: Database) -> None:
    with app.app_context():
        mark_key = key_folder().mark_key(world.round_id)  # copied while people answered
        boxes = [box(world, agency, kind) for agency in ("a1", "a2", "b1", "b2") for kind in (IIT, EIT)]
        people = {target: _people_who_answer(target, seed) for seed, target in enumerate(boxes)}
        marks = _marks()
        for target, crowd in people.items():
            _watch(target, crowd, marks)
        _close_and_open(world)
        cases = [Case(people[target], _stored(target)) for target in boxes]
        if database.sqlite:
            for case in cases:
                _offsets(case.stored, database.file)
        assert {person.answer for case in cases for person in case.people} == {
            stored.answer for case in cases for stored in case.stored
        }
        for name, found in _attacks(cases).items():
            bound = chance(cases, SIGMAS, guesses=2)
            print(f"{name}: linked {found:.3f}, chance {chance(cases, 0):.3f}, +3σ {chance(cases, 3):.3f}")
            assert found <= bound, name
        for name, attack in _oracles(mark_key).items():
            found = share((oracle_attack(case, attack) for case in cases), cases)
            print(f"tried against what stands beside the mark, {name}: linked {found:.3f}")
            assert found == 0, name
        assert _marks() == {}, "after closing nothing tells who took part (A3)"


def _attacks(cases: list[Case]) -> dict[str, float]:
    known = sorted(set.intersection(*(set(case.people[0].known) for case in cases)))
    seen = sorted(set.intersection(*(set(case.stored[0].seen) for case in cases)))
    found = {
        f"rank {one} – {other}": share((rank_attack(case, one, other) for case in cases), cases)
        for one, other in itertools.product(known, seen)
    }
    for name in ("xmin", "length"):
        if name in known and name in seen:
            linked = (equality_attack(case, name, name) for case in cases)
            found[f"equal {name}"] = share(linked, cases)
    return found


def _people_who_answer(target: Box, seed: int) -> list[Person]:
    """25 people with different answers, one after the other, as somebody at the door would see them."""
    draw = random.Random(seed)
    numbers = draw.sample(range(2**18), N)
    people = []
    for arrival, number in enumerate(numbers):
        answers = bytes(1 + (number >> bit & 1) for bit in range(18)).ljust(LINES[target.instrument], b"\1")
        identity = citizen_id(100 * seed + arrival)
        value = secrets.token_bytes(16)  # as on the page of this person's phone
        cast(target, identity, answers, form=value)
        mark = mark_of(key_folder().mark_key(target.round_id), target, identity)
        people.append(Person(answers, {"arrival": arrival, "mark": mark, "form value": value}))
    return people


def _columns(connection: Any, *extra: str) -> str:
    postgres = connection.dialect.name == "postgresql"
    hidden = ["xmin::text::bigint", "ctid::text"] if postgres else ["0", "''"]
    return ", ".join([*hidden, *extra])


def _oracles(mark_key: bytes) -> dict[str, Callable[[Person, Stored], bool]]:
    """What somebody who holds the mark key and a dump of the marks can try against each opened answer."""

    def kept(person: Person, what: bytes) -> bool:
        mark, beside = person.known["mark"], person.known["beside"]
        plain = hmac.digest(mark_key, mark + what, "sha256")
        return beside in {form_mark_of(mark_key, mark, what), plain, what}

    return {
        "its answers": lambda person, stored: kept(person, stored.answer),
        "its key": lambda person, stored: kept(person, stored.seen["key"]),
        "the form's value in it": lambda person, stored: person.known["form value"] in stored.answer,
        "the form's value as its key": lambda person, stored: (
            person.known["form value"] == stored.seen["key"]
        ),
    }


def _marks() -> dict[bytes, tuple[int, tuple[int, ...], bytes]]:
    """Every mark with what PostgreSQL gives away of its row, and what stands beside it."""
    with system_read() as connection:
        rows = connection.execute(text(f"SELECT {_columns(connection, 'mark', 'form')} FROM mark")).all()
    return {bytes(row[2]): (row[0], _place(row[1]), bytes(row[3])) for row in rows}


def _watch(target: Box, crowd: list[Person], marks: dict[bytes, tuple[int, tuple[int, ...], bytes]]) -> None:
    """What copies made before the closing give: the sealed row of each mark (same transaction)."""
    with system_read() as connection:
        columns = _columns(connection, "key", "length(sealed)")
        query = text(f"SELECT {columns} FROM sealed_answer WHERE participation_id = :p AND instrument = :i")
        values = {"p": target.participation_id, "i": target.instrument.value}
        rows = connection.execute(query, values).all()
        postgres = connection.dialect.name == "postgresql"
    assert {row[3] for row in rows} == {sealed_size(LINES[target.instrument])}, "all of one length"
    for person in crowd:
        person.known["beside"] = marks[person.known["mark"]][2]
    if not postgres:
        return
    sealed = {row[0]: row for row in rows}
    for person in crowd:
        xmin, place, _beside = marks[person.known["mark"]]
        row = sealed[xmin]  # mark and sealed row are linked, which the seal makes harmless
        person.known |= {"xmin": xmin, "mark place": place, "place": _place(row[1]), "key": bytes(row[2])}
        person.known["length"] = row[3]


def _close_and_open(world: World) -> None:
    with writing(), privileged("an attack closes") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    private_key = key_folder().urn_key(world.round_id)
    empty_marks(world.round_id)
    open_boxes(world.round_id, private_key=private_key)


def _stored(target: Box) -> list[Stored]:
    with system_read() as connection:
        columns = _columns(connection, "key", "answers")
        query = text(f"SELECT {columns} FROM opened_answer WHERE participation_id = :p AND instrument = :i")
        values = {"p": target.participation_id, "i": target.instrument.value}
        rows = connection.execute(query, values).all()
    return [
        Stored(
            bytes(row[3]),
            {
                "read order": number,
                "xmin": row[0],
                "place": _place(row[1]),
                "key": bytes(row[2]),
                "length": len(row[3]),
            },
        )
        for number, row in enumerate(rows)
    ]


def _offsets(stored: Sequence[Stored], file: Path) -> None:
    """Where the answers lie in the files: the cells of a page are filled in the order of writing."""
    for suffix in ("", "-wal"):
        path = file.with_name(file.name + suffix)
        content = path.read_bytes() if path.exists() else b""
        for answer in stored:
            answer.seen[f"offset{suffix}"] = content.find(answer.answer)
            answer.seen[f"last offset{suffix}"] = content.rfind(answer.answer)


def _place(ctid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in ctid.strip("()").split(",")) if ctid else ()
