"""The attacks: match people with stored answers by whatever the storage gives away.

What an attacker has: the order in which people came, each person's mark and sealed row (also from copies of
the database made while people answered), and afterwards the answers as they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """Somebody who answered: what the attacker knows, and the answer (to score the attack only)."""

    answer: bytes
    known: dict[str, Any] = field(default_factory=dict)


@dataclass
class Stored:
    """A stored answer with what its storage gives away."""

    answer: bytes
    seen: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """The people and the stored answers of one (agency, instrument)."""

    people: Sequence[Person]
    stored: Sequence[Stored]


def rank(case: Case, known: str, seen: str, *, backwards: bool = False) -> int:
    """Match the k-th person with the k-th answer, or with the k-th from behind; how many were linked."""
    people = sorted(case.people, key=lambda person: person.known[known])
    stored = sorted(case.stored, key=lambda answer: answer.seen[seen], reverse=backwards)
    return sum(person.answer == answer.answer for person, answer in zip(people, stored, strict=True))


def equality_attack(case: Case, known: str, seen: str) -> int:
    """Match a person with the one answer that has the same value; how many were linked."""
    linked = 0
    for person in case.people:
        same = [answer for answer in case.stored if answer.seen[seen] == person.known[known]]
        linked += len(same) == 1 and same[0].answer == person.answer
    return linked


def oracle_attack(case: Case, fits: Callable[[Person, Stored], bool]) -> int:
    """Try every stored answer against what was kept beside a person's mark; how many people were linked.

    The attacker holds every key that ever was, and a dump of each time.
    """
    linked = 0
    for person in case.people:
        fitting = [answer for answer in case.stored if fits(person, answer)]
        linked += len(fitting) == 1 and fitting[0].answer == person.answer
    return linked
