"""Words and figures that papers share; what letters say stands in texts (``portal/content/letters/``)."""

from __future__ import annotations

import re

MOST_URGENT = "ด่วนที่สุด"


def share(part: int, whole: int) -> str:
    """A percentage with two decimals; of nothing it is "0.00"."""
    return f"{100 * part / whole:.2f}" if whole else "0.00"


def one_line(text: str) -> str:
    """A text on one line, as a cell of ``reports.table_rows`` has it; other spaces stay as they are."""
    return re.sub("[ \t\r\n\f]+", " ", text)
