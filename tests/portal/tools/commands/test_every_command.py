"""What holds for every command line, and the fence: each command of ``run.py`` has tests of its own here."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest

import run
from tests.support.command_line import Command

#: commands that look at a database first, each with the arguments that it must have
ASKING = (
    ("demo-accounts",),
    ("verify-record",),
    ("anchor-key",),
    ("create-admin", "first", "นางทดลอง คนแรก"),
    ("import-agencies", "register.csv"),
    ("open-boxes", "--round", "1"),
    ("drill-key", "--round", "1"),
    ("export-key", "--round", "1", "--key", "holder"),
)
OF_A_ROUND = tuple(words for words in ASKING if "--round" in words)


def commands() -> set[str]:
    """Every word that run.py knows."""
    choices = [action.choices for action in run._commands()._actions if action.dest == "command"]
    assert choices[0] is not None
    return set(choices[0])


def typed(file: Path) -> set[str]:
    """The commands whose names the tests of a file type; sweeps over many, like those here, do not count."""
    return {
        str(call.args[0].value)
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"command", "prompt"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_command_has_tests_of_its_own() -> None:
    tested = set().union(*(typed(file) for file in Path(__file__).parent.glob("test_*.py")))
    assert len(commands()) >= 17
    assert not commands() - tested, f"no test types: {sorted(commands() - tested)}"
    assert not tested - commands(), "a test types a command that is gone"


def test_a_sweep_over_many_commands_is_no_test_of_one(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text('for words in ALL:\n    prompt(*words)\ncommand("one", 2)\n')
    assert typed(tmp_path / "test_it.py") == {"one"}


def test_every_command_says_in_the_help_what_it_does() -> None:
    (sub,) = [act for act in run._commands()._actions if isinstance(act, argparse._SubParsersAction)]
    described = {choice.dest: choice.help for choice in sub._choices_actions}
    assert described.keys() == commands() and all(described.values())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("no-such",), "invalid choice: 'no-such'"),
        (("open-boxes",), "the following arguments are required: --round"),
        (("open-boxes", "--round", "third"), "invalid int value: 'third'"),
        (("drill-key",), "the following arguments are required: --round"),
        (("export-key", "--round", "1"), "the following arguments are required: --key"),
        (("create-admin", "first"), "the following arguments are required: name"),
        (("import-agencies",), "the following arguments are required: path"),
        (("new-migration",), "the following arguments are required: name"),
        (("verify-record", "now"), "unrecognized arguments: now"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_arguments_are_refused_with_the_usage(
    prompt: Command, words: tuple[str, ...], why: str
) -> None:
    told = prompt(*words)
    assert (told.code, told.out) == (2, "")
    assert why in told.err and told.err.startswith("usage: ")


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database would be."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "portal.db"


@pytest.mark.parametrize("words", ASKING, ids=lambda words: words[0])
def test_without_a_database_it_says_what_to_do_and_makes_none(
    nothing: Path, prompt: Command, words: tuple[str, ...]
) -> None:
    told = prompt(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err == f"There is no database at {nothing}: run 'make db'\n"
    assert not nothing.exists()


def test_an_old_database_is_brought_up_first(nothing: Path, prompt: Command) -> None:
    nothing.touch()
    told = prompt("verify-record")
    assert (told.code, told.err) == (2, "The database is not at the newest migration: run 'make db'\n")


def test_a_database_that_is_away_is_said_to_be_away(
    nothing: Path, prompt: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ita:secret@127.0.0.1:1/ita")
    for words in (("verify-record",), ("db-upgrade",)):
        told = prompt(*words)
        assert (told.code, told.out) == (2, "")
        assert told.err.startswith("The database does not answer: ") and "secret" not in told.err


@pytest.mark.parametrize("url", ["nonsense", "mysql://ita@127.0.0.1/ita", "oracle-of-delphi://x/y"])
def test_what_is_no_database_is_said_without_a_traceback(
    nothing: Path, prompt: Command, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    told = prompt("verify-record")
    assert (told.code, told.out) == (2, "")
    assert told.err == "DATABASE_URL is no address of a database that the portal knows\n"


@pytest.mark.parametrize("words", OF_A_ROUND, ids=lambda words: words[0])
def test_a_round_that_is_not_there_is_refused(
    command: Command, words: tuple[str, ...], tmp_path: Path
) -> None:
    told = command(*[{"1": "77", "holder": str(tmp_path / "holder")}.get(word, word) for word in words])
    assert (told.code, told.out, told.err) == (1, "", "ไม่มีรอบหมายเลข 77\n")
    assert not (tmp_path / "holder").exists()
