"""The keys of a round's boxes, in a folder outside the database and its backups.

Per round one random mark key and one urn key pair; neither is derived from anything, because a derived key
cannot be destroyed. The web process reads the mark key and knows the urn's public key (table ``urn_key``).
The embedded demonstration keeps the private urn key too; in production its holder takes it away
(``export_urn_key``), proves it (``drill_urn_key``) and removes it here (``forget_urn_key``).
"""

from __future__ import annotations

import errno
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, object_session

from models.ballot import UrnKey
from models.instrument import InstrumentKind
from models.round import Round
from models.survey import Channel
from portal.ballot.seal import Content, Label, Unreadable, seal, unseal
from portal.ballot.wall import system_role
from portal.core import clock
from portal.core.errors import Refused
from portal.core.whole_files import sync_folder

KEY_BYTES = 32
_HEADER = "ITA-URN-KEY-1"
#: what a stick answers whose file system (FAT) knows no second name of a file
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)


class KeyMissing(Exception):
    """A key of a round is not in the key folder; the text names the round and which key."""


@dataclass(frozen=True)
class KeyFolder:
    """The folder of keys (mode 0700); each key is a file of its own (mode 0400)."""

    path: Path

    def mark_key(self, round_id: int) -> bytes:
        """The key of the marks, read anew each time so that no copy outlives it. Raises KeyMissing."""
        return self._read(mark_file(round_id))

    def urn_key(self, round_id: int) -> bytes:
        """The private key of the urn, where it is kept here. Raises KeyMissing."""
        return self._read(urn_file(round_id))

    def make(self, round_id: int) -> bytes:
        """Make both keys and give the urn's public key. Keys that exist are never overwritten."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.chmod(0o700)
        self._write(mark_file(round_id), secrets.token_bytes(KEY_BYTES))
        self._write(urn_file(round_id), X25519PrivateKey.generate().private_bytes_raw())
        return public_key_of(self.urn_key(round_id))

    def destroy_mark_key(self, round_id: int) -> bool:
        """Destroy the mark key; False where it was gone before."""
        return destroy_file(self.path / mark_file(round_id))

    def destroy_urn_key(self, round_id: int) -> bool:
        """Destroy this folder's copy of the private urn key; False where it was gone before."""
        return destroy_file(self.path / urn_file(round_id))

    def has_mark_key(self, round_id: int) -> bool:
        """True while IDs can be turned into marks here."""
        return (self.path / mark_file(round_id)).exists()

    def has_urn_key(self, round_id: int) -> bool:
        """True while the private urn key lies here: the demonstration, or before its holder took it."""
        return (self.path / urn_file(round_id)).exists()

    def _read(self, name: str) -> bytes:
        try:
            key = (self.path / name).read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing(f"the key folder holds no {name}") from error
        if len(key) != KEY_BYTES:
            raise KeyMissing(f"{name} in the key folder is damaged")
        return key

    def _write(self, name: str, key: bytes) -> None:
        try:
            write_new(self.path / name, key)
        except FileExistsError:
            return


def key_folder() -> KeyFolder:
    """The application's key folder."""
    return KeyFolder(current_app.settings.key_dir)  # type: ignore[attr-defined]


def make_keys(session: Session, round: Round) -> None:
    """Make the keys of a round and store the urn's public key in the session's transaction.

    Doing it again changes nothing: a second pair would lose the answers sealed to the first. Raises Refused
    where the folder's private key is not the one of the stored public key.
    """
    session.flush()
    stored = public_urn_key(session, round.id)
    if stored is not None and not key_folder().has_urn_key(round.id):
        return
    public_key = key_folder().make(round.id)
    if stored is None:
        with system_role(session.connection()) as connection:
            row = {"round_id": round.id, "public_key": public_key}
            connection.execute(UrnKey.__table__.insert(), row)  # type: ignore[attr-defined]
    elif stored != public_key:
        raise Refused("The key folder belongs to another database: its urn key does not fit this round")


def forget_public_key(session: Session, round_id: int) -> None:
    """Forget the urn's public key of a draft that is deleted: nothing was ever sealed to it."""
    with system_role(session.connection()) as connection:
        connection.execute(delete(UrnKey).where(UrnKey.round_id == round_id))


