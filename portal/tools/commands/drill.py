"""The scripted drill: a whole assessment on the real register, counted against its plan."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config import Settings
from portal.core import clock
from portal.core.database import migrate
from portal.core.database.session import db
from portal.register.places import FOLDER
from portal.tools.drill.plan import Plan
from portal.tools.drill.report import Report
from portal.tools.drill.walk import Walk, settings_of_walk

REGISTRY = "agencies-2560.csv"


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    *,
    plan: Plan | None = None,
    database_url: str | None = None,
) -> int:
    """Walk in a database that is thrown away (or in the empty one given); 1 on any difference."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        clock_file = folder / "clock"
        clock_file.write_text(clock.now().isoformat())
        before = os.environ.get("PORTAL_CLOCK")
        os.environ["PORTAL_CLOCK"] = str(clock_file)
        try:
            own = settings_of_walk(settings, folder, database_url=database_url)
            migrate.upgrade(own.database_owner_url)
            app = make_app(own)
            walk = Walk(app, plan or Plan(), report, clock_file=clock_file)
            try:
                walk.run(registry_file(settings), key_file=folder / "key-of-its-holder")
            finally:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
        finally:
            _restore("PORTAL_CLOCK", before)
    return report.end()


def registry_file(settings: Settings) -> tuple[bytes, str]:
    """The real register where REFERENCE_DIR has it, else the demonstration's, and says which."""
    real = settings.reference_dir / REGISTRY if settings.reference_dir else None
    if real is not None and real.exists():
        print(f"Register: {real.name}")
        return real.read_bytes(), real.name
    print("Register: the demonstration's own, because REFERENCE_DIR names no agencies-2560.csv")
    return (FOLDER / "agencies.csv").read_bytes(), "agencies.csv"


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
