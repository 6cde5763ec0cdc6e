"""Emblems: what is taken, and that nothing huge is decoded."""

from __future__ import annotations

import struct
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image

from reports.pictures import PictureFault, fault_of


def png(width: int, height: int) -> bytes:
    """A PNG of one colour."""
    out = BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def told_to_be(width: int, height: int) -> bytes:
    """A small PNG whose header tells another size."""
    whole = png(8, 8)
    header = b"IHDR" + struct.pack(">II", width, height) + whole[24:29]
    return whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:]


def test_an_emblem_of_a_printable_size_is_taken() -> None:
    assert fault_of(png(600, 600)) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", PictureFault.NO_PNG),
        (b"\x89PNG\r\n\x1a\n", PictureFault.NO_PNG),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, PictureFault.NO_PNG),
        (b"GIF89a" + bytes(100), PictureFault.NO_PNG),
        (png(300, 300)[:60], PictureFault.DAMAGED),
        (png(12_000, 12_000), PictureFault.TOO_MANY_PIXELS),
        (told_to_be(200_000, 200_000), PictureFault.TOO_MANY_PIXELS),
        (bytes(300_000), PictureFault.TOO_MANY_BYTES),
    ],
    ids=[
        "empty",
        "eight bytes",
        "eight bytes and noise",
        "a GIF",
        "cut off",
        "12,000 pixels",
        "a bomb",
        "big",
    ],
)
def test_what_is_no_emblem_is_named_at_once(content: bytes, fault: PictureFault) -> None:
    begun = time.process_time()
    assert fault_of(content) is fault
    assert time.process_time() - begun < 1
