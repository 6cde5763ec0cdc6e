"""What of two years may be compared, and why not: rules over what both asked and what is the same in them.

The rules, with their reasons, are in docs/adr/0027-trends.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from models.instrument import InstrumentKind
from models.scoring import Level
from models.year import Likeness
from portal.content.year import ContentIndicator
from portal.rounds.trends.things import Asked, Place, Thing

#: by the place of a later thing: the earlier code ("" for a new one) and what it is to it
Links = Mapping[Place, tuple[str, Likeness]]
#: instrument, level, code: codes are those of an instrument
Key = tuple[InstrumentKind, Level, str]


class Why(enum.Enum):
    """Why two scores are not compared."""

    NEW = "new"
    CHANGED = "changed"
    UNDECIDED = "undecided"
    POINTS = "points"
    PARTS = "parts"
    DIVIDED = "divided"
    COMBINED = "combined"
    INDICATORS = "indicators"
    INSTRUMENTS = "instruments"
    WEIGHTS = "weights"


@dataclass(frozen=True)
class Parts:
    """What became of the things of an indicator: same, changed (words or points), new, dropped."""

    same: int = 0
    changed: int = 0
    new: int = 0
    dropped: int = 0


NO_PARTS = Parts()


@dataclass(frozen=True)
class Standing:
    """Whether a place of the score tree may be compared: with which earlier code, or why not."""

    earlier: str = ""
    why: Why | None = None
    parts: Parts = NO_PARTS

    @property
    def comparable(self) -> bool:
        """True where the scores of both years mean the same."""
        return self.why is None


@dataclass(frozen=True)
class Comparison:
    """What may be compared of two years: by instrument, level and code of the later one, and the total."""

    standings: Mapping[Key, Standing] = field(default_factory=dict)
    total: Standing = Standing(why=Why.UNDECIDED)

    def of(self, kind: InstrumentKind, level: Level, code: str) -> Standing:
        """The standing of a place of the later year's score tree."""
        return self.standings.get((kind, level, code), Standing(why=Why.NEW))


def compared(later: Asked, earlier: Asked, links: Links) -> Comparison:
    """Compare what two years ask, given which things are the same."""
    found: dict[Key, Standing] = {}
    whole = {kind: _Instrument(kind, later, earlier, links).into(found) for kind in later.indicators}
    return Comparison(found, _total(later, earlier, whole))


def _total(later: Asked, earlier: Asked, whole: Mapping[InstrumentKind, Standing]) -> Standing:
    if set(whole) != set(earlier.indicators) or not all(one.comparable for one in whole.values()):
        return Standing(why=Why.INSTRUMENTS)
    if dict(later.weights) != dict(earlier.weights):
        return Standing(why=Why.WEIGHTS)
    return Standing(earlier="total")


