"""Counters against a full recount: equal at any time, before and after the opening."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.ballot.wall import system_read

_SEALED = text(
    "SELECT participation_id, instrument, channel, count(*) FROM sealed_answer WHERE round_id = :round"
    " GROUP BY participation_id, instrument, channel"
)
_OPENED = text(
    "SELECT a.participation_id, a.instrument, count(*) FROM opened_answer a"
    " JOIN participation p ON p.id = a.participation_id WHERE p.round_id = :round"
    " GROUP BY a.participation_id, a.instrument"
)
_ASIDE = text(
    "SELECT a.participation_id, a.instrument, count(*) FROM set_aside a"
    " JOIN participation p ON p.id = a.participation_id WHERE p.round_id = :round"
    " GROUP BY a.participation_id, a.instrument"
)
_COUNTED = text(
    "SELECT c.participation_id, c.instrument, c.channel, c.count FROM answer_count c"
    " JOIN participation p ON p.id = c.participation_id WHERE p.round_id = :round"
)
_DAILY = text(
    "SELECT c.participation_id, c.instrument, c.channel, sum(c.count) FROM daily_count c"
    " JOIN participation p ON p.id = c.participation_id WHERE p.round_id = :round"
    " GROUP BY c.participation_id, c.instrument, c.channel"
)
BoxKey = tuple[int, str]


@dataclass(frozen=True)
class CountDifference:
    """A box whose counter and contents disagree; ``channel`` is "" for a box that has been opened."""

    participation_id: int
    instrument: str
    channel: str
    counted: int
    found: int


def differences(round_id: int) -> list[CountDifference]:
    """Every counter of a round that differs from a recount; empty where all agree.

    While a box is sealed it is compared per channel, also with the daily counts. Opening may merge small
    channels (A2), so an opened box is compared as a whole; what was set aside counts.
    """
    with system_read() as connection:
        opened = _sums(connection, _OPENED, round_id)
        for box, number in _sums(connection, _ASIDE, round_id).items():
            opened[box] = opened.get(box, 0) + number
        sealed = _keyed(connection, _SEALED, round_id)
        counted = _keyed(connection, _COUNTED, round_id)
        daily = _keyed(connection, _DAILY, round_id)
    found = [
        *_compare({key: n for key, n in counted.items() if key[:2] not in opened}, sealed),
        *_compare(counted, daily),
    ]
    whole: dict[BoxKey, int] = {}
    for (participation, instrument, _channel), number in counted.items():
        if (participation, instrument) in opened:
            whole[participation, instrument] = whole.get((participation, instrument), 0) + number
    found += [
        CountDifference(box[0], box[1], "", whole.get(box, 0), opened[box])
        for box in opened
        if whole.get(box, 0) != opened[box]
    ]
    return found


def _keyed(connection: Connection, query: object, round_id: int) -> dict[tuple[int, str, str], int]:
    rows = connection.execute(query, {"round": round_id})  # type: ignore[call-overload]
    return {(row[0], row[1], row[2]): int(row[3]) for row in rows}


def _sums(connection: Connection, query: object, round_id: int) -> dict[BoxKey, int]:
    rows = connection.execute(query, {"round": round_id})  # type: ignore[call-overload]
    return {(row[0], row[1]): int(row[2]) for row in rows}


def _compare(
    counted: dict[tuple[int, str, str], int], found: dict[tuple[int, str, str], int]
) -> list[CountDifference]:
    return [
        CountDifference(*key, counted=counted.get(key, 0), found=found.get(key, 0))
        for key in sorted(counted.keys() | found.keys())
        if counted.get(key, 0) != found.get(key, 0)
    ]
