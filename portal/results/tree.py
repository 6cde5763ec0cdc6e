"""One agency's result as a tree: instruments, indicators, sub-indicators, questions and items.

Figures that may not be shown (A4) are missing from what is stored; they are held back here once more by the
round's thresholds, and each says why it is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.instrument import Indicator, Instrument, InstrumentKind
from models.kinds import AgencyKind
from models.participation import Participation
from models.result import Result, ResultNode
from models.round import Round
from models.scoring import Level
from portal.core.database.session import db
from portal.results.lists import passing, require_opened

#: instrument, level, code
Key = tuple[InstrumentKind, str, str]


@dataclass(frozen=True)
class ResultLine:
    """One place of the tree. Without a ``score``, ``few`` is the number of answers it would need to be shown,

    or 0: nobody answered, or the item is not scored. ``beside``: it is held back because of its neighbours.
    """

    level: Level
    code: str
    name: str
    score: Decimal | None
    n: int
    few: int = 0
    beside: bool = False
    lines: tuple[ResultLine, ...] = ()


@dataclass(frozen=True)
class Part:
    """One instrument with its weight and its tree."""

    kind: InstrumentKind
    name: str
    weight: Decimal
    line: ResultLine


@dataclass(frozen=True)
class AgencyResult:
    """Total, grade and tree of one participation; ``parts`` is empty where nothing was scored."""

    total: Decimal | None
    grade: str | None
    passes: bool
    reason: str
    parts: tuple[Part, ...]
    #: surveys with fewer answers than their minimum ("iit eit")
    below: str = ""


def result_of(participation: Participation) -> AgencyResult | None:
    """The result of a participation; None where it is not computed. Raises Refused before the opening."""
    round = participation.round
    require_opened(round)
    row = db.session.scalars(select(Result).where(Result.participation_id == participation.id)).one_or_none()
    if row is None:
        return None
    query = select(ResultNode).where(ResultNode.participation_id == participation.id)
    nodes = {(node.instrument, node.level, node.code): node for node in db.session.scalars(query)}
    tree = _Tree(nodes, participation.kind, round)
    parts = tuple(tree.part(instrument) for instrument in _instruments(round.id)) if nodes else ()
    return AgencyResult(row.total, row.grade, row.grade in passing(round), row.reason, parts, row.below)


def lacking(level: Level, n: int, answered: int, round: Round) -> int:
    """The threshold of a round that a survey's figure does not reach; 0 where it does, or nobody answered.

    ``n`` answers are behind the figure, ``answered`` behind the whole survey.
    """
    if 0 < answered < round.total_threshold:
        return round.total_threshold
    if level is Level.QUESTION and 0 < n < round.detail_threshold:
        return round.detail_threshold
    return 0


def _instruments(round_id: int) -> list[Instrument]:
    query = (
        select(Instrument)
        .where(Instrument.round_id == round_id)
        .options(
            selectinload(Instrument.indicators).selectinload(Indicator.questions),
            selectinload(Instrument.indicators).selectinload(Indicator.oit_items),
        )
    )
    order = list(InstrumentKind)
    return sorted(db.session.scalars(query), key=lambda row: order.index(row.kind))


class _Tree:
    """Puts stored nodes into the round's tree, as it asks agencies of a kind."""

    def __init__(self, nodes: Mapping[Key, ResultNode], asked: AgencyKind, round: Round) -> None:
        self._nodes, self._asked, self._round = nodes, asked, round

    def part(self, instrument: Instrument) -> Part:
        """One instrument with everything below it."""
        kind, rows = instrument.kind, instrument.indicators
        top = self._nodes.get((kind, Level.INSTRUMENT.value, kind.value))
        answered = top.n if top else 0
        tops = (row for row in rows if row.parent_id is None)
        lines = self._there(self._indicator(row, rows, kind, answered) for row in tops)
        line = self._line(Level.INSTRUMENT, kind.value, instrument.name, kind, answered, lines)
        return Part(kind, instrument.name, instrument.weight, line)

    def _indicator(
        self, row: Indicator, rows: Iterable[Indicator], kind: InstrumentKind, answered: int
    ) -> ResultLine:
        subs = (self._indicator(sub, rows, kind, answered) for sub in rows if sub.parent_id == row.id)
        below = list(self._there(subs))
        below += [self._line(Level.QUESTION, one.code, one.text, kind, answered) for one in row.questions]
        items = (one for one in row.oit_items if one.asks(self._asked))
        below += [self._line(Level.ITEM, one.code, one.title, kind, answered) for one in items]
        level = Level.INDICATOR if row.parent_id is None else Level.SUB_INDICATOR
        return self._line(level, row.code, row.name, kind, answered, tuple(below))

    @staticmethod
    def _there(parts: Iterable[ResultLine]) -> tuple[ResultLine, ...]:
        """Without indicators that ask this agency nothing: they are in no mean."""
        return tuple(part for part in parts if part.lines)

    def _line(
        self,
        level: Level,
        code: str,
        name: str,
        kind: InstrumentKind,
        answered: int,
        lines: tuple[ResultLine, ...] = (),
    ) -> ResultLine:
        node = self._nodes.get((kind, level.value, code))
        score, n = (node.score, node.n) if node else (None, 0)
        few, beside = 0, False
        if kind is not InstrumentKind.OIT:
            few = lacking(level, n, answered, self._round)
            score = None if few else score
            if score is None and not few and n and level is Level.QUESTION:
                few, beside = self._round.detail_threshold, True
        return ResultLine(level, code, name, score, n, few, beside, lines)
