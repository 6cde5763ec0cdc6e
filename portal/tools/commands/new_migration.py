"""Write a new migration for a change of the models (for developers)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from portal.core.database import migrate


def run(name: str) -> int:
    """Compare the models with a fresh database at the newest revision, and write what differs."""
    if not name.strip():
        print("Say in a few words what it does: make migration NAME=what_it_does", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="portal-migration-") as folder:
        url = f"sqlite:///{Path(folder) / 'fresh.db'}"
        migrate.upgrade(url)
        if not migrate.differences(url):
            print("Models and migrations agree: there is nothing to write")
            return 1
        path = migrate.new_revision(url, name)
    print(path)
    print("Read it. Then give each new table row-level security and policies, as 0003 does, and name its")
    print("kind of owner in the model: tests/access refuses a table without a wall.")
    return 0
