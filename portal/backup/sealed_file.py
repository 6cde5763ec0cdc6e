"""A file sealed to the holder of a private key: written and read as a stream, each piece proved by itself.

    magic | SHA-256 of the holder's public key | a public key of this file alone | pieces

The key is HKDF-SHA256 of the X25519 agreement, bound to both public keys. Each piece is 1 MiB (the last may
be shorter), sealed by ChaCha20-Poly1305; its nonce is its number and whether it is the last, the header is
its associated data. So a piece that is missing, moved, changed or of another file does not open, and a
file that was cut after a whole piece is not taken for whole. Whoever has the public key can write such a
file: the seal does not prove who wrote it (ADR 46).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.backup.troubles import BackupTrouble

PIECE = 1 << 20
MAGIC = b"ITA-SEALED-1\n\x00\x00\x00"
_KEY, _TAG = 32, 16
HEADER = len(MAGIC) + _KEY + _KEY
_NO_SEALED_FILE = "This is no sealed file of the portal"


@dataclass
class Hashes:
    """What was written: a SHA-256 of the header, of each sealed piece, and how many bytes they are."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def took(self, written: bytes) -> None:
        """Add what was written to the file."""
        self.pieces.append(hashlib.sha256(written).hexdigest())
        self.size += len(written)


class SealingWriter(io.RawIOBase):
    """Takes bytes and writes them sealed; ``finish`` writes the last piece, without it there is no file."""

    def __init__(self, target: BinaryIO, public_key: bytes) -> None:
        """Begin the file. ``public_key`` is its holder's."""
        super().__init__()
        own = X25519PrivateKey.generate()
        self._header = MAGIC + hashlib.sha256(public_key).digest() + own.public_key().public_bytes_raw()
        agreed = own.exchange(X25519PublicKey.from_public_bytes(public_key))
        self._cipher = _cipher(agreed, self._header)
        self._target, self._number, self._waiting = target, 0, bytearray()
        self.hashes = Hashes()
        self._put(self._header)

    def writable(self) -> bool:
        """True, as tarfile asks."""
        return True

    def write(self, content: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Take more. A whole piece is kept back until more follows, since the last one is marked."""
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(content)

    def finish(self) -> Hashes:
        """Write the last piece; gives what the whole file must be."""
        self._seal(bytes(self._waiting), last=True)
        return self.hashes

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last=last), piece, self._header))
        self._number += 1

    def _put(self, sealed: bytes) -> None:
        self._target.write(sealed)
        self.hashes.took(sealed)


class OpeningReader(io.RawIOBase):
    """Reads a sealed file with its holder's private key, as plain bytes."""

    def __init__(self, source: BinaryIO, private_key: bytes) -> None:
        """Begin. Raises BackupTrouble where the file is none, or was sealed to another key."""
        super().__init__()
        header = source.read(HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            raise BackupTrouble(_NO_SEALED_FILE)
        holder = X25519PrivateKey.from_private_bytes(private_key)
        public_key = holder.public_key().public_bytes_raw()
        if header[len(MAGIC) : -_KEY] != hashlib.sha256(public_key).digest():
            raise BackupTrouble("This file was sealed to another key: ask for the one that opens it")
        try:
            agreed = holder.exchange(X25519PublicKey.from_public_bytes(header[-_KEY:]))
        except ValueError as error:  # a key of no order, which nobody makes by chance
            raise BackupTrouble(_NO_SEALED_FILE) from error
        self._cipher, self._header = _cipher(agreed, header), header
        self._source, self._number, self._plain = source, 0, b""
        self._next = source.read(PIECE + _TAG)
        self._ended = False

    def readable(self) -> bool:
        """True, as tarfile asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer at the end. Raises BackupTrouble where a piece is not what was written."""
        parts, missing = [], size if size >= 0 else -1
        while missing and (self._plain or self._open_next()):
            part = self._plain if missing < 0 else self._plain[:missing]
            self._plain = self._plain[len(part) :]
            parts.append(part)
            missing -= len(part) if missing > 0 else 0
        return b"".join(parts)

    def to_the_end(self) -> None:
        """Read what is left, so that the mark of the last piece is seen. Raises BackupTrouble."""
        while self.read(PIECE):
            pass

    def _open_next(self) -> bool:
        if self._ended:
            return False
        sealed, self._next = self._next, self._source.read(PIECE + _TAG)
        self._ended = not self._next
        try:
            nonce = _nonce(self._number, last=self._ended)
            self._plain = self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag as error:
            raise BackupTrouble(
                f"Piece {self._number + 1} of this file is not what was written: it was cut, put in another "
                "order or changed"
            ) from error
        self._number += 1
        return bool(self._plain) or not self._ended


def verify_written(source: BinaryIO, hashes: Hashes) -> None:
    """Read a sealed file back, without its key, against what was written. Raises BackupTrouble."""
    size = 0
    for number, expected in enumerate(hashes.pieces):
        sealed = source.read(HEADER if number == 0 else PIECE + _TAG)
        size += len(sealed)
        if hashlib.sha256(sealed).hexdigest() != expected:
            raise BackupTrouble(f"The disk gave back other bytes than were written, at piece {number}")
        if number == 0 and not sealed.startswith(MAGIC):
            raise BackupTrouble(_NO_SEALED_FILE)
    if source.read(1) or size != hashes.size:
        raise BackupTrouble("The file on the disk is not as long as what was written")


def _cipher(agreed: bytes, header: bytes) -> ChaCha20Poly1305:
    """The key of one file, bound to its header and so to both public keys."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=hashlib.sha256(header).digest(), info=MAGIC)
    return ChaCha20Poly1305(kdf.derive(agreed))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
