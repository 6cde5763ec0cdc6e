"""The releases of the drill: each is this programme and a migration more, and they run on both databases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from config import ROOT
from portal.core.database import revision
from portal.tools.upgrade import releases
from tests.support.databases import Database
from tests.support.releases import count_with


def test_the_next_release_adds_and_the_last_demands(database: Database, tmp_path: Path) -> None:
    this, following, last = releases.make(tmp_path)
    assert this.code == ROOT and revision.present(database.owner_url) == this.revision
    assert _migrate(following, database) == following.revision
    assert revision.serves(following.revision), "this programme goes on with what was added"
    assert "ck_answer_count_origin" in _refusal(database, "far too long")
    assert "ck_answer_count_origin" not in _refusal(database, "")
    assert _migrate(last, database) == last.revision
    assert not revision.serves(last.revision), "and no more with what was demanded"
    assert "ck_answer_count_origin_given" in _refusal(database, "")


def _refusal(database: Database, origin: str) -> str:
    """What a database says of a counter with this word; nothing where it takes it."""
    with create_engine(database.owner_url, poolclass=NullPool).connect() as connection:
        try:
            connection.exec_driver_sql(count_with(origin))
        except IntegrityError as error:
            return str(error)
        return ""


def _migrate(release: releases.Release, database: Database) -> str | None:
    """Migrate with the release's own programme."""
    words = "import sys; from portal.core.database.migrate import upgrade; upgrade(sys.argv[1])"
    command = [sys.executable, "-c", words, database.owner_url]
    subprocess.run(command, cwd=release.code, check=True, timeout=120)
    return revision.present(database.owner_url)


def test_a_release_is_not_made_where_its_change_has_no_place(tmp_path: Path) -> None:
    file = tmp_path / "putting.py"
    file.write_text("nothing that it knows")
    with pytest.raises(AssertionError, match=r"the drill no longer knows putting\.py"):
        releases._change(file)
