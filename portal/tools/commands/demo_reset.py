"""Throw the demonstration away and make it anew. Refused outside demonstration mode.

Refused too where rounds are kept that no demonstration made: demonstration mode is the default, also of a
shell that forgot ``DEMO=0``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, inspect, pool, text

from config import Settings
from portal.ballot import closed_rounds
from portal.ballot.keys import destroy_file
from portal.core.database import migrate, revision
from portal.tools.demo import load

SOMEBODYS = text(
    "SELECT EXISTS (SELECT 1 FROM round)"
    " AND NOT EXISTS (SELECT 1 FROM audit_event WHERE act = 'demonstration.load')"
)


def run(settings: Settings, make_app: Callable[[Settings], Any]) -> int:
    """Run the migrations down and up, destroy the boxes' keys, drop the anchors, and load again."""
    if not settings.demo:
        print("DEMO=0: a real installation has no demonstration to reset", file=sys.stderr)
        return 2
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    revision.look_once(settings, current=False)
    if is_somebodys(settings.database_owner_url):
        print(
            "The rounds in this database are somebody's work, no demonstration: nothing is reset",
            file=sys.stderr,
        )
        return 2
    migrate.downgrade(settings.database_owner_url, "base")
    for key in settings.key_dir.glob("round-*"):
        destroy_file(key)
    (settings.key_dir / closed_rounds.FILE).unlink(missing_ok=True)
    for anchor in settings.anchors.glob("anchor-*.txt"):  # of a record that is gone
        anchor.unlink()
    migrate.upgrade(settings.database_owner_url)
    app = make_app(settings)
    load.load(app)
    load.print_accounts(app)
    return 0


def is_somebodys(owner_url: str) -> bool:
    """True where rounds are kept and the record knows of no demonstration that was loaded."""
    with create_engine(owner_url, poolclass=pool.NullPool).connect() as connection:
        if not inspect(connection).has_table("audit_event"):
            return False
        return bool(connection.execute(SOMEBODYS).scalar())
