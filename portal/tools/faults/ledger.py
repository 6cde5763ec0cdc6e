"""What people sent and what they were told: kept in this process's memory, where nothing is broken.

The promise is checked against it alone: what the portal says of itself proves nothing.
"""

from __future__ import annotations

import enum
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: which of a person's answers it is: each is told from the others in the opened box
OWN, TWIN, OTHER, HALF = range(4)
VARIANTS = 4
#: an opened answer by box, person and which of the person's answers; NOBODY: none that was ever made
Found = Mapping[tuple[int, int, int], int]
NOBODY = -1


class Told(enum.Enum):
    """What a sender read."""

    THANKS = "thanks"
    #: thanks that say which answers count: the portal had this form already
    AGAIN = "thanks again"
    ALREADY = "already answered"
    NOT_NOW = "not now"
    #: the connection broke, or was cut on purpose
    NOTHING = "nothing"
    OTHERWISE = "otherwise"

    @property
    def acknowledged(self) -> bool:
        """True where the sender may go home."""
        return self in {Told.THANKS, Told.AGAIN}


@dataclass(eq=False)
class Sending:
    """One sending of one form. ``begun`` and ``ended`` number the moments of all sendings in their order.

    ``since`` and ``until`` are the same moments in monotonic seconds.
    """

    variant: int
    form: int
    begun: int
    whole: bool = False
    told: Told | None = None
    ended: int = 0
    since: float = 0.0
    until: float = 0.0
    #: its line was cut on purpose
    cut: bool = False


@dataclass(eq=False)
class Person:
    """Somebody with an ID, a box, and all that they sent."""

    number: int
    box: int
    citizen_id: str = field(repr=False)
    sendings: list[Sending] = field(default_factory=list)

    @property
    def thanked(self) -> bool:
        """True where any sending was acknowledged."""
        return any(one.told is not None and one.told.acknowledged for one in self.sendings)

    @property
    def forms_thanked(self) -> set[int]:
        """The forms that were acknowledged."""
        return {one.form for one in self.sendings if one.told is not None and one.told.acknowledged}

    @property
    def lost_one(self) -> bool:
        """True where a whole form was sent and no word came back."""
        return any(one.whole and one.told is Told.NOTHING for one in self.sendings)


@dataclass(frozen=True)
class Asked:
    """Somebody asked for a form: from when to when, and the status that came; 0: none."""

    since: float
    until: float
    status: int


class Ledger:
    """Everybody. Many threads write in it."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = iter(ids)
        self._moments = itertools.count(1)
        self._lock = threading.Lock()
        self.people: list[Person] = []
        self.asked: list[Asked] = []

    def comes(self, box: int) -> Person:
        """Somebody new, who will answer in this box."""
        with self._lock:
            person = Person(len(self.people), box, next(self._ids))
            self.people.append(person)
        return person

    def asks(self, since: float, status: int) -> None:
        """Note what came of somebody's asking for a form."""
        with self._lock:
            self.asked.append(Asked(since, time.monotonic(), status))

    def begins(self, person: Person, *, variant: int = OWN, form: int = 0) -> Sending:
        """Note a sending before its first byte goes out."""
        with self._lock:
            sending = Sending(variant, form, next(self._moments), since=time.monotonic())
            person.sendings.append(sending)
        return sending

    def ends(self, sending: Sending, told: Told) -> None:
        """Note what its sender read."""
        with self._lock:
            sending.told, sending.ended, sending.until = told, next(self._moments), time.monotonic()


def wrongs(people: Sequence[Person], found: Found) -> list[str]:
    """All that breaks the promise, one line each; empty where every acknowledged answer counts once."""
    of_person: dict[int, Counter[int]] = {one.number: Counter() for one in people}
    lines = []
    for (box, number, variant), times in found.items():
        if number not in of_person or box != people[number].box:
            lines.append(f"STRANGER  {times} answers in box {box} that nobody sent there")
        else:
            of_person[number][variant] += times
    for person in people:
        lines += _of_one(person, of_person[person.number])
    return lines


def _of_one(person: Person, counted: Counter[int]) -> list[str]:
    who = f"person {person.number}"
    lines = []
    if person.thanked and not counted:
        lines.append(f"LOST      {who} read thanks, and is not in the box")
    if counted.total() > 1:
        lines.append(f"DOUBLED   {who} counts {counted.total()} times")
    if len(person.forms_thanked) > 1:
        lines.append(f"DOUBLED   {who} read thanks for {len(person.forms_thanked)} forms")
    if not person.thanked and any(one.whole for one in person.sendings):
        lines.append(f"UNTHANKED {who} sent to the end and never read thanks")
    if any(one.form in person.forms_thanked and one.told is Told.ALREADY for one in person.sendings):
        lines.append(f"UNTHANKED {who} sent the same form again and was refused")
    lines += [f"REPLACED  {who}: {why}" for variant in counted if (why := _not_first(person, variant))]
    return lines


def _not_first(person: Person, variant: int) -> str:
    """Why this answer of a person may not be the one that counts; "" where it may."""
    begun = [one.begun for one in person.sendings if one.variant == variant and one.whole]
    if not begun:
        return "what was never sent to its end counts"
    others = [one.ended for one in person.sendings if one.variant != variant and one in _acknowledged(person)]
    return "what was sent after the thanks counts" if others and min(others) < min(begun) else ""


def _acknowledged(person: Person) -> list[Sending]:
    return [one for one in person.sendings if one.told is not None and one.told.acknowledged]
