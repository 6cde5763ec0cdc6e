"""Positive controls: the same attacks recover the designs that do not work."""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.attacks.linking import Case, Person, Stored, equality_attack, oracle_attack, rank_attack, share
from tests.support.databases import Database
from tests.support.respondents import citizen_id

N = 25


@pytest.fixture
def scratch(database: Database, tmp_path: Path) -> Iterator[Engine]:
    """A database in which a bad design can be built: on PostgreSQL by the owner, beside the real tables."""
    url = f"sqlite:///{tmp_path / 'scratch.db'}" if database.sqlite else database.owner_url
    engine = create_engine(url)
    with engine.begin() as connection:
        binary = "BLOB" if database.sqlite else "bytea"
        connection.execute(text(f"CREATE TABLE bad_mark (mark {binary} PRIMARY KEY)"))
        connection.execute(text(f"CREATE TABLE bad_answer (key {binary} PRIMARY KEY, answers {binary})"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bad_mark"))
        connection.execute(text("DROP TABLE bad_answer"))
    engine.dispose()


def fill(engine: Engine, *, together: bool, vary_length: bool = False) -> list[Person]:
    """Plain answers under random keys, with marks: in one transaction per person, or in two."""
    draw = random.Random(4)
    people = []
    lengths = random.Random(5).sample(range(20, 200), N)
    for arrival in range(N):
        size = lengths[arrival] if vary_length else 30
        answers = bytes(draw.randint(1, 4) for _ in range(size))
        mark = secrets.token_bytes(32)
        first = text("INSERT INTO bad_mark VALUES (:mark)"), {"mark": mark}
        second = (
            text("INSERT INTO bad_answer VALUES (:key, :answers)"),
            {"key": secrets.token_bytes(16), "answers": answers},
        )
        for unit in ((first, second),) if together else ((first,), (second,)):
            with engine.begin() as connection:
                for statement, values in unit:
                    connection.execute(statement, values)
        people.append(Person(answers, {"mark": mark, "arrival": arrival, "length": size}))
    return people


def look(engine: Engine, people: list[Person]) -> Case:
    """What a dump gives away of the two tables."""
    hidden = "rowid" if engine.dialect.name == "sqlite" else "xmin::text::bigint"
    place = "rowid" if engine.dialect.name == "sqlite" else "ctid"
    order = "rowid" if engine.dialect.name == "sqlite" else "ctid"
    with engine.connect() as connection:
        marks = connection.execute(text(f"SELECT mark, {hidden} FROM bad_mark ORDER BY {place}")).all()
        rows = connection.execute(text(f"SELECT answers, {hidden} FROM bad_answer ORDER BY {order}")).all()
    by_mark = {bytes(mark): (hid, place) for place, (mark, hid) in enumerate(marks)}
    for person in people:
        person.known["hidden"], person.known["place"] = by_mark[person.known["mark"]]
    stored = [
        Stored(bytes(answers), {"hidden": hid, "place": place, "length": len(answers)})
        for place, (answers, hid) in enumerate(rows)
    ]
    return Case(people, stored)


@pytest.mark.postgres
@pytest.mark.parametrize("vacuum", [False, True], ids=["fresh", "vacuumed"])
def test_mark_and_plain_answer_in_one_transaction_are_linked(scratch: Engine, vacuum: bool) -> None:
    people = fill(scratch, together=True)
    if vacuum:
        with scratch.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            full = scratch.dialect.name == "postgresql"
            raw = connection.connection.cursor()
            for table in ("bad_mark", "bad_answer") if full else ("",):
                raw.execute(f"VACUUM FULL {table}" if full else "VACUUM")
    case = look(scratch, people)
    if scratch.dialect.name == "postgresql":
        assert share([equality_attack(case, "hidden", "hidden")], [case]) == 1.0
    assert share([rank_attack(case, "hidden", "hidden")], [case]) == 1.0
    assert share([rank_attack(case, "arrival", "place")], [case]) == 1.0


@pytest.mark.postgres
def test_two_transactions_are_linked_by_rank(scratch: Engine) -> None:
    case = look(scratch, fill(scratch, together=False))
    assert share([rank_attack(case, "hidden", "hidden")], [case]) >= 0.95
    assert share([rank_attack(case, "place", "place")], [case]) >= 0.95


@pytest.mark.postgres
def test_answers_of_unpadded_length_are_linked(scratch: Engine) -> None:
    case = look(scratch, fill(scratch, together=False, vary_length=True))
    assert share([equality_attack(case, "length", "length")], [case]) >= 0.95


def test_anything_of_the_answers_beside_the_mark_is_an_oracle() -> None:
    """A keyed hash of the answers, to see whether a second sending differs: whoever holds the key tries."""
    key = secrets.token_bytes(32)
    draw = random.Random(8)
    people = []
    for arrival in range(N):
        answers = bytes(draw.randint(1, 4) for _ in range(30))
        mark = secrets.token_bytes(32)
        beside = hmac.digest(key, mark + answers, "sha256")
        people.append(Person(answers, {"arrival": arrival, "mark": mark, "beside": beside}))
    stored = [Stored(person.answer) for person in people]
    draw.shuffle(stored)
    case = Case(people, stored)

    def fits(person: Person, answer: Stored) -> bool:
        return hmac.digest(key, person.known["mark"] + answer.answer, "sha256") == person.known["beside"]

    assert share([oracle_attack(case, fits)], [case]) == 1.0


def test_the_forms_value_in_the_sealed_answer_links_it_with_its_mark() -> None:
    """The value, or a hash of it that is not bound to something else, on both sides is a join."""
    key = secrets.token_bytes(32)
    draw = random.Random(9)
    people, stored = [], []
    for arrival in range(N):
        value, answers = secrets.token_bytes(16), bytes(draw.randint(1, 4) for _ in range(30))
        people.append(Person(answers, {"arrival": arrival, "beside": hmac.digest(key, value, "sha256")}))
        stored.append(Stored(answers, {"beside": hmac.digest(key, value, "sha256")}))
    draw.shuffle(stored)
    case = Case(people, stored)
    assert share([equality_attack(case, "beside", "beside")], [case]) == 1.0


def test_cells_of_a_table_without_row_ids_still_tell_their_order(tmp_path: Path) -> None:
    file = tmp_path / "cells.db"
    engine = create_engine(f"sqlite:///{file}")
    draw = random.Random(6)
    people = []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (key BLOB PRIMARY KEY, answers BLOB) WITHOUT ROWID"))
    for arrival in range(N):
        answers = bytes(draw.randint(1, 4) for _ in range(30))
        with engine.begin() as connection:
            values = {"key": secrets.token_bytes(16), "answers": answers}
            connection.execute(text("INSERT INTO a VALUES (:key, :answers)"), values)
        people.append(Person(answers, {"arrival": arrival}))
    engine.dispose()
    content = file.read_bytes()
    stored = [Stored(person.answer, {"offset": content.find(person.answer)}) for person in people]
    random.Random(7).shuffle(stored)
    case = Case(people, stored)
    assert share([rank_attack(case, "arrival", "offset")], [case]) == 1.0


@pytest.mark.parametrize("salt", [b"", b"a salt that is stored beside"])
def test_a_hash_of_the_id_is_undone_by_a_personnel_list(salt: bytes) -> None:
    """The ID space is small and the list smaller; a key that is destroyed is what makes the difference."""
    personnel = [citizen_id(number) for number in range(50)]
    stored = {hashlib.sha256(salt + identity.encode()).digest() for identity in personnel[:N]}
    found = [one for one in personnel if hashlib.sha256(salt + one.encode()).digest() in stored]
    assert found == personnel[:N]
    key = secrets.token_bytes(32)
    keyed = {hmac.digest(key, identity.encode(), "sha256") for identity in personnel[:N]}
    assert not [one for one in personnel if hashlib.sha256(salt + one.encode()).digest() in keyed]
