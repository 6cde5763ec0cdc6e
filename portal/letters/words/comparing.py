"""Two versions of a text line by line: what went, what came, and where inside a line."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

#: longer texts are compared as wholes: matching takes the square of their lines
MOST_LINES = 1000
#: lines without a change that are shown around one
AROUND = 2


class Change(enum.Enum):
    """What became of a line."""

    SAME = "same"
    GONE = "gone"
    CAME = "came"
    #: lines that are left out, as nothing changed in them
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Line:
    """A line of the earlier or later text: its words before the change, in it, and behind it.

    ``number``: where it stands in its own text; of lines that are left out, how many they are.
    """

    change: Change
    number: int
    before: str = ""
    changed: str = ""
    after: str = ""


def compared(earlier: str, later: str) -> list[Line]:
    """The lines of two texts in the order of reading, what went above what came in its place."""
    one, other = earlier.strip("\n").split("\n"), later.strip("\n").split("\n")
    found: list[Line] = []
    if max(len(one), len(other)) > MOST_LINES:
        return list(_replaced(one, 1, other, 1))
    for kind, a, b, c, d in SequenceMatcher(None, one, other).get_opcodes():
        if kind == "equal":
            same = [Line(Change.SAME, number + 1, other[number]) for number in range(c, d)]
            found += _shortened(same, begins=c > 0, goes_on=d < len(other))
        else:
            found += _replaced(one[a:b], a + 1, other[c:d], c + 1)
    return found


def _shortened(same: list[Line], *, begins: bool, goes_on: bool) -> list[Line]:
    """Of lines without a change those around changes, and how many were left out."""
    head, tail = AROUND if begins else 0, AROUND if goes_on else 0
    left = len(same) - head - tail
    if left <= 1:
        return same
    return [*same[:head], Line(Change.LEFT_OUT, left), *same[len(same) - tail :]]


def _replaced(gone: list[str], gone_at: int, came: list[str], came_at: int) -> Iterator[Line]:
    """Lines in place of others; where as many came as went, each shows what changed inside it."""
    pairs = list(zip(gone, came, strict=False)) if len(gone) == len(came) else []
    bounds = [_bounds(*pair) for pair in pairs]
    for place, line in enumerate(gone):
        yield _marked(Change.GONE, gone_at + place, line, bounds[place] if bounds else None)
    for place, line in enumerate(came):
        yield _marked(Change.CAME, came_at + place, line, bounds[place] if bounds else None)


def _marked(change: Change, number: int, line: str, bounds: tuple[int, int] | None) -> Line:
    head, tail = bounds or (0, 0)
    return Line(change, number, line[:head], line[head : len(line) - tail], line[len(line) - tail :])


def _bounds(one: str, other: str) -> tuple[int, int]:
    """How many signs two lines share at their beginnings and ends; no mark is torn from its letter."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    while head and any(_is_mark(line[head : head + 1]) for line in (one, other)):
        head -= 1
    most = shorter - head
    tail = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    while tail and _is_mark(one[len(one) - tail]):
        tail -= 1
    return head, tail


def _is_mark(sign: str) -> bool:
    """True for a vowel or tone above or below a letter, and for ำ, which belongs to the letter before it."""
    return bool(sign) and (unicodedata.category(sign) == "Mn" or sign == "ำ")
