"""How hard the streams of a PDF are packed: pydyf's hardest takes four times as long for a twentieth less.

``pydyf.zlib`` is what pydyf packs with: the version is locked, and a test says so when that changes.
"""

from __future__ import annotations

import zlib
from types import SimpleNamespace
from typing import Any

import pydyf

#: of twelve letters: 9 takes 0.128 s a letter, 7 takes 0.035 s and 6 % more room, 6 as long and 10 %
LEVEL = 7


def pack_quickly() -> None:
    """From now on the PDFs of this process are packed at ``LEVEL``."""
    pydyf.zlib = SimpleNamespace(compressobj=_packer)


def _packer(level: int) -> Any:
    return zlib.compressobj(min(level, LEVEL))
