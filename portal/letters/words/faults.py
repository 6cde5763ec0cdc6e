"""What is wrong with a text of a letter, and where: a line, a column, a message id with its values."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.thai import normal_form

#: more are not told at once
MOST_FAULTS = 200
_WORD = 60


class Reason(enum.StrEnum):
    """The message ids of all faults; their Thai stands in the catalogue of letters."""

    SOURCE_TOO_LONG = "The text has more than %(most)s characters"
    UNPRINTABLE = "Here stands a sign that cannot be printed: delete it and type it again"
    STRAY = "The brace %(sign)s stands alone: write {field} for a field, or the brace twice to print one"
    EMPTY = "Between these braces stands nothing: write the name of a field"
    DOUBLED = "Two braces print braces: write {%(name)s} with one for the field"
    UNKNOWN = "There is no field %(name)s"
    UNKNOWN_NEAR = "There is no field %(name)s: is %(nearest)s meant?"
    ELSEWHERE = "The field %(name)s does not exist in this kind of letter"
    FACT_PRINTED = "%(name)s is a fact for conditions and cannot be printed"
    UNKNOWN_ENCLOSURE = "There is no enclosure %(name)s: the list has %(names)s"
    NOT_ENCLOSED = "This text does not enclose %(name)s: add it to the lines of enclosures"
    ENCLOSED_TWICE = "The enclosure %(name)s is listed already"
    UNCLOSED = "This condition is never closed: write {จบ} where it ends"
    NOTHING_OPEN = "No condition is open here: {%(name)s} has nothing to belong to"
    SECOND_ELSE = "This condition has its {มิฉะนั้น} already"
    TOO_DEEP = "Conditions stand in one another more than %(most)s deep"
    NO_CONDITION = "Here a condition is missing: write the name of a field or a fact"
    NO_NUMBER = "%(name)s is no number and cannot be compared"
    NOT_A_NUMBER = "Behind %(sign)s a number is missing"
    NO_HEAD = "Lines before the first empty line begin with a name and a colon"
    UNKNOWN_HEAD = "There is no line %(name)s at the head: the lines are %(names)s"
    HEAD_TWICE = "The line %(name)s stands at the head already"
    HEAD_MISSING = "The line %(name)s is missing at the head"
    WRONG_CHOICE = "%(name)s must be one of: %(names)s"
    OTHER_FORM = "Letters with this text have the form %(names)s: its line แบบ says so"
    OTHER_CIRCULAR = "Whether letters with this text are circulars is settled: its line เวียน says %(names)s"
    NO_CLOSING = "This form of letter has no closing"
    WRONG_SALUTATION = "A letter of this form begins with %(names)s"
    NO_VALUE = "The field %(name)s has no value in this letter"
    NOTHING_LEFT = "Nothing of this part is left in this letter"
    NO_BODY = "The text needs a paragraph and the conclusion after it, with an empty line between"
    LONE_POINT = "This point stands under no paragraph"
    POINTS_LAST = "The last paragraph is the conclusion and has no points"
    SUBJECT_TOO_LONG = "The subject would have more than %(most)s characters in this letter"
    LETTER_TOO_LONG = "The letter would have more than %(most)s characters"


@dataclass(frozen=True)
class Fault:
    """One fault; line and column count from 1 in the text as it is kept."""

    line: int
    column: int
    reason: Reason
    values: Mapping[str, Any] = field(default_factory=dict)


class FaultyText(ValueError):
    """A text that makes no letter, with every fault that was found, in the order of the text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda one: (one.line, one.column)))[:MOST_FAULTS]
        first = self.faults[0]
        super().__init__(f"{len(self.faults)} faults, line {first.line}: {first.reason} {dict(first.values)}")


class Source:
    """A text as it is kept: in the normal form, its lines ended by a newline each."""

    def __init__(self, typed: str) -> None:
        plain = normal_form(typed.replace("\r\n", "\n").replace("\r", "\n"))
        self.text = plain.replace("\t", " ")
        self._begins = [0]
        for place, sign in enumerate(self.text):
            if sign == "\n":
                self._begins.append(place + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a place in the text, both from 1."""
        line = bisect_right(self._begins, offset)
        return line, offset - self._begins[line - 1] + 1


class Faults:
    """Collects the faults of a source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: list[Fault] = []

    def add(self, offset: int, reason: Reason, **values: Any) -> None:
        """Remember a fault; words of the text among the values are cut, as they may be of any length."""
        short = {key: value[:_WORD] if key == "name" else value for key, value in values.items()}
        self._found.append(Fault(*self._source.place(offset), reason, short))

    def raise_if_any(self) -> None:
        """Raises FaultyText where a fault was found."""
        if self._found:
            raise FaultyText(self._found)
