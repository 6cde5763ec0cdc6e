"""The scores of a content worked out slowly: answer by answer, in plain fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from portal.content.year import ContentInstrument, YearContent

#: by line (its slot) the choice of one respondent, from 1; 0: not answered
Answer = Sequence[int]
Scores = dict[str, Fraction | None]


def survey(content: YearContent, code: str, parts: Sequence[Sequence[Answer]]) -> Scores:
    """The scores of a survey by code of line, question and indicator; "" is the instrument's.

    ``parts``: the answers that count together; of several parts each counts the same (halves).
    """
    worths = {scale.code: scale.points for scale in content.scales}
    one = content.instrument(code)
    found: Scores = {}
    for question in one.questions:
        for line in question.lines:
            means = []
            for answers in parts:
                points = [
                    Fraction(worth)
                    for answer in answers
                    if (choice := answer[line.slot]) and (worth := worths[line.scale][choice - 1]) is not None
                ]
                means.append(mean(points))
            found[f"{question.code}.{line.position}"] = mean(means)
        found[question.code] = mean(found[f"{question.code}.{line.position}"] for line in question.lines)
    return _above(one, found, {row.code: row.indicator for row in one.questions}, whole=False)


def checklist(content: YearContent, points: Mapping[str, Fraction | None], kind: str) -> Scores:
    """The scores of the checklist of a kind of agency by code; what holds an item without points has none.

    What holds no item that asks this kind is not there at all.
    """
    one = content.instrument("oit")
    asked = [row for row in one.items if not row.kinds or kind in row.kinds]
    places = {row.code: row.indicator for row in asked}
    held = set(places.values())
    held |= {row.parent for row in one.indicators if row.code in held and row.parent is not None}
    there = replace(one, indicators=tuple(row for row in one.indicators if row.code in held))
    return _above(there, {row.code: points[row.code] for row in asked}, places, whole=True)


def mean(scores: Iterable[Fraction | None], *, whole: bool = False) -> Fraction | None:
    """The plain mean of what is known; of nothing None. ``whole``: None where anything is not known."""
    every = list(scores)
    known = [score for score in every if score is not None]
    if not known or (whole and len(known) < len(every)):
        return None
    return sum(known, Fraction(0)) / len(known)


def _above(one: ContentInstrument, leaves: Scores, places: Mapping[str, str], *, whole: bool) -> Scores:
    found = dict(leaves)
    parts = [row for row in one.indicators if row.parent is not None]
    tops = [row for row in one.indicators if row.parent is None]
    for row in parts:
        inside = [leaves[code] for code, place in places.items() if place == row.code]
        found[f"@{row.code}"] = mean(inside, whole=whole)
    for row in tops:
        inside = [found[f"@{part.code}"] for part in parts if part.parent == row.code]
        inside += [leaves[code] for code, place in places.items() if place == row.code]
        found[f"@{row.code}"] = mean(inside, whole=whole)
    found[""] = mean((found[f"@{row.code}"] for row in tops), whole=whole)
    return found
