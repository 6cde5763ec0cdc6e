"""Size classes of provinces, in words; those of agencies are rows of a table (``models/kinds.py``).

The office that fixes a year's minimum samples by groups says which class a province is of; the register keeps
it, and each round takes it up with its agencies.
"""

from __future__ import annotations

from typing import Any

from portal.core.texts import lazy

#: by the letter that is stored
SIZES: dict[str, Any] = {
    "S": lazy("small (S)"),
    "M": lazy("medium (M)"),
    "L": lazy("large (L)"),
}
#: what files write for the letters
IN_FILES = {**{letter.casefold(): letter for letter in SIZES}, "เล็ก": "S", "กลาง": "M", "ใหญ่": "L"}


def size_words(size: str | None) -> str:
    """A size class for people; "–" where there is none."""
    return str(SIZES[size]) if size in SIZES else "–"
