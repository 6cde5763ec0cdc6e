"""The folder of backups: which of them count, one at a time, and what a killed one left is swept away.

A backup counts once its file bears its last name and the list of its hashes beside it says its size. The
list is written before that name is given, so a kill at any moment leaves no half file that counts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.backup.sealed_file import Hashes
from portal.backup.troubles import BackupTrouble
from portal.core.whole_files import sync_folder

_NAME = "ita-%Y%m%dT%H%M%SZ"
ENDING, LIST, PART = ".backup", ".hashes.json", ".part"


@dataclass(frozen=True)
class Kept:
    """A backup that counts."""

    file: Path
    made_at: datetime
    size: int

    @property
    def list_file(self) -> Path:
        """The list of its hashes."""
        return self.file.with_suffix(LIST)


def good(folder: Path) -> list[Kept]:
    """The backups that count, the oldest first."""
    found = []
    for file in sorted(folder.glob(f"ita-*{ENDING}")):
        try:
            made_at = datetime.strptime(file.stem, _NAME).replace(tzinfo=UTC)
            size = json.loads(file.with_suffix(LIST).read_text())["size"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if file.stat().st_size == size:
            found.append(Kept(file, made_at, size))
    return found


def place_for(folder: Path, moment: datetime) -> Path:
    """The name of a backup that is begun now; a second later where one of this second is there."""
    while True:
        file = folder / (moment.astimezone(UTC).strftime(_NAME) + ENDING)
        if not file.exists():
            return file
        moment += timedelta(seconds=1)


def put_up(part: Path, file: Path, hashes: Hashes) -> Kept:
    """Give a verified file its name, with the list of its hashes."""
    listed = file.with_suffix(LIST)
    draft = listed.with_name(listed.name + PART)
    with draft.open("w") as out:
        json.dump({"size": hashes.size, "sha256_of_pieces": hashes.pieces}, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, listed)
    os.replace(part, file)
    sync_folder(file.parent)
    return Kept(file, datetime.strptime(file.stem, _NAME).replace(tzinfo=UTC), hashes.size)


def take_down(kept: Kept) -> None:
    """Remove a backup; its file first, so that what is left of a kill does not count."""
    kept.file.unlink()
    kept.list_file.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time; what one that was killed left is swept away. Raises BackupTrouble, OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupTrouble("Another backup is being made: this one is not needed") from error
        _sweep(folder)
        yield


def _sweep(folder: Path) -> None:
    """Pieces, and lists that lost their backup. What was made elsewhere is not touched."""
    for left in folder.glob(f"ita-*{PART}"):
        left.unlink()
    for listed in folder.glob(f"ita-*{LIST}"):
        if not listed.with_name(listed.name.removesuffix(LIST) + ENDING).exists():
            listed.unlink()
