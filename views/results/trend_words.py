"""What is said of a score beside the one of an earlier year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.thai import thai_date
from portal.core.texts import _, lazy
from portal.register.lineage import Origin
from portal.results.means import MeanRow
from portal.results.trends import Past
from portal.rounds.trends.comparing import Why

WHY: dict[Why, Any] = {
    Why.NEW: lazy("not asked in %(year)s"),
    Why.CHANGED: lazy("changed since %(year)s"),
    Why.UNDECIDED: lazy("not laid beside %(year)s yet"),
    Why.POINTS: lazy("answers had other points in %(year)s"),
    Why.PARTS: lazy(
        "not comparable with %(year)s: of what is in it %(same)s are the same, %(changed)s changed, "
        "%(new)s new, %(dropped)s dropped"
    ),
    Why.DIVIDED: lazy("not comparable: it was divided otherwise in %(year)s"),
    Why.COMBINED: lazy("not comparable: both parts of EIT were combined by another rule in %(year)s"),
    Why.INDICATORS: lazy("not comparable: not all indicators are the same as in %(year)s"),
    Why.INSTRUMENTS: lazy("read with care: not everything is asked as in %(year)s"),
    Why.WEIGHTS: lazy("read with care: the instruments had other weights in %(year)s"),
}


def why_words(one: Past | MeanRow, year: int) -> str:
    """Why a score is not compared with that of a year; "" where it is."""
    if one.why is None:
        return ""
    said = {name: str(number) for name, number in vars(one.parts).items()}
    return str(WHY[one.why]) % {"year": year, **said}


def origin_words(origin: Origin) -> str:
    """Why an agency has no result of its own in an earlier year: what became of it, and from when."""
    day = thai_date(origin.holds_from)
    if origin.divided:
        return _("split since, from %(day)s on", day=day)
    return _("merged since, from %(day)s on", day=day)


def change_words(change: Decimal | None) -> str:
    """By how much a score moved, in words; "" where that is not known."""
    if change is None:
        return ""
    if change == 0:
        return _("unchanged")
    number = f"{abs(change):.2f}"
    return _("up %(number)s", number=number) if change > 0 else _("down %(number)s", number=number)
