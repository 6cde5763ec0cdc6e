"""One upgrade on one database: forward, back and forward again, while people answer in open boxes."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from config import Settings
from portal.core.database import revision
from portal.tools.faults import trial
from portal.tools.faults.amounts import Amounts
from portal.tools.faults.crowd import Crowd
from portal.tools.faults.engines import Engine
from portal.tools.faults.site import Site
from portal.tools.upgrade import releases
from portal.tools.upgrade.releases import Release
from portal.tools.upgrade.steps import Steps
from portal.tools.upgrade.units import Units

#: somebody reads a table for so many seconds while a migration wants it
HELD = 2.5
#: everybody who was let in is answered within so many seconds
LONGEST = 120.0


class OnUnits(Site):
    """The portal of a trial as units of a service manager."""

    def __init__(self, settings: Settings, clock_file: Path, log: Path, first: Release) -> None:
        super().__init__(settings, clock_file, log)
        self.units, self._first = Units(self.environment, log), first

    def start(self) -> None:
        """Start the first release."""
        self.units.restart("web", self._first.code)
        self.units.restart("worker", self._first.code)

    def serve(self, release: Release) -> None:
        """Exchange what serves: the web server, and when a page has come from it, the worker.

        Raises TimeoutError where none comes.
        """
        self.units.restart("web", release.code)
        self.wait_for_page()
        self.units.restart("worker", release.code)

    def end(self) -> None:
        """End all."""
        self.units.end()


class Upgrade(trial.Trial):
    """A trial in which nothing breaks, but releases change. ``rate``: people who come in a second."""

    def __init__(
        self, app: Any, engine: Engine, folder: Path, clock_file: Path, amounts: Amounts, *, rate: int
    ) -> None:
        super().__init__(app, engine, None, folder, clock_file, amounts)
        self._rate = rate
        self.this, self.next, self.last = releases.make(folder)
        self.site: OnUnits = OnUnits(app.settings, clock_file, self.log, self.this)
        self.code = self.next.code
        self.steps = Steps()

    def answers(self) -> tuple[Crowd, Counter[str]]:
        """Everybody answers while releases come and go."""
        crowd = Crowd(self.site.port, self.boxes, self.ledger, people=self.amounts.people)
        with _coming(crowd, self._rate):
            self._forward_and_back()
        crowd.enough()
        crowd.end(seconds=LONGEST)
        self.note("answering")
        if crowd.without_answer:
            self.wrong.append(f"UNHEARD   {crowd.without_answer} people were never answered")
        return crowd, Counter()

    def _forward_and_back(self) -> None:
        act, rest = self._step, self._rest
        rest("this release serves")
        act("the database gets more", lambda: self._migrate(self.next))
        rest("this release, database ahead")
        act("restart: the next release", lambda: self.site.serve(self.next))
        rest("the next release serves")
        act("restart: back to this release", lambda: self.site.serve(self.this))
        rest("this release, database ahead")
        act("restart: the next release again", lambda: self.site.serve(self.next))
        act("the database demands what is new", lambda: self._migrate(self.last))
        rest("the next release, database ahead")
        self._refused()

    def _step(self, name: str, act: Callable[[], object]) -> None:
        with self.steps.step(name):
            act()

    def _rest(self, name: str) -> None:
        with self.steps.step(name):
            time.sleep(self.amounts.seconds)

    def _migrate(self, release: Release) -> None:
        """Run the release's migrations as its command does, while somebody reads a table of theirs."""
        reader = threading.Thread(target=self._read_for_long)
        reader.start()
        told = self.site.units.run(release.code, "db-upgrade")
        reader.join()
        stands = revision.present(self.engine.target.owner_url)
        if told.returncode or stands != release.revision:
            self.wrong.append(f"UPGRADE   {release.name}: {stands}, {told.returncode}: {told.stderr[-300:]}")

    def _read_for_long(self) -> None:
        """A table that is read cannot be changed on PostgreSQL; SQLite keeps what is read apart."""
        with create_engine(self.engine.target.owner_url, poolclass=NullPool).connect() as connection:
            connection.execute(text("SELECT count(*) FROM answer_count"))
            time.sleep(HELD)

    def _refused(self) -> None:
        """What is too old for the database says so, and does nothing."""
        told = self.site.units.run(self.this.code, "verify-record")
        if told.returncode != 2 or "serves no programme as old as this one" not in told.stderr:
            self.wrong.append(f"REFUSED   {self.this.name} went on: {told.returncode} {told.stderr[-300:]}")


@contextmanager
def _coming(crowd: Crowd, rate: int) -> Iterator[None]:
    """People come meanwhile, so many in each second, whatever happens."""
    over = threading.Event()

    def let_in() -> None:
        while not over.wait(1.0):
            crowd.let_in(rate)

    crowd.begin()
    door = threading.Thread(target=let_in)
    door.start()
    try:
        yield
    except BaseException:
        crowd.leave()
        raise
    finally:
        over.set()
        door.join()
