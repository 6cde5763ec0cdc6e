"""How long there is still time, in words."""

from __future__ import annotations

from datetime import datetime

from models.thai import NBSP, thai_deadline_short
from portal.core.texts import _

URGENT_DAYS = 7


def time_left(now: datetime, until: datetime) -> tuple[str, str]:
    """The time left as a number and its unit: days, on the last day hours, in the last hour minutes."""
    seconds = max(0, int((until - now).total_seconds()))
    if seconds >= 86400:
        return str(seconds // 86400), _("days")
    if seconds >= 3600:
        return str(seconds // 3600), _("hours")
    return str(max(1, seconds // 60)), _("minutes")


def due_words(now: datetime, until: datetime) -> tuple[str, str]:
    """ "within 15 Nov · 6 days left" and its kind: warn when it is near."""
    number, unit = time_left(now, until)
    words = _("by %(when)s · %(left)s left", when=thai_deadline_short(until), left=f"{number}{NBSP}{unit}")
    return words, "warn" if (until - now).days < URGENT_DAYS else ""
