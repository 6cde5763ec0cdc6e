"""The strongbox of slips: a file of slips is a list of passwords, and nobody but who ordered it opens it.

When slips are ordered, a passphrase is made and shown once. A key pair is derived from it (scrypt, X25519);
the public half is stored with the order, and the worker seals each part to it (HPKE, as the ballot box). The
passphrase is stored nowhere, so that neither database nor disk nor a backup of both opens a part.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from flask import current_app

from portal.core import clock
from portal.people.accounts import CODE_LETTERS

VERSION = "ita-slips-1"
#: letters of a passphrase in groups of four: 118 bits
PASSPHRASE_LETTERS, GROUP = 24, 4
SALT_BYTES = 16
#: a file that was not fetched goes after so long
KEPT_FOR = timedelta(hours=24)
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
#: 32 MiB and a tenth of a second: an attempt costs something, though nobody guesses a whole passphrase
_COST = 2**15


class Unreadable(ValueError):
    """A part does not open with this key, or is not the part that was asked for."""


def new_passphrase() -> str:
    """A passphrase that nobody guesses, in groups that can be read out."""
    letters = [secrets.choice(CODE_LETTERS) for _place in range(PASSPHRASE_LETTERS)]
    groups = ("".join(letters[start : start + GROUP]) for start in range(0, PASSPHRASE_LETTERS, GROUP))
    return "-".join(groups)


def plain(passphrase: str) -> str:
    """A passphrase as it is compared: without dashes and blanks, in capitals."""
    return "".join(letter for letter in passphrase.upper() if letter.isalnum())


def is_whole(passphrase: str) -> bool:
    """True for a text that has the form of a passphrase."""
    letters = plain(passphrase)
    return len(letters) == PASSPHRASE_LETTERS and set(letters) <= set(CODE_LETTERS)


@dataclass(frozen=True)
class Lock:
    """What is stored with an order: the salt, and the public key to which its parts are sealed."""

    salt: bytes
    public_key: bytes

    @classmethod
    def made_for(cls, passphrase: str) -> Lock:
        """A fresh lock that this passphrase opens."""
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, _private(passphrase, salt).public_key().public_bytes_raw())

    def key_of(self, passphrase: str) -> X25519PrivateKey | None:
        """The key that opens the parts; None for another passphrase."""
        private = _private(passphrase, self.salt)
        fits = hmac.compare_digest(private.public_key().public_bytes_raw(), self.public_key)
        return private if fits else None


def _private(passphrase: str, salt: bytes) -> X25519PrivateKey:
    seed = hashlib.scrypt(
        plain(passphrase).encode(), salt=salt, n=_COST, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32
    )
    return X25519PrivateKey.from_private_bytes(seed)


def put(order_id: int, key: str, content: bytes, lock: Lock) -> str:
    """Seal one part and write it; gives the name of its file.

    Each file has a name of its own: a worker that lost its job cannot write over what another one finished.
    """
    sealed = _SUITE.encrypt(content, X25519PublicKey.from_public_bytes(lock.public_key), _info(order_id, key))
    folder = folder_of(order_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{key}-{secrets.token_hex(8)}.sealed"
    handle = os.open(folder / f"{name}.part", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    (folder / f"{name}.part").rename(folder / name)
    return name


def take(order_id: int, key: str, name: str, private: X25519PrivateKey) -> bytes:
    """Open one part. Raises Unreadable, FileNotFoundError where it went already."""
    sealed = (folder_of(order_id) / name).read_bytes()
    try:
        return _SUITE.decrypt(sealed, private, _info(order_id, key))
    except (InvalidTag, ValueError) as error:
        raise Unreadable("a part of an order of slips could not be opened") from error


def is_there(order_id: int, name: str) -> bool:
    """True while the file of a part is kept."""
    return (folder_of(order_id) / name).is_file()


def has_any(order_id: int) -> bool:
    """True while any file of an order is kept."""
    folder = folder_of(order_id)
    return folder.is_dir() and any(folder.iterdir())


def drop(order_id: int, names: set[str] | None = None) -> None:
    """Delete files of an order (None: the order's whole folder)."""
    folder = folder_of(order_id)
    if names is None:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in names:
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def outdated() -> list[int]:
    """Orders whose files are all older than a day by the machine's clock, also those of no order any more."""
    before = (clock.machine() - KEPT_FOR).timestamp()
    found = []
    for folder in _root().glob("*") if _root().is_dir() else ():
        if folder.name.isdecimal() and max(_times(folder)) < before:
            found.append(int(folder.name))
    return found


def _times(folder: Path) -> list[float]:
    times = [folder.stat().st_mtime]
    for file in folder.iterdir():
        times.append(file.stat().st_mtime)
    return times


def ends_at(ready: datetime) -> datetime:
    """When what was ready at a moment goes by itself."""
    return ready + KEPT_FOR


def _info(order_id: int, key: str) -> bytes:
    """What a seal is bound to: no part can be passed off as another."""
    return f"{VERSION}|{order_id}|{key}".encode()


def _root() -> Path:
    root: Path = current_app.settings.strongbox  # type: ignore[attr-defined]
    return root


def folder_of(order_id: int) -> Path:
    """Where the files of an order lie."""
    return _root() / str(order_id)
