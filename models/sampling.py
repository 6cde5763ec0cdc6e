"""Simple random sampling without replacement that anybody can repeat.

The draw of ``size`` from a roster: take the HMAC-SHA256 of every row's number, written in decimal digits,
under the published seed; sort the rows by that value; the first ``size`` rows are the sample, in calling
order. With the seed and the numbers of the roster anybody draws the same sample again, for one row with

    printf %s 17 | openssl dgst -sha256 -mac HMAC -macopt hexkey:SEED

Continuing a draw is asking for a larger size: a replacement is the next row, never a free choice.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

SEED_BYTES = 32


def new_seed() -> bytes:
    """A fresh random seed."""
    return secrets.token_bytes(SEED_BYTES)


def draw(numbers: Iterable[int], size: int, *, seed: bytes) -> list[int]:
    """Draw ``size`` of the roster numbers, in calling order.

    The order in which the numbers are given does not matter. Raises ValueError for a short seed, a repeated
    number, or a size below 0 or beyond the roster.
    """
    roster = list(numbers)
    if len(seed) < SEED_BYTES:
        raise ValueError("the seed is too short")
    if len(set(roster)) != len(roster):
        raise ValueError("a roster number is repeated")
    if not 0 <= size <= len(roster):
        raise ValueError("the sample is larger than the roster")
    return sorted(roster, key=lambda number: (_rank(number, seed), number))[:size]


def _rank(number: int, seed: bytes) -> bytes:
    return hmac.new(seed, str(number).encode("ascii"), hashlib.sha256).digest()
