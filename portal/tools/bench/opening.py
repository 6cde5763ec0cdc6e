"""A closed round's boxes opened and its agencies scored, beside unsealing alone; and how much lay in them."""

from __future__ import annotations

import resource
import time
from functools import partial
from pathlib import Path

from sqlalchemy import text

from models.instrument import InstrumentKind
from models.survey import Channel
from portal.ballot.seal import Label, opener, unseal_box
from portal.ballot.wall import system_read
from portal.results.opening import open_round_boxes
from portal.tools.bench.table import Figure, Table, cpu_of
from portal.tools.drill import ending
from portal.tools.drill.ground import Ground

_ONE = text(
    "SELECT p.agency_id, s.instrument, s.channel, s.sealed, (SELECT count(*) FROM sub_item l"
    " JOIN question q ON q.id = l.question_id JOIN instrument i ON i.id = q.instrument_id"
    " WHERE i.round_id = s.round_id AND i.kind = s.instrument)"
    " FROM sealed_answer s JOIN participation p ON p.id = s.participation_id LIMIT 1"
)
#: bytes of a table with its indexes (SQLite keeps these rows in their key alone)
_SIZE = {
    "postgresql": "SELECT pg_total_relation_size(CAST(:name AS regclass))",
    "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name = :name",
}
#: unsealings by which one is measured
TIMES = 200


def measured(table: Table, ground: Ground, key_file: Path) -> None:
    """Close the round, open and score it, in the caller's application context.

    Nothing that asks for an open survey goes after it.
    """
    key = key_file.read_bytes()
    table.say(f"sealed answers {_bytes('sealed_answer')}; marks {_bytes('mark')}")
    alone = _unsealing(ground.round_id, key)
    ending.close(ground)
    begun, before = time.perf_counter(), _cpu()
    report, _grades = open_round_boxes(ground.round_id, private_key=key)
    took, (own, others) = time.perf_counter() - begun, _cpu()
    note = f"{report.opened / took:,.0f} a second; CPU {own - before[0]:.1f} s here"
    table.add(
        Figure(
            f"{report.opened:,} answers opened and scored",
            took,
            took,
            alone * report.opened,
            "unsealing alone, its CPU",
            f"{note}, {others - before[1]:.1f} s of unsealers",
        )
    )


def _unsealing(round_id: int, key: bytes) -> float:
    """CPU seconds of one unsealing."""
    with system_read() as connection:
        agency, instrument, channel, sealed, slots = connection.execute(_ONE).one()
    label = Label(round_id, agency, InstrumentKind(instrument), Channel(channel))
    box = [(channel, bytes(sealed))] * TIMES
    act = partial(unseal_box, box, label=label, private_key=opener(key), slots=slots)
    return cpu_of(act, times=1) / TIMES


def _bytes(name: str) -> str:
    """A table's size, and of each of its rows."""
    with system_read() as connection:
        size = connection.execute(text(_SIZE[connection.dialect.name]), {"name": name}).scalar_one() or 0
        rows = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - ours
    return f"{size / 1e6:,.1f} MB ({size / max(1, rows):.0f} bytes each)"


def _cpu() -> tuple[float, float]:
    """CPU seconds of this process, and of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, others = (each.ru_utime + each.ru_stime for each in used)
    return own, others
