"""No migration after the first release keeps people from answering, or older programmes from serving."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from config import ROOT
from portal.core.database import migrate, revision
from portal.tools.upgrade.releases import ADDS, DEMANDS
from tests.support.databases import Database
from tests.support.old_databases import database_before
from tests.support.open_boxes import broken_for_older, shape, watched
from tests.support.releases import written

pytestmark = pytest.mark.postgres
#: migrations up to here came before anybody answered
FIRST = "0029"


def newer() -> list[str]:
    """The names of the migrations that the rules are for, oldest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    names = [script.revision for script in scripts]
    return sorted(name for name in names if name[:4] > FIRST)


def faults(owner_url: str, names: list[str]) -> list[str]:
    """Run these migrations one by one; all that is wrong with them, a line each."""
    lines = []
    oldest = revision.oldest_served_by(str(revision.present(owner_url)))
    for name in names:
        before, serves = shape(owner_url), revision.oldest_served_by(name)
        with watched(owner_url) as wrong:
            migrate.upgrade(owner_url, name)
        lines += wrong
        if not oldest <= serves < name[:4]:
            lines.append("its name says whom it serves: at least the programme before it")
        if serves == oldest:
            lines += broken_for_older(before, shape(owner_url))
        oldest = serves
    return lines


@pytest.mark.long
def test_every_newer_migration_lets_people_answer(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not newer():
        pytest.skip("there is none yet")
    with database_before(FIRST, engine, tmp_path, request) as url:
        assert faults(url, newer()) == []


def test_what_is_added_and_demanded_as_it_should_be_is_right(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adds = written(ADDS, tmp_path, monkeypatch)
    demands = written(DEMANDS, tmp_path, monkeypatch, name=f"{int(adds[:4]) + 1:04}_serves_{adds[:4]}")
    assert faults(database.owner_url, [adds, demands]) == []


#: what would stop people or an older programme, by what is said of it
ON_BOTH = {
    "demanded: contested_count.x": "ALTER TABLE contested_count ADD COLUMN x INTEGER NOT NULL",
    "gone: contested_count.count": "ALTER TABLE contested_count RENAME TO other",
    "gone: daily_count.count": "ALTER TABLE daily_count DROP COLUMN count",
}
ON_POSTGRES = {
    "reads a table while nobody can write ['mark']": "CREATE INDEX ix_x ON mark (round_id)",
    "nobody can write ['sealed_answer']": "ALTER TABLE sealed_answer ADD CHECK (round_id > 0)",
    "UPDATE mark SET form": "LOCK TABLE mark; UPDATE mark SET form = NULL",
    "writes a table anew: answer_count": "ALTER TABLE answer_count ALTER count TYPE bigint",
    "changed: survey_link.code": "ALTER TABLE survey_link ALTER code TYPE varchar(99)",
}
BY_ITSELF = """
    with additions.by_itself():
        op.create_index("ix_y", "mark", ["round_id"])
"""
ANEW = """
    with op.batch_alter_table("answer_count") as table:
        table.alter_column("count", type_=sa.BigInteger())
"""


@pytest.mark.long
def test_what_would_stop_people_is_seen(
    database: Database, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = ON_BOTH | (ON_POSTGRES if engine == "postgres" else {})
    bodies = {said: f'    op.execute("{statement}")' for said, statement in statements.items()}
    bodies |= (
        {"outside a transaction": BY_ITSELF}
        if engine == "postgres"
        else {"writes a table anew: answer_count": ANEW}
    )
    for said, body in bodies.items():
        name = written(f"def upgrade():\n{body}\n", tmp_path, monkeypatch)
        found = faults(database.owner_url, [name])
        assert any(said in line for line in found), f"{said}: {found}"


def test_a_name_that_serves_nobody_else_is_seen(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = int(revision.newest()) + 1
    name = written("def upgrade():\n    pass\n", tmp_path, monkeypatch, name=f"{number:04}")
    assert faults(database.owner_url, [name]) == [
        "its name says whom it serves: at least the programme before it"
    ]
