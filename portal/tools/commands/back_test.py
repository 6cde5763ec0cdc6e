"""``back-test``: how well the forecast names who will miss a minimum or a date, over made-up arrivals."""

from __future__ import annotations

from functools import partial

from portal.tools.bench import back_test


def run(*, number: int) -> int:
    """Print the table, of so many agencies for each seed. It needs no database."""
    back_test.printed(partial(print, flush=True), number=number)
    return 0
