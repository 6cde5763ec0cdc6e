"""The act that is final: what was destroyed is written down; what is wrong is replaced, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import func, select

from models.destruction import KeyDestruction
from models.job import Job
from models.round import Round
from models.thai import thai_date
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.jobs import queue
from portal.core.lookup import hold
from portal.core.texts import _
from portal.destruction import papers
from portal.destruction.seen import Seen, look
from reports.destruction_data import DestroyedCopy

#: the work that prints a certificate for the first time
PRINT = "destruction.print"
WRITTEN = "Somebody wrote this certificate already: look at it, and correct it where it is wrong"
AHEAD = "A copy is written down once it is destroyed: this moment lies ahead"
BEFORE = "The round was begun on %(day)s: a key of it cannot have been destroyed before"
SAME = "The witness is somebody else than who destroyed the copy"


def written_for(round: Round) -> Sequence[KeyDestruction]:
    """The certificates of a round, the one that holds first."""
    query = select(KeyDestruction).where(KeyDestruction.round_id == round.id)
    return db.session.scalars(query.order_by(KeyDestruction.number.desc())).all()


def write(
    round: Round, copies: Sequence[DestroyedCopy], *, number: int, reason: str = "", actor: Actor
) -> KeyDestruction:
    """Write the certificate of this number, and order its print.

    ``number`` 1 is the first of the round; a higher one takes the place of the one before, with the reason.
    Raises Refused where the portal still has a key, for a wrong statement, and where somebody was faster.
    """
    hold(round)
    seen = look(round)
    if number != next_number(round):
        raise Refused(WRITTEN)
    if number > 1 and not reason.strip():
        raise Refused("Say what was wrong on the certificate before", field="reason")
    for copy in copies:
        require_true(copy, seen)
    said = papers.said_by(round, seen, copies)
    made = KeyDestruction(
        round_id=round.id,
        number=number,
        reason=reason.strip() if number > 1 else "",
        written_at=clock.now(),
        written_by=actor.name,
        data=said,
        digest=hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )
    with audit.act("keys.destroyed"):
        db.session.add(made)
        db.session.flush()
    order_print(made, actor=actor)
    return made


def order_print(certificate: KeyDestruction, *, actor: Actor) -> Job:
    """Print a certificate; the first print is kept, and given to whoever asks again."""
    arguments = {"round_id": certificate.round_id, "certificate_id": certificate.id}
    title = _("Certificate of key destruction %(number)s", number=certificate.number_said)
    return queue.enqueue(PRINT, title=title, arguments=arguments, actor=actor)


def next_number(round: Round) -> int:
    """The number that the next certificate of a round gets."""
    query = select(func.max(KeyDestruction.number)).where(KeyDestruction.round_id == round.id)
    return (db.session.scalar(query) or 0) + 1


def require_true(copy: DestroyedCopy, seen: Seen) -> None:
    """Raise Refused, with its field, for what cannot be true of a copy."""
    if copy.at > seen.looked_at:
        raise Refused(AHEAD, field="at")
    if copy.at < seen.began_at.replace(second=0, microsecond=0):  # people write minutes
        raise Refused(BEFORE, field="at", day=thai_date(seen.began_at))
    if copy.by == copy.witness:
        raise Refused(SAME, field="witness")
