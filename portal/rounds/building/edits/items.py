"""Edits of the checklist's items; codes numbered anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from portal.content.places import place_of
from portal.content.year import (
    ContentInstrument,
    ContentItem,
    YearContent,
)
from portal.rounds.building.edits.common import (
    PREFIX,
    copied,
    free,
    named,
    next_code,
    put,
    renamed,
    require_leaf,
    settled,
    shifted,
    with_instrument,
    without_words,
    words_copied,
)


def add_item(content: YearContent, *, indicator: str, code: str = "", **says: Any) -> YearContent:
    """A new item, last in its indicator. ``says``: title, criterion, example, kinds."""

    def add(one: ContentInstrument) -> ContentInstrument:
        require_leaf(one, indicator)
        known = {row.code for row in one.items}
        new = ContentItem(free(code, known, next_code(known, PREFIX[one.code])), indicator, **says)
        return settled(replace(one, items=(*one.items, new)))

    return with_instrument(content, "oit", add)


def change_item(
    content: YearContent, code: str, *, new_code: str, indicator: str, **says: Any
) -> YearContent:
    """Everything that an item says, at its place; in another indicator it stands last."""

    def change(one: ContentInstrument) -> ContentInstrument:
        old = named(one.items, code)
        require_leaf(one, indicator)
        free(new_code, {row.code for row in one.items} - {code}, new_code)
        new = ContentItem(new_code, indicator, **says)
        return settled(replace(one, items=put(one.items, old, new)))

    return renamed(with_instrument(content, "oit", change), "item", {code: new_code})


def copy_item(content: YearContent, code: str) -> YearContent:
    """The same item once more, behind it, with a code of its own."""

    def copy(one: ContentInstrument) -> ContentInstrument:
        return settled(replace(one, items=copied(one.items, code, PREFIX[one.code])))

    return item_words_copied(content, with_instrument(content, "oit", copy), [code])


def item_words_copied(before: YearContent, after: YearContent, codes: Sequence[str]) -> YearContent:
    """Copies of items, which have the new codes in their order, say the same in further languages."""
    known = {row.code for row in before.instrument("oit").items}
    new = (row.code for row in after.instrument("oit").items if row.code not in known)
    return words_copied(after, "item", dict(zip(codes, new, strict=True)))


def remove_item(content: YearContent, code: str) -> YearContent:
    """Away with an item."""

    def remove(one: ContentInstrument) -> ContentInstrument:
        old = named(one.items, code)
        return settled(replace(one, items=tuple(row for row in one.items if row is not old)))

    return without_words(with_instrument(content, "oit", remove))


def move_item(content: YearContent, code: str, *, indicator: str, to: int) -> YearContent:
    """To another place (from 1) in its indicator or in another one."""

    def move(one: ContentInstrument) -> ContentInstrument:
        require_leaf(one, indicator)
        return settled(replace(one, items=shifted(one.items, code, indicator, to)))

    return with_instrument(content, "oit", move)


def number_anew(content: YearContent, instrument: str) -> YearContent:
    """Codes of questions and items in the order in which they stand: I1, I2, …"""
    one = content.instrument(instrument)
    prefix = PREFIX[instrument]
    names = {row.code: f"{prefix}{place}" for place, row in enumerate(one.questions, start=1)}
    questions = {place_of(instrument, old): place_of(instrument, new) for old, new in names.items()}
    lines = {
        f"{place_of(instrument, row.code)}.{line.position}": (
            f"{place_of(instrument, names[row.code])}.{line.position}"
        )
        for row in one.questions
        for line in row.lines
    }
    items = {row.code: f"{prefix}{place}" for place, row in enumerate(one.items, start=1)}
    numbered = replace(
        one,
        questions=tuple(replace(row, code=names[row.code]) for row in one.questions),
        items=tuple(replace(row, code=items[row.code]) for row in one.items),
    )
    after = with_instrument(content, instrument, lambda _one: numbered)
    for thing, pairs in (("question", questions), ("line", lines), ("item", items)):
        after = renamed(after, thing, pairs)
    return after
