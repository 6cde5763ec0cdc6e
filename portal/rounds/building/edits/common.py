"""How edits are made. Things are named by their codes; what is added last stands last among its like.

Slots (the bytes of an answer) and positions follow from the order, so that no edit can leave a gap in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from portal.ballot.public_texts import PUBLIC
from portal.content.places import place_of
from portal.content.year import (
    ContentIndicator,
    ContentInstrument,
    ContentItem,
    ContentLine,
    ContentQuestion,
    ContentScale,
    YearContent,
)
from portal.core.errors import NotFound, Refused

#: what the codes of questions and items begin with, where none is typed
PREFIX = {"iit": "I", "eit": "E", "oit": "O"}

Leaf = TypeVar("Leaf", bound=ContentQuestion | ContentItem)
Thing = TypeVar("Thing")


def with_instrument(
    content: YearContent, code: str, edit: Callable[[ContentInstrument], ContentInstrument]
) -> YearContent:
    """The content with one instrument edited. Raises NotFound where there is none of this code."""
    if code not in {one.code for one in content.instruments}:
        raise NotFound
    return replace(
        content, instruments=tuple(edit(one) if one.code == code else one for one in content.instruments)
    )


def settled(one: ContentInstrument) -> ContentInstrument:
    """Everything in the order of the tree: parts behind their indicators, leaves by where they stand."""
    tops = [row for row in one.indicators if row.parent is None]
    order = [
        row for top in tops for row in (top, *(part for part in one.indicators if part.parent == top.code))
    ]
    place = {row.code: number for number, row in enumerate(order)}
    questions = sorted(one.questions, key=lambda row: place[row.indicator])
    slot = 0
    slotted = []
    for question in questions:
        lines = tuple(replace(line, slot=slot + line.position - 1) for line in question.lines)
        slotted.append(replace(question, lines=lines))
        slot += len(lines)
    items = sorted(one.items, key=lambda row: place[row.indicator])
    return replace(one, indicators=tuple(order), questions=tuple(slotted), items=tuple(items))


def lines_of(content: YearContent, scale: str, lines: Sequence[tuple[str, str]]) -> tuple[ContentLine, ...]:
    """The scored lines of a question; without any the question itself is the one."""
    made = []
    for position, (text, own) in enumerate(lines or [("", "")], start=1):
        if own:
            scale_of(content, own)
        made.append(ContentLine(position, 0, text, own or scale, bool(own) and own != scale))
    return tuple(made)


def on_scale(question: ContentQuestion, code: str, new_code: str) -> ContentQuestion:
    return replace(
        question,
        scale=new_code if question.scale == code else question.scale,
        lines=tuple(
            replace(line, scale=new_code if line.scale == code else line.scale) for line in question.lines
        ),
    )


def sound(scale: ContentScale) -> ContentScale:
    """A scale that somebody can answer on. Raises Refused."""
    if len(scale.labels) < 2 or not any(points is not None for points in scale.points):
        raise Refused("A scale needs two choices at least, and one of them with points", field="choices")
    if len(set(scale.labels)) != len(scale.labels):
        raise Refused("Two choices read the same", field="choices")
    return scale


def inside(row: Leaf, code: str, new_code: str) -> Leaf:
    return replace(row, indicator=new_code) if row.indicator == code else row


def put(rows: Sequence[Leaf], old: Leaf, new: Leaf) -> tuple[Leaf, ...]:
    """In the place of the old one; behind all where it goes to another indicator."""
    if new.indicator == old.indicator:
        return tuple(new if row is old else row for row in rows)
    return (*(row for row in rows if row is not old), new)


def copied(rows: Sequence[Leaf], code: str, prefix: str) -> tuple[Leaf, ...]:
    row = named(rows, code)
    place = rows.index(row) + 1
    return (*rows[:place], replace(row, code=next_code({one.code for one in rows}, prefix)), *rows[place:])


def shifted(rows: Sequence[Leaf], code: str, indicator: str, to: int) -> tuple[Leaf, ...]:
    row = named(rows, code)
    new = replace(row, indicator=indicator)
    like = [new if one is row else one for one in rows if one is row or one.indicator == indicator]
    others = [one for one in rows if one is not row and one.indicator != indicator]
    return (*others, *moved(like, new, to))


def moved(rows: Sequence[Thing], row: Thing, to: int) -> tuple[Thing, ...]:
    left = [one for one in rows if one is not row]
    place = min(max(to, 1), len(left) + 1) - 1
    return (*left[:place], row, *left[place:])


def named(rows: Iterable[Leaf], code: str) -> Leaf:
    for row in rows:
        if row.code == code:
            return row
    raise NotFound


def indicator_of(one: ContentInstrument, code: str) -> ContentIndicator:
    for row in one.indicators:
        if row.code == code:
            return row
    raise NotFound


def require_leaf(one: ContentInstrument, code: str) -> None:
    """Questions and items stand in what has no parts. Raises Refused, NotFound."""
    indicator_of(one, code)
    if any(row.parent == code for row in one.indicators):
        raise Refused("This indicator has parts: choose one of them", field="indicator")


def holds(one: ContentInstrument, code: str) -> bool:
    places = [row.indicator for row in one.questions] + [row.indicator for row in one.items]
    return code in places


def scale_of(content: YearContent, code: str) -> ContentScale:
    for scale in content.scales:
        if scale.code == code:
            return scale
    raise Refused("Choose a scale of this round", field="scale")


def free(code: str, known: set[str], otherwise: str) -> str:
    """The code that was typed, or another where none was. Raises Refused where something has it."""
    if code in known:
        raise Refused("Another one has the code %(code)s", field="code", code=code)
    return code or otherwise


def next_code(known: set[str], prefix: str) -> str:
    numbers = [int(code[len(prefix) :]) for code in known if _is_numbered(code, prefix)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _is_numbered(code: str, prefix: str) -> bool:
    return code.startswith(prefix) and code[len(prefix) :].isdecimal()


def next_indicator(one: ContentInstrument, parent: str | None) -> str:
    known = {row.code for row in one.indicators if row.parent == parent}
    return next_code(known, "" if parent is None else f"{parent}.")


def renamed(content: YearContent, thing: str, names: Mapping[str, str]) -> YearContent:
    """The words in further languages go with the codes that they belong to."""
    return replace(
        content,
        translations=tuple(
            replace(row, code=names[row.code]) if row.thing == thing and row.code in names else row
            for row in content.translations
        ),
    )


def without_words(content: YearContent) -> YearContent:
    """Words in further languages of what is no more there go too."""
    there = set(things_with_words(content))
    kept = tuple(row for row in content.translations if (row.thing, row.code) in there)
    return replace(content, translations=kept)


def things_with_words(content: YearContent) -> Iterable[tuple[str, str]]:
    """Everything that has words in further languages: its kind and its code."""
    for scale in content.scales:
        yield from (("choice", f"{scale.code}.{place}") for place in range(1, len(scale.labels) + 1))
    yield from (("page", key) for key in {*PUBLIC, *(text.key for text in content.texts)})
    for one in content.instruments:
        yield "instrument", one.code
        yield from (("indicator", place_of(one.code, row.code)) for row in one.indicators)
        for question in one.questions:
            name = place_of(one.code, question.code)
            yield "question", name
            yield from (("line", f"{name}.{line.position}") for line in question.lines)
        yield from (("item", item.code) for item in one.items)


def words_copied(content: YearContent, thing: str, names: Mapping[str, str]) -> YearContent:
    """What is copied says the same in further languages; ``names``: codes with those of their copies."""
    copies = tuple(
        replace(row, code=names[row.code])
        for row in content.translations
        if row.thing == thing and row.code in names
    )
    return replace(content, translations=(*content.translations, *copies))
