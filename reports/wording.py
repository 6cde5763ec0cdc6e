"""Words and figures that papers share; what letters say stands in texts (``portal/content/letters/``)."""

from __future__ import annotations

MOST_URGENT = "ด่วนที่สุด"


def share(part: int, whole: int) -> str:
    """A percentage with two decimals; of nothing it is "0.00"."""
    return f"{100 * part / whole:.2f}" if whole else "0.00"
