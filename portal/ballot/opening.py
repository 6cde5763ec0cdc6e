"""Opening the boxes of a closed round: once, with the private urn key, each box in one transaction.

Per (agency, instrument): read, shuffle, decrypt, shuffle again, delete, insert under new random keys. Boxes
are read and unsealed ahead (``unsealers``); what is deleted must be what was read. What cannot be read is set
aside and raises an alarm; it is never dropped. A run that was killed goes on with the boxes that are still
sealed. Afterwards the key folder's private key is destroyed; once its holder has
destroyed theirs, what copies of the database still hold of the boxes is dead ciphertext.

Needs the private key, so it is an act of the key's holder on the command line (the demonstration opens by
itself): never an HTTP request, never an argument of a job.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from models.ballot import ROW_KEY
from models.instrument import InstrumentKind
from models.round import CombineRule, RoundState
from models.survey import Channel
from portal.ballot.keys import key_folder, public_key_of
from portal.ballot.lids import Box, Lid, Rules, lid_of, unsealed
from portal.ballot.unsealers import crew
from portal.ballot.wall import hold_round, system_read, system_role, system_transaction
from portal.core.errors import Refused

log = logging.getLogger(__name__)

_ROUND = text("SELECT state, detail_threshold, eit_combine FROM round WHERE id = :round")
_PUBLIC_KEY = text("SELECT public_key FROM urn_key WHERE round_id = :round")
_ANY_ASIDE = text(
    "SELECT 1 FROM set_aside a JOIN participation p ON p.id = a.participation_id"
    " WHERE p.round_id = :round LIMIT 1"
)
_MARKS_LEFT = text("SELECT 1 FROM mark WHERE round_id = :round LIMIT 1")
_BOXES = text(
    "SELECT DISTINCT s.participation_id, s.instrument, p.agency_id FROM sealed_answer s"
    " JOIN participation p ON p.id = s.participation_id WHERE s.round_id = :round"
    " ORDER BY s.participation_id, s.instrument"
)
_SLOTS = text(
    "SELECT i.kind, count(*) FROM sub_item s JOIN question q ON q.id = s.question_id"
    " JOIN instrument i ON i.id = q.instrument_id WHERE i.round_id = :round GROUP BY i.kind"
)
_SEALED = text("SELECT count(*) FROM sealed_answer WHERE round_id = :round")
_DELETE = text(
    "DELETE FROM sealed_answer"
    " WHERE round_id = :round AND participation_id = :participation AND instrument = :instrument"
    " RETURNING key"
)
_INSERT_EACH = (
    "INSERT INTO opened_answer (participation_id, instrument, key, channel, answers) VALUES (?, ?, ?, ?, ?)"
)
_INSERT_TOGETHER = (
    "INSERT INTO opened_answer (participation_id, instrument, key, channel, answers)"
    " SELECT %s, %s, * FROM unnest(%s::bytea[], %s::text[], %s::bytea[])"
)
_SET_ASIDE = text(
    "INSERT INTO set_aside (participation_id, instrument, key, channel, sealed)"
    " VALUES (:participation, :instrument, :key, :channel, :sealed)"
)
_FORGET_INTERVIEWS = text("UPDATE interview SET sealed_key = NULL WHERE participation_id = :participation")

_OPENED = text(
    "SELECT count(*) FROM opened_answer a JOIN participation p ON p.id = a.participation_id"
    " WHERE p.round_id = :round"
)
_ASIDE = text(
    "SELECT count(*) FROM set_aside a JOIN participation p ON p.id = a.participation_id"
    " WHERE p.round_id = :round"
)
_OPENED_BOXES = text(
    "SELECT count(*) FROM (SELECT a.participation_id, a.instrument FROM opened_answer a"
    " JOIN participation p ON p.id = a.participation_id WHERE p.round_id = :round"
    " UNION SELECT a.participation_id, a.instrument FROM set_aside a"
    " JOIN participation p ON p.id = a.participation_id WHERE p.round_id = :round) box"
)

Progress = Callable[[int, int], None]


@dataclass
class Opening:
    """What a run of the opening did."""

    boxes: int = 0
    opened: int = 0
    set_aside: int = 0
    #: participations with an answer that could not be read
    alarmed: list[int] = field(default_factory=list)


def open_boxes(round_id: int, *, private_key: bytes, progress: Progress | None = None) -> Opening:
    """Open every box of a closed round, then destroy the key folder's private urn key.

    The holder's own file is the holder's to destroy (``keys.destroy_file``). While anything lies set aside
    the key stays, since without it nothing could ever be read. ``progress`` gets boxes done and boxes in all.
    Runs in transactions of its own; the round's state is the caller's to move on. Raises Refused while the
    round is not closed, while marks are left (no table ever holds marks and opened answers together), and for
    a key of another round (which would set everything aside).
    """
    rules, boxes, sealed = _prepare(round_id, public_key_of(private_key))
    key_folder().destroy_mark_key(round_id)
    report = Opening()
    lids = [lid_of(round_id, rules, *box) for box in boxes]
    with crew(private_key, answers=sealed) as unsealing:
        for number, box in enumerate(unsealed(lids, unsealing), start=1):
            with system_transaction() as connection:
                _put_opened(connection, box, report)
            if progress is not None:
                progress(number, len(boxes))
    with system_transaction() as connection:
        aside = connection.execute(_ANY_ASIDE, {"round": round_id}).first()
    if aside is None:
        key_folder().destroy_urn_key(round_id)
    return report


def left_over(session: Session, round_id: int) -> tuple[bool, int]:
    """Whether marks of a round are left, and how many answers lie set aside; in the session's transaction.

    While there is any of either, no copy of the round's key may go.
    """
    with system_role(session.connection()) as connection:
        marks = connection.execute(_MARKS_LEFT, {"round": round_id}).first() is not None
        return marks, int(connection.execute(_ASIDE, {"round": round_id}).scalar_one())


def opened_in_all(round_id: int) -> Opening:
    """What every run of a round's opening has done together."""
    with system_read() as connection:
        boxes, opened, aside = (
            int(connection.execute(query, {"round": round_id}).scalar_one())
            for query in (_OPENED_BOXES, _OPENED, _ASIDE)
        )
    return Opening(boxes, opened, aside)


