"""A backup, from the copy of the database to its place on the shelf. It holds no key."""

from __future__ import annotations

import io
import itertools
import os
import tarfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy.exc import SQLAlchemyError

from config import KeyFile, Settings
from portal.backup import pgbackrest, rotation, shelf, state, work_folder
from portal.backup.contents import Contents, Manifest
from portal.backup.copying import copy_database
from portal.backup.sealed_file import PIECE, Hashes, SealingWriter, verify_written
from portal.backup.troubles import FAILURES, BackupTrouble, in_words
from portal.ballot import closed_rounds
from portal.core import clock

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
#: the plain copy lies with the database it was made of, never with the backups
WORK = "backup-work"
#: endings of key files, wherever they lie
KEY_ENDINGS = (".mark", ".urn", ".key", ".p12", ".pfx", ".pem")
_NOT_ITS = "PGBACKREST backs PostgreSQL up, and DATABASE_URL names SQLite: take it away"
_NEEDS = "Set BACKUP_DIR to the folder of backups and BACKUP_KEY to the public key of 'run.py backup-key'"


@dataclass(frozen=True)
class Made:
    """A backup that was made and verified; ``theirs`` is pgBackRest's, where that has the database."""

    kept: shelf.Kept | None
    contents: Contents | None
    theirs: pgbackrest.Theirs | None
    seconds: float
    #: names of older ones that went
    gone: tuple[str, ...] = ()


def make_backup(settings: Settings) -> Made:
    """Copy, look through, seal, verify, put up, rotate; the state says how it went.

    Raises BackupTrouble; the last good backup is then as it was.
    """
    begun = clock.machine()
    try:
        made = _make(settings, begun)
    except (BackupTrouble, SQLAlchemyError, *FAILURES) as error:
        # no database behind it, whose errors quote rows
        cause = getattr(error, "orig", None) or error
        why = in_words(cause)
        with suppress(OSError):  # the disk of the state may be the full one
            state.failed(settings, begun, why)
        raise BackupTrouble(f"No backup was made: {why}.{_last_good(settings)}") from error
    if made.theirs is not None:
        _tell(settings, made.theirs, seconds=made.seconds)
    elif made.kept is not None:
        state.succeeded(settings, begun, name=made.kept.file.name, size=made.kept.size, seconds=made.seconds)
    return made


def look_at_theirs(settings: Settings) -> None:
    """What pgBackRest made by a timer of its own counts too: the state learns it. Raises BackupTrouble.

    Not after a failure: only one that was verified ends that.
    """
    known = state.read(settings)
    if known.why or not settings.backups.pgbackrest:
        return
    theirs = pgbackrest.newest(settings.backups.pgbackrest)
    if theirs is not None and theirs.ended_at.isoformat() > known.at:
        _tell(settings, theirs, seconds=0)


def _tell(settings: Settings, theirs: pgbackrest.Theirs, *, seconds: float) -> None:
    state.succeeded(settings, theirs.ended_at, name=theirs.label, size=theirs.size, seconds=seconds)


def _make(settings: Settings, begun: datetime) -> Made:
    refuse_keys(settings)
    started = time.perf_counter()
    folder = cast("Path", settings.backups.folder)
    with shelf.alone(folder), work_folder.empty(settings.instance_dir / WORK) as work:
        contents, kept, theirs = None, None, None
        if settings.backups.pgbackrest:
            theirs = pgbackrest.back_up(settings.backups.pgbackrest, begun)
        else:
            contents = copy_database(settings, work / DATABASE)
        if contents is not None or settings.backups.also:
            kept = _seal(settings, work, contents)
        noted = closed_rounds.read(settings.key_dir / closed_rounds.FILE)
        closed_rounds.note(folder / closed_rounds.FILE, noted)
        gone = _rotate(settings, folder)
    return Made(kept, contents, theirs, time.perf_counter() - started, gone)


def refuse_keys(settings: Settings) -> None:
    """Raise BackupTrouble for settings that would put a key into a backup, or beside one."""
    backups = settings.backups
    if backups.folder is None or not backups.public_key:
        raise BackupTrouble(_NEEDS)
    if backups.pgbackrest and settings.sqlite:
        raise BackupTrouble(_NOT_ITS)
    secret = [settings.key_dir, settings.strongbox]
    secret += [key.path for key in settings.signing_keys.values() if isinstance(key, KeyFile)]
    _refuse_overlap((backups.folder,), secret)
    # in the instance folder lie the cookies' secret, mail and the database itself
    _refuse_overlap(backups.also, [*secret, settings.instance_dir])
    for chosen in backups.also:
        if not chosen.is_dir():
            raise BackupTrouble(f"BACKUP_FILES names {chosen}, which is no folder")
        if backups.folder.is_relative_to(chosen):
            raise BackupTrouble(f"{chosen} holds the backups themselves")


def _refuse_overlap(chosen: Iterable[Path], secret: Iterable[Path]) -> None:
    for one, other in itertools.product(chosen, secret):
        if other.is_relative_to(one) or one.is_relative_to(other):
            raise BackupTrouble(f"{one} and {other} lie in each other: keys are in no backup")


def _seal(settings: Settings, work: Path, contents: Contents | None) -> shelf.Kept:
    """One file out of the copy and what lies beside the database; read back before it counts."""
    folder = cast("Path", settings.backups.folder)
    begun = clock.machine()
    file = shelf.place_for(folder, begun)
    part = file.with_name(file.name + shelf.PART)
    engine = "sqlite" if settings.sqlite else "postgresql"
    manifest = Manifest(begun.isoformat(), engine, contents)
    try:
        hashes = _write(part, settings, manifest, work)
        with part.open("rb") as source:
            verify_written(source, hashes)
        return shelf.put_up(part, file, hashes)
    finally:
        part.unlink(missing_ok=True)


def _write(part: Path, settings: Settings, manifest: Manifest, work: Path) -> Hashes:
    public_key = bytes.fromhex(settings.backups.public_key)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        sealing = SealingWriter(target, public_key)
        with tarfile.open(fileobj=sealing, mode="w|", bufsize=PIECE) as archive:
            _add_bytes(archive, MANIFEST, manifest.as_json())
            if manifest.contents is not None:
                archive.add(work / DATABASE, DATABASE)
            for number, folder in enumerate(settings.backups.also):
                _add_files(archive, folder, f"{FILES}/{number}-{folder.name}")
        hashes = sealing.finish()
        target.flush()
        os.fsync(target.fileno())
    return hashes


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _add_files(archive: tarfile.TarFile, folder: Path, name: str) -> None:
    """Every plain file of a folder; a link is not followed, and a key is refused. Raises BackupTrouble."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() in KEY_ENDINGS:
            raise BackupTrouble(f"{path} looks like a key: keys are in no backup")
        archive.add(path, f"{name}/{path.relative_to(folder)}")


def _rotate(settings: Settings, folder: Path) -> tuple[str, ...]:
    backups = settings.backups
    kept = shelf.good(folder)
    numbers = {"daily": backups.daily, "weekly": backups.weekly, "monthly": backups.monthly}
    stay = rotation.staying((one.made_at for one in kept), **numbers)
    going = [one for one in kept if one.made_at not in stay]
    for one in going:
        shelf.take_down(one)
    return tuple(one.file.name for one in going)


def _last_good(settings: Settings) -> str:
    """The last good backup, in words."""
    folder = settings.backups.folder
    kept = shelf.good(folder) if folder is not None and folder.is_dir() else []
    name = kept[-1].file.name if kept else ""
    if settings.backups.pgbackrest:
        name = state.read(settings).name
    return f" The last good one stays: {name}" if name else " There is no good one"
