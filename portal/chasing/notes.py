"""Notes of a late agency: that it was reached, what it promised, and by whom. They are read by DLA, NACC and
the agency's province."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from models.chasing import ChaseNote, Reached
from models.participation import Participation
from models.thai import local_day
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused

LONGEST = 500
#: a promise further away than this is a slip of the year
FARTHEST = timedelta(days=366)


def notes_of(participation_id: int) -> list[ChaseNote]:
    """The notes of an agency in the actor's scope, the newest first."""
    query = select(ChaseNote).where(ChaseNote.participation_id == participation_id)
    return list(db.session.scalars(query.order_by(ChaseNote.id.desc())))


def write(
    participation: Participation, *, reached: Reached, promised_until: date | None, text: str, actor: Actor
) -> ChaseNote:
    """Note that an agency was reached now, or was not.

    Raises NotFound for who may not, Refused where nobody can have promised, or for a day that is over.
    """
    if not can(actor, P.CHASING_NOTE):
        raise NotFound
    now = clock.now()
    _require_promise(reached, promised_until, local_day(now))
    note = ChaseNote(
        participation_id=participation.id,
        province_id=participation.province_id,
        reached=reached,
        promised_until=promised_until,
        text=text.strip(),
        at=now,
        account_id=actor.account_id,
        by=actor.name_and_place,
    )
    with audit.act("chasing.note"):
        db.session.add(note)
    return note


def take_back(participation_id: int, note_id: int, *, actor: Actor) -> None:
    """Remove a note that one wrote oneself. Raises NotFound for another's or one that is gone."""
    query = select(ChaseNote).where(ChaseNote.id == note_id, ChaseNote.participation_id == participation_id)
    note = db.session.scalars(query).one_or_none()
    if note is None or not is_own(note, actor):
        raise NotFound
    with audit.act("chasing.take_back"):
        db.session.delete(note)


def is_own(note: ChaseNote, actor: Actor) -> bool:
    """True for who wrote a note and may write one still."""
    return note.account_id is not None and note.account_id == actor.account_id and can(actor, P.CHASING_NOTE)


def _require_promise(reached: Reached, until: date | None, today: date) -> None:
    if until is None:
        return
    if not reached.spoke:
        raise Refused("Nobody was spoken to, so nobody promised a day: empty it", field="promised_until")
    if until < today:
        raise Refused("This day is over: write a day from today on", field="promised_until")
    if until > today + FARTHEST:
        raise Refused("This day is more than a year away: look at the year", field="promised_until")
