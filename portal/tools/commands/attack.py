"""``make attack``: the promise of the ballot box, attacked by anybody."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config import Settings
from portal.tools.attack import engines
from portal.tools.attack.robbery import Haul, rob
from portal.tools.attack.verdict import faults, lines_of
from portal.tools.drill.clock_file import own_clock

#: boxes of 12, 25 and 46 people in turn: 2,158 respondents on each database
BOXES = 78
#: 95 respondents: whether the tool works, and any link that is more than slight
SMALL = 4


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    *,
    small: bool = False,
    only: str | None = None,
    superuser_url: str | None = None,
) -> int:
    """Rob a portal on each database and print what was linked; 1 where anything breaks the promise.

    PostgreSQL is started here where the developers' set-up has it, or is the local server of
    ``superuser_url`` (ATTACK_POSTGRES_URL), whose files this user can read. ``only``: one engine.
    """
    hauls = []
    superuser_url = superuser_url or os.environ.get("ATTACK_POSTGRES_URL")
    for engine in ("sqlite", "postgres") if only is None else (only,):
        begun = time.perf_counter()
        try:
            hauls.append(_on(engine, settings, make_app, SMALL if small else BOXES, superuser_url))
        except engines.NoServer as error:
            print(f"NOT TRIED  {error}")
            return 1
        haul = hauls[-1]
        print(f"{haul.engine}: {haul.people:,} respondents in {len(haul.sizes)} boxes robbed", end=" ")
        print(f"in {time.perf_counter() - begun:.0f} s", flush=True)
    print("\n".join(lines_of(hauls)))
    wrong = faults(hauls)
    print(
        "\n".join(["", *wrong]) if wrong else "\nNothing is linked better than by chance. The promise holds."
    )
    return 1 if wrong else 0


def _on(
    engine: str,
    settings: Settings,
    make_app: Callable[[Settings], Any],
    boxes: int,
    superuser_url: str | None,
) -> Haul:
    with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with _target(engine, folder, superuser_url) as target, own_clock(folder) as clock_file:
            return rob(settings, make_app, target, folder, clock_file, boxes=boxes)


@contextmanager
def _target(engine: str, folder: Path, superuser_url: str | None) -> Iterator[engines.Target]:
    if engine == "sqlite":
        yield engines.embedded(folder)
    elif superuser_url is not None:
        with engines.database_of(superuser_url) as target:
            yield target
    else:
        with (
            tempfile.TemporaryDirectory(prefix="attack-pg-", ignore_cleanup_errors=True) as files,
            engines.own_server(Path(files)) as target,
        ):
            yield target
