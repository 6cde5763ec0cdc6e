"""How many answers an agency needs, from the rule of the fiscal year. A rule is data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Protocol, TypeVar


@dataclass(frozen=True)
class SampleBand:
    """Up to ``upto`` people (None = any number): a fixed number of answers, or a percentage rounded up."""

    upto: int | None
    fixed: int | None = None
    percent: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.fixed is None) == (self.percent is None):
            raise ValueError("a band has either a fixed number or a percentage")


class RuleRow(Protocol):
    """What a stored row of a rule must have (``models.round.SampleRule`` has it)."""

    @property
    def agency_kind(self) -> str | None: ...
    @property
    def agency_size(self) -> str | None: ...
    @property
    def province_size(self) -> str | None: ...
    @property
    def upto(self) -> int | None: ...
    @property
    def fixed(self) -> int | None: ...
    @property
    def percent(self) -> Decimal | None: ...


Row = TypeVar("Row", bound=RuleRow)


def minimum_sample(population: int, bands: Iterable[SampleBand]) -> int:
    """The number of answers needed from ``population`` people; never more than there are.

    Raises ValueError for a negative population, or where no band covers it.
    """
    if population < 0:
        raise ValueError("a population is not negative")
    band = band_of(population, bands)
    if band is None:
        raise ValueError(f"no band covers a population of {population}")
    return min(population, _wanted(population, band))


def band_of(population: int, bands: Iterable[SampleBand]) -> SampleBand | None:
    """The band that so many people fall into; None where no band covers them."""
    covering = (band for band in in_order(bands) if band.upto is None or population <= band.upto)
    return next(covering, None)


def in_order(bands: Iterable[SampleBand]) -> list[SampleBand]:
    """Bands by their upper limits, the one without a limit last."""
    return sorted(bands, key=_upper_limit)


def bands_for(
    rows: Iterable[RuleRow], kind: str, size: str | None, province_size: str | None = None
) -> tuple[SampleBand, ...]:
    """The bands of the nearest group that an agency is of (``nearest_rows``); none where no row covers it."""
    nearest = nearest_rows(rows, kind, size, province_size)
    return tuple(SampleBand(row.upto, row.fixed, row.percent) for row in nearest)


def nearest_rows(
    rows: Iterable[Row], kind: str, size: str | None, province_size: str | None = None
) -> tuple[Row, ...]:
    """The rows of the nearest group that an agency is of: its kind counts most, then its own size, then the
    size class of its province; a row that names none of them is for everybody.

    Later years fix a number per group (2567: subdistrict organisations by the size of their province); 2561
    has one rule for everybody.
    """
    groups: dict[int, list[Row]] = {}
    for row in rows:
        given = (row.agency_kind, row.agency_size, row.province_size)
        wanted = (kind, size, province_size)
        if any(one not in (None, own) for one, own in zip(given, wanted, strict=True)):
            continue
        rank = sum(worth for one, worth in zip(given, (4, 2, 1), strict=True) if one is not None)
        groups.setdefault(rank, []).append(row)
    return tuple(groups[max(groups)]) if groups else ()


def _upper_limit(band: SampleBand) -> float:
    return float("inf") if band.upto is None else band.upto


def _wanted(population: int, band: SampleBand) -> int:
    if band.percent is None:
        return band.fixed or 0
    return int((band.percent * population / 100).to_integral_value(ROUND_CEILING))


def missing(have: int, minimum: int) -> int:
    """How many answers are still missing."""
    return max(0, minimum - have)


def is_covering(bands: Sequence[SampleBand]) -> bool:
    """True where every population falls into a band (the last one is unlimited)."""
    return any(band.upto is None for band in bands)
