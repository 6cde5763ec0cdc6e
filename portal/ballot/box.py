"""Casting: one transaction for mark, sealed answer and counters, and only then the acknowledgement.

The statements stand in ``portal.ballot.putting``. A mark is inserted only while the round is open, seen
inside the transaction that holds the round: a box that has closed takes nothing more, whoever was on the way.
"""

from __future__ import annotations

import enum
import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import LargeBinary, bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from models.ballot import ROW_KEY
from models.instrument import InstrumentKind
from models.survey import Channel
from portal.ballot.keys import key_folder
from portal.ballot.putting import MARK, put_alone, put_inside
from portal.ballot.seal import VERSION, Content, Label, seal
from portal.ballot.wall import hold_round, system_read, system_transaction
from portal.core import clock

_MARK = text(MARK).bindparams(bindparam("form", type_=LargeBinary()))
_FORM = text("SELECT form FROM mark WHERE round_id = :round AND mark = :mark")
_IS_OPEN = text("SELECT 1 FROM round WHERE id = :round AND state = 'open'")
_CONTESTED = text(
    "INSERT INTO contested_count (participation_id, instrument, agency_id, province_id, count)"
    " VALUES (:participation, :instrument, :agency, :province, 1)"
    " ON CONFLICT (participation_id, instrument) DO UPDATE SET count = contested_count.count + 1"
)


class CastResult(enum.Enum):
    """What came of casting an answer."""

    ACCEPTED = "accepted"
    #: the form that made this mark, sent once more: the same sending, which changes nothing
    REPEATED = "repeated"
    ALREADY = "already"
    CLOSED = "closed"
    #: collecting on site is not, or no longer, asked for at this agency
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Box:
    """The box of one (participation, instrument), and what is needed to put something in."""

    round_id: int
    participation_id: int
    agency_id: int
    province_id: int
    instrument: InstrumentKind
    public_key: bytes

    def label(self, channel: Channel) -> Label:
        """What an answer through this channel is sealed to."""
        return Label(self.round_id, self.agency_id, self.instrument, channel)

    def row(self, channel: Channel, day: date) -> dict[str, Any]:
        """The values that the counters are kept by."""
        return {
            "round": self.round_id,
            "participation": self.participation_id,
            "agency": self.agency_id,
            "province": self.province_id,
            "instrument": self.instrument.value,
            "channel": channel.value,
            "day": day,
        }


def mark_of(mark_key: bytes, box: Box, citizen_id: str) -> bytes:
    """The mark of an ID in a box: it does not depend on the channel, so an ID counts once."""
    parts = (VERSION, box.round_id, box.agency_id, box.instrument.value, citizen_id)
    return hmac.digest(mark_key, "|".join(map(str, parts)).encode(), "sha256")


def interview_mark_of(mark_key: bytes, box: Box, roster_entry_id: int) -> bytes:
    """The mark of an interviewed roster row, in a domain of its own: interviews have no ID."""
    parts = (VERSION, "interview", box.round_id, box.agency_id, box.instrument.value, roster_entry_id)
    return hmac.digest(mark_key, "|".join(map(str, parts)).encode(), "sha256")


def contest_mark_of(mark_key: bytes, box: Box, form: bytes) -> bytes:
    """The mark of a form on which somebody said "that was not me", in a domain of its own."""
    parts = (VERSION, "contest", box.round_id, box.agency_id, box.instrument.value, form.hex())
    return hmac.digest(mark_key, "|".join(map(str, parts)).encode(), "sha256")


def form_mark_of(mark_key: bytes, mark: bytes, form: bytes) -> bytes:
    """What stands beside a mark: it tells its own form's value from others, and one mark from the next.

    It is bound to the mark, so a phone on which two people answered one form leaves no common value.
    """
    return hmac.digest(mark_key, f"{VERSION}|form|{mark.hex()}|{form.hex()}".encode(), "sha256")


def cast(
    box: Box,
    citizen_id: str,
    answers: bytes,
    *,
    channel: Channel = Channel.SELF,
    form: bytes | None = None,
) -> CastResult:
    """Put an encoded answer (models.answer_codec) into the box, once per ID.

    ``citizen_id`` is the normalised ID; it is turned into the mark here and goes nowhere else. ``form`` is
    the random value of the served form: the first sending counts, and the same form with the same ID gives
    REPEATED, whatever its answers. What comes back is true on disk: ACCEPTED only after the commit. Runs in a
    transaction of its own. Raises KeyMissing.
    """
    mark_key = key_folder().mark_key(box.round_id)
    mark = mark_of(mark_key, box, citizen_id)
    beside = None if form is None else form_mark_of(mark_key, mark, form)
    sealed = seal(Content(answers), label=box.label(channel), public_key=box.public_key)
    row = _row(box, channel, mark=mark, form=beside, sealed=sealed, key=secrets.token_bytes(ROW_KEY))
    try:
        accepted = _put_alone(row, again=form is not None)
    except IntegrityError:
        if channel is Channel.ON_SITE:  # a trigger of the counters takes none without the assessor's ask
            return CastResult.NOT_ASKED
        raise
    if accepted:
        return CastResult.ACCEPTED
    with system_read() as connection:
        return _why_refused(connection, box, mark, beside)


def put(
    connection: Connection, box: Box, *, mark: bytes, sealed: bytes, channel: Channel, key: bytes
) -> CastResult:
    """Casting without a form, inside the transaction of ``connection`` (which has the system's role)."""
    hold_round(connection, box.round_id)
    if put_inside(connection, _row(box, channel, mark=mark, form=None, sealed=sealed, key=key)):
        return CastResult.ACCEPTED
    return _why_refused(connection, box, mark, None)


def _put_alone(row: dict[str, Any], *, again: bool) -> bool:
    """Put it in. Where the connection was lost on the way, nobody knows what became of it: once more.

    ``again``: only what its form tells from a second person's may be sent twice.
    """
    try:
        return put_alone(row)
    except DBAPIError as error:
        if not (again and error.connection_invalidated):
            raise
    return put_alone(row)


def _row(box: Box, channel: Channel, **values: bytes | None) -> dict[str, Any]:
    return {**box.row(channel, clock.now().date()), **values}


def _why_refused(connection: Connection, box: Box, mark: bytes, form: bytes | None) -> CastResult:
    """A mark was not taken. What stands beside one is looked at only here, where that mark exists."""
    if connection.execute(_IS_OPEN, {"round": box.round_id}).first() is None:
        return CastResult.CLOSED
    kept = connection.execute(_FORM, {"round": box.round_id, "mark": mark}).scalar()
    same = form is not None and kept is not None and hmac.compare_digest(bytes(kept), form)
    return CastResult.REPEATED if same else CastResult.ALREADY


def contest(box: Box, form: bytes) -> CastResult:
    """Count that somebody said "that was not me": a number per box, once per form.

    That a form has said it is a mark of its own, gone with the others at closing. Gives ACCEPTED, REPEATED
    (nothing is counted) or CLOSED. Raises KeyMissing.
    """
    mark = contest_mark_of(key_folder().mark_key(box.round_id), box, form)
    with system_transaction() as connection:
        hold_round(connection, box.round_id)
        marked = {"round": box.round_id, "mark": mark, "form": None}
        if connection.execute(_MARK, marked).first() is None:
            is_open = connection.execute(_IS_OPEN, {"round": box.round_id}).first() is not None
            return CastResult.REPEATED if is_open else CastResult.CLOSED
        connection.execute(_CONTESTED, box.row(Channel.SELF, clock.now().date()))
    return CastResult.ACCEPTED
