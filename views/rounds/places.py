"""Where a thing of the round builder stands among its like: what its buttons and its form of moving need."""

from __future__ import annotations

from dataclasses import dataclass

from portal.content.year import ContentInstrument, ContentScale, YearContent
from portal.core.errors import NotFound

QUESTION, ITEM, INDICATOR, LINE, CHOICE = "question", "item", "indicator", "line", "choice"


@dataclass(frozen=True)
class Place:
    """The place (from 1) of a thing among so many; ``indicator``: that it stands in, where it may change."""

    number: int
    of: int
    words: str
    indicator: str = ""


def split(code: str) -> tuple[str, int]:
    """The thing and the place of its part that a code such as "I13.2" names. Raises NotFound."""
    base, _dot, place = code.rpartition(".")
    if not base or not place.isascii() or not place.isdecimal() or len(place) > 4:
        raise NotFound
    return base, int(place)


def place_in(one: ContentInstrument, thing: str, code: str) -> Place:
    """Where a thing of an instrument stands. Raises NotFound."""
    if thing == LINE:
        base, place = split(code)
        for question in one.questions:
            if question.code == base and 1 <= place <= len(question.lines):
                return Place(place, len(question.lines), question.lines[place - 1].text)
        raise NotFound
    if thing == INDICATOR:
        parents = {row.code: row.parent for row in one.indicators}
        like = [row.code for row in one.indicators if code in parents and row.parent == parents[code]]
        return _among(like, code, {row.code: row.name for row in one.indicators}, "")
    if thing == QUESTION:
        inside = {row.code: row.indicator for row in one.questions}
        words = {row.code: row.text for row in one.questions}
    elif thing == ITEM:
        inside = {row.code: row.indicator for row in one.items}
        words = {row.code: row.title for row in one.items}
    else:
        raise NotFound
    like = [each for each, place_of in inside.items() if place_of == inside.get(code)]
    return _among(like, code, words, inside.get(code, ""))


def choice_of(content: YearContent, code: str) -> tuple[ContentScale, Place]:
    """The scale of a choice, and where the choice stands in it. Raises NotFound."""
    base, place = split(code)
    for scale in content.scales:
        if scale.code == base and 1 <= place <= len(scale.labels):
            return scale, Place(place, len(scale.labels), scale.labels[place - 1])
    raise NotFound


def _among(like: list[str], code: str, words: dict[str, str], indicator: str) -> Place:
    if code not in like:
        raise NotFound
    return Place(like.index(code) + 1, len(like), words[code], indicator)
