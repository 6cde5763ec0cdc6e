"""One trial on one database: a portal that breaks while people answer, then its boxes opened and counted."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from config import ROOT, Settings
from portal.ballot import recount
from portal.core import clock
from portal.core.database import migrate
from portal.core.database.session import db
from portal.rounds import desk as rounds
from portal.tools.demo.citizen_ids import made_up_ids
from portal.tools.drill.cast import acting
from portal.tools.drill.ending import AFTER_EVERYTHING
from portal.tools.drill.plan import Plan
from portal.tools.drill.register_file import small_register
from portal.tools.drill.report import Report
from portal.tools.drill.walk import Walk, settings_of_walk
from portal.tools.faults import amounts as kinds
from portal.tools.faults.amounts import Amounts
from portal.tools.faults.boxes import found_in, surveyed
from portal.tools.faults.breaking import Act, Breaking, mixed
from portal.tools.faults.counts import Counts, Eye
from portal.tools.faults.crowd import Crowd
from portal.tools.faults.disk import Disk
from portal.tools.faults.ending import Opening, no_marks
from portal.tools.faults.engines import Engine
from portal.tools.faults.ledger import Found, Ledger, Person
from portal.tools.faults.site import Site

#: a province of the demonstration's register that has agencies enough
PROVINCE = "77"
#: how long the disk stays full, and how long everybody may take to be answered once nothing breaks
FULL_FOR, LONGEST = 2.5, 180.0


@dataclass
class Outcome:
    """What a trial was to do, what it did, and what came of it."""

    engine: str
    planned: Mapping[str, int]
    done: Counter[str]
    people: list[Person]
    read: Counter[str]
    sealed: Counts
    opened: Counts
    found: Found
    #: the opening's last exit code
    code: int
    #: seconds of each part
    took: Mapping[str, float]
    #: what went wrong otherwise, a line each
    wrong: list[str] = field(default_factory=list)


def run(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    engine: Engine,
    disk: Disk | None,
    folder: Path,
    clock_file: Path,
    amounts: Amounts,
) -> Outcome:
    """Make a portal in ``folder`` on this database, break it while people answer, close, open, count.

    ``disk`` None: it is never full. Raises TimeoutError where the portal does not come back.
    """
    with application(settings, make_app, engine, folder) as app:
        return Trial(app, engine, disk, folder, clock_file, amounts).run()


@contextmanager
def application(
    settings: Settings, make_app: Callable[[Settings], Any], engine: Engine, folder: Path
) -> Iterator[Any]:
    """A portal's application over this database, whose files lie in ``folder``."""
    theirs = replace(settings, database_owner_url=engine.target.owner_url)
    own = settings_of_walk(theirs, folder / "instance", database_url=engine.target.url)
    own.instance_dir.mkdir()
    migrate.upgrade(own.database_owner_url)
    app = make_app(own)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class Trial:
    """A portal on a database, its people, and what is done to both."""

    #: where the programme lies that opens the boxes
    code = ROOT

    def __init__(
        self,
        app: Any,
        engine: Engine,
        disk: Disk | None,
        folder: Path,
        clock_file: Path,
        amounts: Amounts,
    ) -> None:
        self.app, self.engine, self._disk, self.amounts = app, engine, disk, amounts
        plan = Plan(provinces=1, agencies=amounts.agencies, incomplete=0, roster=3)
        self.walk = Walk(app, plan, Report(quiet=True), clock_file=clock_file)
        self._key, self.log = folder / "key-of-its-holder", folder / "log"
        self.site = Site(app.settings, clock_file, self.log)
        self.eye = Eye(engine.target)
        self.ledger = Ledger(made_up_ids(1))
        self.wrong: list[str] = []
        self._took: dict[str, float] = {}
        self._since = time.monotonic()

    def run(self) -> Outcome:
        """All of it, in its order. Raises TimeoutError."""
        with self.app.app_context():
            self._open_round()
            self.boxes = surveyed(self.walk.round_id, 2 * self.amounts.agencies)
        self.note("making the portal")
        self.site.start()
        try:
            self.site.wait_for_page()
            self.note("starting it")
            crowd, done = self.answers()
            with self.app.app_context():
                self.wrong += [f"COUNTERS  {one}" for one in recount.differences(self.walk.round_id)]
            sealed = self.eye.count()
            with self.app.app_context():
                self._close()
            done += no_marks(self.eye.count, self.site.kill_worker, self._times.get(kinds.CLOSING, 0))
            self.note("closing")
            opening = self._opening()
            opening.kill(self._times)
            code = opening.complete()
            self.note("opening")
        finally:
            self.site.end()
        return Outcome(
            engine=self.engine.target.name,
            planned=self._times,
            done=done + opening.killed,
            people=self.ledger.people,
            read=crowd.read,
            sealed=sealed,
            opened=self.eye.count(),
            found=found_in(self.boxes, self.eye.opened()),
            code=code,
            took=self._took,
            wrong=self.wrong + opening.differing,
        )

    def note(self, part: str) -> None:
        """A part has ended."""
        now = time.monotonic()
        self._took[part], self._since = now - self._since, now

    def _open_round(self) -> None:
        self.walk.register(*small_register(PROVINCE))
        self.walk.open_round(self._key)
        self.walk.prepare()
        key = self._key.read_bytes()
        self._key.write_text(f"ITA-URN-KEY-1\nround {self.walk.round_id}\n{key.hex()}\n")

    @property
    def _times(self) -> Mapping[str, int]:
        """What is broken here: not every database can be restarted, not every disk filled."""
        acts = self._of_database()
        leave = {kinds.CONNECTION, kinds.HELPER, kinds.HEAD, kinds.RESTART, kinds.DISK} - acts.keys()
        return {kind: number for kind, number in self.amounts.times.items() if kind not in leave}

    def answers(self) -> tuple[Crowd, Counter[str]]:
        """Everybody answers while everything breaks; then nothing breaks until everybody is answered."""
        amounts, site = self.amounts, self.site
        crowd = Crowd(site.port, self.boxes, self.ledger, people=amounts.people)
        web: dict[str, Act] = {
            kinds.WEB_WORKER: site.kill_web_worker,
            kinds.WEB: site.kill_web,
            kinds.SUPERVISOR: site.kill_supervisor,
        }
        acts: list[Mapping[str, Act]] = [web, {kinds.WORKER: site.kill_worker}, self._of_database()]

        def rush() -> None:
            site.wait_for_page()  # what is down already breaks nobody's answer
            crowd.rush()

        breaking = Breaking([mixed(self._times, of_one) for of_one in acts], rush)
        crowd.begin()
        try:
            breaking.run(amounts.seconds, meanwhile=crowd.let_in_by)
            self.note("answering while it breaks")
            self.engine.revive()
            site.wait_for_page()
        except BaseException:
            crowd.leave()
            raise
        crowd.end(seconds=LONGEST)
        self.note("answering what is left")
        self.wrong += [f"NOT DONE  {trouble}" for trouble in breaking.troubles]
        if crowd.without_answer:
            self.wrong.append(f"UNHEARD   {crowd.without_answer} people were never answered")
        return crowd, breaking.done

    def _of_database(self) -> dict[str, Act]:
        engine = self.engine
        acts: dict[str, Act] = {}
        if engine.breakable:
            acts = {
                kinds.CONNECTION: engine.kill_one,
                kinds.HELPER: engine.kill_helper,
                kinds.HEAD: engine.kill_all,
                kinds.RESTART: engine.restart,
            }
        if self._disk is not None:
            acts[kinds.DISK] = partial(_full_for_a_while, self._disk, engine)
        return acts

    def _close(self) -> None:
        self.walk.set_clock(clock.now() + AFTER_EVERYTHING)
        with acting(self.walk.cast.nacc) as actor:
            rounds.close_round(self.walk.this_round(), actor=actor)

    def _opening(self) -> Opening:
        words = ["open-boxes", "--round", str(self.walk.round_id), "--key", str(self._key)]
        command = [sys.executable, str(self.code / "run.py"), *words]
        return Opening(command, self.site.environment, self.log, self.eye.count)


def _full_for_a_while(disk: Disk, engine: Engine) -> bool:
    """Fill the disk, let people meet it, and empty it; a database that ended over it is started again."""
    try:
        disk.fill()
        time.sleep(FULL_FOR)
    finally:
        disk.empty()
    engine.revive()
    return True
