"""The thief: reads everything the database ever shows, from the first answer to the opened boxes.

Has the list of IDs, a copy of the mark key, everything public, and stands at the door. Has not: the private
urn key, which lies with its holder, and the memory of the web server (ADR 3, what is not protected against).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from models.survey import Channel
from portal.ballot.box import mark_of
from portal.ballot.seal import Content, seal
from portal.tools.attack import storage
from portal.tools.attack.crowd import Respondent, Surveyed
from portal.tools.attack.engines import Target
from portal.tools.attack.linking import Case, Stored

_OF_BOX = "WHERE participation_id = :participation AND instrument = :instrument"


class Thief:
    """One theft of one portal."""

    def __init__(self, target: Target, mark_key: bytes) -> None:
        self._target, self._mark_key = target, mark_key
        self._engine: Engine = target.thief()
        self._page = storage.PAGE[target.sqlite]
        self._seen: set[bytes] = set()
        self._backups: list[set[bytes]] = []
        self._arrivals = 0

    def watch(self, where: Surveyed, person: Respondent) -> None:
        """After each answer: which sealed row is new, and what the storage says of it."""
        self._arrivals += 1
        person.known |= {"arrival": self._arrivals, "time": time.time()}
        with self._engine.connect() as connection:
            rows = storage.rows_of(connection, "sealed_answer", "key, sealed", where=_OF_BOX, **_box(where))
            new = [(values, hidden) for values, hidden in rows if bytes(values[0]) not in self._seen]
            assert len(new) == 1, "one sealed row for one answer that was taken"
            (key, sealed), hidden = new[0]
            self._seen.add(bytes(key))
            person.known |= {"sealed key": bytes(key), "sealed": bytes(sealed), "length": len(sealed)}
            person.known |= {f"sealed {name}": value for name, value in hidden.items()}
            if not self._target.sqlite:
                lsn = connection.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))
                person.known["log"] = lsn.scalar_one()

    def keep_a_backup(self) -> None:
        """As every night's backup does: which rows are there by now."""
        self._backups.append(set(self._seen))

    def dump(self, file: Path) -> None:
        """Write the whole database down as text."""
        with self._engine.connect() as connection:
            storage.dump(self._target, connection, file)

    def before_closing(self, boxes: Sequence[Surveyed]) -> None:
        """Find everybody's mark by the mark key and the list of IDs, and where mark and sealed row lie."""
        log = storage.log_files(self._target) if self._target.sqlite else b""
        with self._engine.connect() as connection:
            rows = storage.rows_of(connection, "mark", "mark, form")
            marks = {bytes(values[0]): (values[1], hidden) for values, hidden in rows}
            files = [
                storage.table_file(self._target, connection, table) for table in ("mark", "sealed_answer")
            ]
        for where in boxes:
            for person in where.people:
                mark = mark_of(self._mark_key, where.box, person.citizen_id)
                beside, hidden = marks[mark]
                known = person.known
                known |= {"mark": mark, "beside": bytes(beside), "backup": self._first_backup(known)}
                known |= {f"mark {name}": value for name, value in hidden.items()}
                known["mark cell"] = storage.cell_of(files[0], mark, page=self._page)
                known["sealed cell"] = storage.cell_of(files[1], known["sealed"], page=self._page)
                if log:
                    known["log"] = log.find(mark)

    def _first_backup(self, known: dict[str, Any]) -> int:
        has = (number for number, backup in enumerate(self._backups) if known["sealed key"] in backup)
        return next(has, len(self._backups))

    def after_opening(self, boxes: Sequence[Surveyed]) -> list[Case]:
        """The opened answers as they are stored, and everything their storage says."""
        log = storage.log_files(self._target)
        with self._engine.connect() as connection:
            found = [
                storage.rows_of(connection, "opened_answer", "key, answers", where=_OF_BOX, **_box(where))
                for where in boxes
            ]
            file = storage.table_file(self._target, connection, "opened_answer")
        answers = {bytes(values[1]) for rows in found for values, _hidden in rows}
        in_file = storage.places(file, answers, page=self._page)
        in_log = storage.places(log, answers, page=self._page)
        cases = []
        for where, rows in zip(boxes, found, strict=True):
            stored = [
                Stored(bytes(values[1]), {"as read": number, "key": bytes(values[0]), **hidden})
                for number, (values, hidden) in enumerate(rows)
            ]
            for one in stored:
                one.seen |= {"answers": one.answer, "length": len(one.answer)}
                one.seen |= {f"file {name}": place for name, place in in_file[one.answer].items()}
                of_log = in_log.get(one.answer, storage.NOWHERE)
                one.seen |= {f"log {name}": place for name, place in of_log.items()}
                label = where.box.label(Channel.SELF)
                again = seal(Content(one.answer), label=label, public_key=where.box.public_key)
                one.seen["sealed again"] = again
            cases.append(Case(where.people, stored))
        return cases

    def marks_left(self) -> int:
        """How many marks the database shows."""
        with self._engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM mark")).scalar_one())


def _box(where: Surveyed) -> dict[str, object]:
    return {"participation": where.box.participation_id, "instrument": where.box.instrument.value}
