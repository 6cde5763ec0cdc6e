"""The scripted drill: a whole assessment on the real register, counted against its plan."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config import Settings
from portal.core.database import migrate
from portal.core.database.session import db
from portal.tools.drill.clock_file import own_clock
from portal.tools.drill.plan import SMALL, Plan
from portal.tools.drill.register_file import registry_file, small_register
from portal.tools.drill.report import Report
from portal.tools.drill.walk import Walk, settings_of_walk


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    *,
    small: bool = False,
    database_url: str | None = None,
) -> int:
    """Walk in a database that is thrown away (or in the empty one given); 1 on any difference.

    A small walk takes seconds, and one province of the demonstration's register.
    """
    report = Report()
    registry = small_register() if small else registry_file(settings)
    print(f"Register: {registry[1]}")
    with tempfile.TemporaryDirectory(prefix="drill-") as name, own_clock(Path(name)) as clock_file:
        folder = Path(name)
        own = settings_of_walk(settings, folder, database_url=database_url)
        migrate.upgrade(own.database_owner_url)
        app = make_app(own)
        walk = Walk(app, SMALL if small else Plan(), report, clock_file=clock_file)
        try:
            walk.run(registry, key_file=folder / "key-of-its-holder")
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    return report.end()
