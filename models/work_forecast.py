"""Whether work with a date will be done in time, from when it was begun and when it moved last (ADR 55).

Work has n units, so many of them done, the first on one day and the newest on another. That is held against
the ways in which work is known to get done: evenly, too slowly, in one go, at the end, stuck half way, never
begun. In all but the last two, unit i comes on day

    first + i gap, give or take JITTER days, with gap = (last - first) / (n - 1)

over all days ``last`` that the way allows. A way weighs how common it is times how well it fits: as many
units until the newest day as were counted, and none since. Since people work in sittings, the logarithm of
the fit is divided by CLUMPS, as in a survey. The chance to miss is the weighed share of what comes too late
(Bayesian model averaging, as in models/forecast.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.forecast import CLUMPS, Expected

#: from which chance to miss on an agency is named: most misses, at 15 % of those who are in time
LIKELY = 0.4
#: so many days without a unit are a stop
IDLE = 8
#: so many days a unit comes before or after its place
JITTER = 0.7
#: how common each way is; of those at the end so many are too late, of those who are stuck so many are helped
EVENLY, IN_ONE_GO, AT_THE_END, TOO_SLOWLY, NEVER, STUCK = 0.35, 0.22, 0.15, 0.10, 0.08, 0.10
TOO_LATE, HELPED = 0.25, 0.25
#: work in none of these ways
UNKNOWN = 1e-6
#: into how many points the first days and the last days that a way allows are divided
FIRSTS, LASTS = 6, 24


@dataclass(frozen=True)
class Work:
    """Units of work with a date. Days are counted from 0, when its stage opened: ``begun`` and ``moved`` are
    those of the first unit and of the newest (None: nothing is done), ``today`` is the first that is not
    over, of so many ``days``."""

    needed: int
    done: int
    begun: int | None
    moved: int | None
    today: int
    days: int


@dataclass(frozen=True)
class _Way:
    """The work between two days: how common that is."""

    weight: float
    first: float
    last: float


@lru_cache(maxsize=20_000)
def of_work(work: Work) -> Expected:
    """What becomes of work with a date; those who stand alike are reckoned once."""
    if work.done >= work.needed:
        return Expected(0.0, work.done)
    found = [*_stopped(work), *_going_on(work), _at_its_pace(work)]
    whole = sum(weight for weight, _miss, _total in found)
    miss = sum(weight * miss for weight, miss, _total in found)
    total = sum(weight * total for weight, _miss, total in found)
    return Expected(miss / whole, max(work.done, round(total / whole)), LIKELY)


def _stopped(work: Work) -> Iterator[tuple[float, float, float]]:
    """Nobody at the desk, or stuck after so many units: its weight, the chance to miss, what is done."""
    if work.begun is None or work.moved is None:
        yield NEVER, 1.0, 0.0
        return
    days = work.days
    here = STUCK / max(1, work.needed - 1) * _share(work.begun, 0, 5)
    if work.done > 1:
        here *= _share(work.moved, 0.3 * days, 0.6 * days)
    ends = [days - 0.5 - 5.5 * (step + 0.5) / FIRSTS for step in range(FIRSTS)]
    to_come = [day for day in ends if day > work.today]
    in_time = sum(_chance(days - day) ** (work.needed - work.done) for day in to_come) / FIRSTS
    yield here * (1 - HELPED), 1.0, work.done
    helped = len(to_come) / FIRSTS
    if helped:
        yield here * HELPED * helped, 1 - in_time / helped, work.needed


def _at_its_pace(work: Work) -> tuple[float, float, float]:
    """What is left to say of work that goes on in none of these ways."""
    since = work.today - (work.today if work.begun is None else work.begun)
    total = work.done + work.done / max(1, since) * (work.days - work.today)
    return UNKNOWN, float(total < work.needed), min(total, work.needed)


def _going_on(work: Work) -> Iterator[tuple[float, float, float]]:
    for way in _ways(work):
        gap = (way.last - way.first) / max(1, work.needed - 1)
        fit = _fit(work, way.first, gap)
        if fit > -12 * CLUMPS:
            late = way.last - work.days
            in_time = work.needed if late <= 0 else work.needed - late / gap
            yield way.weight * math.exp(fit / CLUMPS), _misses(work, way, gap), in_time


def _ways(work: Work) -> Iterator[_Way]:
    """All ways with the days that they allow."""
    days = work.days
    yield from _spans(work, EVENLY, (0, 6), _points(0.5 * days, 0.98 * days))
    yield from _spans(work, TOO_SLOWLY, (0, days / 2), _points(1.1 * days, 2 * days))
    at_the_end = (days - 9, days - 2)
    yield from _spans(work, AT_THE_END * (1 - TOO_LATE), at_the_end, [days - 0.5])
    yield from _spans(work, AT_THE_END * TOO_LATE, at_the_end, [days + 3.0])
    for weight, first in _firsts(work, (0, days - 4)):
        for more in (1, 1.5, 2, 2.5, 3):
            yield _Way(IN_ONE_GO * weight / 5, first, first + more)


def _spans(work: Work, weight: float, begins: tuple[float, float], lasts: list[float]) -> Iterator[_Way]:
    for share, first in _firsts(work, begins):
        for last in lasts:
            if last > first:
                yield _Way(weight * share / len(lasts), first, last)


def _firsts(work: Work, begins: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """The first days that a way allows, each with its share: the one that was seen, or those to come."""
    low, high = begins
    if work.begun is not None:
        if share := _share(work.begun, low, high):
            yield share, work.begun + 0.5
    elif high > work.today:
        ahead = (high - max(low, work.today)) / (high - low)
        for day in _points(max(low, work.today), high, FIRSTS):
            yield ahead / FIRSTS, day


def _share(day: int, low: float, high: float) -> float:
    """The share of days between two that one day is; a unit comes a little before or after them, too."""
    return 1 / max(1.0, high - low) if low - 1.5 <= day <= high + 0.5 else 0.0


def _points(low: float, high: float, number: int = LASTS) -> list[float]:
    return [low + (high - low) * (step + 0.5) / number for step in range(number)]


def _fit(work: Work, first: float, gap: float) -> float:
    """How well units at even places fit what was seen, as a logarithm: nothing where nothing was."""
    if work.moved is None:
        return 0.0
    close = JITTER / gap
    counted = min(work.needed, 1 + (work.moved + 1 - first) / gap)
    variance = min(close**2, 0.56 * close) + 0.1
    fits = -((work.done + 0.5 - counted) ** 2) / (2 * variance) - math.log(variance) / 2
    waits = first + gap * work.done - work.today
    none_since = -max(0.0, -waits) / gap if gap < JITTER else math.log(_chance(waits) + 1e-9)
    return fits + none_since


def _misses(work: Work, way: _Way, gap: float) -> float:
    """The chance that one of the last units comes after the last day."""
    in_time, day = 1.0, way.last
    for _unit in range(work.done, work.needed):
        if day < work.days - 3 * JITTER:
            break
        in_time *= _chance(work.days - day)
        day -= gap
    return 1 - in_time


def _chance(ahead: float) -> float:
    """The chance that what comes so many days before a day, give or take, comes before it."""
    return 0.5 * (1 + math.erf(ahead / (JITTER * math.sqrt(2))))
