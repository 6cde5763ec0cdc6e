"""What the portal itself sees of a round's keys once its boxes were opened: looked up, never typed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.audit import AuditEvent
from models.round import Round, RoundState
from portal.ballot.keys import key_folder, mark_file, public_urn_key, urn_file
from portal.ballot.opening import left_over
from portal.core import clock
from portal.core.database.session import db
from portal.core.errors import Refused

TOO_EARLY = "Keys are destroyed once the boxes of the round were opened and its results computed"
NO_KEYS = "The record has no opening of boxes with a key for this round: there is nothing to certify"
SET_ASIDE = "%(count)s answers of this round could not be read and lie set aside: keep every copy of the key"
STILL_HERE = "The portal still holds %(files)s in its key folder: ask whoever runs it to destroy that first"
MARKS_LEFT = "Marks of this round are left: look at the job that deletes them first"


@dataclass(frozen=True)
class Seen:
    """What the portal saw.

    ``fingerprint``: SHA-256 of the public half of the private key. ``began_at``: the first event of the
    round, before which it had no key. ``marks_gone_at`` None: the record has no such event.
    """

    fingerprint: str
    began_at: datetime
    opened_at: datetime
    marks_gone_at: datetime | None
    looked_at: datetime


def look(round: Round) -> Seen:
    """Look at the key folder, the marks, what lies set aside and the record.

    Raises Refused where a key may not be gone yet, where the portal still holds one, or had none.
    """
    if round.state is not RoundState.OPENED:
        raise Refused(TOO_EARLY)
    public_key = public_urn_key(db.session(), round.id)
    opened_at = _moment_of(round, "round.open_boxes")
    began_at = _began_at(round)
    if public_key is None or opened_at is None or began_at is None:
        raise Refused(NO_KEYS)
    marks, aside = left_over(db.session(), round.id)
    if marks:
        raise Refused(MARKS_LEFT)
    if aside:
        raise Refused(SET_ASIDE, count=f"{aside:,}")
    if files := _files_here(round):
        raise Refused(STILL_HERE, files=", ".join(files))
    return Seen(
        fingerprint=hashlib.sha256(public_key).hexdigest(),
        began_at=began_at,
        opened_at=opened_at,
        marks_gone_at=_moment_of(round, "round.empty_marks"),
        looked_at=clock.now(),
    )


def _files_here(round: Round) -> list[str]:
    """The key files of a round that lie in the key folder."""
    folder = key_folder()
    here = ((urn_file(round.id), folder.has_urn_key), (mark_file(round.id), folder.has_mark_key))
    return [name for name, lies_here in here if lies_here(round.id)]


def _moment_of(round: Round, act: str) -> datetime | None:
    """When the record says that this was done to a round, the last time."""
    moment: datetime | None = db.session.scalar(
        select(func.max(AuditEvent.at)).where(
            AuditEvent.thing == "round", AuditEvent.row == str(round.id), AuditEvent.act == act
        )
    )
    return moment


def _began_at(round: Round) -> datetime | None:
    moment: datetime | None = db.session.scalar(
        select(func.min(AuditEvent.at)).where(AuditEvent.thing == "round", AuditEvent.row == str(round.id))
    )
    return moment
