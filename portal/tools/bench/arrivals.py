"""How answers arrive, made up: what the forecast of a missed minimum is judged by (ADR 55).

Written down before the method. An agency has a minimum, a habit (the shape of its days), and a zeal: how
many answers would come in for each one that is needed. Whether it misses is what its days add up to.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

#: how long a survey is open, in days: those of 2561 with their supplementary windows
OPEN_FOR = (24, 45)
#: people known of agencies: most small, a few very large; a tenth of over 300, 30 of fewer (rule of 2561)
SMALL, LARGE = (12, 300), (301, 4000)
SHARE_OF_LARGE = 0.2
#: days before the end on which the offices remind everybody
REMINDED = (14, 7, 3)
#: answers come in clumps (a meeting, a class): so many times the variance of single ones
CLUMPS = 2.0
#: the middle and the spread of zeal, in logarithms: three of ten agencies would miss
ZEAL = (0.22, 0.42)
#: how alike the zeal of two years is, and how many agencies keep their habit
ALIKE, KEEPS_HABIT = 0.6, 0.7

Shape = Callable[[int, int, Random], list[float]]


@dataclass(frozen=True)
class Survey:
    """A survey of one agency: answers needed, those of each day, and last year's survey (None: no such).

    ``first``: the day of the week on which it opened, from 0 for Monday.
    """

    pattern: str
    needed: int
    first: int
    days: tuple[int, ...]
    last_year: Survey | None = None

    @property
    def missed(self) -> bool:
        """True where the days do not add up to the minimum."""
        return sum(self.days) < self.needed


def steady(days: int, first: int, chance: Random) -> list[float]:
    """Every day alike, less on Saturdays and Sundays."""
    return [0.4 if _is_weekend(first + day) else 1.0 for day in range(days)]


def weekdays(days: int, first: int, chance: Random) -> list[float]:
    """While the office is open only."""
    return [0.0 if _is_weekend(first + day) else 1.0 for day in range(days)]


def late_rush(days: int, first: int, chance: Random) -> list[float]:
    """More each day; most in the last week or two."""
    pace = days / chance.uniform(3, 6)
    return [math.exp((day - days) / pace) for day in range(days)]


def early_burst(days: int, first: int, chance: Random) -> list[float]:
    """A circular on the first days, then next to nothing."""
    pace = chance.uniform(2, 5)
    return [math.exp(-day / pace) + 0.005 for day in range(days)]


def reminded(days: int, first: int, chance: Random) -> list[float]:
    """A little on every day, and three good days after each reminder of the offices."""
    after = [days - left + more for left in REMINDED for more in range(3)]
    return [0.3 + 2.0 * after.count(day) for day in range(days)]


def slow_start(days: int, first: int, chance: Random) -> list[float]:
    """Nothing for the first third to two thirds, then every day alike."""
    begins = days * chance.uniform(0.3, 0.6)
    return [float(day >= begins) for day in range(days)]


def stalled(days: int, first: int, chance: Random) -> list[float]:
    """Every day alike until somebody leaves, then nothing; the rest of the answers never comes."""
    ends = days * chance.uniform(0.35, 0.75)
    return [float(day < ends) for day in range(days)]


def two_visits(days: int, first: int, chance: Random) -> list[float]:
    """The people are gathered on two days."""
    visits = chance.sample(range(days), 2)
    return [10.0 if day in visits else 0.2 for day in range(days)]


def holidays(days: int, first: int, chance: Random) -> list[float]:
    """Every day alike, but for a long holiday in the second half."""
    begins = chance.randrange(days // 2, days - 6)
    return [0.0 if begins <= day < begins + 6 else 1.0 for day in range(days)]


def in_batches(days: int, first: int, chance: Random) -> list[float]:
    """Helpers with tablets come every eighth day or so."""
    begins = chance.randrange(8)
    return [4.0 if (day - begins) % 8 < 2 else 0.1 for day in range(days)]


#: by which the method may be made, and how common each is
KNOWN: dict[Shape, int] = {
    steady: 20,
    late_rush: 20,
    weekdays: 12,
    reminded: 15,
    slow_start: 12,
    early_burst: 11,
    stalled: 10,
}
#: held out for the judgement: other habits among more of those who come late
HELD_OUT: dict[Shape, int] = {
    **KNOWN,
    late_rush: 30,
    two_visits: 8,
    holidays: 8,
    in_batches: 8,
}
#: seeds by which the method may be made, and those of the judgement
SEEDS, HELD_OUT_SEEDS = (1, 2, 3), (101, 102, 103, 104, 105)
#: of a forecast seven days ahead: the share of misses that it must name, and of those named that may reach
NAMED_AT_LEAST, FALSE_AT_MOST, DAYS_AHEAD = 0.85, 0.15, 7


def surveys(seed: int, habits: dict[Shape, int], *, number: int, last_year: bool = True) -> list[Survey]:
    """So many agencies, the same every time."""
    chance = Random(seed)  # noqa: S311 - figures of a trial, the same every time
    days = chance.randint(*OPEN_FOR)
    return [_survey(chance, habits, days, last_year=last_year) for _number in range(number)]


def _survey(chance: Random, habits: dict[Shape, int], days: int, *, last_year: bool) -> Survey:
    people = chance.randint(*(LARGE if chance.random() < SHARE_OF_LARGE else SMALL))
    needed = min(people, 30) if people <= 300 else math.ceil(people / 10)
    zeal = chance.gauss(*ZEAL)
    shape = _one_of(chance, habits)
    before = shape if chance.random() < KEEPS_HABIT else _one_of(chance, habits)
    alike = ZEAL[0] + ALIKE * (zeal - ZEAL[0]) + chance.gauss(0, ZEAL[1] * math.sqrt(1 - ALIKE**2))
    first, came = _days(chance, shape, days, needed * math.exp(zeal), people)
    if not last_year:
        return Survey(shape.__name__, needed, first, came)
    earlier = _days(chance, before, chance.randint(*OPEN_FOR), needed * math.exp(alike), people)
    return Survey(shape.__name__, needed, first, came, Survey(before.__name__, needed, *earlier))


def _days(
    chance: Random, shape: Shape, days: int, answers: float, people: int
) -> tuple[int, tuple[int, ...]]:
    """The first day of the week, and the answers of each day: clumps about what the habit says, until
    everybody has answered."""
    first = chance.randrange(7)
    weights = shape(days, first, chance)
    # a stalled agency was on its way to all of its answers
    whole = sum(weights) if shape is not stalled else float(days)
    left, found = people, []
    for weight in weights:
        came = min(left, _clumped(chance, answers * weight / whole))
        left -= came
        found.append(came)
    return first, tuple(found)


def _clumped(chance: Random, mean: float) -> int:
    """A negative binomial number: its variance is ``CLUMPS`` times its mean."""
    if mean <= 0:
        return 0
    return _poisson(chance, chance.gammavariate(mean / (CLUMPS - 1), CLUMPS - 1))


def _poisson(chance: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, number = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number


def _one_of(chance: Random, habits: dict[Shape, int]) -> Shape:
    return chance.choices(list(habits), list(habits.values()))[0]


def _is_weekend(day: int) -> bool:
    return day % 7 >= 5
