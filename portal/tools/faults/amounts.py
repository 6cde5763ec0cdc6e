"""How much a trial breaks, and how many people answer meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

WEB_WORKER, WEB, SUPERVISOR = "kill: web worker", "kill: web server", "kill: supervisor and all below"
WORKER, CLOSING = "kill: job worker", "kill: job worker, deleting marks"
CONNECTION, HELPER, HEAD = "kill: a database connection", "kill: database writer", "kill: database head"
STARTING, MIDWAY = "kill: opening, as it starts", "kill: opening, midway"
RESTART, DISK = "database restarted", "disk full"
#: what ``--only`` names
KINDS: Mapping[str, frozenset[str]] = {
    "web": frozenset({WEB_WORKER, WEB, SUPERVISOR}),
    "worker": frozenset({WORKER, CLOSING}),
    "database": frozenset({CONNECTION, HELPER, HEAD}),
    "opening": frozenset({STARTING, MIDWAY}),
    "restart": frozenset({RESTART}),
    "disk": frozenset({DISK}),
}
#: what the full form has at least, both databases together
LEAST_KILLS, LEAST_ANSWERS, LEAST_RESTARTS, LEAST_DISKS = 500, 20_000, 20, 10


@dataclass(frozen=True)
class Amounts:
    """Of one trial on one database. ``times``: how often each kind of fault; ``seconds`` of answering."""

    agencies: int
    people: int
    seconds: float
    times: Mapping[str, int]

    def scaled(self, factor: float) -> Amounts:
        """A part of it: fewer people, fewer faults of each kind, a shorter time."""
        times = {kind: max(1, round(number * factor)) for kind, number in self.times.items()}
        people, agencies = max(1, round(self.people * factor)), max(2, round(self.agencies * factor))
        return Amounts(agencies, people, self.seconds * factor, times)

    def only(self, names: Collection[str]) -> Amounts:
        """With these kinds of faults alone; all where none is named."""
        kinds = frozenset[str]().union(*(KINDS[name] for name in names or KINDS))
        return replace(self, times={kind: number for kind, number in self.times.items() if kind in kinds})


MINUTES = 42.0
FULL = {
    "sqlite": Amounts(
        agencies=40,
        people=9_000,
        seconds=540.0,
        times={WEB_WORKER: 60, WEB: 8, SUPERVISOR: 6, WORKER: 40, DISK: 5, CLOSING: 1}
        | {STARTING: 22, MIDWAY: 28},
    ),
    "postgres": Amounts(
        agencies=40,
        people=12_500,
        seconds=1_000.0,
        times={WEB_WORKER: 60, WEB: 8, SUPERVISOR: 6, WORKER: 50, CONNECTION: 150, HELPER: 25, HEAD: 15}
        | {RESTART: 20, DISK: 6, CLOSING: 1, STARTING: 22, MIDWAY: 28},
    ),
}
SMALL = {
    "sqlite": Amounts(
        agencies=2,
        people=160,
        seconds=22.0,
        times={WEB_WORKER: 2, SUPERVISOR: 1, WORKER: 1, DISK: 1, STARTING: 1, MIDWAY: 1},
    ),
    "postgres": Amounts(
        agencies=2,
        people=160,
        seconds=25.0,
        times={WEB_WORKER: 2, WEB: 1, WORKER: 1, CONNECTION: 2, HEAD: 1, RESTART: 1, DISK: 1}
        | {STARTING: 1, MIDWAY: 1},
    ),
}
