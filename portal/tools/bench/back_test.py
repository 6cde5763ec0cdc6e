"""How well the forecast names who will miss, over arrivals that were written down before it (ADR 55)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models import forecast
from models.work_forecast import Work, of_work
from portal.tools.bench import arrivals, work_paces
from portal.tools.bench.arrivals import DAYS_AHEAD, FALSE_AT_MOST, NAMED_AT_LEAST, Survey

#: days ahead of the end for which the table is printed; the target is for DAYS_AHEAD
AHEAD = (14, 7, 3)
Names = Callable[[Survey, int], bool]


@dataclass(frozen=True)
class Score:
    """Agencies by what was said of them and what came: named and missed, named and reached, not named and
    missed, not named and reached."""

    hits: int
    false: int
    unseen: int
    quiet: int

    @property
    def named(self) -> float:
        """Of all misses, the share that was named."""
        return self.hits / max(1, self.hits + self.unseen)

    @property
    def false_of_named(self) -> float:
        """Of all who were named, the share that reached it after all."""
        return self.false / max(1, self.hits + self.false)

    @property
    def false_of_reached(self) -> float:
        """Of all who reached it, the share that was named."""
        return self.false / max(1, self.false + self.quiet)

    @property
    def on_target(self) -> bool:
        """True where both halves of the target are met, in its strict reading."""
        return self.named >= NAMED_AT_LEAST and self.false_of_named <= FALSE_AT_MOST


def score(surveys: Iterable[Survey], names: Names, ahead: int) -> Score:
    """What a forecast so many days ahead of the end is worth."""
    found = Counter((names(one, ahead), one.missed) for one in surveys)
    return Score(found[True, True], found[True, False], found[False, True], found[False, False])


def names_survey(one: Survey, ahead: int) -> bool:
    """Whether the forecast names a survey."""
    last = one.last_year
    return forecast.of_survey(
        _seen(one, len(one.days) - ahead), _seen(last, len(last.days)) if last else None
    ).is_likely_to_miss


def names_work(one: Survey, ahead: int) -> bool:
    """Whether the forecast names work with a date."""
    today = len(one.days) - ahead
    on = [day for day, count in enumerate(one.days[:today]) if count]
    begun, moved = (on[0], on[-1]) if on else (None, None)
    return of_work(
        Work(one.needed, sum(one.days[:today]), begun, moved, today, len(one.days))
    ).is_likely_to_miss


def printed(say: Callable[[str], None], *, number: int) -> None:
    """The table: of so many agencies for each seed, and seven days ahead each habit alone."""
    say(f"target, {DAYS_AHEAD} days ahead: {NAMED_AT_LEAST:.0%} named, {FALSE_AT_MOST:.0%} false alarms")
    say(f"{'':<44}{'ahead':>6}{'missed':>8}{'named':>8}{'false of named':>16}{'false of reached':>18}")
    for title, surveys, names in _trials(number):
        for ahead in AHEAD:
            _line(say, title, score(surveys, names, ahead), ahead)
        if "held out" in title:
            for habit in sorted({one.pattern for one in surveys}):
                alone = [one for one in surveys if one.pattern == habit]
                _line(say, f"  {habit}", score(alone, names, DAYS_AHEAD), DAYS_AHEAD)


def _trials(number: int) -> Iterable[tuple[str, list[Survey], Names]]:
    for known, habits, paces, seeds in (
        ("known", arrivals.KNOWN, work_paces.KNOWN, arrivals.SEEDS),
        ("held out", arrivals.HELD_OUT, work_paces.HELD_OUT, arrivals.HELD_OUT_SEEDS),
    ):
        for said, last_year in (("with last year", True), ("the first year", False)):
            surveys = [
                one
                for seed in seeds
                for one in arrivals.surveys(seed, habits, number=number, last_year=last_year)
            ]
            yield f"surveys, {known}, {said}", surveys, names_survey
        works = [one for seed in seeds for one in work_paces.works(seed, paces, number=number)]
        yield f"work with a date, {known}", works, names_work


def _line(say: Callable[[str], None], title: str, found: Score, ahead: int) -> None:
    missed = (found.hits + found.unseen) / max(1, found.hits + found.unseen + found.false + found.quiet)
    say(
        f"{title:<44}{ahead:>6}{missed:>8.0%}{found.named:>8.1%}"
        f"{found.false_of_named:>16.1%}{found.false_of_reached:>18.1%}{'  on target' * found.on_target}"
    )


def _seen(one: Survey, days: int) -> forecast.Arrivals:
    weekends = tuple((one.first + day) % 7 >= 5 for day in range(len(one.days)))
    return forecast.Arrivals(one.needed, weekends, one.days[:days])
