"""The safe copy of the keys of rosters: in a file of its own, sealed to somebody else than the backups.

These two keys only. A key of marks has no copy: no function here or elsewhere reads one into a file, so that
what is destroyed at closing is destroyed. Losing it before means that its round cannot go on.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from config import Settings
from portal.backup.holders_key import refuse_here
from portal.backup.sealed_file import OpeningReader, SealingWriter
from portal.backup.troubles import BackupTrouble
from portal.ballot.keys import write_new
from portal.core.vault import FIELD_KEY, FINGERPRINT_KEY, KEY_BYTES

_NAMES = (FIELD_KEY, FINGERPRINT_KEY)


def copy_out(settings: Settings, target: Path, public_key: str) -> None:
    """Write a sealed copy to a new file. Raises BackupTrouble, OSError."""
    refuse_here(settings, target)
    if public_key == settings.backups.public_key:
        raise BackupTrouble(
            "The copy is sealed to another holder than the backups: one person alone would read every roster"
        )
    try:
        held = {name: (settings.key_dir / name).read_bytes().hex() for name in _NAMES}
    except FileNotFoundError as error:
        raise BackupTrouble(f"The key folder holds no {Path(error.filename).name}") from error
    try:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    except FileExistsError as error:
        raise BackupTrouble(f"{target} is there already: a copy is never overwritten") from error
    try:
        with os.fdopen(handle, "wb") as file:
            sealing = SealingWriter(file, bytes.fromhex(public_key))
            sealing.write(json.dumps({"keys": held}).encode())
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        target.unlink()
        raise


def put_back(settings: Settings, source: Path, private_key: bytes) -> list[str]:
    """Put the keys back where they are missing; gives their names. A key that is there stays as it is.

    Raises BackupTrouble where the file is no copy, or another key lies there; OSError.
    """
    keys = _opened(source, private_key)
    for name, key in keys.items():
        file = settings.key_dir / name
        if file.exists() and file.read_bytes() != key:
            raise BackupTrouble(f"The key folder holds another {name}: nothing was changed")
    settings.key_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = [name for name in keys if not (settings.key_dir / name).exists()]
    for name in missing:
        write_new(settings.key_dir / name, keys[name])
    return missing


def _opened(source: Path, private_key: bytes) -> dict[str, bytes]:
    with source.open("rb") as file:
        read = OpeningReader(file, private_key).read()
    try:
        held = json.loads(read)
        keys = {name: bytes.fromhex(held["keys"][name]) for name in _NAMES}
    except (ValueError, KeyError, TypeError) as error:
        raise BackupTrouble("This file holds no copy of the keys of rosters") from error
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise BackupTrouble("This file holds no copy of the keys of rosters")
    return keys
