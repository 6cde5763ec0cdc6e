"""What lies in the database, counted past every wall and by no function of the portal's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from portal.tools.attack.engines import Target

_TABLES = {
    "marks": "SELECT count(*) FROM mark",
    "sealed": "SELECT count(*) FROM sealed_answer",
    "opened": "SELECT count(*) FROM opened_answer",
    "aside": "SELECT count(*) FROM set_aside",
    "counted": "SELECT coalesce(sum(count), 0) FROM answer_count",
    "daily": "SELECT coalesce(sum(count), 0) FROM daily_count",
}
_ALL = text(f"SELECT {', '.join(f'({query})' for query in _TABLES.values())}")
_OPENED = text("SELECT participation_id, instrument, answers FROM opened_answer")


@dataclass(frozen=True)
class Counts:
    """Rows of one moment."""

    marks: int
    sealed: int
    opened: int
    aside: int
    counted: int
    daily: int

    @property
    def answers(self) -> int:
        """Answers in all, wherever they lie."""
        return self.sealed + self.opened + self.aside


class Eye:
    """Looks into the database of a trial."""

    def __init__(self, target: Target) -> None:
        self._engine: Engine = create_engine(target.thief_url, poolclass=NullPool)

    def count(self) -> Counts:
        """All counts, in one statement."""
        with self._engine.connect() as connection:
            return Counts(*map(int, connection.execute(_ALL).one()))

    def opened(self) -> list[tuple[int, str, bytes]]:
        """Participation, instrument and answers of every opened answer."""
        with self._engine.connect() as connection:
            return [(row[0], row[1], bytes(row[2])) for row in connection.execute(_OPENED)]
