"""What people met in each step of an upgrade: how many sent, how long it took, what they read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from portal.tools.faults.ledger import Asked, Person, Sending, Told

_ROW = "  {:<34}{:>6}{:>9}{:>7}{:>7}{:>9}{:>9}{:>9}{:>9}{:>9}"
#: "come again later", said to who asks for a form
REFUSED = (429, 503)
HEADINGS = ("seconds", "", "answers", "p50", "p95", "longest", "forms", "longest", "not now", "no word")


@dataclass
class Step:
    """A part of the time, in monotonic seconds."""

    name: str
    since: float
    until: float = 0.0


class Steps:
    """The steps in their order."""

    def __init__(self) -> None:
        self.all: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is done inside is a step."""
        one = Step(name, time.monotonic())
        self.all.append(one)
        try:
            yield
        finally:
            one.until = time.monotonic()


def table(steps: Sequence[Step], people: Sequence[Person], forms: Sequence[Asked]) -> list[str]:
    """A line for each step: of forms that were asked for in it, and answers that were sent in it."""
    whole = [one for person in people for one in person.sendings if one.whole and one.until and not one.cut]
    lines = [_ROW.format(*HEADINGS)]
    for step in steps:
        sent = [one for one in whole if step.since <= one.since < step.until]
        asked = [one for one in forms if step.since <= one.since < step.until]
        lines.append(_line(step, sent, asked))
    return lines


def longest_until_thanks(people: Sequence[Person]) -> float:
    """The longest that anybody waited from the first whole sending to the first thanks, tries included."""
    return max((_until_thanks(person) for person in people if person.thanked), default=0.0)


def _until_thanks(person: Person) -> float:
    thanks = min(one.until for one in person.sendings if one.told is not None and one.told.acknowledged)
    return thanks - min(one.since for one in person.sendings if one.whole)


def _line(step: Step, sent: Sequence[Sending], asked: Sequence[Asked]) -> str:
    thanked = sorted(one.until - one.since for one in sent if one.told is not None and one.told.acknowledged)
    times = [f"{_share(thanked, part):.2f}" for part in (0.5, 0.95, 1.0)]
    given = [one.until - one.since for one in asked if one.status]
    not_now = sum(one.told is Told.NOT_NOW for one in sent) + sum(one.status in REFUSED for one in asked)
    no_word = sum(one.told is Told.NOTHING for one in sent) + sum(not one.status for one in asked)
    forms = (len(given), f"{max(given, default=0.0):.2f}")
    lasted = f"{step.until - step.since:.1f}"
    return _ROW.format(step.name, lasted, len(thanked), *times, *forms, not_now, no_word)


def _share(values: Sequence[float], part: float) -> float:
    """The value that so large a part does not exceed; 0 where there is none."""
    return values[max(0, round(part * len(values)) - 1)] if values else 0.0
