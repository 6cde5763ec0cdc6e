"""Pictures of a survey's progress as numbers of an SVG: what a template draws, it only places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.thai import thai_date_short
from portal.status.progress import Progress

#: the picture's size, and the room at its edges for the numbers of the axes
WIDTH, HEIGHT = 440, 250
LEFT, RIGHT, TOP, BOTTOM = 76, 12, 14, 34
#: numbers on an axis: steps of these times a power of ten
STEPS = (1, 2, 2.5, 5, 10)
MOST_DATES = 4
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """A number or a date on an axis."""

    at: float
    words: str


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """A picture over the days of a survey."""

    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    #: when the survey is open, and today
    windows: tuple[Box, ...]
    today: float | None
    bars: tuple[Box, ...] = ()
    line: str = ""
    least: float | None = None


def progress_chart(progress: Progress) -> Chart:
    """Answers until each day, with the minimum of all agencies."""
    sums = progress.sums
    scale = _Scale(progress, max([progress.counts.minimum, *(count for _day, count in sums), 1]))
    places = (f"{scale.x(day + DAY):.1f},{scale.y(count):.1f}" for day, count in sums)
    start = f"{scale.x(sums[0][0]):.1f},{scale.y(0):.1f} " if sums else ""
    least = scale.y(progress.counts.minimum) if progress.counts.minimum else None
    return scale.chart(line=start + " ".join(places), least=least)


def pace_chart(progress: Progress) -> Chart:
    """The answers of each day."""
    scale = _Scale(progress, max([count for _day, count in progress.days] or [1]) or 1)
    bars = []
    for day, count in progress.days:
        left, right, top = scale.x(day), scale.x(day + DAY), scale.y(count)
        if count:
            bars.append(_box(left + 0.5, top, max(1.0, right - left - 1), HEIGHT - BOTTOM - top))
    return scale.chart(bars=tuple(bars))


class _Scale:
    """Where a day and a number lie."""

    def __init__(self, progress: Progress, most: int) -> None:
        self._progress = progress
        self._days = (progress.last - progress.first).days + 1
        self._step = _step_of(most)
        self._most = self._step * math.ceil(most / self._step)

    def x(self, day: date) -> float:
        """Where a day begins."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self._progress.first).days / self._days

    def y(self, number: float) -> float:
        """How high a number lies."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * number / self._most

    def chart(self, *, bars: tuple[Box, ...] = (), line: str = "", least: float | None = None) -> Chart:
        """A picture on this scale."""
        progress, high = self._progress, HEIGHT - TOP - BOTTOM
        windows = tuple(
            _box(self.x(span.first_day), TOP, self.x(span.last_day + DAY) - self.x(span.first_day), high)
            for span in progress.spans
        )
        inside = progress.first <= progress.today <= progress.last
        today = round(self.x(progress.today + DAY), 1) if inside else None
        return Chart(tuple(self._dates()), tuple(self._numbers()), windows, today, bars, line, least)

    def _dates(self) -> Iterator[Mark]:
        every = math.ceil(self._days / MOST_DATES)
        for more in range(0, self._days, every):
            day = self._progress.first + DAY * more
            yield Mark(round(self.x(day), 1), " ".join(thai_date_short(day).split()[:2]))

    def _numbers(self) -> Iterator[Mark]:
        for place in range(round(self._most / self._step) + 1):
            number = self._step * place
            yield Mark(round(self.y(number), 1), f"{number:,}")


def _step_of(most: int) -> int:
    """The step of an axis that has about four numbers."""
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    return max(1, math.ceil(next(step * power for step in STEPS if step * power >= rough)))


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(*(round(number, 1) for number in (x, y, width, height)))
