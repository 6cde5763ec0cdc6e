"""Places among the parts of a thing: the lines of a question, the choices of a scale; their words follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal.content.year import ContentTranslation, YearContent
from portal.core.errors import NotFound


def words_arranged(content: YearContent, thing: str, code: str, order: Sequence[int]) -> YearContent:
    """Words in further languages follow the parts of a thing (its lines, its choices) to their places.

    ``order`` has for each new place the one (from 1) that it had before; 0 is new and has no such words.
    """

    def follow(row: ContentTranslation) -> Iterator[ContentTranslation]:
        base, _dot, place = row.code.rpartition(".")
        if row.thing != thing or base != code:
            yield row
            return
        for new, old in enumerate(order, start=1):
            if str(old) == place:
                yield replace(row, code=f"{code}.{new}")

    return replace(content, translations=tuple(new for row in content.translations for new in follow(row)))


def places_before(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For each new text the place (from 1) where it stood before; 0 for one that is new.

    The same words are the same thing; others at a place whose words are gone are its words corrected.
    """
    left = dict(enumerate(old, start=1))
    found = [0] * len(new)
    for at, text in enumerate(new):
        place = next((place for place, before in left.items() if before == text), 0)
        if place:
            found[at] = place
            del left[place]
    for at, place in enumerate(found):
        if not place and left.pop(at + 1, None) is not None:
            found[at] = at + 1
    return found


def order_moved(number: int, place: int, to: int) -> list[int]:
    """The places 1 to ``number`` with one of them put elsewhere. Raises NotFound."""
    if not 1 <= place <= number:
        raise NotFound
    order = [one for one in range(1, number + 1) if one != place]
    order.insert(min(max(to, 1), number) - 1, place)
    return order


def order_without(number: int, place: int) -> list[int]:
    """The places 1 to ``number`` without one of them. Raises NotFound."""
    if not 1 <= place <= number:
        raise NotFound
    return [one for one in range(1, number + 1) if one != place]
