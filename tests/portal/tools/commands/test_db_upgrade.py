"""``db-upgrade``: an empty place gets the newest tables, and what is there is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.core.database import migrate, revision
from tests.support.command_line import Command


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database in an instance folder that is not there yet."""
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "KEY_DIR"):
        monkeypatch.delenv(name, raising=False)
    return f"sqlite:///{tmp_path / 'instance' / 'portal.db'}"


def test_the_tables_are_those_of_the_models(url: str, prompt: Command) -> None:
    told = prompt("db-upgrade")
    assert (told.code, told.out) == (0, "The database is at the newest migration\n")
    assert revision.is_current(url)
    assert migrate.differences(url) == []
    assert not revision.has_rounds(url), "and nothing is in them"
    assert prompt("db-upgrade").code == 0, "again it changes nothing"


def test_a_file_that_is_no_database_is_refused_and_kept(
    url: str, prompt: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("a letter of somebody " * 100)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    told = prompt("db-upgrade")
    assert (told.code, told.out) == (2, "")
    assert "The database does not answer: file is not a database" in told.err
    assert file.read_text().startswith("a letter")
