"""Which backups stay: the newest of each of the last days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from models.zone import BANGKOK


def staying(moments: Iterable[datetime], *, daily: int, weekly: int, monthly: int) -> set[datetime]:
    """The moments whose backups stay. Days without a backup do not count, so that a pause drops none."""
    newest_first = sorted(set(moments), reverse=True)
    return (
        set(newest_first[:1])
        | _newest_of(newest_first, lambda at: at.astimezone(BANGKOK).date(), daily)
        | _newest_of(newest_first, lambda at: at.astimezone(BANGKOK).isocalendar()[:2], weekly)
        | _newest_of(
            newest_first, lambda at: (at.astimezone(BANGKOK).year, at.astimezone(BANGKOK).month), monthly
        )
    )


def _newest_of(
    newest_first: list[datetime], period_of: Callable[[datetime], object], number: int
) -> set[datetime]:
    newest: dict[object, datetime] = {}
    for moment in newest_first:
        newest.setdefault(period_of(moment), moment)
    return set(list(newest.values())[:number])
