"""One portal, from its first day to its opened boxes, with a thief beside it; swept sealed and opened."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from config import Backups, Settings
from portal.backup import holders_key
from portal.backup.making import DATABASE, make_backup
from portal.backup.postgres_tools import as_text
from portal.backup.restoring import open_backup
from portal.ballot.keys import key_folder
from portal.core import clock
from portal.core.database import migrate
from portal.core.database.session import db
from portal.core.jobs import worker
from portal.results.opening import open_round_boxes
from portal.rounds import desk as rounds
from portal.tools.attack.attacks import Found, all_attacks, sizes_of
from portal.tools.attack.canaries import Canaries, Swept, blind_to, sweep
from portal.tools.attack.controls import Control, all_controls
from portal.tools.attack.crowd import Door, Surveyed, in_turn, surveyed
from portal.tools.attack.engines import Target, tools_folder
from portal.tools.attack.thief import Thief
from portal.tools.drill.cast import acting
from portal.tools.drill.ending import AFTER_EVERYTHING
from portal.tools.drill.plan import Plan
from portal.tools.drill.register_file import small_register
from portal.tools.drill.report import Report
from portal.tools.drill.server import serving
from portal.tools.drill.walk import Walk, settings_of_walk

#: a province of the demonstration's register that has agencies enough
PROVINCE = "77"
BACKUPS = 10


@dataclass
class Haul:
    """What a robbery found on one engine."""

    engine: str
    people: int
    sizes: tuple[int, ...]
    attacks: list[Found]
    controls: list[Control]
    sealed: Swept
    opened: Swept
    #: kinds of planted canaries that the sweep did not find
    blind: list[str]
    marks_left: int
    answers_opened: int


def rob(
    settings: Settings,
    make_app: Callable[[Settings], Any],
    target: Target,
    folder: Path,
    clock_file: Path,
    *,
    boxes: int,
) -> Haul:
    """Make a portal in ``folder`` on this database; people answer in so many boxes; close, open, attack."""
    theirs = replace(settings, database_owner_url=target.owner_url)
    own = settings_of_walk(theirs, folder / "instance", database_url=target.url)
    own.instance_dir.mkdir()
    (folder / "temporary").mkdir()
    (folder / "dumps").mkdir()
    (folder / "logs").mkdir()
    migrate.upgrade(own.database_owner_url)
    with _log(folder / "logs" / "worker.log"):
        app = make_app(own)
        try:
            return _Robbery(app, target, folder, clock_file).run(boxes)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


class _Robbery:
    def __init__(self, app: Any, target: Target, folder: Path, clock_file: Path) -> None:
        self._app, self._target, self._folder, self._clock_file = app, target, folder, clock_file
        plan = Plan(provinces=1, agencies=0, incomplete=0)
        self._walk = Walk(app, plan, Report(quiet=True), clock_file=clock_file)
        self._key_file = folder / "key-of-its-holder"
        self._places = {
            "backup": folder / "backups",
            "opened backup": folder / "opened-backup",
            "database": target.files,
            "dumps": folder / "dumps",
            "instance folder": folder / "instance",
            "logs": folder / "logs",
            "temporary files": folder / "temporary",
        }

    def run(self, number: int) -> Haul:
        self._walk.plan = Plan(provinces=1, agencies=-(-number // 2), incomplete=0, roster=3)
        with self._app.app_context():
            boxes = self._open(number)
            mark_key = key_folder().mark_key(self._walk.round_id)
            thief = Thief(self._target, mark_key)
        refused = self._answers(boxes, thief)
        canaries = Canaries(
            ids=frozenset([person.citizen_id for one in boxes for person in one.people] + refused),
            addresses=frozenset(person.address for one in boxes for person in one.people),
            answers=frozenset(person.answer for one in boxes for person in one.people),
        )
        thief.dump(self._folder / "dumps" / "while-open.sql")
        self._back_up()
        sealed = sweep(canaries, self._places)
        thief.before_closing(boxes)
        with self._app.app_context():
            opened = self._close_and_open()
        thief.dump(self._folder / "dumps" / "after-opening.sql")
        after = sweep(canaries, self._places)
        cases = thief.after_opening(boxes)
        planted = self._folder / "planted"
        planted.mkdir()
        return Haul(
            engine=self._target.name,
            people=sum(sizes_of(cases)),
            sizes=sizes_of(cases),
            attacks=all_attacks(cases, mark_key=mark_key),
            controls=all_controls(self._target, sizes_of(cases), planted),
            sealed=sealed,
            opened=after,
            blind=blind_to(canaries, _emptied(planted)),
            marks_left=thief.marks_left(),
            answers_opened=opened,
        )

    def _open(self, number: int) -> list[Surveyed]:
        self._walk.register(*small_register(PROVINCE))
        self._walk.open_round(self._key_file)
        self._walk.prepare()
        return surveyed(self._walk.round_id, number)

    def _answers(self, boxes: list[Surveyed], thief: Thief) -> list[str]:
        coming = list(in_turn(boxes))
        log, temporary = self._folder / "logs" / "web.log", self._folder / "temporary"
        with serving(self._app.settings, self._clock_file, log=log, temporary=temporary) as port:
            door = Door(port)
            for number, (where, person) in enumerate(coming):
                door.answer(where, person)
                thief.watch(where, person)
                if number % (len(coming) // BACKUPS or 1) == 0:
                    thief.keep_a_backup()
        return door.refused

    def _back_up(self) -> None:
        """A backup of the open boxes, as it lies on the shelf, and opened: its holder was robbed too."""
        key_file, opened = self._folder / "key-of-backups", self._folder / "opened-backup"
        public_key = holders_key.make(self._app.settings, key_file)
        backups = Backups(self._folder / "backups", public_key, pg_bin=tools_folder())
        kept = make_backup(replace(self._app.settings, backups=backups)).kept
        assert kept is not None, "it is no backup of another tool"
        opened.mkdir()
        open_backup(kept.file, holders_key.read(key_file), opened)
        if not self._target.sqlite:
            as_text(opened / DATABASE, opened / "database.sql", pg_bin=tools_folder())

    def _close_and_open(self) -> int:
        self._walk.set_clock(clock.now() + AFTER_EVERYTHING)
        with acting(self._walk.cast.nacc) as actor:
            rounds.close_round(self._walk.this_round(), actor=actor)
        worker.work(self._app, until_idle=True)
        report, _grades = open_round_boxes(self._walk.round_id, private_key=self._key_file.read_bytes())
        return report.opened


def may_be_there(place: str, kind: str) -> bool:
    """After the opening an answer lies in the database, under a new key and in no order; nothing else."""
    return kind.startswith("answer") and place in {"database", "dumps"}


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder)
    folder.mkdir()
    return folder


@contextmanager
def _log(file: Path) -> Iterator[None]:
    """Everything that this process logs, down to what only developers read."""
    handler = logging.FileHandler(file)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()
