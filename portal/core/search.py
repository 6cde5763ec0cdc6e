"""Looking for rows by what people type: one mechanism for every list and every look-up.

Each word must be in the row, wherever: in a form of an agency's name, its district or province, its code, or
in one of the columns that a list names. What a word and a form are: ``models/search.py``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from models.agency import Agency
from models.place import District, Province
from models.search import Word, words_of
from models.thai import arabic_digits, thai_digits

#: what names a row of a class that has a search key
_NAMES = frozenset({"name", "full_name"})


def matching(typed: str, *places: Any) -> ColumnElement[bool]:
    """Rows in which every word of the typed text stands in one of the places (as ``holds`` takes them).

    A text without a word narrows nothing.
    """
    words = words_of(typed)
    return and_(true(), *(or_(false(), *(holds(place, word) for place in places)) for word in words))


def holds(place: Any, word: Word) -> ColumnElement[bool]:
    """The condition that a place holds a word: a column, or a class with a search key, or its name."""
    model = place if isinstance(place, type) else place.class_
    if hasattr(model, "search_key") and (model is place or place.key in _NAMES):
        return _in_key(model, word)
    return or_(*(place.icontains(spelling, autoescape=True) for spelling in spellings(word)))


def spellings(word: Word) -> tuple[str, ...]:
    """A word as it may stand in a column that has no search key: with digits of both kinds."""
    return tuple(dict.fromkeys((word.typed, arabic_digits(word.typed), thai_digits(word.typed))))


def _in_key(model: Any, word: Word) -> ColumnElement[bool]:
    if not word.key:
        return false()
    own: ColumnElement[bool] = model.search_key.contains(word.key, autoescape=True)
    if model is District:
        return or_(own, District.province_id.in_(_places(Province, word)))
    if model is Agency:
        in_district = Agency.district_id.in_(_places(District, word))
        return or_(own, in_district, Agency.province_id.in_(_places(Province, word)))
    return own


def _places(model: type[District] | type[Province], word: Word) -> Select[int]:
    return select(model.id).where(model.search_key.contains(word.key, autoescape=True))
