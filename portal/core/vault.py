"""Field encryption for rosters: other people's personal data, readable only with a key outside the database.

Each field is sealed by ChaCha20-Poly1305 and bound to its place (table, participation, column), so that a
ciphertext moved to another row or column does not open. Duplicates are found by a keyed hash, bound to the
participation too: the same person on the rosters of two agencies has two unrelated fingerprints.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from flask import current_app

from config import ConfigurationError, Settings
from models.thai import arabic_digits
from portal.core import whole_files

FIELD_KEY, FINGERPRINT_KEY = "roster-fields.key", "roster-fingerprints.key"
KEY_BYTES = 32
#: first byte of every ciphertext: how it was made
_FORMAT = b"\x01"
_NONCE = 12
_HEAD = 1 + _NONCE
_TITLES = ("นางสาว", "น.ส.", "นาย", "นาง", "ด.ช.", "ด.ญ.", "บริษัท", "ห้างหุ้นส่วนจำกัด", "หจก.", "ร้าน")
_CLUSTER = re.compile(r"[เแโใไ]?[^\u0e31\u0e34-\u0e3a\u0e47-\u0e4e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*")
_SEEN = 2


class Unreadable(Exception):
    """The bytes were not sealed here, or not for this place."""


def roster_context(participation_id: int, column: str) -> bytes:
    """What a field of a roster row is bound to."""
    return f"roster_entry|{participation_id}|{column}".encode()


class Vault:
    """The two keys at work; made once per application."""

    def __init__(self, folder: Path) -> None:
        """Read the keys. Raises ConfigurationError where one is missing or damaged."""
        self._cipher = ChaCha20Poly1305(_read(folder / FIELD_KEY))
        self._hash_key = _read(folder / FINGERPRINT_KEY)

    def seal(self, text: str, *, row_context: bytes) -> bytes:
        """Encrypt one field, bound to its place."""
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, text.encode(), row_context)

    def open(self, sealed: bytes, *, row_context: bytes) -> str:
        """Decrypt one field. Raises Unreadable where it is not of this place, or was changed."""
        if sealed[:1] != _FORMAT:
            raise Unreadable
        try:
            return self._cipher.decrypt(sealed[1:_HEAD], sealed[_HEAD:], row_context).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def fingerprint(self, name: str, phone: str, organisation: str, *, participation_id: int) -> bytes:
        """The keyed hash that is equal for the same person of one participation, however it was typed."""
        digits = re.sub(r"\D", "", arabic_digits(phone))
        parts = (str(participation_id), _normal(name), digits, _normal(organisation))
        return hashlib.blake2b("\x1f".join(parts).encode(), key=self._hash_key, digest_size=32).digest()

    def digest(self, secret: str, *, row_context: bytes) -> bytes:
        """The keyed hash of a secret that is only compared: nobody guesses it with the database alone."""
        bound = row_context + b"\x1f" + secret.encode()
        return hashlib.blake2b(bound, key=self._hash_key, digest_size=32, person=b"secret").digest()


def vault() -> Vault:
    """The application's vault. In demonstration mode its keys are made at first use.

    Raises ConfigurationError where production has no key: a new one would leave old rosters unreadable.
    """
    held: Vault | None = current_app.extensions.get("vault")
    if held is None:
        settings: Settings = current_app.settings  # type: ignore[attr-defined]
        if settings.demo:
            make_keys(settings.key_dir)
        held = current_app.extensions["vault"] = Vault(settings.key_dir)
    return held


def seal(text: str, *, row_context: bytes) -> bytes:
    """Encrypt one field in the application's vault."""
    return vault().seal(text, row_context=row_context)


def open_(sealed: bytes, *, row_context: bytes) -> str:
    """Decrypt one field. Raises Unreadable where it is not of this place, or was changed."""
    return vault().open(sealed, row_context=row_context)


def fingerprint(name: str, phone: str, organisation: str, *, participation_id: int) -> bytes:
    """The keyed hash that finds a person twice on one roster."""
    return vault().fingerprint(name, phone, organisation, participation_id=participation_id)


def digest(secret: str, *, row_context: bytes) -> bytes:
    """The keyed hash of a secret, bound to its place."""
    return vault().digest(secret, row_context=row_context)


def masked(text: str) -> str:
    """Enough of a name to tell rows apart, at most two letters of it: "นายสมชาย" → "นายสม•••"."""
    if not text.strip():
        return ""
    title = next((word for word in _TITLES if text.startswith(word)), "")
    letters = _CLUSTER.findall(text[len(title) :].split(" ", 1)[0] or text[len(title) :].strip())
    shown = min(_SEEN, len(letters) // 2)
    return title + "".join(letters[:shown]) + "•••"


def make_keys(folder: Path) -> None:
    """Make the two keys where they are missing, readable by their owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (FIELD_KEY, FINGERPRINT_KEY):
        _make(folder / name)


def _make(file: Path) -> None:
    if file.exists():
        return
    with suppress(FileExistsError):  # threads and processes at once agree on one key
        whole_files.put(file, os.urandom(KEY_BYTES), mode=0o400)


def _read(file: Path) -> bytes:
    if not file.exists():
        raise ConfigurationError(f"The key {file} is missing: restore it from its backup")
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"The key {file} is damaged: restore it from its backup")
    return key


def _normal(text: str) -> str:
    """Width, case, digits and white space count for nothing."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", arabic_digits(text)).casefold())
