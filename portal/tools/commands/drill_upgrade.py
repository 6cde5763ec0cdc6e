"""``make drill-upgrade``: a new release comes while people answer, goes, and comes again; nothing is lost."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from config import Settings
from portal.tools.attack.engines import NoServer
from portal.tools.drill.clock_file import own_clock
from portal.tools.faults import trial
from portal.tools.faults.amounts import Amounts
from portal.tools.faults.crowd import acknowledged
from portal.tools.faults.engines import engine_in
from portal.tools.faults.verdict import shortened, wrong_in
from portal.tools.upgrade.steps import longest_until_thanks, table
from portal.tools.upgrade.trial import Upgrade

ENGINES = ("sqlite", "postgres")
#: ``seconds`` between two steps; more people than can come, so many in a second
FULL = Amounts(agencies=20, people=20_000, seconds=25.0, times={})
SMALL = Amounts(agencies=2, people=2_000, seconds=1.5, times={})
RATE = {True: 4, False: 12}


def run(
    settings: Settings, make_app: Callable[[Settings], Any], *, small: bool = False, on: str | None = None
) -> int:
    """Upgrade a portal on each database and print what people met; 1 where an answer was lost or doubled."""
    wrong: list[str] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # everything that was started is ended then too
    for engine in ENGINES if on is None else (on,):
        begun = time.perf_counter()
        try:
            upgrade, outcome = _on(engine, settings, make_app, small=small)
        except (NoServer, TimeoutError) as error:
            print(f"NOT TRIED  {engine}: {error}")
            wrong.append(f"NOT TRIED  {engine}")
            continue
        print("\n".join(_lines(upgrade, outcome)))
        print(f"  in {time.perf_counter() - begun:.0f} s\n", flush=True)
        wrong += wrong_in(outcome)
    print("\n".join(shortened(wrong)) or "lost: 0, doubled: 0. Each acknowledged answer counts exactly once.")
    return 1 if wrong else 0


def _lines(upgrade: Upgrade, outcome: trial.Outcome) -> list[str]:
    people = outcome.people
    return [
        f"{outcome.engine}: {len(people):,} people, {acknowledged(people):,} answers acknowledged",
        *table(upgrade.steps.all, people, upgrade.ledger.asked),
        f"  from the first sending to thanks, tries included: {longest_until_thanks(people):.1f} s at most",
    ]


def _on(
    engine: str, settings: Settings, make_app: Callable[[Settings], Any], *, small: bool
) -> tuple[Upgrade, trial.Outcome]:
    with ExitStack() as stack:
        kept = tempfile.TemporaryDirectory(prefix="upgrade-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(kept))
        folder.chmod(0o755)  # a server that root starts is another user
        (files := folder / "disk").mkdir()
        database = stack.enter_context(engine_in(files, engine))
        clock_file = stack.enter_context(own_clock(folder))
        app = stack.enter_context(trial.application(settings, make_app, database, folder))
        plan = SMALL if small else FULL
        upgrade = Upgrade(app, database, folder, clock_file, plan, rate=RATE[small])
        return upgrade, upgrade.run()
