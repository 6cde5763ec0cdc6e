"""Sharing agencies out among assessor bodies with balanced load: pure, and the same for the same numbers.

The heaviest unit (a province, a district or an agency, as the rule says) goes first, each to the body with
the least load so far that no conflict of interest keeps from any agency of it; of equal ones to the body that
stands first. A unit that no body may have as a whole is shared out agency by agency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """An agency to be given: its load by the rule's weight, and the unit that stays together."""

    key: int
    unit: int
    load: int


#: load by body: by the rule's weight, and in agencies, which decides where the weight is not known yet
Loads = MutableMapping[int, tuple[int, int]]


def share_out(
    shares: Iterable[Share], bodies: Sequence[int], loads: Loads, allowed: Callable[[int, int], bool]
) -> Mapping[int, int | None]:
    """The body of each agency by its key; None where every body is kept from it. Counts onto ``loads``.

    ``allowed(body, key)``: no conflict of interest keeps the agency from the body.
    """
    units: dict[int, list[Share]] = {}
    for share in shares:
        units.setdefault(share.unit, []).append(share)
    given: dict[int, int | None] = {}
    for _unit, members in sorted(units.items(), key=lambda item: (-_load(item[1]), -len(item[1]), item[0])):
        free = [body for body in bodies if all(allowed(body, one.key) for one in members)]
        parts = [members] if free else [[one] for one in members]
        for part in parts:
            free = [body for body in bodies if all(allowed(body, one.key) for one in part)]
            body = min(free, key=lambda one: loads.get(one, (0, 0)), default=None)
            given.update((one.key, body) for one in part)
            if body is not None:
                weight, count = loads.get(body, (0, 0))
                loads[body] = (weight + _load(part), count + len(part))
    return given


def _load(shares: Sequence[Share]) -> int:
    return sum(one.load for one in shares)
