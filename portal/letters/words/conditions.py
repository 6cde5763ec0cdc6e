"""Conditions: names of fields and facts, compared with numbers, joined by และ, หรือ and ไม่."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from models.thai import arabic_digits
from portal.letters.words.faults import Faults, Reason
from portal.letters.words.fields import Field, Scope, Values, field_named, nearest

AND, OR, NOT = "และ", "หรือ", "ไม่"
_WORDS = re.compile(r"[<>=]=?|[^\s<>=]+")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
}


@dataclass(frozen=True)
class Word:
    """A word of a condition and where it stands."""

    text: str
    offset: int


@dataclass(frozen=True)
class Term:
    """Whether a field has something in it, or how its number compares; ``denied`` turns the answer round."""

    field: Field
    offset: int
    denied: bool = False
    sign: str = ""
    number: Fraction = Fraction(0)

    def lacks(self, values: Values) -> bool:
        """True where it compares a field that has no value in this letter."""
        return bool(self.sign) and values.get(self.field.name) is None

    def holds(self, values: Values) -> bool:
        """Its answer for a letter; of a comparison without a value: no."""
        value = values.get(self.field.name)
        if not self.sign:
            return bool(value) is not self.denied
        return value is not None and SIGNS[self.sign](value, self.number) is not self.denied


#: alternatives of terms that must all hold
Condition = tuple[tuple[Term, ...], ...]


def holds(condition: Condition, values: Values) -> bool:
    """True where all terms of one of the alternatives hold."""
    return any(all(term.holds(values) for term in terms) for terms in condition)


def read_condition(words: str, offset: int, scope: Scope, faults: Faults) -> Condition:
    """The condition that stands at this place of a text; what is wrong with it goes to ``faults``."""
    found = [Word(match[0], offset + match.start()) for match in _WORDS.finditer(words)]
    alternatives = []
    for alternative in _split(found, OR):
        terms = (_term(term, offset, scope, faults) for term in _split(alternative, AND))
        alternatives.append(tuple(term for term in terms if term is not None))
    return tuple(alternatives)


def _split(words: list[Word], at: str) -> Iterator[list[Word]]:
    """The words between those that join them; an empty list where a join has nothing on one side."""
    part: list[Word] = []
    for word in words:
        if word.text == at:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _term(words: list[Word], offset: int, scope: Scope, faults: Faults) -> Term | None:
    words, denied = _without_not(words)
    where = words[0].offset if words else offset
    parts = [list(group) for _is_sign, group in groupby(words, key=lambda word: word.text[0] in "<>=")]
    if not parts or parts[0][0].text[0] in "<>=":
        faults.add(where, Reason.NO_CONDITION)
        return None
    name, *rest = parts
    field, turned = _named(" ".join(word.text for word in name), where, scope, faults)
    if not rest:
        return Term(field, where, denied is not turned) if field else None
    sign, number = rest[0][0], _number(rest)
    if number is None:
        faults.add(sign.offset, Reason.NOT_A_NUMBER, sign=sign.text)
    if field is not None and not field.counts:
        faults.add(where, Reason.NO_NUMBER, name=field.name)
    if field is None or number is None:
        return None
    return Term(field, where, denied is not turned, sign.text, number)


def _without_not(words: list[Word]) -> tuple[list[Word], bool]:
    denied = False
    while words and words[0].text == NOT:
        words, denied = words[1:], not denied
    return words, denied


def _named(name: str, offset: int, scope: Scope, faults: Faults) -> tuple[Field | None, bool]:
    """The field, and whether ไม่ is written onto its name."""
    field, turned = field_named(name), False
    if field is None and name.startswith(NOT):
        field, turned = field_named(name.removeprefix(NOT)), True
    if field is None:
        unknown(name, offset, scope, faults)
    elif scope not in field.scopes:
        faults.add(offset, Reason.ELSEWHERE, name=field.name)
    return field, turned


def unknown(name: str, offset: int, scope: Scope, faults: Faults) -> None:
    """Tell of a name that is none, with the nearest that there is."""
    near = nearest(name, scope)
    if near:
        faults.add(offset, Reason.UNKNOWN_NEAR, name=name, nearest=near)
    else:
        faults.add(offset, Reason.UNKNOWN, name=name)


def _number(rest: list[list[Word]]) -> Fraction | None:
    """The number behind a sign; None where anything else stands there."""
    if len(rest) != 2 or len(rest[0]) != 1 or len(rest[1]) != 1 or rest[0][0].text not in SIGNS:
        return None
    digits = arabic_digits(rest[1][0].text).replace(",", "")
    return Fraction(digits) if _NUMBER.fullmatch(digits) else None
