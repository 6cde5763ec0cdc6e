"""A page compressed without what a respondent typed: its length tells nothing of an ID or an answer.

A page that holds a secret beside other text must not go through one compressor: the shorter the outcome, the
more of the secret repeats what stands beside it (CRIME, BREACH). Here the compressor never sees a typed byte.
In its stead it gets as many NUL, which no page holds, so that nothing refers to them; what it makes of those
is thrown away, and the typed bytes go out in deflate's "stored" blocks, as they are. So the length follows
from the page and from how long each typed piece is, never from what it says.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#: an empty last block ends the stream
END = b"\x03\x00"
#: the most that one stored block may hold
_MOST_STORED = 0xFFFF


def trailer(checksum: int, size: int) -> bytes:
    """How a gzip file ends."""
    return struct.pack("<LL", checksum, size)


def gzip_apart(pieces: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A gzip file of pairs (text of the page, what was filled in behind it); only texts are compressed."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed, checksum, size = [GZIP_HEADER], 0, 0
    for text, typed in pieces:
        packed.append(packer.compress(text))
        if typed:
            packed.append(packer.flush(zlib.Z_SYNC_FLUSH))
            packer.compress(bytes(len(typed)))
            packer.flush(zlib.Z_SYNC_FLUSH)
            packed.append(_stored(typed))
        checksum = zlib.crc32(typed, zlib.crc32(text, checksum))
        size += len(text) + len(typed)
    return b"".join([*packed, packer.flush(zlib.Z_SYNC_FLUSH), END, trailer(checksum, size)])


def _stored(content: bytes) -> bytes:
    """Blocks of a deflate stream that hold their content as it is, from one byte's edge to another's."""
    blocks = []
    for start in range(0, len(content), _MOST_STORED):
        piece = content[start : start + _MOST_STORED]
        blocks.append(b"\x00" + struct.pack("<HH", len(piece), len(piece) ^ _MOST_STORED) + piece)
    return b"".join(blocks)
