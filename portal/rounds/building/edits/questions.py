"""Edits of questions and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.content.year import (
    ContentInstrument,
    ContentQuestion,
    YearContent,
)
from portal.rounds.building.edits.common import (
    PREFIX,
    copied,
    free,
    lines_of,
    named,
    next_code,
    put,
    renamed,
    require_leaf,
    scale_of,
    settled,
    shifted,
    with_instrument,
    without_words,
)


def add_question(
    content: YearContent,
    instrument: str,
    *,
    indicator: str,
    text: str,
    scale: str,
    note: str = "",
    lines: Sequence[tuple[str, str]] = (),
    code: str = "",
) -> YearContent:
    """A new question, last in its indicator. ``lines``: text and own scale ("": the question's) of each."""

    def add(one: ContentInstrument) -> ContentInstrument:
        require_leaf(one, indicator)
        known = {row.code for row in one.questions}
        own = free(code, known, next_code(known, PREFIX[instrument]))
        new = ContentQuestion(own, indicator, scale, text, note, lines_of(content, scale, lines))
        return settled(replace(one, questions=(*one.questions, new)))

    scale_of(content, scale)
    return with_instrument(content, instrument, add)


def change_question(
    content: YearContent,
    instrument: str,
    code: str,
    *,
    new_code: str,
    indicator: str,
    text: str,
    scale: str,
    note: str,
    lines: Sequence[tuple[str, str]],
) -> YearContent:
    """Everything that a question says, at its place; in another indicator it stands last."""

    def change(one: ContentInstrument) -> ContentInstrument:
        old = named(one.questions, code)
        require_leaf(one, indicator)
        free(new_code, {row.code for row in one.questions} - {code}, new_code)
        new = ContentQuestion(new_code, indicator, scale, text, note, lines_of(content, scale, lines))
        return settled(replace(one, questions=put(one.questions, old, new)))

    scale_of(content, scale)
    changed = with_instrument(content, instrument, change)
    names = {code: new_code} | {
        f"{code}.{place}": f"{new_code}.{place}" for place in range(1, len(lines) + 2)
    }
    return without_words(renamed(renamed(changed, "question", names), "line", names))


def copy_question(content: YearContent, instrument: str, code: str) -> YearContent:
    """The same question once more, behind it, with a code of its own."""

    def copy(one: ContentInstrument) -> ContentInstrument:
        return settled(replace(one, questions=copied(one.questions, code, PREFIX[instrument])))

    return with_instrument(content, instrument, copy)


def remove_question(content: YearContent, instrument: str, code: str) -> YearContent:
    """Away with a question."""

    def remove(one: ContentInstrument) -> ContentInstrument:
        old = named(one.questions, code)
        return settled(replace(one, questions=tuple(row for row in one.questions if row is not old)))

    return without_words(with_instrument(content, instrument, remove))


def move_question(
    content: YearContent, instrument: str, code: str, *, indicator: str, to: int
) -> YearContent:
    """To another place (from 1) in its indicator or in another one."""

    def move(one: ContentInstrument) -> ContentInstrument:
        require_leaf(one, indicator)
        return settled(replace(one, questions=shifted(one.questions, code, indicator, to)))

    return with_instrument(content, instrument, move)
