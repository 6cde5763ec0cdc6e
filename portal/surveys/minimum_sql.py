"""The minimum sample as an SQL expression, for sums over a country (``models/minimum_sample.py`` in SQL)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, literal, null, or_

from models.instrument import InstrumentKind
from models.kinds import AGENCY_KINDS, AGENCY_SIZES
from models.minimum_sample import SampleBand, bands_for
from models.participation import Participation
from models.round import SampleRule
from portal.register.sizes import SIZES

#: whom a survey's minimum is counted from
PEOPLE: dict[InstrumentKind, Any] = {
    InstrumentKind.IIT: Participation.headcount,
    InstrumentKind.EIT: Participation.roster_count,
}


class Rule(NamedTuple):
    """A row of a rule without its session: what makes two rules the same."""

    agency_kind: str | None
    agency_size: str | None
    province_size: str | None
    upto: int | None
    fixed: int | None
    percent: Decimal | None


def minimum_of(rules: Iterable[SampleRule], instrument: InstrumentKind) -> ColumnElement[int | None]:
    """The answers needed, over Participation; NULL without people or where no rule covers them."""
    own = [rule for rule in rules if rule.instrument == instrument.value]
    ordered = sorted(own, key=lambda rule: rule.position)
    plain = tuple(Rule(*(getattr(one, name) for name in Rule._fields)) for one in ordered)
    return _minimum(instrument, plain, _known())


@lru_cache(maxsize=64)
def _minimum(instrument: InstrumentKind, rules: tuple[Rule, ...], known: Known) -> ColumnElement[int | None]:
    """Built once: hundreds of parts for a rule that holds for a whole round."""
    people = PEOPLE[instrument]
    branches = [
        (_is_one_of(pairs), _bands(bands, people)) for bands, pairs in _by_bands(rules, known).items()
    ]
    if not branches:
        return cast(null(), Integer)
    return case((func.coalesce(people, 0) == 0, null()), *branches, else_=null())


#: a value of a column that tells groups apart; ANY: no rule asks for it
Group = tuple[Any, ...]
ANY = object()
Known = tuple[tuple[Any, ...], ...]
#: what tells groups apart: the name in a rule, and the column
APART: tuple[tuple[str, Any], ...] = (
    ("agency_kind", Participation.kind),
    ("agency_size", Participation.size),
    ("province_size", Participation.province_size),
)


def _known() -> Known:
    """The values of what tells groups apart; kinds and sizes of agencies as they are now."""
    return tuple(AGENCY_KINDS), (None, *AGENCY_SIZES), (None, *SIZES)


def _by_bands(rules: Sequence[Rule], known: Known) -> dict[tuple[SampleBand, ...], list[Group]]:
    """Groups of agencies by the bands that hold for them, told apart by what the rules ask for only."""
    found: dict[tuple[SampleBand, ...], list[Group]] = defaultdict(list)
    asked = [
        values if any(getattr(rule, name) is not None for rule in rules) else (ANY,)
        for (name, _column), values in zip(APART, known, strict=True)
    ]
    for group in product(*asked):
        bands = bands_for(rules, *(_plain(value) for value in group))
        if bands:
            found[bands].append(group)
    return found


def _plain(value: Any) -> Any:
    return None if value is ANY else getattr(value, "value", value)


def _is_one_of(groups: Sequence[Group]) -> ColumnElement[bool]:
    return or_(*(and_(literal(True), *_is(group)) for group in groups))


def _is(group: Group) -> Iterator[ColumnElement[bool]]:
    for value, (_name, column) in zip(group, APART, strict=True):
        if value is not ANY:
            yield column.is_(None) if value is None else column == value


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
