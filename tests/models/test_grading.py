"""Two decimals and grades."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grading import Band, band_of, grade_of, shown, stored

BANDS = tuple(
    Band(grade, Decimal(lower), grade in {"AA", "A"})
    for grade, lower in (("AA", 95), ("A", 85), ("B", 75), ("C", 65), ("D", 55), ("E", 50), ("F", 0))
)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "AA"),
        ("95", "AA"),
        ("94.995", "AA"),
        ("94.99499", "A"),
        ("84.995", "A"),
        ("84.994", "B"),
        ("75", "B"),
        ("74.99", "C"),
        ("55", "D"),
        ("54.99", "E"),
        ("49.995", "E"),
        ("49.99", "F"),
        ("0", "F"),
    ],
)
def test_the_grade_is_read_from_the_score_as_shown(score: str, grade: str) -> None:
    assert grade_of(Decimal(score), BANDS) == grade


def test_only_the_two_best_pass() -> None:
    assert [band.grade for band in BANDS if band.passes] == ["AA", "A"]
    assert band_of(Decimal("84.995"), BANDS).passes


def test_a_band_passes_only_where_the_year_says_so() -> None:
    assert not band_of(Decimal(50), [Band("E", Decimal(50))]).passes


def test_no_total_no_grade() -> None:
    assert grade_of(None, BANDS) is None
    assert stored(None) is None
    with pytest.raises(ValueError, match="below"):
        band_of(Decimal(3), BANDS[:-1])


@given(st.fractions(0, 100))
def test_storing_loses_nothing_that_is_shown(score: Fraction) -> None:
    kept = stored(score)
    assert kept is not None
    assert abs(Fraction(kept) - score) <= Fraction(1, 2 * 10**12)
    assert abs(Fraction(shown(score)) - score) <= Fraction(1, 200)
    assert shown(score) == shown(score).quantize(Decimal("0.01"))


@given(st.fractions(0, 100), st.fractions(0, 100))
def test_a_higher_score_never_has_a_lower_grade(one: Fraction, other: Fraction) -> None:
    order = [band.grade for band in BANDS]
    low, high = sorted((one, other))
    assert order.index(band_of(high, BANDS).grade) <= order.index(band_of(low, BANDS).grade)
