"""Anchors of the record: every hour the heads of its chains, signed, in a small file outside the database.

Whoever owns the database can rewrite a chain from any event on, so that every hash fits again. A head that
was signed before and lies elsewhere then differs. The check of a database against anchors is apart from the
portal (``portal/tools/witness.py``) and reads these files by itself.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app
from sqlalchemy import select

from config import ConfigurationError, Settings
from models.audit import AuditHead
from portal.core import clock, whole_files
from portal.core.database.session import privileged

KEY = "anchor-signing.key"
TITLE = "ITA portal: anchor of the record, format 1"
#: an anchor names the heads that changed since the one before; one a day names all of them
WHOLE_EVERY = 24
#: what the first anchor has in the place of the digest of the one before
NONE_BEFORE = "none"
_KEY_BYTES = 32
_NAME = re.compile(r"anchor-(\d{7,})\.txt")

Heads = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Anchor:
    """An anchor as its file says it. ``digest``: of the whole file; ``whole``: it names every chain."""

    number: int
    at: datetime
    digest: str
    whole: bool
    chains: int
    heads: Heads

    @property
    def spoken(self) -> str:
        """The digest in groups of four, to be compared by eye."""
        return grouped(self.digest)


def write() -> Anchor:
    """Sign the heads as they are now, and put them into the folder. Gives the anchor.

    Raises ConfigurationError where there are anchors and the key that signed them is gone, FileExistsError
    where another process wrote the same number meanwhile, OSError where the folder cannot be written.
    """
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = _numbers(folder)
    last = max(numbers, default=0)
    key = _signing_key(may_make=not numbers)
    with privileged("anchoring the record") as session:
        rows = session.execute(select(AuditHead.chain, AuditHead.sequence, AuditHead.hash)).all()
    heads: Heads = {chain: (sequence, link) for chain, sequence, link in rows}
    known = None if last % WHOLE_EVERY == 0 else _heads_at(folder, last)
    named = (
        heads if known is None else {name: head for name, head in heads.items() if known.get(name) != head}
    )
    before = hashlib.sha256(_file(folder, last).read_bytes()).hexdigest() if last else NONE_BEFORE
    text = _text(last + 1, before, key.public_key(), named, chains=len(heads), whole=known is None)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    whole_files.put(_file(folder, last + 1), f"{text}signature: {signature}\n".encode(), mode=0o644)
    return one(last + 1)


def one(number: int) -> Anchor:
    """An anchor by its number. Raises LookupError where there is none that can be read."""
    return _read(content(number))


def content(number: int) -> bytes:
    """The file of an anchor. Raises LookupError where there is none."""
    try:
        return _file(_folder(), number).read_bytes()
    except OSError as error:
        raise LookupError(number) from error


def listed(*, below: int | None = None, most: int) -> list[Anchor]:
    """The newest anchors first, at most so many, below a number. What cannot be read is left out."""
    return list(islice(_newest_first(_folder(), below=below), most))


def newest(folder: Path) -> Anchor | None:
    """The newest anchor in a folder that can be read; None where there is none."""
    return next(_newest_first(folder), None)


def _newest_first(folder: Path, *, below: int | None = None) -> Iterator[Anchor]:
    for number in sorted(_numbers(folder), reverse=True):
        if below is None or number < below:
            with suppress(LookupError, OSError):
                yield _read(_file(folder, number).read_bytes())


def public_key() -> str | None:
    """The key that proves signatures, as PEM; None before the first anchor."""
    if not _key_file().exists():
        return None
    key = _signing_key(may_make=False).public_key()
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, kind).decode()


def make_key() -> str:
    """The same; before the first anchor the key is made now. Raises ConfigurationError where it was lost."""
    _signing_key(may_make=not _numbers(_folder()))
    made = public_key()
    assert made is not None, "it was made above"
    return made


def fingerprint() -> str:
    """A short name of the key, as anchors have it, in groups of four; "" before the first anchor."""
    return grouped(_key_name(_signing_key(may_make=False).public_key())) if _key_file().exists() else ""


def grouped(digest: str) -> str:
    """Hexadecimal digits in groups of four."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


# -- the file ---------------------------------------------------------------------------------------------


def _text(number: int, before: str, key: Ed25519PublicKey, named: Heads, *, chains: int, whole: bool) -> str:
    """What is signed: lines of words, then a line for each head, by the names of the chains."""
    lines = [
        TITLE,
        f"number: {number}",
        f"time: {clock.now().isoformat(timespec='seconds')}",
        f"before: {before}",
        f"key: {_key_name(key)}",
        f"chains: {chains}",
        f"heads: {'all' if whole else 'changed'}",
        *(f"{chain} {sequence} {link}" for chain, (sequence, link) in sorted(named.items())),
    ]
    return "\n".join(lines) + "\n"


def _read(file: bytes) -> Anchor:
    """Raises LookupError for what is no anchor. Whether it is signed is asked by the check, not here."""
    lines = file.decode("utf-8", "replace").splitlines()
    try:
        if lines[0] != TITLE:
            raise LookupError(lines[0])
        said = dict(line.split(": ", 1) for line in lines[1:7])
        heads = {}
        for line in lines[7:-1]:
            chain, sequence, link = line.rsplit(" ", 2)
            heads[chain] = (int(sequence), link)
        return Anchor(
            number=int(said["number"]),
            at=datetime.fromisoformat(said["time"]),
            digest=hashlib.sha256(file).hexdigest(),
            whole=said["heads"] == "all",
            chains=int(said["chains"]),
            heads=heads,
        )
    except (ValueError, KeyError, IndexError) as error:
        raise LookupError("no anchor") from error


def _heads_at(folder: Path, number: int) -> Heads | None:
    """Every head as an anchor left it, from the last that names all on; None where one is missing."""
    later: list[Heads] = []
    while True:
        try:
            anchor = _read(_file(folder, number).read_bytes())
        except (OSError, LookupError):
            return None
        later.append(anchor.heads)
        if anchor.whole:
            return {name: head for heads in reversed(later) for name, head in heads.items()}
        number -= 1


def _numbers(folder: Path) -> list[int]:
    """The numbers of the anchors in a folder, in no order."""
    if not folder.is_dir():
        return []
    found = (_NAME.fullmatch(entry.name) for entry in os.scandir(folder))
    return [int(name[1]) for name in found if name]


def _file(folder: Path, number: int) -> Path:
    return folder / f"anchor-{number:07d}.txt"


def _folder() -> Path:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings.anchors


# -- the key ----------------------------------------------------------------------------------------------


def _key_file() -> Path:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings.key_dir / KEY


def _signing_key(*, may_make: bool) -> Ed25519PrivateKey:
    """The key that signs. Raises ConfigurationError where it is missing or damaged: with a new one
    nobody could tell the anchors before from forged ones."""
    file = _key_file()
    if may_make and not file.exists():
        _make_key(file)
    if not file.exists():
        raise ConfigurationError(f"The key {file} is missing: restore it, or begin a new folder of anchors")
    body = file.read_bytes()
    if len(body) != _KEY_BYTES:
        raise ConfigurationError(f"The key {file} is damaged: restore it, or begin a new folder of anchors")
    return Ed25519PrivateKey.from_private_bytes(body)


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):  # another process was first: its key is the key
        whole_files.put(file, Ed25519PrivateKey.generate().private_bytes_raw(), mode=0o600)


def _key_name(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]
