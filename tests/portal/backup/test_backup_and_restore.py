"""A backup and the way back, on both databases: all of it, no key, and what was closed since stays closed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, pool, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import ROOT, Backups, Settings
from models.round import RoundState
from portal.backup import holders_key, making, restoring, shelf, state
from portal.backup.making import make_backup
from portal.backup.restoring import open_backup, restore, settle_what_came_back
from portal.backup.sealed_file import OpeningReader
from portal.backup.troubles import BackupTrouble
from portal.ballot import closed_rounds
from portal.ballot.box import CastResult, cast
from portal.ballot.closing import empty_marks
from portal.ballot.keys import KeyFolder
from portal.core import audit, clock
from portal.core.vault import make_keys
from portal.core.web import Portal
from portal.tools.faults.disk import NoDisk, apart, small_disk
from tests.portal.backup.conftest import Elsewhere
from tests.support.ballots import bring_round_to
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.world import World

pytestmark = pytest.mark.postgres
ANSWERS = bytes([1]) * LINES[IIT]
PEOPLE = 5


@pytest.fixture
def answered(app: Portal, world: World) -> None:
    """Some people have answered."""
    with app.app_context():
        for number in range(PEOPLE):
            assert cast(box(world), citizen_id(number), ANSWERS) is CastResult.ACCEPTED


@contextmanager
def read(settings: Settings) -> Iterator[Connection]:
    engine = create_engine(settings.database_owner_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def value(settings: Settings, query: str, **values: object) -> object:
    with read(settings) as connection:
        return connection.execute(text(query), values).scalar()


def acts(settings: Settings) -> list[str]:
    with read(settings) as connection:
        return list(connection.scalars(text("SELECT act FROM audit_event ORDER BY id DESC LIMIT 3")))


def close(app: Portal, world: World) -> None:
    with app.app_context():
        bring_round_to(world.round_id, RoundState.CLOSED)
        assert empty_marks(world.round_id) >= PEOPLE


def one_backup(settings: Settings) -> Path:
    made = make_backup(settings)
    assert made.kept is not None
    return made.kept.file


@pytest.mark.usefixtures("answered")
def test_all_of_it_comes_back_and_the_portal_goes_on(
    settings: Settings,
    key: bytes,
    elsewhere: Elsewhere,
    world: World,
    another_app: Callable[[Settings], Portal],
) -> None:
    backup = one_backup(settings)
    there = elsewhere()
    (there.key_dir).mkdir()
    marks_key = KeyFolder(settings.key_dir).mark_key(world.round_id)
    (there.key_dir / f"round-{world.round_id}.mark").write_bytes(marks_key)
    done = restore(there, backup, key)
    assert done.settled is not None and (done.settled.closed, done.settled.lines) == ((), ())
    for table in ("mark", "sealed_answer", "account", "agency"):
        count = f"SELECT count(*) FROM {table}"
        assert value(there, count) == value(settings, count) != 0, table
    assert acts(there)[0] == "backup.restore"
    app = another_app(there)
    with app.app_context():
        assert cast(box(world), citizen_id(0), ANSWERS) is CastResult.ALREADY, "the marks work as before"
        assert cast(box(world), citizen_id(99), ANSWERS) is CastResult.ACCEPTED
        with owners_session(there) as session:
            assert audit.first_broken(session) is None


@contextmanager
def owners_session(settings: Settings) -> Iterator[Session]:
    engine = create_engine(settings.database_owner_url, poolclass=pool.NullPool)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.usefixtures("answered")
def test_no_key_is_in_it_and_nothing_of_it_can_be_read(
    settings: Settings, key: bytes, world: World, tmp_path: Path
) -> None:
    make_keys(settings.key_dir)
    files = tmp_path / "letterheads"
    files.mkdir()
    (files / "garuda.svg").write_text("a letterhead")
    (files / "link").symlink_to(settings.key_dir)
    backup = one_backup(replace(settings, backups=replace(settings.backups, also=(files,))))
    opened = tmp_path / "opened"
    opened.mkdir()
    open_backup(backup, key, opened)
    with (
        backup.open("rb") as source,
        tarfile.open(fileobj=OpeningReader(source, key), mode="r|") as archive,
    ):
        names = archive.getnames()
    assert names == ["manifest.json", "database", "files/0-letterheads/garuda.svg"]
    plain = b"".join(path.read_bytes() for path in opened.rglob("*") if path.is_file())
    keys = [path.read_bytes() for path in settings.key_dir.iterdir() if path.suffix in making.KEY_ENDINGS]
    assert len(keys) >= 4, "two of the round, two of rosters"
    for one in keys:
        assert one not in plain and one.hex().encode() not in plain
    on_the_shelf = b"".join(path.read_bytes() for path in backup.parent.iterdir())
    assert (
        b"letterhead" not in on_the_shelf and b"SQLite" not in on_the_shelf and b"PGDMP" not in on_the_shelf
    )
    assert not (settings.instance_dir / making.WORK).exists(), "the plain copy is gone"
    assert json.loads(plain_manifest(opened))["contents"]["boxes"][str(world.round_id)][0] == PEOPLE


def plain_manifest(folder: Path) -> str:
    return (folder / making.MANIFEST).read_text()


@pytest.mark.usefixtures("answered")
def test_a_round_that_was_closed_since_stays_closed_and_its_marks_go(
    app: Portal, settings: Settings, key: bytes, elsewhere: Elsewhere, world: World
) -> None:
    backup = one_backup(settings)
    close(app, world)
    there = elsewhere()
    there.key_dir.mkdir()
    (there.key_dir / closed_rounds.FILE).write_bytes((settings.key_dir / closed_rounds.FILE).read_bytes())
    (there.key_dir / f"round-{world.round_id}.mark").write_bytes(bytes(32))
    done = restore(there, backup, key)
    assert done.settled is not None
    assert done.settled.closed == (world.round_id,)
    assert "closed again" in done.settled.lines[0] and "5 marks" in done.settled.lines[1]
    assert value(there, "SELECT state FROM round WHERE id = :id", id=world.round_id) == "closed"
    assert value(there, "SELECT closed_at FROM round WHERE id = :id", id=world.round_id) is not None
    assert value(there, "SELECT count(*) FROM mark") == 0
    assert value(there, "SELECT count(*) FROM sealed_answer") == PEOPLE
    assert set(acts(there)) == {"backup.restore", "round.close_again", "round.empty_marks"}
    assert not KeyFolder(there.key_dir).has_mark_key(world.round_id)


@pytest.mark.usefixtures("answered")
def test_the_list_beside_newer_backups_tells_it_where_the_key_folder_is_lost(
    app: Portal, settings: Settings, key: bytes, elsewhere: Elsewhere, world: World
) -> None:
    backup = one_backup(settings)
    close(app, world)
    backup.rename(backup.with_name("old.backup"))
    one_backup(settings)
    there = elsewhere()
    done = restore(there, backup.with_name("old.backup"), key)
    assert done.settled is not None and done.settled.closed == (world.round_id,)
    assert closed_rounds.read(there.key_dir / closed_rounds.FILE)[0].round_id == world.round_id


@pytest.mark.usefixtures("answered")
def test_after_another_tool_restored_it_the_same_is_done(
    app: Portal, settings: Settings, world: World
) -> None:
    close(app, world)
    with app.app_context():
        bring_round_to(world.round_id, RoundState.OPEN)
    settled = settle_what_came_back(settings, ())
    assert settled.closed == (world.round_id,)
    assert value(settings, "SELECT state FROM round WHERE id = :id", id=world.round_id) == "closed"


@pytest.mark.usefixtures("answered")
def test_an_open_round_whose_marks_have_no_key_here_is_told(
    settings: Settings, key: bytes, elsewhere: Elsewhere
) -> None:
    done = restore(elsewhere(), one_backup(settings), key)
    assert done.settled is not None and done.settled.closed == ()
    assert "no survey of it takes an answer" in done.settled.lines[0]


def test_nothing_is_restored_over_anything(settings: Settings, key: bytes) -> None:
    backup = one_backup(settings)
    before = value(settings, "SELECT count(*) FROM audit_event")
    with pytest.raises(BackupTrouble, match="is not empty"):
        restore(settings, backup, key)
    assert value(settings, "SELECT count(*) FROM audit_event") == before


def test_a_harmed_backup_and_another_key_leave_the_place_empty(
    settings: Settings, key: bytes, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    backup, there = one_backup(settings), elsewhere()
    other = tmp_path / "other"
    holders_key.make(settings, other)
    with pytest.raises(BackupTrouble, match="another key"):
        restore(there, backup, holders_key.read(other))
    harmed = tmp_path / "harmed"
    harmed.write_bytes(backup.read_bytes()[:-1])
    with pytest.raises(BackupTrouble, match="not what was written"):
        restore(there, harmed, key)
    assert restore(there, backup, key).settled is not None, "it was empty still"


def test_what_is_not_all_there_is_not_used(
    settings: Settings, key: bytes, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.copy_database

    def one_more(given: Settings, target: Path) -> object:
        contents = real(given, target)
        return replace(contents, counts=contents.counts | {"agency": contents.counts["agency"] + 1})

    monkeypatch.setattr(making, "copy_database", one_more)
    backup, there = one_backup(settings), elsewhere()
    with pytest.raises(BackupTrouble, match="table agency"):
        restore(there, backup, key)
    if there.sqlite:
        assert not restoring.sqlite_file(there).exists()
    else:
        application = replace(there, database_owner_url=there.database_url)
        with pytest.raises(OperationalError, match="permission denied for database"):
            value(application, "SELECT 1")


@pytest.mark.usefixtures("answered")
def test_people_answer_while_it_is_copied(
    app: Portal, settings: Settings, world: World, key: bytes, elsewhere: Elsewhere
) -> None:
    ended = threading.Event()
    taken: list[CastResult] = []

    def answer() -> None:
        with app.app_context():
            target = box(world)
            while not ended.is_set():
                taken.append(cast(target, citizen_id(1000 + len(taken)), ANSWERS))

    people = threading.Thread(target=answer)
    people.start()
    try:
        backup = one_backup(settings)
    finally:
        ended.set()
        people.join()
    assert set(taken) == {CastResult.ACCEPTED}
    there = elsewhere()
    restore(there, backup, key)
    marks = value(there, "SELECT count(*) FROM mark")
    assert marks == value(there, "SELECT count(*) FROM sealed_answer")
    assert PEOPLE <= int(str(marks)) <= PEOPLE + len(taken)


@pytest.mark.parametrize("when", ["copy_database", "verify_written"])
def test_killed_in_the_midst_nothing_half_counts(settings: Settings, when: str) -> None:
    good = one_backup(settings)
    program = f"""
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from config import Backups, Settings
from portal.backup import making
real = making.{when}
def die(*given):
    real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
