"""Every attack on one portal: each thing that is known of a person against each that is seen of an answer."""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from portal.ballot.box import form_mark_of
from portal.tools.attack.chance import judged
from portal.tools.attack.linking import Case, Person, Stored, equality_attack, oracle_attack, rank
from portal.tools.attack.open_backup import MARK, ROW

#: what the name of a thing that is seen says of the family its attacks belong to
FAMILIES = {
    "as read": "order",
    "time": "time",
    "at": "time",
    "xmin": "xmin",
    "ctid": "ctid",
    "rowid": "rowid",
    "file first": "cell offset",
    "file last": "cell offset",
    "file cell": "cell offset",
    "log first": "write-ahead log",
    "log last": "write-ahead log",
    "log cell": "write-ahead log",
    "key": "random key",
    "answers": "content",
    "length": "length",
    "sealed again": "sealed once more",
}
#: what is known of a person only by copies, or by a clock, is a family of its own
OF_PERSON = {"backup": "row of backups", "time": "time", MARK: "open backup", ROW: "open backup"}
#: a person and an answer with the same value belong together: what is known, and what is seen
EQUAL = (
    ("sealed xmin", "xmin"),
    ("mark xmin", "xmin"),
    ("mark rowid", "rowid"),
    ("mark time", "time"),
    ("length", "length"),
    ("sealed key", "key"),
    ("sealed", "sealed again"),
)
MARK_AND_KEY = "beside the mark"


@dataclass(frozen=True)
class Found:
    """What one attack linked."""

    family: str
    name: str
    hits: int
    sizes: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many it tried."""
        return sum(self.sizes)

    @property
    def chance(self) -> int:
        """How many a blind matching links on average: one in each box."""
        return len(self.sizes)

    @property
    def probability(self) -> float:
        """How probable so many hits are by chance."""
        return judged(self.hits, self.sizes)


def all_attacks(cases: Sequence[Case], *, mark_key: bytes) -> list[Found]:
    """Try everything; every rank forwards and backwards is an attack of its own."""
    found = ranks(cases) + equalities(cases)
    for name in ("its answers", "its key"):

        def fits(person: Person, stored: Stored, name: str = name) -> bool:
            what = stored.answer if name == "its answers" else stored.seen["key"]
            mark, beside = person.known["mark"], person.known["beside"]
            plain = hmac.digest(mark_key, mark + what, "sha256")
            return beside in {form_mark_of(mark_key, mark, what), plain, what}

        hits = sum(oracle_attack(case, fits) for case in cases)
        found.append(Found(MARK_AND_KEY, f"with the mark key: {name}", hits, sizes_of(cases)))
    return found


def ranks(cases: Sequence[Case]) -> list[Found]:
    """Match by rank: everything that is known in order against everything that is seen in order."""
    known = sorted(set.intersection(*(set(person.known) for case in cases for person in case.people)))
    seen = sorted(set.intersection(*(set(stored.seen) for case in cases for stored in case.stored)))
    found = []
    for one, other, backwards in itertools.product(known, seen, (False, True)):
        hits = sum(rank(case, one, other, backwards=backwards) for case in cases)
        family = OF_PERSON.get(one, FAMILIES[other])
        way = "backwards" if backwards else "in rank"
        found.append(Found(family, f"{one} – {other}, {way}", hits, sizes_of(cases)))
    return found


def equalities(cases: Sequence[Case]) -> list[Found]:
    """Match what is the same on both sides."""
    known, seen = set(cases[0].people[0].known), set(cases[0].stored[0].seen)
    return [
        Found(
            FAMILIES[other],
            f"{one} = {other}",
            sum(equality_attack(case, one, other) for case in cases),
            sizes_of(cases),
        )
        for one, other in EQUAL
        if one in known and other in seen
    ]


def sizes_of(cases: Sequence[Case]) -> tuple[int, ...]:
    """How many people each box has."""
    return tuple(len(case.people) for case in cases)
