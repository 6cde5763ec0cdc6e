"""Pieces of bytes through a pipe between two processes: each with its length before it."""

from __future__ import annotations

import struct
from typing import IO

_HEADER = struct.Struct(">Q")


def send(pipe: IO[bytes], content: bytes) -> None:
    """One piece into the pipe: its length, then its bytes."""
    pipe.write(_HEADER.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """The next piece; None where the pipe has ended."""
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (length,) = _HEADER.unpack(header)
    content = pipe.read(length)
    return content if len(content) == length else None
