"""Which signs the letters' own font has: any other would be an empty box on paper, or another font's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

_FONT = Path(__file__).parent / "assets" / "fonts" / "ITALetter-Regular.ttf"


def unprintable(text: str) -> tuple[str, ...]:
    """The signs of a text that letters cannot print, each once, in their order; spaces and lines are none."""
    known = _known()
    return tuple(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in known))


@cache
def _known() -> frozenset[int]:
    with TTFont(_FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())
