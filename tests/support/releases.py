"""The next release's migration, written into a copy of the migrations: what is to come, tried today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from config import ROOT
from portal.core.database import migrate, revision

_HEAD = '''"""What the next release does."""

import sqlalchemy as sa
from alembic import op

from portal.core.database import additions

revision = {name!r}
down_revision = {after!r}
'''


def written(body: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, name: str = "") -> str:
    """Add a migration behind the newest one, and let the portal know it; gives its name.

    Without a name it is one that only adds.
    """
    migrations = folder / "migrations"
    if not migrations.is_dir():
        shutil.copytree(ROOT / "migrations", migrations)
        monkeypatch.setattr(migrate, "ROOT", folder)
        monkeypatch.setattr(revision, "VERSIONS", migrations / "versions")
    after = str(ScriptDirectory(str(migrations)).get_current_head())
    name = name or f"{int(revision.newest()) + 1:04}_serves_{revision.oldest_served_by(after)}"
    file = migrations / "versions" / f"{name}_next.py"
    file.write_text(_HEAD.format(name=name, after=after) + body)
    return name


def count_with(origin: str) -> str:
    """SQL that adds a counter with this word in the column of the next release."""
    return (
        "INSERT INTO answer_count"
        " (participation_id, instrument, channel, agency_id, province_id, count, origin)"
        f" VALUES (1, 'iit', 'self', 1, 1, 1, '{origin}')"
    )
