"""How people name agencies and places when they look for them.

A row keeps the forms of its name in one column (``search_key``): parted by bars, without spaces and signs. A
search is a list of words, each of which must be in it: "อบต.บางปู", "ทต. กกแดง", "บางปู อ.เมือง" are found so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.thai import arabic_digits, normal_form

BAR = "|"
MOST_WORDS = 12
#: abbreviations: each begins a form of a name, so that "ทน." is not found in the middle of another word
_SHORT = re.compile(r"^(?:อบต|อบจ|ทต|ทม|ทน|อ|จ|ต)(?:\.|$)")
#: Thai without ฯ and ฿, digits, Latin: anything else counts for nothing
_SIGNS = re.compile("[^0-9a-z\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e]+")
#: where a district, province or subdistrict begins in what was typed without a space before it
_JOINED = re.compile(r"(?<=[\u0e01-\u0e4e])(?=อำเภอ|จังหวัด|อ\.|(?<!อบ)จ\.|(?<!อบ)(?<!ท)ต\.)")


@dataclass(frozen=True)
class Word:
    """One word of a search: as it was typed, and as a search key holds it."""

    typed: str
    key: str


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a search. A word of signs counts for nothing beside others; alone no key holds it."""
    words = (word for part in normal_form(text).split() for word in _JOINED.split(part))
    unique = tuple(dict.fromkeys(Word(word, _key(word)) for word in words))
    return (tuple(word for word in unique if word.key) or unique)[:MOST_WORDS]


def found_in(search_key: str, words: Iterable[Word]) -> bool:
    """True where every word is in the key: what SQL asks, for rows that are in hand already."""
    return all(word.key and word.key in search_key for word in words)


def agency_key(short: str, name: str, full_name: str, code: str | None) -> str:
    """The forms of an agency's own name, with its code; ``short`` is the short form of its kind ("ทต.")."""
    forms = [full_name, f"{short}{name}", code or ""]
    kind = full_name.removesuffix(name)
    if kind.endswith("ตำบล"):
        forms.append(f"ต.{name}")
    if kind.startswith("เทศบาล"):
        forms.append(f"เทศบาล{name}")
    return _joined(*forms)


def district_key(name: str, code: str = "") -> str:
    """The forms of a district's name."""
    return _joined(f"อำเภอ{name}", f"อ.{name}", code)


def province_key(name: str, code: str = "", name_en: str = "") -> str:
    """The forms of a province's name."""
    return _joined(f"จังหวัด{name}", f"จ.{name}", name_en, code)


def account_key(name: str, username: str, email: str, phone: str) -> str:
    """By what a person is found: a telephone number however it is parted, a name without its spaces."""
    return _joined(name, username, email, phone)


def _key(word: str) -> str:
    squeezed = _squeezed(word)
    return f"{BAR}{squeezed}" if squeezed and _SHORT.match(word) else squeezed


def _squeezed(text: str) -> str:
    return _SIGNS.sub("", arabic_digits(normal_form(text)).casefold())


def _joined(*forms: str) -> str:
    return BAR + BAR.join(dict.fromkeys(filter(None, map(_squeezed, forms)))) + BAR
