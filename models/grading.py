"""Scores as they are shown: two decimals, and the grade that is read from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

#: decimals of a stored score; enough to round again to two without a difference
STORED = Decimal("0.000000000001")


@dataclass(frozen=True)
class Band:
    """A grade and its lower bound. A band is its lower bound only: upper bounds would leave gaps."""

    grade: str
    lower: Decimal
    passes: bool = False


def stored(score: Fraction | None) -> Decimal | None:
    """The score with the twelve decimals that the database keeps; None stays None."""
    return None if score is None else _rounded(score, STORED)


def shown(score: Fraction | Decimal) -> Decimal:
    """The score with two decimals, half up."""
    return _rounded(Fraction(score), Decimal("0.01"))


def band_of(score: Fraction | Decimal, bands: Iterable[Band]) -> Band:
    """The band of a score, read from the score as shown. Raises ValueError below the lowest bound."""
    figure = shown(score)
    for band in sorted(bands, key=lambda band: band.lower, reverse=True):
        if figure >= band.lower:
            return band
    raise ValueError("the score lies below every band")


def grade_of(score: Fraction | Decimal | None, bands: Iterable[Band]) -> str | None:
    """The grade of a total; None where there is no total."""
    return None if score is None else band_of(score, bands).grade


def _rounded(score: Fraction, step: Decimal) -> Decimal:
    """Half up on the exact fraction (scores are never negative)."""
    steps = score / Fraction(step)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP)
