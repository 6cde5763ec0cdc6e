"""Announcements as people at a desk read them. Which reach a place, the rows say: both walls ask them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from models.announcement import Announcement, AnnouncementPlace, AnnouncementReceipt
from models.thai import local_day
from portal.core import clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.inserting import insert_into
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import one_or_404
from portal.core.search import matching

PAGE = 30
#: how many unread ones a home names
AT_HOME = 5


def unread_count(actor: Actor) -> int:
    """How many announcements the person has not acknowledged at this desk; one query."""
    if not can(actor, P.ANNOUNCEMENTS_READ):
        return 0
    return db.session.scalar(_unread(select(func.count(Announcement.id)), actor)) or 0


def unread(actor: Actor) -> list[Announcement]:
    """The newest of them; one query."""
    if not can(actor, P.ANNOUNCEMENTS_READ):
        return []
    query = _unread(select(Announcement), actor).order_by(Announcement.sent_at.desc(), Announcement.id.desc())
    return list(db.session.scalars(query.limit(AT_HOME)))


def received(actor: Actor, search: str = "", *, only_unread: bool = False) -> Any:
    """All that reached this desk, with when the person acknowledged it; the newest first."""
    query = select(Announcement, AnnouncementReceipt.at).where(_to_me(actor))
    query = query.outerjoin(AnnouncementReceipt, _mine(actor))
    if only_unread:
        query = query.where(_live(), AnnouncementReceipt.id.is_(None))
    query = query.where(matching(search, Announcement.heading, Announcement.text))
    return query.order_by(Announcement.sent_at.desc(), Announcement.id.desc())


def one_received(announcement_id: int, actor: Actor) -> tuple[Announcement, datetime | None]:
    """An announcement that reached this desk, and when the person acknowledged it. Raises NotFound."""
    query = select(Announcement).where(Announcement.id == announcement_id, _to_me(actor))
    row: Announcement = one_or_404(query)
    receipt = select(AnnouncementReceipt.at).where(
        AnnouncementReceipt.announcement_id == row.id, AnnouncementReceipt.account_id == actor.account_id
    )
    return row, db.session.scalar(receipt)


def acknowledge(announcement_id: int, actor: Actor) -> None:
    """Keep that the person has read it; twice, or in two windows at once, is once.

    Raises NotFound where it did not reach this desk, Refused where it was withdrawn.
    """
    row, at = one_received(announcement_id, actor)
    if row.withdrawn_at is not None:
        raise Refused("This announcement was withdrawn")
    if at is not None or actor.account_id is None or actor.role is None:
        return
    session = db.session()
    receipt = insert_into(session, AnnouncementReceipt).values(
        announcement_id=row.id, account_id=actor.account_id, role=actor.role, at=clock.now()
    )
    session.connection().execute(receipt.on_conflict_do_nothing())


def newer(announcement: Announcement, actor: Actor) -> Announcement | None:
    """What took its place, where that reached this desk too."""
    query = select(Announcement).where(Announcement.replaces_id == announcement.id, _to_me(actor))
    found: Announcement | None = db.session.scalars(query).one_or_none()
    return found


def _unread(query: Select[Any], actor: Actor) -> Select[Any]:
    receipt = select(AnnouncementReceipt.id).where(_mine(actor)).exists()
    return query.where(_to_me(actor), _live(), ~receipt)


def _to_me(actor: Actor) -> ColumnElement[bool]:
    """Sent to this role; that it was to this place, the session's scope and the database's policies say."""
    to = select(AnnouncementPlace.announcement_id).where(AnnouncementPlace.role == actor.role)
    return and_(Announcement.sent_at.is_not(None), Announcement.id.in_(to))


def _live() -> ColumnElement[bool]:
    today = local_day(clock.now())
    in_time = or_(Announcement.until.is_(None), Announcement.until >= today)
    return and_(Announcement.withdrawn_at.is_(None), in_time)


def _mine(actor: Actor) -> ColumnElement[bool]:
    return and_(
        AnnouncementReceipt.announcement_id == Announcement.id,
        AnnouncementReceipt.account_id == actor.account_id,
    )
