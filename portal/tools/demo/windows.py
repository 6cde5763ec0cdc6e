"""The windows of a demonstration's round, laid around a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from models.round import Stage, WindowKind
from models.zone import BANGKOK


def shifted_windows(around: datetime) -> dict[tuple[Stage, WindowKind], tuple[datetime, datetime]]:
    """Windows for a demonstration: every stage is open at ``around`` and for weeks after it."""
    spans = {
        (Stage.PREPARATION, WindowKind.MAIN): (-30, -9),
        (Stage.PREPARATION, WindowKind.SUPPLEMENTARY): (-8, 21),
        (Stage.PREPARATION, WindowKind.LAST_CALL): (22, 29),
        (Stage.IIT, WindowKind.MAIN): (-8, 44),
        (Stage.EIT, WindowKind.MAIN): (-8, 44),
        (Stage.EIT_INTERVIEW, WindowKind.MAIN): (-8, 59),
        (Stage.OIT, WindowKind.MAIN): (-8, 44),
        (Stage.OIT_SCORING, WindowKind.MAIN): (-8, 74),
    }
    return _around(spans, around)


def windows_of_today(around: datetime) -> dict[tuple[Stage, WindowKind], tuple[datetime, datetime]]:
    """The same for the round that is open: its IIT ends soon, so that who is likely to miss it is named."""
    return shifted_windows(around) | _around({(Stage.IIT, WindowKind.MAIN): (-24, 9)}, around)


def _around(
    spans: dict[tuple[Stage, WindowKind], tuple[int, int]], around: datetime
) -> dict[tuple[Stage, WindowKind], tuple[datetime, datetime]]:
    midnight = datetime.combine(around.astimezone(BANGKOK).date(), time(), BANGKOK)
    return {
        key: (midnight + timedelta(days=first), midnight + timedelta(days=last + 1))
        for key, (first, last) in spans.items()
    }
