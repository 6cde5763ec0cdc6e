"""Throw the demonstration away and make it anew. Refused outside demonstration mode."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from config import Settings
from portal.ballot.keys import destroy_file
from portal.core.database import migrate, revision
from portal.tools.demo import load


def run(settings: Settings, make_app: Callable[[Settings], Any]) -> int:
    """Run the migrations down and up, destroy the boxes' keys, and load again."""
    if not settings.demo:
        print("DEMO=0: a real installation has no demonstration to reset", file=sys.stderr)
        return 2
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    revision.look_once(settings, current=False)
    migrate.downgrade(settings.database_owner_url, "base")
    for key in settings.key_dir.glob("round-*"):
        destroy_file(key)
    migrate.upgrade(settings.database_owner_url)
    app = make_app(settings)
    load.load(app)
    load.print_accounts(app)
    return 0
