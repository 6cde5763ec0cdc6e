"""How a value of the database reads on a screen and in a file: words, Thai dates, badges; no HTML."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models import thai
from models.kinds import Coded
from models.place import Province
from portal.core import places
from portal.core.texts import _, label_of, score

#: what stands where there is nothing
NOTHING = "–"


@dataclass(frozen=True)
class Badge:
    """A state for a cell: kind is ok, warn, bad, info or idle (see ui.html). In a file it is its words."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Plain:
    """A cell made from one column alone: a file of millions of rows reads that column and no objects.

    ``words``: what the file says of a value, itself where there are none; asked once for equal values.
    """

    column: Any
    words: Callable[[Any], Any] | None = None


def shown(value: Any) -> Any:
    """A value as a cell shows it: a Badge stays one, everything else becomes words."""
    if isinstance(value, Badge):
        return value
    if value is None or value == "":
        return NOTHING
    for kind, words in BY_TYPE:
        if isinstance(value, kind):
            return words(value)
    return str(value)


#: in this order: a bool is an int, a datetime is a date
BY_TYPE: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: _("Yes") if value else _("No")),
    (enum.Enum | Coded, label_of),
    (Province, places.named),
    (datetime, thai.thai_datetime_short),
    (date, thai.thai_date_short),
    (Decimal, score),
)


def number(view: Any, context: Any, row: Any, name: str) -> str:
    """A formatter for counts: "7,852" (years and codes stay plain, so this is asked for by name)."""
    value = view.value_of(row, name)
    return NOTHING if value is None else f"{value:,}"


def badges(kinds: Mapping[Any, str]) -> Callable[..., Badge | str]:
    """A formatter for a state: which kind of badge each value gets, the words are the value's own."""

    def badge(view: Any, context: Any, row: Any, name: str) -> Badge | str:
        value = view.value_of(row, name)
        return NOTHING if value is None else Badge(kinds.get(value, "idle"), str(shown(value)))

    return badge


def day(view: Any, context: Any, row: Any, name: str) -> str:
    """A formatter for a moment whose time of day says nothing: "9 พ.ย. 2561"."""
    value = view.value_of(row, name)
    return NOTHING if value is None else thai.thai_date_short(value)


#: formatters that only dress a number or a date: a file takes the value itself
FORMATS_ONLY = (number, day)
