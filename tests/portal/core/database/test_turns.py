"""SQLite's write lock: whoever waits gets it soon after it came free, and SQLite's own patience stays."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal.core.database import turns
from portal.core.database.turns import PATIENCE, begin_to_write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that many write to at once."""
    path = tmp_path / "turns.db"
    with opened(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE turn (number INTEGER)")
    return path


def opened(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False))


@pytest.fixture
def two(file: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    with opened(file) as first, opened(file) as second:
        yield first, second


def test_the_lock_is_taken_and_sqlites_patience_stays(
    two: tuple[sqlite3.Connection, sqlite3.Connection],
) -> None:
    first, _second = two
    assert begin_to_write(first.execute)
    assert first.in_transaction
    assert first.execute("PRAGMA busy_timeout").fetchone() == (PATIENCE,)


def test_who_does_not_get_it_in_time_is_told_so_and_may_wait_on(
    two: tuple[sqlite3.Connection, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    monkeypatch.setattr(turns, "_SECONDS", 0.05)
    first.execute("BEGIN IMMEDIATE")
    assert not begin_to_write(second.execute)
    assert not second.in_transaction
    assert second.execute("PRAGMA busy_timeout").fetchone() == (PATIENCE,)
    threading.Timer(0.1, first.execute, ["COMMIT"]).start()
    second.execute("BEGIN IMMEDIATE")


def test_any_other_trouble_is_left_to_who_begins_in_the_ordinary_way(
    two: tuple[sqlite3.Connection, sqlite3.Connection],
) -> None:
    first, second = two
    first.execute("BEGIN")
    assert not begin_to_write(first.execute)
    assert first.execute("PRAGMA busy_timeout").fetchone() == (PATIENCE,)
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        first.execute("BEGIN IMMEDIATE")
    second.close()
    assert not begin_to_write(second.execute), "of a connection that is closed"


def test_all_of_a_crowd_get_their_turn(file: Path) -> None:
    def write(number: int) -> None:
        with opened(file) as connection:
            for _turn in range(20):
                assert begin_to_write(connection.execute) or connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO turn VALUES (?)", (number,))
                time.sleep(0.001)
                connection.execute("COMMIT")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(file) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT number) FROM turn").fetchone() == (160, 8)