class _Instrument:
    """One instrument of two years."""

    def __init__(self, kind: InstrumentKind, later: Asked, earlier: Asked, links: Links) -> None:
        self.kind, self.links = kind, links
        self.later, self.earlier = later.of(kind), {one.code: one for one in earlier.of(kind)}
        self.rows = _holding(later.indicators[kind], self.later)
        self.earlier_rows = _holding(earlier.indicators.get(kind, ()), self.earlier.values())
        self.combines = kind is not InstrumentKind.EIT or later.eit_combine == earlier.eit_combine
        self.found: dict[str, Standing] = {thing.code: self._thing(thing) for thing in self.later}
        self.lives_on = {one.earlier for one in self.found.values()}

    def into(self, found: dict[Key, Standing]) -> Standing:
        """Put the standings of everything in it into ``found``; gives that of the instrument."""
        level = Level.ITEM if self.kind is InstrumentKind.OIT else Level.QUESTION
        found |= {(self.kind, level, code): one for code, one in self.found.items()}
        tops = [row for row in self.rows if row.parent is None]
        standings = [self._indicator(row, found) for row in tops]
        whole = self._whole(standings)
        found[self.kind, Level.INSTRUMENT, self.kind.value] = whole
        return whole

    def _whole(self, tops: Sequence[Standing]) -> Standing:
        before = {row.code for row in self.earlier_rows if row.parent is None}
        if not self.combines:
            return Standing(why=Why.COMBINED)
        if not tops or not all(one.comparable for one in tops) or {one.earlier for one in tops} != before:
            return Standing(why=Why.INDICATORS)
        return Standing(earlier=self.kind.value)

    def _thing(self, thing: Thing) -> Standing:
        code, what = self.links.get(thing.place, ("", None))
        match = self.earlier.get(code)
        if what is None:
            return Standing(why=Why.UNDECIDED)
        if what is Likeness.NEW or match is None:
            return Standing(why=Why.NEW)
        if what is not Likeness.SAME or sorted(thing.kinds) != sorted(match.kinds):
            return Standing(code, Why.CHANGED)
        if thing.worth != match.worth:
            return Standing(code, Why.POINTS)
        return Standing(code) if self.combines else Standing(code, Why.COMBINED)

    def _indicator(self, row: ContentIndicator, found: dict[Key, Standing]) -> Standing:
        subs = [sub for sub in self.rows if sub.parent == row.code]
        if not subs:
            standing = self._leaf(row)
        else:
            below = [self._leaf(sub) for sub in subs]
            names = zip(subs, below, strict=True)
            found |= {(self.kind, Level.SUB_INDICATOR, sub.code): one for sub, one in names}
            standing = self._parent(below)
        found[self.kind, Level.INDICATOR, row.code] = standing
        return standing

    def _leaf(self, row: ContentIndicator) -> Standing:
        """Comparable where all that is in it is the same, and an earlier one held this and nothing else."""
        mine = [thing for thing in self.later if thing.indicator == row.code]
        standings = [self.found[thing.code] for thing in mine]
        homes = {self.earlier[one.earlier].indicator for one in standings if one.earlier}
        before = {one.code for one in self.earlier.values() if one.indicator in homes}
        parts = _parts(standings, before - self.lives_on)
        if not self.combines:
            return Standing(why=Why.COMBINED, parts=parts)
        if not any(one.earlier for one in standings):
            undecided = any(one.why is Why.UNDECIDED for one in standings)
            return Standing(why=Why.UNDECIDED if undecided else Why.NEW, parts=parts)
        if parts.same < len(mine) or parts.dropped:
            return Standing(why=Why.PARTS, parts=parts)
        if len(homes) > 1 or before != {one.earlier for one in standings} or self._elsewhere(row, homes):
            return Standing(why=Why.DIVIDED, parts=parts)
        return Standing(homes.pop(), parts=parts)

    def _elsewhere(self, row: ContentIndicator, homes: set[str]) -> bool:
        """True where one is an indicator and the other a part of one."""
        return any(
            (one.parent is None) != (row.parent is None) for one in self.earlier_rows if one.code in homes
        )

    def _parent(self, below: Sequence[Standing]) -> Standing:
        """Comparable where each part is, and they are the parts of one earlier indicator, all of them."""
        parts = reduce(_sum, (one.parts for one in below), NO_PARTS)
        for why in (Why.COMBINED, Why.UNDECIDED):
            if any(one.why is why for one in below):
                return Standing(why=why, parts=parts)
        if not all(one.comparable for one in below):
            if all(one.why is Why.NEW for one in below):
                return Standing(why=Why.NEW, parts=parts)
            divided = all(one.comparable or one.why is Why.DIVIDED for one in below)
            return Standing(why=Why.DIVIDED if divided else Why.PARTS, parts=parts)
        codes = {one.earlier for one in below}
        parents = {row.parent for row in self.earlier_rows if row.code in codes}
        siblings = {row.code for row in self.earlier_rows if row.parent in parents}
        if len(parents) == 1 and siblings == codes and None not in parents:
            return Standing(str(parents.pop()))
        return Standing(why=Why.DIVIDED, parts=parts)


def _holding(rows: Sequence[ContentIndicator], things: Iterable[Thing]) -> list[ContentIndicator]:
    """The indicators that something is in: one that asks nothing is in no mean."""
    full = {thing.indicator for thing in things}
    full |= {row.parent for row in rows if row.code in full and row.parent}
    return [row for row in rows if row.code in full]


def _parts(standings: Iterable[Standing], dropped: set[str]) -> Parts:
    rows = list(standings)
    same = sum(1 for one in rows if one.comparable)
    new = sum(1 for one in rows if not one.earlier)
    return Parts(same, len(rows) - same - new, new, len(dropped))


def _sum(one: Parts, other: Parts) -> Parts:
    return Parts(
        one.same + other.same, one.changed + other.changed, one.new + other.new, one.dropped + other.dropped
    )


def chained(later: Links, middle: Links) -> dict[Place, tuple[str, Likeness]]:
    """Links over a year between: what is the same as the same is the same, all else is changed or new."""
    found: dict[Place, tuple[str, Likeness]] = {}
    for place, (code, what) in later.items():
        before, was = middle.get((place[0], code), ("", Likeness.NEW)) if code else ("", Likeness.NEW)
        same = what is Likeness.SAME and was is Likeness.SAME
        if before:
            found[place] = (before, Likeness.SAME if same else Likeness.CHANGED)
        else:
            found[place] = ("", Likeness.NEW)
    return found
