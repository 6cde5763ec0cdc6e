"""Edits of scales; the lines on them follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from portal.content.year import (
    ContentScale,
    YearContent,
)
from portal.core.errors import Refused
from portal.rounds.building.edits.common import (
    free,
    next_code,
    on_scale,
    renamed,
    scale_of,
    sound,
    with_instrument,
    without_words,
    words_copied,
)
from portal.rounds.building.edits.places import (
    order_moved,
    order_without,
    places_before,
    words_arranged,
)


def add_scale(content: YearContent, scale: ContentScale) -> YearContent:
    """A new scale. Without a code it gets one of its own."""
    known = {one.code for one in content.scales}
    new = replace(scale, code=free(scale.code, known, next_code(known, "S")))
    return replace(content, scales=(*content.scales, sound(new)))


def change_scale(content: YearContent, code: str, scale: ContentScale) -> YearContent:
    """Other words, points, name or code of a scale; the lines on it follow."""
    order = places_before(scale_of(content, code).labels, scale.labels)
    free(scale.code, {one.code for one in content.scales} - {code}, scale.code)
    scales = tuple(sound(scale) if one.code == code else one for one in content.scales)
    moved = words_arranged(replace(content, scales=scales), "choice", code, order)
    names = {f"{code}.{place}": f"{scale.code}.{place}" for place in range(1, len(order) + 1)}
    moved = renamed(moved, "choice", names)
    for instrument in content.instruments:
        moved = with_instrument(
            moved,
            instrument.code,
            lambda one: replace(
                one, questions=tuple(on_scale(row, code, scale.code) for row in one.questions)
            ),
        )
    return without_words(moved)


def copy_scale(content: YearContent, code: str) -> YearContent:
    """The same scale once more, behind it, with a code of its own."""
    scale = scale_of(content, code)
    return _behind(content, scale, scale.points)


def turned_scale(content: YearContent, code: str) -> YearContent:
    """The same choices with their points turned round, as a scale of its own behind it."""
    scale = scale_of(content, code)
    worths = [points for points in scale.points if points is not None]
    turned = iter(reversed(worths))
    points = tuple(None if worth is None else next(turned) for worth in scale.points)
    return _behind(content, scale, points)


def _behind(content: YearContent, scale: ContentScale, points: tuple[Decimal | None, ...]) -> YearContent:
    """A scale of its own behind another, with the same choices."""
    new = replace(scale, code=next_code({one.code for one in content.scales}, "S"), points=points)
    place = content.scales.index(scale) + 1
    after = replace(content, scales=(*content.scales[:place], new, *content.scales[place:]))
    names = {f"{scale.code}.{at}": f"{new.code}.{at}" for at in range(1, len(points) + 1)}
    return words_copied(after, "choice", names)


def move_choice(content: YearContent, code: str, *, place: int, to: int) -> YearContent:
    """A choice of a scale (by its place from 1) to another place."""
    scale = scale_of(content, code)
    return _with_choices(content, scale, order_moved(len(scale.labels), place, to))


def remove_choice(content: YearContent, code: str, *, place: int) -> YearContent:
    """Away with a choice. Raises Refused where nobody could answer on what is left."""
    scale = scale_of(content, code)
    return _with_choices(content, scale, order_without(len(scale.labels), place))


def _with_choices(content: YearContent, scale: ContentScale, order: Sequence[int]) -> YearContent:
    new = replace(
        scale,
        labels=tuple(scale.labels[old - 1] for old in order),
        points=tuple(scale.points[old - 1] for old in order),
    )
    after = replace(content, scales=tuple(sound(new) if one is scale else one for one in content.scales))
    return words_arranged(after, "choice", scale.code, order)


def remove_scale(content: YearContent, code: str) -> YearContent:
    """Away with a scale that no line is on. Raises Refused where one is."""
    scale = scale_of(content, code)
    used = [
        question.code
        for instrument in content.instruments
        for question in instrument.questions
        if code in {question.scale, *(line.scale for line in question.lines)}
    ]
    if used:
        raise Refused("%(codes)s are answered on this scale: give them another first", codes=", ".join(used))
    return without_words(replace(content, scales=tuple(one for one in content.scales if one is not scale)))
