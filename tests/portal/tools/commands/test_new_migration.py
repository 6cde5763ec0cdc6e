"""`make migration NAME=...`: a change of the models becomes a numbered migration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config import ROOT
from portal.core.database import migrate, revision
from tests.support.command_line import Command

#: the first migrations, after which later ones made tables
KEPT = 12


def test_nothing_is_written_where_models_and_migrations_agree(prompt: Command) -> None:
    before = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    told = prompt("new-migration", "nothing")
    assert (told.code, "nothing to write" in told.out) == (1, True)
    assert sorted((ROOT / "migrations" / "versions").glob("*.py")) == before


def test_what_the_models_have_more_becomes_the_next_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prompt: Command
) -> None:
    """In a copy without the last migrations the models have more than the database."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    versions = tmp_path / "migrations" / "versions"
    for later in versions.glob("[0-9]*.py"):
        if int(later.name[:4]) > KEPT:
            later.unlink()
    monkeypatch.setattr(migrate, "ROOT", tmp_path)
    monkeypatch.setattr(revision, "VERSIONS", versions)
    told = prompt("new-migration", "the same again")
    assert told.code == 0
    assert str(versions / f"{KEPT + 1:04d}_serves_{KEPT:04d}_the_same_again.py") in told.out
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    migrate.upgrade(fresh)
    assert migrate.differences(fresh) == [], "what was written runs, and is whole"


@pytest.mark.parametrize("name", ["", "  "])
def test_a_migration_says_what_it_does(prompt: Command, name: str) -> None:
    """``make migration`` without NAME."""
    told = prompt("new-migration", name)
    assert (told.code, told.out) == (2, "")
    assert "make migration NAME=what_it_does" in told.err
