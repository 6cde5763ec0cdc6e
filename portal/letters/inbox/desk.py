"""The desk at which letters come in: what lies there, found again, and opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import undefer

from models.delivery import Delivery, Standing, desk_of
from models.letter import Letter, StoredFile
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, reading
from portal.core.errors import Refused
from portal.core.lookup import hold, one_or_404
from portal.core.search import matching
from portal.letters.kept import LONGEST_SEARCH, PAGE
from portal.letters.paged import Paged, one_page

#: what a letter that does not hold any more stays closed to
GONE = "This letter was withdrawn or replaced: nothing more is done with it"
NOT_OPENED = "Open the letter first"


@dataclass(frozen=True)
class InboxQuery:
    """What the list of incoming letters is narrowed to; days as they stand on the letters, both included.

    ``gone``: only those that were withdrawn or replaced; a standing asks for letters that hold.
    """

    search: str = ""
    standing: Standing | None = None
    gone: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """True where anything is left out."""
        return self != InboxQuery()


def has_inbox(actor: Actor) -> bool:
    """True for a person at a desk at which letters come in."""
    return can(actor, P.INBOX_READ)


def desk_key(actor: Actor) -> str:
    """The desk of a person whose letters these are (see ``models.delivery.desk_of``)."""
    return desk_of(actor.province_id, actor.agency_id, actor.sector_id)


def stands(standing: Standing) -> Any:
    """The condition that a letter has come so far at its desk."""
    return {
        Standing.UNREAD: Delivery.read_at.is_(None) & Delivery.taken_at.is_(None),
        Standing.READ: Delivery.read_at.is_not(None) & Delivery.taken_at.is_(None),
        Standing.TAKEN: Delivery.taken_at.is_not(None),
    }[standing]


def query_of(actor: Actor, criteria: InboxQuery) -> Select[Any]:
    """The letters at a person's desk, narrowed."""
    query = select(Delivery).where(Delivery.desk == desk_key(actor))
    if criteria.gone:
        query = query.where(Delivery.void_at.is_not(None))
    if criteria.standing is not None:
        query = query.where(stands(criteria.standing), Delivery.void_at.is_(None))
    if criteria.since is not None:
        query = query.where(Delivery.dated >= criteria.since)
    if criteria.until is not None:
        query = query.where(Delivery.dated <= criteria.until)
    texts = (Delivery.number, Delivery.subject, Delivery.sender, Delivery.through)
    return query.where(matching(criteria.search[:LONGEST_SEARCH], *texts))


def letters_at(actor: Actor, criteria: InboxQuery, *, page: int = 1) -> Paged[Delivery]:
    """One page of the letters at a person's desk, the newest first."""
    return one_page(query_of(actor, criteria), Delivery.id, Delivery.id.desc(), page=page, size=PAGE)


def all_letters_at(actor: Actor, criteria: InboxQuery) -> Sequence[Delivery]:
    """All of them, for a file of the list."""
    return db.session.scalars(query_of(actor, criteria).order_by(Delivery.id.desc())).all()


def count_at(actor: Actor, criteria: InboxQuery) -> int:
    """How many there are."""
    return db.session.scalar(query_of(actor, criteria).with_only_columns(func.count(Delivery.id))) or 0


def unread(actor: Actor) -> int:
    """How many letters that hold nobody at the desk has opened; 0 where no letters come in."""
    return count_at(actor, InboxQuery(standing=Standing.UNREAD)) if has_inbox(actor) else 0


def delivery_or_404(delivery_id: int, actor: Actor) -> Delivery:
    """A letter at this person's own desk. Raises NotFound for that of any other desk, also one below it."""
    mine = select(Delivery).where(Delivery.id == delivery_id, Delivery.desk == desk_key(actor))
    found: Delivery = one_or_404(mine)
    return found


def open_letter(delivery: Delivery, *, actor: Actor) -> None:
    """The first who opens a letter marks it as read for the whole desk; later ones change nothing."""
    hold(delivery)
    if delivery.read_at is not None:
        return
    with audit.act("delivery.open"):
        delivery.read_at, delivery.read_by = clock.now(), actor.name
        db.session.flush()


def file_of(delivery: Delivery) -> StoredFile:
    """The file of a letter that lies at the person's own desk, as it was issued; detached.

    Desks of agencies read no files of others: the letter at the desk is what gives the right to it. Raises
    Refused before it was opened.
    """
    if delivery.read_at is None:
        raise Refused(NOT_OPENED)
    with reading(), privileged("the file of a letter at the reader's desk") as session:
        query = select(StoredFile).join(Letter, Letter.file_id == StoredFile.id)
        query = query.where(Letter.id == delivery.letter_id).options(undefer(StoredFile.content))
        file = session.scalars(query).one()
        session.expunge(file)
    return file


def replacement_at(delivery: Delivery) -> Delivery | None:
    """The letter that took the place of this one, where it has reached the same desk."""
    later = select(Delivery).where(
        Delivery.replaces_id == delivery.dispatch_id, Delivery.desk == delivery.desk
    )
    return db.session.scalars(later).one_or_none()


def replaced_at(delivery: Delivery) -> Delivery | None:
    """The letter at the same desk whose place this one took."""
    earlier = select(Delivery).where(
        Delivery.dispatch_id == delivery.replaces_id, Delivery.desk == delivery.desk
    )
    return db.session.scalars(earlier).one_or_none()


def require_holding(delivery: Delivery) -> None:
    """Raises Refused where a letter was withdrawn or replaced, or nobody has opened it yet."""
    if delivery.void_at is not None:
        raise Refused(GONE)
    if delivery.read_at is None:
        raise Refused(NOT_OPENED)
