"""``make drill-restore``: a database backed up, restored in another place, and proved there."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import Backups, Settings
from models.round import Round
from portal.backup import holders_key
from portal.backup.contents import Contents
from portal.backup.making import make_backup
from portal.backup.restoring import restore
from portal.backup.troubles import BackupTrouble
from portal.ballot.recount import differences
from portal.core import audit
from portal.core.database.session import db, privileged
from portal.tools.attack import engines
from portal.tools.bench import country
from portal.tools.drill.clock_file import own_clock
from portal.tools.drill.walk import settings_of_walk

MakeApp = Callable[[Settings], Any]
#: a national office may be without its portal for so long
LONGEST = 30 * 60


def run(settings: Settings, make_app: MakeApp, *, superuser_url: str | None = None) -> int:
    """Drill on the portal's own database; each step with its time, 1 where anything is not as it was.

    PostgreSQL is restored on a server of its own where the developers' set-up has one, or on that of
    ``superuser_url`` (DRILL_POSTGRES_URL), as another database.
    """
    with (
        _told() as code,
        _folder() as folder,
        engines.thrown_away(settings.sqlite, folder, superuser_url) as target,
    ):
        code.append(_drill(settings, make_app, target, folder))
    return code[-1]


def run_filled(
    settings: Settings,
    make_app: MakeApp,
    share: float,
    *,
    only: str | None = None,
    superuser_url: str | None = None,
) -> int:
    """The same on each database in a portal of its own, filled with a share of the country (1: all of it)."""
    codes = []
    for engine in ("sqlite", "postgres") if only is None else (only,):
        with _told() as code, _folder() as folder, _folder() as source, own_clock(source) as clock_file:
            sqlite = engine == "sqlite"
            with engines.thrown_away(sqlite, source, superuser_url) as full:
                own = _settings_on(settings_of_walk(settings, source), full)
                _fill(make_app(own), full.name, share, clock_file)
                with engines.thrown_away(sqlite, folder, superuser_url) as target:
                    code.append(_drill(own, make_app, target, folder))
        codes.append(code[-1])
    return max(codes)


def _fill(app: Any, name: str, share: float, clock_file: Path) -> None:
    begun = time.perf_counter()
    try:
        key_file = clock_file.with_name("key-of-the-round")
        size = country.fill(app, share, key_file=key_file, clock_file=clock_file)
    finally:
        with app.app_context():
            db.engine.dispose()
    print(
        f"{name}, filled in {time.perf_counter() - begun:.0f} s: {size.agencies:,} agencies confirmed, "
        f"{size.answers:,} sealed answers, {size.people:,} names, {size.events:,} events",
        flush=True,
    )


def _drill(settings: Settings, make_app: MakeApp, target: engines.Target, folder: Path) -> int:
    watch = _Watch()
    key_file = folder / "key-of-its-holder"
    public_key = holders_key.make(settings, key_file)
    tools = settings.backups.pg_bin or engines.tools_folder()
    backups = Backups(folder=folder / "backups", public_key=public_key, pg_bin=tools)
    # what is thrown away is no last good backup: the state and the plain copy go elsewhere
    apart = replace(settings, backups=backups, instance_dir=folder / "here")
    made = make_backup(apart)
    contents, kept = made.contents, made.kept
    assert contents is not None and kept is not None, "no command of another tool is set for the drill"
    watch.tell(f"backed up, {kept.size:,} bytes, sealed and verified")
    instance = folder / "another-folder"
    instance.mkdir()
    there = _settings_on(replace(apart, instance_dir=instance, key_dir=instance / "keys"), target)
    restore(there, kept.file, holders_key.read(key_file))
    watch.tell(f"restored on {target.name} in another place, every count and every sealed answer the same")
    wrong = _look(make_app(there), contents, watch)
    total = watch.total()
    print(
        "\n".join(wrong) or f"All of it is there. It took {total:.1f} s ({LONGEST // 60} minutes are allowed)"
    )
    return 1 if wrong or total > LONGEST else 0


def _settings_on(settings: Settings, target: engines.Target) -> Settings:
    return replace(settings, database_url=target.url, database_owner_url=target.owner_url)


def _look(app: Any, contents: Contents, watch: _Watch) -> list[str]:
    """What the portal itself says over the database that came back."""
    wrong = []
    with app.app_context():
        try:
            with privileged("a drill of the restore") as session:
                broken = audit.first_broken(session)
                rounds = list(session.scalars(select(Round.id)))
            if broken is not None:
                wrong.append(f"FAILED  the chain {broken[0]} is broken at {broken[1]}")
            watch.tell(f"the record: {contents.counts['audit_event']:,} events, every chain walked")
            for round_id in rounds:
                wrong += [f"FAILED  round {round_id}: {one}" for one in differences(round_id)]
            sealed = sum(number for number, _digest in contents.boxes.values())
            watch.tell(f"the boxes: {len(rounds)} rounds recounted, {sealed:,} answers sealed")
            address = app.settings.public_url
            status = app.test_client().get("/sign-in", base_url=address).status_code
            if status != HTTPStatus.OK:
                wrong.append(f"FAILED  the sign-in page answers {status}")
            watch.tell("the portal over it answers")
        finally:
            db.session.remove()
            db.engine.dispose()
    return wrong


class _Watch:
    """Says what was done and how long it took."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()

    def tell(self, what: str) -> None:
        """A step that has ended."""
        now = time.perf_counter()
        print(f"{now - self._last:>8.1f} s  {what}", flush=True)
        self._last = now

    def total(self) -> float:
        """Seconds since the beginning."""
        return time.perf_counter() - self._begun


@contextmanager
def _told() -> Iterator[list[int]]:
    """The code of a drill; its trouble is said in one line, and its code is 1."""
    codes: list[int] = []
    try:
        yield codes
    except (BackupTrouble, engines.NoServer, SQLAlchemyError) as error:
        print(f"FAILED  {error}")
        codes.append(1)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="drill-restore-", ignore_cleanup_errors=True) as name:
        yield Path(name)
