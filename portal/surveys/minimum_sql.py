"""The minimum sample as an SQL expression, for sums over a country (``models/minimum_sample.py`` in SQL)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, literal, null, or_

from models.agency import AgencyKind, AgencySize
from models.instrument import InstrumentKind
from models.minimum_sample import SampleBand, bands_for
from models.participation import Participation
from models.round import SampleRule

#: whom a survey's minimum is counted from
PEOPLE: dict[InstrumentKind, Any] = {
    InstrumentKind.IIT: Participation.headcount,
    InstrumentKind.EIT: Participation.roster_count,
}


def minimum_of(rules: Iterable[SampleRule], instrument: InstrumentKind) -> ColumnElement[int | None]:
    """The answers needed, over Participation; NULL without people or where no rule covers them."""
    people = PEOPLE[instrument]
    own = sorted(
        (rule for rule in rules if rule.instrument == instrument.value), key=lambda rule: rule.position
    )
    branches = [(_is_one_of(pairs), _bands(bands, people)) for bands, pairs in _by_bands(own).items()]
    if not branches:
        return cast(null(), Integer)
    return case((func.coalesce(people, 0) == 0, null()), *branches, else_=null())


Pair = tuple[AgencyKind, AgencySize | None]


def _by_bands(rules: Sequence[SampleRule]) -> dict[tuple[SampleBand, ...], list[Pair]]:
    """Kinds and sizes by the bands that hold for them."""
    pairs: dict[tuple[SampleBand, ...], list[Pair]] = defaultdict(list)
    for kind in AgencyKind:
        for size in (None, *AgencySize):
            bands = bands_for(rules, kind.value, size.value if size else None)
            if bands:
                pairs[bands].append((kind, size))
    return pairs


def _is_one_of(pairs: Sequence[Pair]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(
                Participation.kind == kind,
                Participation.size.is_(None) if size is None else Participation.size == size,
            )
            for kind, size in pairs
        )
    )


def _bands(bands: Iterable[SampleBand], people: Any) -> ColumnElement[int | None]:
    ordered = sorted(bands, key=lambda band: float("inf") if band.upto is None else band.upto)
    branches = [
        (literal(True) if band.upto is None else people <= band.upto, _wanted(band, people))
        for band in ordered
    ]
    return case(*branches, else_=null())


def _wanted(band: SampleBand, people: Any) -> ColumnElement[int]:
    """Fixed, or the share rounded up in whole numbers; never more than there are."""
    needed: Any = literal(band.fixed or 0)
    if band.percent is not None:
        share = Fraction(band.percent) / 100
        needed = (cast(people, BigInteger) * share.numerator + share.denominator - 1) // share.denominator
    return case((people < needed, people), else_=cast(needed, Integer))
