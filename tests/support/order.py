"""In which order tests run: the long ones first, some on every worker, so that none is waited for alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def long_first(
    items: Sequence[Item], workers: int, is_long: Callable[[Item], bool], engine: Callable[[Item], str]
) -> list[Item]:
    """The items in parts, one for each worker: engine by engine, the long ones at the head of each.

    pytest-xdist's ``worksteal`` deals the list in such parts, as even as they can be, and idle workers take
    from the end of others. A worker that goes from one engine to another makes its template anew.
    """
    long = [one for one in items if is_long(one)]
    short = [one for one in items if not is_long(one)]
    dealt: list[Item] = []
    for worker in range(workers):
        size = (len(items) - len(dealt)) // (workers - worker)
        part = long[worker::workers]
        rest = max(0, size - len(part))
        part += short[:rest]
        short = short[rest:]
        dealt += sorted(part, key=lambda one: (engine(one), not is_long(one)))
    return dealt + short
