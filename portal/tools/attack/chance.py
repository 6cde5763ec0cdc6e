"""What guessing links, exactly: how probable so many hits are where the storage tells nothing.

An attack of rank matches the people of a box with its answers one to one. Where the storage tells nothing it
is a random matching, whose hits have the law of the fixed points of a permutation. The binomial law (each
person guessed alone, one in n) is close to it and has a lighter tail: the judgement takes the larger of both.
All sums are of whole numbers, so that a probability of 10^-9 is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from math import comb

#: the share of whole runs in which any attack of any engine may seem to link although none does
OVERALL = 1e-6
#: hits beyond this are as good as certain: the tail is not told apart further
MOST = 400


@cache
def arrangements(n: int) -> int:
    """The permutations of n without a fixed point."""
    return 1 if n == 0 else n * arrangements(n - 1) + (-1) ** n


def _matching(n: int) -> tuple[list[int], int]:
    """How many permutations of n have k fixed points, and how many there are."""
    weights = [comb(n, k) * arrangements(n - k) for k in range(n + 1)]
    return weights, sum(weights)


def _binomial(n: int) -> tuple[list[int], int]:
    """In how many ways k of n guesses, each one in n, are right, and in how many in all."""
    return [comb(n, k) * (n - 1) ** (n - k) for k in range(n + 1)], n**n


@cache
def _law(sizes: tuple[int, ...], binomial: bool) -> tuple[Sequence[int], int]:
    """The weights of 0, 1, 2… hits in all boxes together, up to ``MOST``, and their whole sum."""
    law, whole = [1], 1
    for n in sizes:
        weights, total = (_binomial if binomial else _matching)(n)
        law, whole = _together(law, weights), whole * total
    return law, whole


def _together(one: Sequence[int], other: Sequence[int]) -> list[int]:
    both = [0] * min(len(one) + len(other) - 1, MOST)
    for first, ways in enumerate(one):
        for second, more in enumerate(other[: len(both) - first]):
            both[first + second] += ways * more
    return both


def probability(hits: int, sizes: Iterable[int], *, binomial: bool = False) -> float:
    """How probable ``hits`` or more are by guessing in boxes of these sizes."""
    law, whole = _law(tuple(sorted(sizes)), binomial)
    # the guess of a box of one is always right; what lies beyond MOST is taken as if it were MOST
    below = sum(law[: min(hits, MOST)])
    return float(Fraction(whole - below, whole))


def judged(hits: int, sizes: Iterable[int]) -> float:
    """The probability that an attack is judged by: the larger of both laws."""
    sizes = tuple(sizes)
    return max(probability(hits, sizes), probability(hits, sizes, binomial=True))


def bound(attacks: int) -> float:
    """Below this an attack links: by Bonferroni all attacks together err in one run of a million."""
    return OVERALL / max(attacks, 1)
