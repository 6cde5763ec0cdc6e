"""Scores of one agency: from counted choices and item scores to the weighted total.

Source of the rule: the published results, re-computed. Mean over respondents per sub-item; plain mean of
sub-items per question; of questions per indicator (or sub-indicator); of sub-indicators per indicator; of
indicators per instrument; weighted total. Numbers are exact fractions inside; only ``models.grading`` rounds.
Structures are plain data, so that nothing here knows of tables.
"""

from __future__ import annotations

import enum
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from models.survey import Channel


class Level(enum.Enum):
    """Levels of the score tree; values are stored with a result."""

    INSTRUMENT = "instrument"
    INDICATOR = "indicator"
    SUB_INDICATOR = "sub_indicator"
    QUESTION = "question"
    SUB_ITEM = "sub_item"
    ITEM = "item"


class Combine(enum.Enum):
    """How the two parts of a survey combine; the rule of the year."""

    POOLED = "pooled"
    HALVES = "halves"


@dataclass(frozen=True)
class SubItemSpec:
    """One scored line: its byte in an answer, and the points of its choices in their order (from 1).

    A choice without points says "not applicable": who chose it counts neither in the mean nor in n.
    """

    code: str
    slot: int
    points: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class QuestionSpec:
    """A question with its scored lines."""

    code: str
    sub_items: tuple[SubItemSpec, ...]


