"""Edits of instruments, indicators and their parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    YearContent,
)
from portal.core.errors import Refused
from portal.rounds.building.edits.common import (
    free,
    holds,
    indicator_of,
    inside,
    moved,
    next_indicator,
    place_of,
    renamed,
    settled,
    with_instrument,
    without_words,
)


def change_instrument(content: YearContent, code: str, *, name: str, weight: Decimal) -> YearContent:
    """Another name and weight. Whether all weights make 100 is asked before the round opens."""
    return with_instrument(content, code, lambda one: replace(one, name=name, weight=weight))


def add_indicator(
    content: YearContent, instrument: str, *, name: str, code: str = "", parent: str | None = None
) -> YearContent:
    """A new indicator, or a part of one, behind those that are there."""

    def add(one: ContentInstrument) -> ContentInstrument:
        above = None if parent is None else indicator_of(one, parent)
        if above is not None and above.parent is not None:
            raise Refused("A sub-indicator has no further parts", field="parent")
        if above is not None and holds(one, above.code):
            raise Refused(
                "Questions or items stand in this indicator itself: move them first", field="parent"
            )
        known = {row.code for row in one.indicators}
        new = ContentIndicator(free(code, known, next_indicator(one, parent)), name, parent)
        return settled(replace(one, indicators=(*one.indicators, new)))

    return with_instrument(content, instrument, add)


def change_indicator(
    content: YearContent, instrument: str, code: str, *, name: str, new_code: str
) -> YearContent:
    """Another name or code; what stands in it follows."""

    def change(one: ContentInstrument) -> ContentInstrument:
        old = indicator_of(one, code)
        free(new_code, {row.code for row in one.indicators} - {code}, new_code)
        return replace(
            one,
            indicators=tuple(
                replace(
                    row,
                    code=new_code if row is old else row.code,
                    name=name if row is old else row.name,
                    parent=new_code if row.parent == code else row.parent,
                )
                for row in one.indicators
            ),
            questions=tuple(inside(row, code, new_code) for row in one.questions),
            items=tuple(inside(row, code, new_code) for row in one.items),
        )

    changed = with_instrument(content, instrument, change)
    return renamed(changed, "indicator", {place_of(instrument, code): place_of(instrument, new_code)})


def remove_indicator(content: YearContent, instrument: str, code: str) -> YearContent:
    """Away with an indicator and all that is in it."""

    def remove(one: ContentInstrument) -> ContentInstrument:
        indicator_of(one, code)
        going = {code} | {row.code for row in one.indicators if row.parent == code}
        return settled(
            replace(
                one,
                indicators=tuple(row for row in one.indicators if row.code not in going),
                questions=tuple(row for row in one.questions if row.indicator not in going),
                items=tuple(row for row in one.items if row.indicator not in going),
            )
        )

    return without_words(with_instrument(content, instrument, remove))


def move_indicator(content: YearContent, instrument: str, code: str, *, to: int) -> YearContent:
    """To another place (from 1) among its like; its parts and what is in it go along."""

    def move(one: ContentInstrument) -> ContentInstrument:
        row = indicator_of(one, code)
        like = [each for each in one.indicators if each.parent == row.parent]
        others = [each for each in one.indicators if each.parent != row.parent]
        return settled(replace(one, indicators=(*moved(like, row, to), *others)))

    return with_instrument(content, instrument, move)
