"""``make faults``: each acknowledged answer counts exactly once, whatever breaks."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from config import Settings
from portal.tools.attack.engines import NoServer
from portal.tools.drill.clock_file import own_clock
from portal.tools.faults import amounts, trial
from portal.tools.faults.disk import Disk, NoDisk, apart, small_disk
from portal.tools.faults.engines import engine_in
from portal.tools.faults.verdict import in_all, lines_of, shortened, too_little, wrong_in

ENGINES = ("sqlite", "postgres")
#: megabytes of the disk that is filled
ROOM = {"sqlite": 96, "postgres": 512}


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    *,
    small: bool = False,
    only: Sequence[str] = (),
    on: str | None = None,
    minutes: float | None = None,
) -> int:
    """Break a portal on each database and print what was counted; 1 where the promise does not hold.

    ``only``: these kinds of faults; ``on``: one database; ``minutes``: a part of all, in proportion.
    """
    plans = amounts.SMALL if small else amounts.FULL
    factor = 1.0 if minutes is None else min(1.0, minutes / amounts.MINUTES)
    outcomes: list[trial.Outcome] = []
    wrong: list[str] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # everything that was started is ended then too
    for engine in ENGINES if on is None else (on,):
        begun = time.perf_counter()
        try:
            outcomes.append(_on(engine, settings, make_app, plans[engine].scaled(factor).only(only)))
        except (NoServer, TimeoutError) as error:
            print(f"NOT TRIED  {engine}: {error}")
            wrong.append(f"NOT TRIED  {engine}")
            continue
        print("\n".join(lines_of(outcomes[-1])))
        print(f"  in {time.perf_counter() - begun:.0f} s\n", flush=True)
        wrong += wrong_in(outcomes[-1])
    sums = in_all(outcomes)
    print("in all: " + ", ".join(f"{number:,} × {name}" for name, number in sums.items()))
    if not (small or only or on or minutes):
        wrong += too_little(sums)
    print("\n".join(shortened(wrong)) or "lost: 0, doubled: 0. Each acknowledged answer counts exactly once.")
    return 1 if wrong else 0


def _on(engine: str, settings: Settings, make_app: Callable[[Settings], Any], plan: amounts.Amounts) -> Any:
    """A trial whose database lies on a small disk; on the common one where none can be mounted."""
    try:
        return apart(partial(_tried, engine, settings, make_app, plan, small=True))
    except NoDisk as error:
        print(f"no disk is filled: {error} (it is mounted on Linux, by root)", flush=True)
        return _tried(engine, settings, make_app, plan, small=False)


def _tried(
    engine: str,
    settings: Settings,
    make_app: Callable[[Settings], Any],
    plan: amounts.Amounts,
    *,
    small: bool,
) -> trial.Outcome:
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)  # a server that root starts is another user
        disk: Disk | None = None
        files = folder / "disk"
        if small:
            disk = stack.enter_context(small_disk(files, megabytes=ROOM[engine]))
        else:
            files.mkdir()
        database = stack.enter_context(engine_in(files, engine))
        clock_file = stack.enter_context(own_clock(folder))
        return trial.run(settings, make_app, database, disk, folder, clock_file, plan)
