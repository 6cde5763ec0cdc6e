"""The drill of chasing: the whole register done but a planted set, which every list must show exactly."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from config import Settings
from portal.core.database import migrate
from portal.core.database.session import db
from portal.tools.attack import engines
from portal.tools.behind.looking import look
from portal.tools.behind.planting import plant
from portal.tools.drill import ending
from portal.tools.drill.clock_file import own_clock
from portal.tools.drill.plan import Plan
from portal.tools.drill.register_file import registry_file, small_register
from portal.tools.drill.report import Report
from portal.tools.drill.walk import Walk, settings_of_walk

#: agencies that are left behind, and names on the rosters of the country
PLANTED, NAMES = 180, 940_000
SMALL_PLANTED, SMALL_NAMES = 9, 120
NOBODY_YET = Plan(provinces=1, agencies=0, incomplete=0)


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    *,
    small: bool = False,
    on: str | None = None,
    superuser_url: str | None = None,
) -> int:
    """Drill on each database (``on``: on one), in a portal of its own; 1 on any difference.

    ``small``: one province, an agency left behind at each step.
    """
    codes = []
    for engine in ("sqlite", "postgres") if on is None else (on,):
        with tempfile.TemporaryDirectory(prefix="drill-behind-") as name, own_clock(Path(name)) as clock_file:
            folder = Path(name)
            with engines.thrown_away(engine == "sqlite", folder, superuser_url) as target:
                print(target.name)
                own = replace(
                    settings_of_walk(settings, folder),
                    database_url=target.url,
                    database_owner_url=target.owner_url,
                )
                codes.append(_drill(make_app(own), clock_file, small=small))
    return max(codes)


def _drill(app: Any, clock_file: Path, *, small: bool) -> int:
    report = Report()
    migrate.upgrade(app.settings.database_owner_url)
    registry = small_register() if small else registry_file(app.settings)
    print(f"Register: {registry[1]}")
    walk = Walk(app, replace(NOBODY_YET, letters=1 if small else Plan.letters), report, clock_file=clock_file)
    try:
        with app.app_context():
            walk.register(*registry)
            walk.open_round(clock_file.with_name("key-of-its-holder"))
            with report.step("agencies left behind, all others done") as step:
                number, names = (SMALL_PLANTED, SMALL_NAMES) if small else (PLANTED, NAMES)
                left = plant(walk.round_id, number=number, names=names)
                step.count = len(left)
            ending.send_letters(walk)
            look(walk, left)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return report.end()
