"""Who is likely to miss a minimum, from the counts of days alone (ADR 55).

A survey: the days so far are held against the curves in which answers are known to arrive (level, on
working days, a late rush, an early burst, after reminders, a slow start, a stop). Each curve k says which
share p(k, d) of all answers comes on day d. With T answers in all, the days so far c(d) weigh a curve by

    log w(k, T) = log prior(k) + zeal(T) + [ sum over days c(d) log(T p(k, d)) - T p(k, d) ] / CLUMPS

(Poisson counts whose variance is CLUMPS times their mean), and T p(k, rest) more are to come. The chance to
miss is the weighed share of what stays below the minimum. Last year's survey of the agency, weighed the same
way, says which curve and which zeal to begin from: habits stay. The mixture is Bayesian model averaging
(Hoeting and others, Statistical Science 14, 1999); that arrivals so far are held against known curves is how
the load of a day is updated in call centres (Shen and Huang, Manufacturing & Service Operations Management,
2008).

Work with a date has a method of its own: models/work_forecast.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: from which chance to miss on an agency is named: a call for nothing costs less than a miss unseen
LIKELY = 0.45
#: a forecast is said so many days before the end: earlier it would be guessing
AHEAD = 10
#: so many days without anything are a stop
STOPPED = 7
#: people answer in groups: so many times the variance of single answers
CLUMPS = 2.0
#: answers for each one that is needed, in logarithms: the middle, the spread, and the steps that are weighed
ZEAL, SPREAD = 0.22, 0.42
ZEALS = tuple(-1.3 + 0.15 * step for step in range(18))
#: how much of last year's habit and zeal holds this year
HABIT_HOLDS, ZEAL_HOLDS = 0.6, 0.55
#: no curve says that nothing at all can come on a day
ALWAYS = 0.004
#: days before the end on which the offices remind
REMINDED = (14, 7, 3)


@dataclass(frozen=True)
class Arrivals:
    """A survey: answers needed, whether each of its open days is a weekend, the answers of days so far."""

    needed: int
    weekends: tuple[bool, ...]
    came: tuple[int, ...]

    @property
    def left(self) -> int:
        """Open days that are still to come."""
        return len(self.weekends) - len(self.came)


def together(surveys: Sequence[Arrivals]) -> Arrivals:
    """Surveys of the same days as one: what agencies that became one did, added up."""
    days = zip(*(one.came for one in surveys), strict=True)
    return Arrivals(sum(one.needed for one in surveys), surveys[0].weekends, tuple(map(sum, days)))


@dataclass(frozen=True)
class Expected:
    """What is expected at the end: the chance to miss, and how much there will be."""

    miss: float
    total: int
    #: from which chance to miss on it is named
    likely: float = LIKELY

    @property
    def is_likely_to_miss(self) -> bool:
        """True from where an agency is named."""
        return self.miss >= self.likely


@dataclass(frozen=True)
class _Curve:
    """A way in which answers arrive: its weight, the logarithms of its days so far, its share of them and of
    the rest."""

    weight: float
    logs: tuple[float, ...]
    seen: float
    rest: float


@dataclass(frozen=True)
class _Guess:
    """A curve with a zeal: how well it fits, and how many answers it says are still to come."""

    weight: float
    curve: int
    zeal: float
    more: float


@lru_cache(maxsize=2_000)
def of_survey(now: Arrivals, last_year: Arrivals | None = None) -> Expected:
    """What becomes of a survey. ``last_year``: the agency's whole survey of the year before, if any.

    Those who stand alike, as all who have nothing yet, are reckoned once.
    """
    came = sum(now.came)
    if came >= now.needed:
        return Expected(0.0, came)
    weights, zeal, spread = None, ZEAL, SPREAD
    if last_year is not None:
        weights, zeal = _habit(last_year, now)
        spread = SPREAD * math.sqrt(1 - ZEAL_HOLDS**2)
    guesses = _weighed(now, weights, zeal, spread)
    missing = now.needed - came - 0.5
    chances = (one.weight * _below(missing, one.more) for one in guesses)
    return Expected(sum(chances), came + round(sum(one.weight * one.more for one in guesses)))


def _habit(last_year: Arrivals, now: Arrivals) -> tuple[list[float], float]:
    """The weights of the curves and the zeal to begin from, by what the agency did last year."""
    found = _weighed(last_year, None, ZEAL, SPREAD)
    before = [0.0] * len(_curves(now.weekends, len(now.came)))
    for guess in found:
        before[guess.curve] += guess.weight
    usual = (curve.weight for curve in _curves(now.weekends, len(now.came)))
    weights = [
        (1 - HABIT_HOLDS) * weight + HABIT_HOLDS * own for weight, own in zip(usual, before, strict=True)
    ]
    return weights, ZEAL + ZEAL_HOLDS * (sum(one.weight * one.zeal for one in found) - ZEAL)


def _weighed(survey: Arrivals, weights: list[float] | None, zeal: float, spread: float) -> list[_Guess]:
    """All curves with all zeals, by how well they fit the days so far; the weights add up to one."""
    came = sum(survey.came)
    days = [(day, count) for day, count in enumerate(survey.came) if count]
    found = []
    for place, curve in enumerate(_curves(survey.weekends, len(survey.came))):
        shape = sum(count * curve.logs[day] for day, count in days)
        prior = math.log(weights[place] if weights else curve.weight)
        for one in ZEALS:
            total = survey.needed * math.exp(one)
            fit = (shape + came * math.log(total) - total * curve.seen) / CLUMPS
            log = fit + prior - ((one - zeal) / spread) ** 2 / 2
            found.append(_Guess(log, place, one, total * curve.rest))
    best = max(guess.weight for guess in found)
    kept = [
        (math.exp(guess.weight - best), guess) for guess in found if guess.weight > best - 12
    ]  # e^-12: nothing
    whole = sum(weight for weight, _guess in kept)
    return [_Guess(weight / whole, guess.curve, guess.zeal, guess.more) for weight, guess in kept]


def _below(missing: float, more: float) -> float:
    """The chance that so many more, give or take, are fewer than what is missing."""
    return 0.5 * (1 + math.erf((missing - more) / math.sqrt(2 * (CLUMPS * more + 0.1))))


@lru_cache(maxsize=256)
def _curves(weekends: tuple[bool, ...], so_far: int) -> tuple[_Curve, ...]:
    days = len(weekends)
    found = []
    for weight, shape, whole in _shapes(weekends):
        all_of_it = whole or sum(shape)
        shares = [one / all_of_it + ALWAYS / days for one in shape]
        seen = shares[:so_far]
        found.append(_Curve(weight, tuple(map(math.log, seen)), sum(seen), sum(shares[so_far:])))
    return tuple(found)


def _shapes(weekends: Sequence[bool]) -> Iterator[tuple[float, list[float], float | None]]:
    """The curves: how common each is, its days, and what these would add up to had it not stopped."""
    days = len(weekends)
    yield 0.20, [0.4 if weekend else 1.0 for weekend in weekends], None
    yield 0.12, [0.02 if weekend else 1.0 for weekend in weekends], None
    for steep in (3, 4, 5, 6):
        yield 0.05, [math.exp((day - days) * steep / days) for day in range(days)], None
    for pace in (2, 3, 4, 5):
        yield 0.0275, [math.exp(-day / pace) + 0.005 for day in range(days)], None
    after = [days - before + more for before in REMINDED for more in range(3)]
    yield 0.15, [0.3 + 2.0 * after.count(day) for day in range(days)], None
    for begins in (0.3, 0.375, 0.45, 0.525, 0.6):
        yield 0.024, [float(day >= begins * days) for day in range(days)], None
    for stops in (0.35, 0.45, 0.55, 0.65, 0.75):
        yield 0.02, [float(day < stops * days) for day in range(days)], float(days)