def prepare(session: Session, round: Round) -> None:
    """The embedded demonstration: make the keys, keep them and drill them, in one act."""
    make_keys(session, round)
    drill_urn_key(round, key_folder().urn_key(round.id))


def public_urn_key(session: Session, round_id: int) -> bytes | None:
    """The public urn key of a round, None before its keys were made."""
    with system_role(session.connection()) as connection:
        stored = connection.execute(select(UrnKey.public_key).where(UrnKey.round_id == round_id)).scalar()
    return None if stored is None else bytes(stored)


def drill_urn_key(round: Round, private_key: bytes) -> None:
    """The restore drill: seal a probe to the round's public key, open it with this private key.

    Sets ``round.urn_drill_at``. Raises Refused where there is no public key or the private one does not open.
    """
    session = object_session(round)
    assert session is not None, "the drill belongs to a round of a session"
    public_key = public_urn_key(session, round.id)
    if public_key is None:
        raise Refused("This round has no keys yet")
    label = Label(round.id, 0, InstrumentKind.IIT, Channel.SELF)
    probe = Content(secrets.token_bytes(40))
    sealed = seal(probe, label=label, public_key=public_key)
    try:
        opened = unseal(sealed, label=label, private_key=private_key, slots=len(probe.answers))
    except Unreadable:
        opened = None
    if opened != probe:
        raise Refused("The restore drill failed: this key does not open the boxes of this round")
    round.urn_drill_at = clock.now()
    session.flush()


def urn_ready(round: Round) -> bool:
    """True once a restore drill succeeded and the marks have a key: only then may a survey open."""
    return round.urn_drill_at is not None and key_folder().has_mark_key(round.id)


def export_urn_key(round_id: int, target: Path) -> None:
    """Write the private urn key to a new file for its offline holder. Raises KeyMissing, FileExistsError."""
    key = key_folder().urn_key(round_id)
    write_new(target, f"{_HEADER}\nround {round_id}\n{key.hex()}\n".encode())


def read_exported(source: Path, *, round_id: int) -> bytes:
    """The private key in a holder's file. Raises Refused where the file is no key of this round."""
    lines = source.read_text(encoding="ascii", errors="replace").split("\n")
    if len(lines) < 3 or lines[0] != _HEADER or lines[1] != f"round {round_id}":
        raise Refused("This file holds no urn key of this round")
    try:
        key = bytes.fromhex(lines[2])
    except ValueError as error:
        raise Refused("This file holds no urn key of this round") from error
    if len(key) != KEY_BYTES:
        raise Refused("This file holds no urn key of this round")
    return key


def forget_urn_key(round: Round) -> None:
    """Remove the private urn key from here once its holder has it. Raises Refused before the drill."""
    if round.urn_drill_at is None:
        raise Refused("The restore drill of the urn key comes first: losing the key loses every answer")
    key_folder().destroy_urn_key(round.id)


def public_key_of(private_key: bytes) -> bytes:
    """The public half of an urn key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def destroy_file(path: Path) -> bool:
    """Overwrite and remove a key file; False where there was none.

    Overwriting in place is what a program can do: copies that a file system or a backup made stay beyond it,
    so the key folder belongs outside backups.
    """
    try:
        path.chmod(0o600)
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    with path.open("r+b", buffering=0) as file:
        file.write(secrets.token_bytes(size))
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)
    return True


def mark_file(round_id: int) -> str:
    """What the file of a round's mark key is called in the key folder."""
    return f"round-{round_id}.mark"


def urn_file(round_id: int) -> str:
    """What the file of a round's private urn key is called in the key folder."""
    return f"round-{round_id}.urn"


def write_new(path: Path, content: bytes) -> None:
    """A key file appears whole or not at all, read by its owner alone. Raises FileExistsError, OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    _write_exclusively(draft, content)
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _write_exclusively(path, content)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _write_exclusively(path: Path, content: bytes) -> None:
    """Write a new file; taken away again where it could not be written whole. Raises FileExistsError."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise
