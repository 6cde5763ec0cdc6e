"""``db-upgrade``: an empty place gets the newest tables, and what is there is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from portal.core.database import migrate, revision
from portal.register import places
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


@pytest.mark.parametrize(("name", "code"), [("9999_serves_0029", 0), ("9999_serves_9998", 1)])
def test_a_database_that_is_ahead_is_left_alone(url: str, prompt: Command, name: str, code: int) -> None:
    prompt("db-upgrade")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{name}'")
    told = prompt("db-upgrade")
    assert told.code == code
    ahead = f"The database ({name}) is ahead of this programme ({revision.newest()})"
    assert told.out == f"{ahead}: nothing was done\n"


def test_agencies_have_no_place_yet_and_a_look_at_the_register_says_so(
    url: str, prompt: Command, tmp_path: Path
) -> None:
    """``create-admin`` loads the places; until then every row is wrong, in words."""
    prompt("db-upgrade")
    file = tmp_path / "agencies.csv"
    head, *lines = (places.FOLDER / "agencies.csv").read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join([head, *lines[:20]]), encoding="utf-8")
    told = prompt("import-agencies", file)
    assert told.code == 1
    assert "แถวที่ใช้ไม่ได้ 20\n" in told.out and "ยังไม่ได้บันทึกข้อมูล" in told.out


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
