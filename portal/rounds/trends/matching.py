"""Which thing of an earlier year a thing is: suggested by code and by likeness of words, never decided.

Likeness and its limits were measured (docs/adr/0027-trends.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.year import Likeness
from portal.rounds.trends.things import Thing

#: Thai has no spaces between words: pairs of letters stand for them, in no order
LETTERS = 2
#: what an equal code adds to the likeness of words
SAME_CODE = 3
#: below it two things are not suggested for one another
LEAST = 35
#: from here on a suggestion is sure enough to be accepted with others
SURE = 90
WHOLE = 100
#: signs that stand for pairs of letters begin here: beyond them there is room for any number
FIRST_SIGN = 0x10000
#: the sign of each pair of letters
Signs = dict[str, str]


@dataclass(frozen=True)
class Suggestion:
    """What a thing probably is. ``earlier`` is None for a new one, ``later`` for one that was dropped.

    ``likeness``: of the pair in percent; of a new or dropped one, to the nearest thing that there is.
    """

    later: Thing | None
    earlier: Thing | None
    likeness: int
    what: Likeness
    sure: bool


def likeness(one: Thing, other: Thing) -> int:
    """How alike the words of two things are, in percent; an equal code counts a little."""
    signs: Signs = {}
    return _likeness(_pairs(one, signs), _pairs(other, signs), one.code == other.code)


def suggested(later: Sequence[Thing], earlier: Sequence[Thing]) -> list[Suggestion]:
    """A suggestion for each later thing, in their order, then for each earlier one that none of them is.

    One-to-one and stable: no two things are more alike than each is to what it was given. What is given
    does not depend on the order of the lists; between equals the codes decide.
    """
    alike = all_likeness(later, earlier)
    given = _given(alike)
    taken = set(given.values())
    firsts = {thing.code: thing for thing in earlier}
    found = [_of_later(thing, firsts.get(given.get(thing.code, "")), alike) for thing in later]
    return found + [_dropped(thing, alike) for thing in earlier if thing.code not in taken]


def all_likeness(later: Sequence[Thing], earlier: Sequence[Thing]) -> dict[tuple[str, str], int]:
    """The likeness of each pair, by the codes of the later and the earlier thing."""
    signs: Signs = {}
    pairs = {thing.code: _pairs(thing, signs) for thing in earlier}
    return {
        (one.code, other.code): WHOLE + (one.code == other.code)
        if one.same_words(other)
        else min(WHOLE, _likeness(mine, pairs[other.code], one.code == other.code))
        for one in later
        for mine in (_pairs(one, signs),)
        for other in earlier
    }


def _given(alike: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """The earlier code of each later one: the likest pair first, as long as both are free."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for (later, earlier), number in sorted(alike.items(), key=lambda pair: (-pair[1], pair[0])):
        if number >= LEAST and later not in given and earlier not in taken:
            given[later] = earlier
            taken.add(earlier)
    return given


def _of_later(thing: Thing, match: Thing | None, alike: Mapping[tuple[str, str], int]) -> Suggestion:
    if match is None:
        nearest = max((number for (code, _), number in alike.items() if code == thing.code), default=0)
        return Suggestion(thing, None, min(nearest, WHOLE), Likeness.NEW, nearest < LEAST)
    if thing.same_words(match):
        return Suggestion(thing, match, WHOLE, Likeness.SAME, True)
    number = min(alike[thing.code, match.code], WHOLE)
    return Suggestion(thing, match, number, Likeness.CHANGED, number >= SURE)


def _dropped(thing: Thing, alike: Mapping[tuple[str, str], int]) -> Suggestion:
    nearest = max((number for (_, code), number in alike.items() if code == thing.code), default=0)
    return Suggestion(None, thing, min(nearest, WHOLE), Likeness.DROPPED, nearest < LEAST)


def _pairs(thing: Thing, signs: Signs) -> str:
    """The pairs of letters of a title in one order, each as one sign: texts compare faster than lists."""
    text = thing.bare_title
    pairs = [text[at : at + LETTERS] for at in range(max(1, len(text) - LETTERS + 1))]
    return "".join(sorted(signs.setdefault(pair, chr(FIRST_SIGN + len(signs))) for pair in pairs))


def _likeness(one: str, other: str, same_code: bool) -> int:
    # of two sorted rows the longest common part is what both have: the likeness of two bags of pairs
    return min(WHOLE, round(fuzz.ratio(one, other)) + (SAME_CODE if same_code else 0))
