"""The minimum sample of an agency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.minimum_sample import SampleBand, bands_for, is_covering, minimum_sample, missing
from tests.support.rules import BANDS_2561


@pytest.mark.parametrize(
    ("people", "wanted"),
    [
        (0, 0),
        (1, 1),
        (29, 29),
        (30, 30),
        (31, 30),
        (300, 30),
        (301, 31),
        (310, 31),
        (311, 32),
        (1234, 124),
        (3991, 400),
        (4000, 400),
        (4001, 400),
        (1_000_000, 400),
    ],
)
def test_the_rule_of_2561(people: int, wanted: int) -> None:
    assert minimum_sample(people, BANDS_2561) == wanted


@given(st.integers(0, 100_000))
def test_it_never_asks_for_more_than_there_are_and_never_falls(people: int) -> None:
    wanted = minimum_sample(people, BANDS_2561)
    assert min(people, 30) <= wanted <= min(people, 400)
    assert wanted <= minimum_sample(people + 1, BANDS_2561)


def test_the_order_of_the_bands_does_not_matter() -> None:
    assert minimum_sample(301, reversed(BANDS_2561)) == 31


def test_the_last_number_of_a_band_belongs_to_it() -> None:
    bands = (SampleBand(upto=10, fixed=5), SampleBand(upto=None, fixed=7))
    assert [minimum_sample(people, bands) for people in (10, 11)] == [5, 7]


def test_a_band_may_ask_for_nobody() -> None:
    assert minimum_sample(8, (SampleBand(upto=None, fixed=0),)) == 0


def test_one_band_without_a_limit_covers_everybody() -> None:
    assert is_covering(BANDS_2561)
    assert not is_covering(BANDS_2561[:-1])


def test_an_uncovered_population_is_an_error() -> None:
    bands = (SampleBand(upto=10, fixed=5),)
    assert not is_covering(bands)
    with pytest.raises(ValueError, match="no band"):
        minimum_sample(11, bands)
    with pytest.raises(ValueError, match="not negative"):
        minimum_sample(-1, BANDS_2561)


def test_a_band_has_one_kind_of_rule() -> None:
    with pytest.raises(ValueError, match="either"):
        SampleBand(upto=None)
    with pytest.raises(ValueError, match="either"):
        SampleBand(upto=None, fixed=1, percent=Decimal(1))


@dataclass(frozen=True)
class Row:
    agency_kind: str | None
    agency_size: str | None
    upto: int | None
    fixed: int | None
    percent: Decimal | None = None
    province_size: str | None = None


LATER_YEAR = (
    Row(None, None, None, 20),
    Row("sao", None, None, 30),
    Row("sao", "M", None, 40),
    Row("sao", "L", None, 50),
)


@pytest.mark.parametrize(
    ("kind", "size", "wanted"), [("sao", "L", 50), ("sao", "M", 40), ("sao", None, 30), ("city", "L", 20)]
)
def test_the_nearest_group_decides(kind: str, size: str | None, wanted: int) -> None:
    assert minimum_sample(5000, bands_for(LATER_YEAR, kind, size)) == wanted


def test_the_kind_decides_before_the_size() -> None:
    rows = (Row(None, "M", None, 60), Row("sao", None, None, 30))
    assert minimum_sample(5000, bands_for(rows, "sao", "M")) == 30
    assert minimum_sample(5000, bands_for(rows, "city", "M")) == 60


def test_a_group_may_be_a_kind_and_the_size_of_its_province() -> None:
    """As in 2567; what the agency itself is counts more than where it lies."""
    rows = (
        Row("sao", None, None, 40, province_size="M"),
        Row("sao", None, None, 50, province_size="L"),
        Row("sao", "S", None, 45),
        Row(None, None, None, 20),
    )
    found = [
        minimum_sample(5000, bands_for(rows, kind, size, province))
        for kind, size, province in (
            ("sao", None, "M"), ("sao", "S", "L"), ("sao", "M", "L"), ("sao", None, "S"), ("city", "L", "M")
        )
    ]  # fmt: skip
    assert found == [40, 45, 50, 20, 20]


def test_what_is_missing() -> None:
    assert missing(12, 30) == 18
    assert missing(31, 30) == 0
