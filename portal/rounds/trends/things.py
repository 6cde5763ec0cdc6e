"""What a round asks, as far as two years are compared: its things (questions, items) and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from models.instrument import InstrumentKind
from models.thai import normal_form
from portal.content.year import ContentIndicator, ContentInstrument, ContentScale, YearContent

#: texts whose bare form is remembered: of some ten years' questions and items
REMEMBERED = 4096
Points = tuple[Decimal | None, ...]
#: an instrument and the code of a question or item of it
Place = tuple[InstrumentKind, str]


@dataclass(frozen=True)
class Thing:
    """A question or an item. ``body``: its lines, or its criterion; ``points``: of each line's choices."""

    kind: InstrumentKind
    code: str
    indicator: str
    title: str
    body: str = ""
    points: tuple[Points, ...] = ()
    labels: tuple[str, ...] = ()
    #: codes of kinds; empty: every kind is asked
    kinds: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Where it is found in its round."""
        return self.kind, self.code

    @property
    def worth(self) -> tuple[Points, ...]:
        """The points of each line without their order: a scale that is turned round is worth the same."""
        return tuple(tuple(sorted(row, key=_none_last)) for row in self.points)

    @cached_property
    def bare_title(self) -> str:
        """The title as likeness reads it."""
        return bare(self.title)

    @cached_property
    def _face(self) -> tuple[object, ...]:
        return self.bare_title, bare(self.body), self.labels, self.points, sorted(self.kinds)

    def same_words(self, other: Thing) -> bool:
        """True where nobody could tell one from the other by what is read and what it is worth."""
        return self._face == other._face


@dataclass(frozen=True)
class Asked:
    """What one round asks: things by their place, indicators by instrument, weights, how EIT combines."""

    things: Mapping[Place, Thing]
    indicators: Mapping[InstrumentKind, tuple[ContentIndicator, ...]]
    weights: Mapping[InstrumentKind, Decimal] = field(default_factory=dict)
    eit_combine: str = ""

    def of(self, kind: InstrumentKind) -> list[Thing]:
        """The things of one instrument in their order."""
        return [thing for place, thing in self.things.items() if place[0] is kind]

    def for_agencies(self, agency_kind: str) -> Asked:
        """What agencies of this kind are asked."""
        kept = {at: one for at, one in self.things.items() if not one.kinds or agency_kind in one.kinds}
        alike = {at: replace(one, kinds=()) for at, one in kept.items()}
        return replace(self, things=alike)


@lru_cache(maxsize=REMEMBERED)
def bare(text: str) -> str:
    """A text as likeness reads it: letters, signs and digits of its normal form; no space, no punctuation."""
    kept = (sign for sign in normal_form(text).casefold() if sign.isalnum() or "\u0e00" <= sign <= "\u0e7f")
    return "".join(kept)


def asked_by(content: YearContent) -> Asked:
    """What a content asks."""
    scales = {scale.code: scale for scale in content.scales}
    return Asked(
        {thing.place: thing for one in content.instruments for thing in _things(one, scales)},
        {InstrumentKind(one.code): one.indicators for one in content.instruments},
        {InstrumentKind(one.code): one.weight for one in content.instruments},
        content.eit_combine,
    )


def _things(one: ContentInstrument, scales: Mapping[str, ContentScale]) -> Iterable[Thing]:
    kind = InstrumentKind(one.code)
    for question in one.questions:
        used = [scales[line.scale] for line in question.lines]
        yield Thing(
            kind,
            question.code,
            question.indicator,
            question.text,
            "\n".join(line.text for line in question.lines if line.text),
            tuple(scale.points for scale in used),
            tuple(label for scale in used for label in scale.labels),
        )
    for item in one.items:
        yield Thing(kind, item.code, item.indicator, item.title, item.criterion, kinds=item.kinds)


def _none_last(points: Decimal | None) -> tuple[bool, Decimal]:
    return points is None, points or Decimal(0)
