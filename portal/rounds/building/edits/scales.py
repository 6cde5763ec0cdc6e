"""Edits of scales; the lines on them follow."""

from __future__ import annotations

from dataclasses import replace

from portal.content.year import (
    ContentScale,
    YearContent,
)
from portal.core.errors import Refused
from portal.rounds.building.edits.common import (
    free,
    next_code,
    on_scale,
    scale_of,
    sound,
    with_instrument,
    without_words,
)


def add_scale(content: YearContent, scale: ContentScale) -> YearContent:
    """A new scale. Without a code it gets one of its own."""
    known = {one.code for one in content.scales}
    new = replace(scale, code=free(scale.code, known, next_code(known, "S")))
    return replace(content, scales=(*content.scales, sound(new)))


def change_scale(content: YearContent, code: str, scale: ContentScale) -> YearContent:
    """Other words, points, name or code of a scale; the lines on it follow."""
    scale_of(content, code)
    free(scale.code, {one.code for one in content.scales} - {code}, scale.code)
    scales = tuple(sound(scale) if one.code == code else one for one in content.scales)
    moved = replace(content, scales=scales)
    for instrument in content.instruments:
        moved = with_instrument(
            moved,
            instrument.code,
            lambda one: replace(
                one, questions=tuple(on_scale(row, code, scale.code) for row in one.questions)
            ),
        )
    return without_words(moved)


def turned_scale(content: YearContent, code: str) -> YearContent:
    """The same choices with their points turned round, as a scale of its own behind it."""
    scale = scale_of(content, code)
    worths = [points for points in scale.points if points is not None]
    turned = iter(reversed(worths))
    points = tuple(None if worth is None else next(turned) for worth in scale.points)
    known = {one.code for one in content.scales}
    new = replace(scale, code=next_code(known, "S"), points=points)
    place = content.scales.index(scale) + 1
    return replace(content, scales=(*content.scales[:place], new, *content.scales[place:]))


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
