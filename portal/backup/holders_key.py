"""The private key of backups belongs to its holder: made into a file, read from it, never kept here."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from config import Settings
from portal.backup.troubles import BackupTrouble
from portal.ballot.keys import KEY_BYTES, write_new

_HEADER = "ITA-BACKUP-KEY-1"
_NO_KEY = "This file holds no private key of backups"


def make(settings: Settings, target: Path) -> str:
    """Make a pair and write the private key to a new file; gives the public key for ``BACKUP_KEY``.

    Raises BackupTrouble where the file would lie with what it opens, or is there already; OSError.
    """
    refuse_here(settings, target)
    key = X25519PrivateKey.generate()
    try:
        write_new(target, f"{_HEADER}\n{key.private_bytes_raw().hex()}\n".encode())
    except FileExistsError as error:
        raise BackupTrouble(f"{target} is there already: a key file is never overwritten") from error
    return key.public_key().public_bytes_raw().hex()


def read(source: Path) -> bytes:
    """The private key in a holder's file. Raises BackupTrouble where it holds none; OSError."""
    lines = source.read_text(encoding="ascii", errors="replace").split("\n")
    try:
        key = bytes.fromhex(lines[1]) if lines[0] == _HEADER else b""
    except (IndexError, ValueError) as error:
        raise BackupTrouble(_NO_KEY) from error
    if len(key) != KEY_BYTES:
        raise BackupTrouble(_NO_KEY)
    return key


def refuse_here(settings: Settings, target: Path) -> None:
    """Raise BackupTrouble for a file in a folder of the portal: a key does not lie with what it opens."""
    places = [settings.instance_dir, settings.key_dir, settings.strongbox]
    places += [settings.backups.folder] if settings.backups.folder else []
    if any(target.resolve().is_relative_to(place) for place in places):
        raise BackupTrouble("This file belongs to its holder: name a place outside the portal's own folders")
