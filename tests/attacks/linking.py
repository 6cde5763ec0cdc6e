"""How tests judge attacks on few people: the share linked, beside chance (``make attack`` judges exactly)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from portal.tools.attack.linking import (
    Case,
    Person,
    Stored,
    equality_attack,
    oracle_attack,
    rank,
)

__all__ = [
    "Case",
    "Person",
    "Stored",
    "chance",
    "equality_attack",
    "oracle_attack",
    "rank_attack",
    "share",
]


def rank_attack(case: Case, known: str, seen: str) -> int:
    """The better of both directions."""
    return max(rank(case, known, seen, backwards=backwards) for backwards in (False, True))


def share(linked: Iterable[int], cases: Sequence[Case]) -> float:
    """The share of all people who were linked."""
    return sum(linked) / sum(len(case.people) for case in cases)


def chance(cases: Sequence[Case], sigmas: float, guesses: int = 1) -> float:
    """What guessing links, plus some standard deviations: 1/n + sigmas × σ.

    A random matching of n links one person on average, with variance one. The better of two guesses
    (``guesses``) is bounded by their sum.
    """
    n = sum(len(case.people) for case in cases)
    mean = len(cases) * guesses
    return (mean + sigmas * math.sqrt(mean)) / n
