"""What a database that came back is told before anybody may use it: which rounds were closed since.

As the database's owner, in one transaction, with an event for each in the record. No round that was closed
goes on as open, and no mark of a closed round is left, nor its key.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from config import Settings
from models.ballot import Mark
from models.round import Round, RoundState
from portal.ballot import closed_rounds
from portal.ballot.closed_rounds import ClosedRound
from portal.ballot.keys import KeyFolder
from portal.core import audit

_OVER = (RoundState.CLOSED, RoundState.OPENED)


@dataclass(frozen=True)
class Settled:
    """What was done. ``lines`` say it in plain words; ``closed`` are the rounds that were closed again."""

    closed: tuple[int, ...]
    lines: tuple[str, ...]


def settle(settings: Settings, engine: Engine, *, lists: tuple[Path, ...], event: dict[str, str]) -> Settled:
    """Close what was closed since, delete the marks of all closed rounds and their keys, and record it.

    ``lists``: lists of closed rounds beside the one of the key folder, which learns what they know.
    ``event``: what the record says of where the database came from.
    """
    own = settings.key_dir / closed_rounds.FILE
    known = closed_rounds.read(own, *lists)
    closed_rounds.note(own, known)
    folder = KeyFolder(settings.key_dir)
    with Session(engine) as session, session.begin():
        done = _Settling(session, known, folder)
        audit.record(session, act="backup.restore", thing="backup", after=event)
        done.run()
    for round_id in done.over:
        folder.destroy_mark_key(round_id)
    _clear(engine)
    return Settled(tuple(done.closed), tuple(done.lines))


class _Settling:
    def __init__(self, session: Session, known: list[ClosedRound], folder: KeyFolder) -> None:
        self._session, self._known, self._folder = session, known, folder
        self.closed: list[int] = []
        self.over: list[int] = []
        self.lines: list[str] = []

    def run(self) -> None:
        """Look at each round, and then at what the lists know beyond them."""
        connection = self._session.connection()
        here = []
        for round_id, state in self._session.execute(select(Round.id, Round.state).order_by(Round.id)).all():
            standing = closed_rounds.as_it_stands(connection, round_id)
            here.append(standing)
            since = next((one for one in self._known if one.is_same(standing)), None)
            if state not in _OVER and since is not None:
                self._close(round_id, state, since)
            if state in _OVER or since is not None:
                self._empty(round_id, standing)
            elif state is RoundState.OPEN:
                self._tell_of_open(round_id, standing)
        for one in self._known:
            if not any(one.is_same(other) for other in here):
                self.lines.append(
                    f"Round {one.round_id} ({one.name}), closed {one.closed_at}, is not in this backup"
                )

    def _close(self, round_id: int, state: RoundState, since: ClosedRound) -> None:
        at = datetime.fromisoformat(since.closed_at)
        values = {"state": RoundState.CLOSED, "closed_at": at, "version": Round.version + 1}
        self._session.execute(update(Round).where(Round.id == round_id).values(**values))
        self._record(
            "round.close_again",
            round_id,
            before={"state": state.value},
            after={"state": RoundState.CLOSED.value, "closed_at": since.closed_at},
        )
        self.closed.append(round_id)
        self.lines.append(
            f"Round {round_id} ({since.name}) was {state.value} in the backup and was closed since, on "
            f"{since.closed_at}: it is closed again. What was answered after the backup is lost"
        )

    def _empty(self, round_id: int, standing: ClosedRound) -> None:
        mine = Mark.round_id == round_id
        marks = self._session.scalar(select(func.count()).select_from(Mark).where(mine)) or 0
        self.over.append(round_id)
        if not marks:
            return
        self._session.execute(delete(Mark).where(mine))
        self._record("round.empty_marks", round_id, after={"marks": marks, "key_destroyed": True})
        self.lines.append(f"{marks:,} marks of round {round_id} ({standing.name}) came back and are deleted")

    def _tell_of_open(self, round_id: int, standing: ClosedRound) -> None:
        """An open round goes on only where its marks' key is: without it each ID could answer twice."""
        if self._folder.has_mark_key(round_id) or not standing.fingerprint:
            return
        self.lines.append(
            f"Round {round_id} ({standing.name}) is open, and the key of its marks is not in the key folder: "
            "no survey of it takes an answer until the key folder is back, or NACC closes the round"
        )

    def _record(
        self, act: str, round_id: int, *, after: dict[str, object], before: dict[str, object] | None = None
    ) -> None:
        audit.record(self._session, act=act, thing="round", row=round_id, before=before, after=after)


def _clear(engine: Engine) -> None:
    """What deleted marks left in the database's own files."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL mark"))
        return
    with closing(engine.raw_connection()) as raw, closing(raw.cursor()) as cursor:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
