"""How the work of a stage gets done, made up: the forecast of a missed date is judged by it (ADR 55).

Written down before the method. Work has units: the four steps of preparation, or the items of OIT with its
sending and its confirmation. A habit says on which day each unit is done; the last unit needs another person.
An agency misses where a unit is not done in time.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from portal.tools.bench.arrivals import OPEN_FOR, Survey

#: units of preparation, and of an OIT checklist of 48 items with its sending and its confirmation
UNITS = (4, 50)
NEVER = 10_000.0

Habit = Callable[[int, int, Random], list[float]]


def evenly(units: int, days: int, chance: Random) -> list[float]:
    """At an even pace that ends in time."""
    return _between(units, chance.uniform(0, 6), days * chance.uniform(0.5, 0.98))


def too_slowly(units: int, days: int, chance: Random) -> list[float]:
    """At an even pace that ends too late."""
    return _between(units, chance.uniform(0, days / 2), days * chance.uniform(1.1, 2))


def in_one_go(units: int, days: int, chance: Random) -> list[float]:
    """Within three days, at any time."""
    begins = chance.uniform(0, days - 4)
    return _between(units, begins, begins + chance.uniform(1, 3))


def at_the_end(units: int, days: int, chance: Random) -> list[float]:
    """Begun in the last days; one of four does not make it."""
    return _between(units, days - chance.uniform(2, 9), days - 0.5 if chance.random() > 0.25 else days + 3)


def never_begun(units: int, days: int, chance: Random) -> list[float]:
    """Nobody at the desk."""
    return [NEVER] * units


def stuck(units: int, days: int, chance: Random) -> list[float]:
    """Begun, then nothing more; one of four is helped in the last week."""
    done = chance.randint(1, units - 1)
    helped = days - chance.uniform(0.5, 6) if chance.random() < 0.25 else NEVER
    return _between(done, chance.uniform(0, 5), days * chance.uniform(0.3, 0.6)) + [helped] * (units - done)


def once_a_week(units: int, days: int, chance: Random) -> list[float]:
    """A part of it each Monday, at an even pace that ends in time for most."""
    ends = days * chance.uniform(0.6, 1.1)
    return [day // 7 * 7 + 1 for day in _between(units, 0, ends)]


def waits_for_the_executive(units: int, days: int, chance: Random) -> list[float]:
    """All but the last unit early; that one comes, or one of three times does not."""
    last = chance.uniform(days * 0.5, days) if chance.random() > 1 / 3 else NEVER
    return [*_between(units - 1, 0, days * chance.uniform(0.2, 0.5)), last]


KNOWN: dict[Habit, int] = {
    evenly: 35,
    in_one_go: 22,
    at_the_end: 15,
    too_slowly: 10,
    never_begun: 8,
    stuck: 10,
}
HELD_OUT: dict[Habit, int] = {**KNOWN, once_a_week: 12, waits_for_the_executive: 12}


def works(seed: int, habits: dict[Habit, int], *, number: int) -> list[Survey]:
    """So many agencies at work, half at each kind, the same every time; what they did on each day."""
    chance = Random(seed)  # noqa: S311 - figures of a trial, the same every time
    days = chance.randint(*OPEN_FOR)
    found = []
    for place in range(number):
        units = UNITS[place % 2]
        habit = chance.choices(list(habits), list(habits.values()))[0]
        on = [day + chance.gauss(0, 0.7) for day in habit(units, days, chance)]
        done = [sum(max(0, int(day)) == place for day in on) for place in range(days)]
        found.append(Survey(habit.__name__, units, 0, tuple(done)))
    return found


def _between(units: int, first: float, last: float) -> list[float]:
    return [first + (last - first) * place / max(1, units - 1) for place in range(units)]
