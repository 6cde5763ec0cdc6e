"""The boxes of a closed round as they are opened: read, shuffled and unsealed ahead of who writes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from sqlalchemy import text

from models.instrument import InstrumentKind
from models.round import CombineRule
from models.survey import Channel
from portal.ballot.seal import Label
from portal.ballot.unsealers import Answers, Crew
from portal.ballot.wall import system_read

_READ = text(
    "SELECT participation_id, instrument, key, channel, sealed FROM sealed_answer"
    " WHERE round_id = :round AND participation_id BETWEEN :first AND :last"
)
#: boxes of one reading
READ_AT_ONCE = 20

#: a sealed answer: key, channel, sealed bytes
Row = tuple[bytes, str, bytes]


@dataclass(frozen=True)
class Rules:
    """What a round says about its boxes."""

    detail_threshold: int
    combine: CombineRule
    slots: dict[str, int]


@dataclass(frozen=True)
class Lid:
    """One box to open."""

    label: Label
    participation_id: int
    slots: int
    least: int
    #: channels are merged among those of a part only
    weighed: bool

    def where(self) -> dict[str, Any]:
        """The values of a statement about this box."""
        return {
            "round": self.label.round_id,
            "participation": self.participation_id,
            "instrument": self.label.instrument.value,
        }


@dataclass(frozen=True)
class Box:
    """What lay in a box, shuffled, and the answers in the same order."""

    lid: Lid
    rows: list[Row]
    answers: Answers


def lid_of(round_id: int, rules: Rules, participation_id: int, instrument: str, agency_id: int) -> Lid:
    """A box by its row, with the rules that hold for it."""
    kind = InstrumentKind(instrument)
    weighed = kind is InstrumentKind.EIT and rules.combine is CombineRule.HALVES
    return Lid(
        label=Label(round_id, agency_id, kind, Channel.SELF),
        participation_id=participation_id,
        slots=rules.slots[instrument],
        least=rules.detail_threshold,
        weighed=weighed,
    )


def unsealed(lids: Sequence[Lid], unsealing: Crew) -> Iterator[Box]:
    """The boxes in their order, each unsealed, while those that follow are on the way."""
    on_the_way: deque[tuple[Lid, list[Row], Callable[[], Answers]]] = deque()

    def first() -> Box:
        lid, rows, answers = on_the_way.popleft()
        return Box(lid, rows, answers())

    for lid, rows in _read(lids):
        begun = unsealing.unseal(lid.label, lid.slots, [(channel, sealed) for _key, channel, sealed in rows])
        on_the_way.append((lid, rows, begun))
        if len(on_the_way) > unsealing.ahead:
            yield first()
    while on_the_way:
        yield first()


def _read(lids: Sequence[Lid]) -> Iterator[tuple[Lid, list[Row]]]:
    """What lies in each box, shuffled; read for a few boxes at a time."""
    for start in range(0, len(lids), READ_AT_ONCE):
        piece = lids[start : start + READ_AT_ONCE]
        where = {
            "round": piece[0].label.round_id,
            "first": piece[0].participation_id,
            "last": piece[-1].participation_id,
        }
        found: dict[tuple[int, str], list[Row]] = {}
        with system_read() as connection:
            for participation, instrument, key, channel, sealed in connection.execute(_READ, where):
                row = (bytes(key), channel, bytes(sealed))
                found.setdefault((participation, instrument), []).append(row)
        for lid in piece:
            rows = found.get((lid.participation_id, lid.label.instrument.value), [])
            SystemRandom().shuffle(rows)
            yield lid, rows