making.{when} = die
making.make_backup(Settings(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]), "secret",
    backups=Backups(Path(sys.argv[5]), sys.argv[6], pg_bin=Path(sys.argv[7]))))
"""
    words = [settings.instance_dir, settings.database_url, settings.database_owner_url, settings.key_dir]
    words += [settings.backups.folder, settings.backups.public_key, settings.backups.pg_bin]
    done = subprocess.run([sys.executable, "-c", program, *map(str, words)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    folder = good.parent
    assert [one.file for one in shelf.good(folder)] == [good]
    assert (settings.instance_dir / making.WORK).exists(), "it was killed in the midst"
    again = one_backup(settings)
    assert [one.file for one in shelf.good(folder)] == sorted({good, again})[-1:], "one of the day stays"
    assert not list(folder.glob("*.part")) and not (settings.instance_dir / making.WORK).exists()


def test_a_full_disk_is_said_and_the_last_good_one_stays(settings: Settings, tmp_path: Path) -> None:
    def tried() -> tuple[str, list[Path], list[str]]:
        with small_disk(tmp_path / "disk", megabytes=24) as disk:
            own = replace(settings, backups=replace(settings.backups, folder=disk.folder / "backups"))
            good = one_backup(own)
            disk.fill()
            with pytest.raises(BackupTrouble) as told:
                make_backup(own)
            kept = [one.file for one in shelf.good(good.parent)]
            return str(told.value), [good, *kept], [path.name for path in good.parent.glob("*.part")]

    try:
        said, (good, *kept), pieces = apart(tried)
    except NoDisk as error:
        pytest.skip(str(error))
    assert "no room is left on the disk" in said and f"The last good one stays: {good.name}" in said
    assert (kept, pieces) == ([good], [])
    known = state.read(settings)
    assert (known.name, known.why) == (good.name, "no room is left on the disk")


def test_the_state_tells_the_last_good_one_and_why_the_last_try_failed(settings: Settings) -> None:
    assert state.read(settings).age(clock.machine()) is None
    good = one_backup(settings)
    known = state.read(settings)
    assert (known.name, known.size, known.why) == (good.name, good.stat().st_size, "")
    assert (known.age(clock.machine()) or 9) < 0.1
    broken = replace(settings, backups=replace(settings.backups, also=(Path("/nowhere"),)))
    with pytest.raises(BackupTrouble, match="no folder"):
        make_backup(broken)
    assert (state.read(settings).name, "no folder" in state.read(settings).why) == (good.name, True)
    (settings.instance_dir / state.FILE).write_text("{")
    assert state.read(settings) == state.State()


def test_two_at_once_are_one(settings: Settings) -> None:
    folder = settings.backups.folder
    assert folder is not None
    with shelf.alone(folder), pytest.raises(BackupTrouble, match="Another backup"):
        make_backup(settings)


def test_a_list_without_its_backup_or_with_another_size_counts_for_nothing(settings: Settings) -> None:
    good = one_backup(settings)
    with good.open("ab") as file:
        file.write(b"x")
    assert shelf.good(good.parent) == []
    good.unlink()
    with shelf.alone(good.parent):
        assert not list(good.parent.glob("ita-*"))


@pytest.mark.parametrize("place", ["key_dir", "instance_dir"])
def test_no_folder_of_keys_goes_into_a_backup(settings: Settings, place: str) -> None:
    chosen = getattr(settings, place)
    with pytest.raises(BackupTrouble, match="keys are in no backup"):
        make_backup(replace(settings, backups=replace(settings.backups, also=(chosen,))))
    with pytest.raises(BackupTrouble, match="keys are in no backup"):
        make_backup(replace(settings, backups=replace(settings.backups, folder=settings.key_dir / "x")))


def test_a_key_in_a_folder_of_files_is_refused(settings: Settings, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "round-1.mark").write_bytes(bytes(32))
    with pytest.raises(BackupTrouble, match="looks like a key"):
        make_backup(replace(settings, backups=replace(settings.backups, also=(files,))))


def test_without_a_place_or_a_holder_it_says_what_to_set(settings: Settings) -> None:
    with pytest.raises(BackupTrouble, match="BACKUP_DIR"):
        make_backup(replace(settings, backups=Backups()))


@pytest.mark.only("postgres")
def test_a_tool_that_is_missing_or_too_old_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("portal.backup.postgres_tools._DEBIAN", Path("/nowhere"))
    with pytest.raises(BackupTrouble, match=r"no pg_dump of PostgreSQL \d+"):
        make_backup(replace(settings, backups=replace(settings.backups, pg_bin=None)))
