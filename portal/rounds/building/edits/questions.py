"""Edits of questions and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from portal.content.places import place_of
from portal.content.year import (
    ContentInstrument,
    ContentQuestion,
    YearContent,
)
from portal.core.errors import Refused
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
    words_copied,
)
from portal.rounds.building.edits.places import (
    order_moved,
    order_without,
    places_before,
    words_arranged,
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
    old = named(content.instrument(instrument).questions, code)
    order = places_before([line.text for line in old.lines], [text for text, _own in lines or [("", "")]])
    was, now = place_of(instrument, code), place_of(instrument, new_code)
    changed = words_arranged(with_instrument(content, instrument, change), "line", was, order)
    names = {was: now} | {f"{was}.{place}": f"{now}.{place}" for place in range(1, len(order) + 1)}
    return without_words(renamed(renamed(changed, "question", names), "line", names))


def copy_question(content: YearContent, instrument: str, code: str) -> YearContent:
    """The same question once more, behind it, with a code of its own."""

    def copy(one: ContentInstrument) -> ContentInstrument:
        return settled(replace(one, questions=copied(one.questions, code, PREFIX[instrument])))

    return question_words_copied(content, with_instrument(content, instrument, copy), instrument, [code])


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


def move_line(content: YearContent, instrument: str, code: str, *, place: int, to: int) -> YearContent:
    """A line of a question (by its place from 1) to another place among its lines."""
    question = named(content.instrument(instrument).questions, code)
    return _with_lines(content, instrument, question, order_moved(len(question.lines), place, to))


def copy_line(content: YearContent, instrument: str, code: str, *, place: int) -> YearContent:
    """The same line once more, behind it. Raises Refused for one without words: two need words to differ."""
    question = named(content.instrument(instrument).questions, code)
    if not question.lines[0].text:
        raise Refused("A question without lines is copied as a whole")
    order = order_moved(len(question.lines), place, place)
    return _with_lines(content, instrument, question, [*order[:place], place, *order[place:]])


def remove_line(content: YearContent, instrument: str, code: str, *, place: int) -> YearContent:
    """Away with a line. Raises Refused for the only one, which is the question itself."""
    question = named(content.instrument(instrument).questions, code)
    if len(question.lines) == 1:
        raise Refused("The only line is the question itself: delete the question")
    return _with_lines(content, instrument, question, order_without(len(question.lines), place))


def _with_lines(
    content: YearContent, instrument: str, question: ContentQuestion, order: Sequence[int]
) -> YearContent:
    """A question with its lines in this order of their places; what they say in other languages follows."""

    def arrange(one: ContentInstrument) -> ContentInstrument:
        lines = tuple(
            replace(question.lines[old - 1], position=new) for new, old in enumerate(order, start=1)
        )
        changed = replace(question, lines=lines)
        return settled(
            replace(one, questions=tuple(changed if row is question else row for row in one.questions))
        )

    name = place_of(instrument, question.code)
    return words_arranged(with_instrument(content, instrument, arrange), "line", name, order)


def question_words_copied(
    before: YearContent, after: YearContent, instrument: str, codes: Sequence[str]
) -> YearContent:
    """Copies of questions, which have the new codes in their order, say the same in further languages."""
    known = {row.code for row in before.instrument(instrument).questions}
    new = [row for row in after.instrument(instrument).questions if row.code not in known]
    names = {
        place_of(instrument, old): place_of(instrument, row.code) for old, row in zip(codes, new, strict=True)
    }
    lines = {
        f"{old}.{line.position}": f"{names[old]}.{line.position}"
        for old, row in zip(names, new, strict=True)
        for line in row.lines
    }
    return words_copied(words_copied(after, "question", names), "line", lines)