def nothing_sealed(round_id: int) -> bool:
    """True where a closed round has no sealed answer and no mark: a run before opened every box."""
    with system_read() as connection:
        state = connection.execute(_ROUND, {"round": round_id}).scalar()
        left = [connection.execute(query, {"round": round_id}).first() for query in (_MARKS_LEFT, _BOXES)]
    return state == RoundState.CLOSED.value and left == [None, None]


def _prepare(round_id: int, public_key: bytes) -> tuple[Rules, list[tuple[int, str, int]], int]:
    with system_transaction() as connection:
        hold_round(connection, round_id, alone=True)
        if connection.execute(_PUBLIC_KEY, {"round": round_id}).scalar() != public_key:
            raise Refused("This key does not open the boxes of this round")
        state, threshold, combine = connection.execute(_ROUND, {"round": round_id}).one()
        if RoundState(state) is not RoundState.CLOSED:
            raise Refused("Boxes are opened once, after the round was closed")
        if connection.execute(_MARKS_LEFT, {"round": round_id}).first() is not None:
            raise Refused("The marks of this round must be deleted before its boxes are opened")
        slots = {kind: int(number) for kind, number in connection.execute(_SLOTS, {"round": round_id})}
        boxes = [(row[0], row[1], row[2]) for row in connection.execute(_BOXES, {"round": round_id})]
        sealed = int(connection.execute(_SEALED, {"round": round_id}).scalar_one())
    return Rules(threshold, CombineRule(combine), slots), boxes, sealed


def _put_opened(connection: Connection, box: Box, report: Opening) -> None:
    """Put the answers of a box in the place of what was sealed, in the caller's transaction.

    A box that another run has opened since it was read is left as it is.
    """
    lid, where = box.lid, box.lid.where()
    gone = {bytes(key) for key in connection.execute(_DELETE, where).scalars()}
    if not gone:
        return
    if gone != {key for key, _channel, _sealed in box.rows}:
        raise RuntimeError("a sealed box is not what was read of it")
    opened: list[tuple[Channel, bytes]] = []
    aside: list[dict[str, Any]] = []
    for (key, channel, sealed), answers in zip(box.rows, box.answers, strict=True):
        if answers is None:
            aside.append({**where, "key": key, "channel": channel, "sealed": sealed})
        else:
            opened.append((Channel(channel), answers))
    SystemRandom().shuffle(opened)
    channels = [channel for channel, _answers in opened]
    merged = merge_small_channels(channels, least=lid.least, within_parts=lid.weighed)
    insert_opened(connection, lid, zip(merged, (answers for _from, answers in opened), strict=True))
    if aside:
        connection.execute(_SET_ASIDE, aside)
        report.alarmed.append(lid.participation_id)
        log.error("%d sealed answers of participation %d cannot be read", len(aside), lid.participation_id)
    if lid.label.instrument is InstrumentKind.EIT:
        connection.execute(_FORGET_INTERVIEWS, {"participation": lid.participation_id})
    report.boxes += 1
    report.opened += len(opened)
    report.set_aside += len(aside)


def insert_opened(connection: Connection, lid: Lid, answers: Iterable[tuple[Channel, bytes]]) -> None:
    """Insert opened answers of a box in this order, each under a new random key: by the driver, in one go."""
    rows = [(secrets.token_bytes(ROW_KEY), channel.value, one) for channel, one in answers]
    if not rows:
        return
    box = (lid.participation_id, lid.label.instrument.value)
    if connection.dialect.name == "postgresql":
        columns = map(list, zip(*rows, strict=True))
        connection.exec_driver_sql(_INSERT_TOGETHER, (*box, *columns))
    else:
        connection.exec_driver_sql(_INSERT_EACH, [(*box, *row) for row in rows])


def merge_small_channels(
    channels: Sequence[Channel], *, least: int, within_parts: bool = False
) -> list[Channel]:
    """The channel of each answer, where those with fewer than ``least`` answers are merged (A2).

    They go to the channel with the most answers (the respondents' own where numbers are equal), so that
    afterwards each channel that still shows is large enough to hide in, or there is one channel only.
    ``within_parts``: of a round that weighs interviews against answers by links, only among those of a part.
    """
    sizes = Counter(channels)

    def among(channel: Channel) -> list[Channel]:
        return [one for one in sizes if not within_parts or one.part == channel.part]

    def main(channel: Channel) -> Channel:
        return max(among(channel), key=lambda one: (sizes[one], one is Channel.SELF))

    kept = {channel: channel if sizes[channel] >= least else main(channel) for channel in sizes}
    return [kept[channel] for channel in channels]
