"""The OIT checklist of a participation as pages read it: items by sub-indicator, each with its answer.

Reading makes no rows: an agency that has not begun shows every item unanswered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.disclosure import Disclosure, DisclosureAnswer, DisclosureState, Review
from models.instrument import Indicator, Instrument, InstrumentKind, OitItem, asked_of
from models.kinds import AGENCY_KINDS, AgencyKind
from models.participation import Participation
from portal.core.database.session import db
from portal.core.errors import NotFound
from portal.disclosure.workflow import is_answered


@dataclass(frozen=True)
class ItemLine:
    """One item with its answer, None where nothing was saved yet."""

    item: OitItem
    answer: DisclosureAnswer | None

    @property
    def answered(self) -> bool:
        """True when the item counts as answered."""
        return self.answer is not None and is_answered(self.answer)

    @property
    def review(self) -> Review:
        """The executive's judgement."""
        return self.answer.review if self.answer else Review.PENDING

    @property
    def scored(self) -> bool:
        """True when the assessor gave points."""
        return self.answer is not None and self.answer.score is not None


@dataclass(frozen=True)
class Group:
    """A sub-indicator with its items."""

    indicator: Indicator
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True)
class Checklist:
    """The whole checklist of one participation."""

    participation: Participation
    disclosure: Disclosure | None
    groups: tuple[Group, ...]

    @property
    def state(self) -> DisclosureState:
        """Its state; a checklist that was not begun is a draft."""
        return self.disclosure.state if self.disclosure else DisclosureState.DRAFT

    @property
    def lines(self) -> list[ItemLine]:
        """Every item in order."""
        return [line for group in self.groups for line in group.lines]

    @property
    def total(self) -> int:
        """How many items there are."""
        return len(self.lines)

    @property
    def answered(self) -> int:
        """How many are answered."""
        return sum(line.answered for line in self.lines)

    @property
    def scored(self) -> int:
        """How many have points."""
        return sum(line.scored for line in self.lines)

    def count(self, review: Review) -> int:
        """How many were judged so by the executive."""
        return sum(line.review is review for line in self.lines)

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.count(Review.PASS)

    @property
    def failed(self) -> int:
        """How many failed and are not mended yet."""
        return self.count(Review.FAIL)

    @property
    def reviewed(self) -> int:
        """How many were judged."""
        return self.passed + self.failed

    def line(self, item_id: int) -> ItemLine:
        """The line of an item. Raises NotFound for one of another round, or that does not ask this kind."""
        for line in self.lines:
            if line.item.id == item_id:
                return line
        raise NotFound

    def group_of(self, line: ItemLine) -> Group:
        """The sub-indicator that a line stands in."""
        return next(group for group in self.groups if line in group.lines)

    def around(self, line: ItemLine) -> tuple[ItemLine | None, ItemLine | None]:
        """The lines before and after."""
        lines = self.lines
        place = lines.index(line)
        return (
            lines[place - 1] if place else None,
            lines[place + 1] if place + 1 < len(lines) else None,
        )

    def after(self, item_id: int | None) -> Iterator[ItemLine]:
        """Every other line, beginning behind this item and going round."""
        lines = self.lines
        place = next((n for n, line in enumerate(lines) if line.item.id == item_id), -1)
        yield from lines[place + 1 :]
        yield from lines[: max(place, 0)]

    def next_unanswered(self, item_id: int | None = None) -> ItemLine | None:
        """The next item without an answer, or failed and not mended."""
        return next(
            (line for line in self.after(item_id) if not line.answered or line.review is Review.FAIL), None
        )

    def next_pending(self, item_id: int | None = None) -> ItemLine | None:
        """The next item that the executive has not judged."""
        return next((line for line in self.after(item_id) if line.review is Review.PENDING), None)

    def next_unscored(self, item_id: int | None = None) -> ItemLine | None:
        """The next item without points."""
        return next((line for line in self.after(item_id) if not line.scored), None)


def items_of(round_id: int, kind: AgencyKind | None = None) -> list[OitItem]:
    """The round's items in order, each with its sub-indicator: all, or those that ask agencies of a kind."""
    query = (
        select(OitItem)
        .join(Instrument, Instrument.id == OitItem.instrument_id)
        .where(Instrument.round_id == round_id, Instrument.kind == InstrumentKind.OIT)
        .order_by(OitItem.position)
        .options(joinedload(OitItem.indicator))
    )
    return [item for item in db.session.scalars(query) if kind is None or item.asks(kind)]


def items_asked(round_id: int) -> Counter[AgencyKind]:
    """How many items of the round ask agencies of each kind; one query."""
    query = (
        select(OitItem.kinds)
        .join(Instrument, Instrument.id == OitItem.instrument_id)
        .where(Instrument.round_id == round_id, Instrument.kind == InstrumentKind.OIT)
    )
    return Counter(
        kind for kinds in db.session.scalars(query) for kind in AGENCY_KINDS if asked_of(kinds, kind)
    )


def find_disclosure(participation: Participation) -> Disclosure | None:
    """The checklist's row with all its answers and links, None where nothing was begun."""
    query = (
        select(Disclosure)
        .where(Disclosure.participation_id == participation.id)
        .options(
            selectinload(Disclosure.answers).selectinload(DisclosureAnswer.links),
            selectinload(Disclosure.answers).joinedload(DisclosureAnswer.item),
        )
    )
    return db.session.scalars(query).one_or_none()


def checklist_of(participation: Participation, disclosure: Disclosure | None = None) -> Checklist:
    """The checklist of a participation, with the items that ask its kind: four queries, however many items.

    An act that holds the ``disclosure`` already gives it, so that its answers are read once.
    """
    items = items_of(participation.round_id, participation.kind)
    disclosure = disclosure or find_disclosure(participation)
    answers = {answer.oit_item_id: answer for answer in disclosure.answers} if disclosure else {}
    groups: dict[int, list[ItemLine]] = {}
    indicators: dict[int, Indicator] = {}
    for item in items:
        indicators[item.indicator_id] = item.indicator
        groups.setdefault(item.indicator_id, []).append(ItemLine(item, answers.get(item.id)))
    return Checklist(
        participation,
        disclosure,
        tuple(Group(indicators[key], tuple(lines)) for key, lines in groups.items()),
    )
