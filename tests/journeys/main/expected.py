"""What the journey's people answer, and the score that follows, worked out here from the shipped files alone.

Nothing of the product's scoring is used: means of means, as assessment.md tells them, in exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from models.instrument import InstrumentKind
from portal.content.year import ContentInstrument, load_year

CONTENT = load_year(2561)
POINTS = {scale.code: [Fraction(worth or 0) for worth in scale.points] for scale in CONTENT.scales}
INSTRUMENTS = {InstrumentKind(one.code): one for one in CONTENT.instruments}


def choices(kind: InstrumentKind, person: int) -> list[int]:
    """The choices (from 1) of one made-up respondent, by line, leaning to the good side."""
    worths = [POINTS[line.scale] for question in INSTRUMENTS[kind].questions for line in question.lines]
    found = []
    for slot, points in enumerate(worths):
        best_first = [
            place for _worth, place in sorted((-worth, place) for place, worth in enumerate(points))
        ]
        found.append(1 + best_first[(person * (slot + 3)) % 5 % 2])
    return found


def survey_score(kind: InstrumentKind, sent: Iterable[list[int]]) -> Fraction:
    """The score of a survey from the choices that were sent."""
    answers, instrument = list(sent), INSTRUMENTS[kind]
    by_indicator: dict[str, list[Fraction]] = {}
    for question in instrument.questions:
        lines = [
            _mean(POINTS[line.scale][answer[line.slot] - 1] for answer in answers) for line in question.lines
        ]
        by_indicator.setdefault(question.indicator, []).append(_mean(lines))
    return _mean(_mean(scores) for scores in by_indicator.values())


def checklist_score(points: Mapping[str, int]) -> Fraction:
    """The score of the checklist from the points of its items by code."""
    instrument = INSTRUMENTS[InstrumentKind.OIT]
    items: dict[str, list[Fraction]] = {}
    for item in instrument.items:
        items.setdefault(item.indicator, []).append(Fraction(points[item.code]))
    tops: dict[str, list[Fraction]] = {}
    for indicator in instrument.indicators:
        if indicator.code in items:
            tops.setdefault(indicator.parent or indicator.code, []).append(_mean(items[indicator.code]))
    return _mean(_mean(scores) for scores in tops.values())


def total_of(scores: Mapping[InstrumentKind, Fraction]) -> Fraction:
    """The weighted total."""
    return sum((scores[kind] * Fraction(_of(kind).weight) / 100 for kind in scores), Fraction(0))


def grade(total: Fraction) -> str:
    """The grade of a total, by the shipped bands."""
    bands = sorted(CONTENT.bands, key=lambda band: -band.lower)
    return next(band.grade for band in bands if total >= Fraction(band.lower))


def shown(score: Fraction) -> str:
    """A score as pages write it: two decimals, halves away from zero."""
    hundredths = int(score * 100 + Fraction(1, 2))
    return f"{Decimal(hundredths) / 100:.2f}"


def _of(kind: InstrumentKind) -> ContentInstrument:
    return INSTRUMENTS[kind]


def _mean(scores: Iterable[Fraction]) -> Fraction:
    found = list(scores)
    return sum(found, Fraction(0)) / len(found)
