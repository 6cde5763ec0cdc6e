"""Edits of instruments, indicators and their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from portal.content.places import place_of
from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentQuestion,
    YearContent,
)
from portal.core.errors import Refused
from portal.rounds.building.edits.common import (
    PREFIX,
    Leaf,
    free,
    holds,
    indicator_of,
    inside,
    moved,
    next_code,
    next_indicator,
    renamed,
    settled,
    with_instrument,
    without_words,
    words_copied,
)
from portal.rounds.building.edits.items import item_words_copied
from portal.rounds.building.edits.questions import question_words_copied

#: what the weights of a round's instruments make together
FULL_WEIGHT = 100


def change_instrument(content: YearContent, code: str, *, name: str) -> YearContent:
    """Another name."""
    return with_instrument(content, code, lambda one: replace(one, name=name))


def change_weights(content: YearContent, weights: Mapping[str, Decimal]) -> YearContent:
    """The weights of the instruments, by their codes. Raises Refused where they do not make 100."""
    if sum(weights.values()) != FULL_WEIGHT:
        raise Refused("The weights must make 100", field=next(iter(weights)))
    return replace(
        content,
        instruments=tuple(
            replace(one, weight=weights.get(one.code, one.weight)) for one in content.instruments
        ),
    )


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


def copy_indicator(content: YearContent, instrument: str, code: str) -> YearContent:
    """The same indicator once more with all that is in it, behind it; everything with codes of its own."""
    one = content.instrument(instrument)
    row = indicator_of(one, code)
    names = {code: next_indicator(one, row.parent)}
    for number, part in enumerate((each for each in one.indicators if each.parent == code), start=1):
        names[part.code] = f"{names[code]}.{number}"
    leaves: list[ContentQuestion | ContentItem] = [*one.questions, *one.items]
    inner = [each.code for each in leaves if each.indicator in names]
    after = with_instrument(content, instrument, lambda it: _with_copies(it, names))
    after = words_copied(
        after,
        "indicator",
        {place_of(instrument, old): place_of(instrument, new) for old, new in names.items()},
    )
    if one.items:
        return item_words_copied(content, after, inner)
    return question_words_copied(content, after, instrument, inner)


def _with_copies(one: ContentInstrument, names: Mapping[str, str]) -> ContentInstrument:
    """An instrument with copies of these indicators behind the first of them, and of what stands in them."""
    if set(names.values()) & {row.code for row in one.indicators}:
        raise Refused("A sub-indicator elsewhere has a code that the copy needs: change that code first")
    copies = [
        replace(row, code=names[row.code], parent=names.get(row.parent or "", row.parent))
        for row in one.indicators
        if row.code in names
    ]
    place = next(at for at, row in enumerate(one.indicators, start=1) if row.code in names)
    indicators = (*one.indicators[:place], *copies, *one.indicators[place:])
    return settled(
        replace(
            one,
            indicators=indicators,
            questions=(*one.questions, *_copies(one.questions, names, PREFIX[one.code])),
            items=(*one.items, *_copies(one.items, names, PREFIX[one.code])),
        )
    )


def _copies(rows: Sequence[Leaf], names: Mapping[str, str], prefix: str) -> Iterator[Leaf]:
    known = {row.code for row in rows}
    for row in rows:
        if row.indicator in names:
            code = next_code(known, prefix)
            known.add(code)
            yield replace(row, code=code, indicator=names[row.indicator])


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