@dataclass(frozen=True)
class IndicatorSpec:
    """An indicator: of sub-indicators, or of questions (surveys), or of checklist items by their codes."""

    code: str
    subs: tuple[IndicatorSpec, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstrumentSpec:
    """An instrument: its code ("iit"), weight in percent and indicators."""

    code: str
    weight: Decimal
    indicators: tuple[IndicatorSpec, ...]

    def sub_items(self) -> tuple[SubItemSpec, ...]:
        """All scored lines in the order of their slots."""
        lines = [
            line
            for indicator in self.indicators
            for part in (indicator, *indicator.subs)
            for question in part.questions
            for line in question.sub_items
        ]
        return tuple(sorted(lines, key=lambda line: line.slot))


@dataclass(frozen=True)
class ChannelCounts:
    """What the answers of one channel add up to: ``choices[slot][choice - 1]`` answers of each choice."""

    respondents: int
    choices: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Node:
    """The score of one place in the tree.

    ``score`` is None where nothing was answered or scored. ``n`` is the number of people behind it: answers
    to the line or (smallest line of the) question, respondents of the instrument above that; for a checklist
    the number of scored items.
    """

    level: Level
    code: str
    score: Fraction | None
    n: int
    parent: str = ""


def tally(answers: Iterable[bytes], spec: InstrumentSpec) -> ChannelCounts:
    """Count opened answers (one byte per line, 0 = unanswered). Raises ValueError for a foreign byte."""
    lines = spec.sub_items()
    rows = list(answers)
    if any(len(row) != len(lines) for row in rows):
        raise ValueError("an answer has another number of lines than the questionnaire")
    joined = b"".join(rows)
    choices = []
    for slot, line in enumerate(lines):
        # one line's bytes of all answers, counted value by value: far faster than answer by answer
        column = joined[slot :: len(lines)]
        counts = [column.count(value) for value in range(len(line.points) + 1)]
        if sum(counts) != len(rows):
            raise ValueError("an answer has a choice that its scale does not have")
        choices.append(tuple(counts[1:]))
    return ChannelCounts(len(rows), tuple(choices))


def score_survey(
    spec: InstrumentSpec, counts: Mapping[str, ChannelCounts], *, combine: Combine = Combine.POOLED
) -> tuple[Node, ...]:
    """Score IIT or EIT from the counts per channel. Gives every node, the instrument's first.

    A line that nobody answered is left out of its question's mean, as is an empty part under HALVES.
    """
    respondents = sum(channel.respondents for channel in counts.values())
    parts = _parts(counts, combine)
    nodes: list[Node] = []
    tops = [_survey_indicator(part, parts, respondents, nodes, spec.code) for part in spec.indicators]
    return (Node(Level.INSTRUMENT, spec.code, _mean(tops), respondents), *nodes)


def score_checklist(spec: InstrumentSpec, scores: Mapping[str, Decimal | None]) -> tuple[Node, ...]:
    """Score OIT from the items' scores. Whatever holds an item without a score has no score itself."""
    nodes: list[Node] = []
    tops = [_checklist_indicator(part, scores, nodes, spec.code) for part in spec.indicators]
    done = sum(node.n for node in nodes if node.level is Level.ITEM)
    return (Node(Level.INSTRUMENT, spec.code, _whole_mean(tops), done), *nodes)


def checklist_asking(spec: InstrumentSpec, codes: Container[str]) -> InstrumentSpec:
    """The checklist of agencies that are asked these items only.

    An indicator or sub-indicator without any of them is not there: it has no node, and leaves the mean above
    it, which is of what was asked. Where nothing is left the instrument has no score, and nobody a total.
    """
    return replace(spec, indicators=_asking(spec.indicators, codes))


def _asking(parts: Iterable[IndicatorSpec], codes: Container[str]) -> tuple[IndicatorSpec, ...]:
    found = []
    for part in parts:
        items = tuple(code for code in part.items if code in codes)
        found.append(replace(part, subs=_asking(part.subs, codes), items=items))
    return tuple(part for part in found if part.subs or part.items)


def weighted_total(scores: Mapping[str, Fraction | None], specs: Iterable[InstrumentSpec]) -> Fraction | None:
    """The total of the instruments by their weights; None while one has no score.

    Raises ValueError where the weights do not make 100 percent.
    """
    instruments = tuple(specs)
    if sum((Fraction(spec.weight) for spec in instruments), Fraction(0)) != 100:
        raise ValueError("the weights of the instruments do not make 100 percent")
    total = Fraction(0)
    for spec in instruments:
        score = scores.get(spec.code)
        if score is None:
            return None
        total += score * Fraction(spec.weight) / 100
    return total


def _parts(counts: Mapping[str, ChannelCounts], combine: Combine) -> list[list[ChannelCounts]]:
    if combine is Combine.POOLED:
        return [list(counts.values())]
    return [[channel for name, channel in counts.items() if Channel(name).part == part] for part in (1, 2)]


def _survey_indicator(
    spec: IndicatorSpec,
    parts: list[list[ChannelCounts]],
    respondents: int,
    nodes: list[Node],
    parent: str,
    *,
    level: Level = Level.INDICATOR,
) -> Fraction | None:
    place = len(nodes)
    below = [
        _survey_indicator(sub, parts, respondents, nodes, spec.code, level=Level.SUB_INDICATOR)
        for sub in spec.subs
    ]
    below += [_question(question, parts, nodes, spec.code) for question in spec.questions]
    score = _mean(below)
    nodes.insert(place, Node(level, spec.code, score, respondents, parent))
    return score


def _question(
    spec: QuestionSpec, parts: list[list[ChannelCounts]], nodes: list[Node], parent: str
) -> Fraction | None:
    lines = [_line(line, parts, spec.code) for line in spec.sub_items]
    score = _mean([line.score for line in lines])
    smallest = min((line.n for line in lines if line.n), default=0)
    nodes += [Node(Level.QUESTION, spec.code, score, smallest, parent), *lines]
    return score


def _line(spec: SubItemSpec, parts: list[list[ChannelCounts]], parent: str) -> Node:
    means: list[Fraction | None] = []
    answered = 0
    for part in parts:
        counted = [
            (worth, count)
            for channel in part
            for worth, count in zip(spec.points, channel.choices[spec.slot], strict=True)
            if worth is not None
        ]
        n = sum(count for _worth, count in counted)
        # small numbers with few decimals: exact in Decimal, and much faster than fractions
        points = sum((worth * count for worth, count in counted), Decimal(0))
        means.append(Fraction(points) / n if n else None)
        answered += n
    return Node(Level.SUB_ITEM, spec.code, _mean(means), answered, parent)


def _checklist_indicator(
    spec: IndicatorSpec,
    scores: Mapping[str, Decimal | None],
    nodes: list[Node],
    parent: str,
    *,
    level: Level = Level.INDICATOR,
) -> Fraction | None:
    place = len(nodes)
    below = [
        _checklist_indicator(sub, scores, nodes, spec.code, level=Level.SUB_INDICATOR) for sub in spec.subs
    ]
    below += [_item(code, scores.get(code), nodes, spec.code) for code in spec.items]
    score = _whole_mean(below)
    done = sum(node.n for node in nodes[place:] if node.level is Level.ITEM)
    nodes.insert(place, Node(level, spec.code, score, done, parent))
    return score


def _item(code: str, points: Decimal | None, nodes: list[Node], parent: str) -> Fraction | None:
    score = None if points is None else Fraction(points)
    nodes.append(Node(Level.ITEM, code, score, int(score is not None), parent))
    return score


def _mean(scores: Sequence[Fraction | None]) -> Fraction | None:
    known = [score for score in scores if score is not None]
    if len(known) == 1:
        return known[0]  # half of all means are of one score, and fractions are slow
    return sum(known, Fraction(0)) / len(known) if known else None


def _whole_mean(scores: Sequence[Fraction | None]) -> Fraction | None:
    return None if any(score is None for score in scores) else _mean(scores)
