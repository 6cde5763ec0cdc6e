"""Announcements as an office writes them: drafted and changed, then sent for good, withdrawn or replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from models.account import Role
from models.agency import Agency
from models.announcement import (
    LONGEST_HEADING,
    LONGEST_REASON,
    LONGEST_TEXT,
    Announcement,
    AnnouncementState,
)
from models.sector import USUAL_SECTOR
from models.thai import local_day
from portal.announcements.receivers import MOST_AGENCIES, Chosen, places_of
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.lookup import hold, one_or_404
from portal.core.search import matching
from portal.core.sent.versions import require_version
from portal.core.texts import _

PAGE = 30


@dataclass(frozen=True)
class Words:
    """What is announced: heading, text, the last day at home, and to whom."""

    heading: str
    text: str
    until: date | None
    to: Chosen


# -- reading ---------------------------------------------------------------------------------------------


def standing_clauses(day: date) -> dict[AnnouncementState, ColumnElement[bool]]:
    """The condition of each state on a day, as ``state_on`` says of one."""
    standing = Announcement.withdrawn_at.is_(None)
    sent, over = Announcement.sent_at.is_not(None), Announcement.until < day
    return {
        AnnouncementState.DRAFT: Announcement.sent_at.is_(None),
        AnnouncementState.SENT: standing & sent & func.coalesce(~over, True),
        AnnouncementState.PAST: standing & sent & func.coalesce(over, False),
        AnnouncementState.WITHDRAWN: Announcement.withdrawn_at.is_not(None),
    }


def of_office(actor: Actor, search: str = "", state: AnnouncementState | None = None) -> Select[Any]:
    """What the actor's office wrote, the newest first."""
    query = select(Announcement).where(Announcement.office == actor.role)
    query = query.where(matching(search, Announcement.heading, Announcement.text))
    if state is not None:
        query = query.where(standing_clauses(local_day(clock.now()))[state])
    return query.order_by(Announcement.id.desc())


def written(announcement_id: int, actor: Actor) -> Announcement:
    """An announcement of the actor's own office. Raises NotFound, also for who may not write any."""
    if not can(actor, P.ANNOUNCEMENTS_WRITE):
        raise NotFound
    query = select(Announcement).where(Announcement.id == announcement_id, Announcement.office == actor.role)
    row: Announcement = one_or_404(query)
    return row


def successor(announcement: Announcement) -> Announcement | None:
    """What was written to take its place, and may still be a draft."""
    query = select(Announcement).where(Announcement.replaces_id == announcement.id)
    return db.session.scalars(query).one_or_none()


def agencies_named(text: str) -> list[Agency]:
    """The agencies of a text with one name or code in each line, as a search finds them.

    Raises Refused at the first line that names none or several, and for more than ``MOST_AGENCIES``.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_AGENCIES:
        raise Refused("Choose at most 500 agencies by name, or whole provinces", field="agencies")
    return list({found.id: found for found in map(_agency_named, lines)}.values())


def _agency_named(line: str) -> Agency:
    query = select(Agency).where(Agency.active, matching(line, Agency)).order_by(Agency.id).limit(3)
    found = db.session.scalars(query).all()
    same = [one for one in found if line in (one.code, one.full_name)]
    if len(found) != 1 and len(same) != 1:
        said = (
            "No agency is found for “%(line)s”"
            if not found
            else "Several agencies are found for “%(line)s”: add its district or province, or write its code"
        )
        raise Refused(said, field="agencies", line=line)
    return (same or found)[0]


# -- writing ---------------------------------------------------------------------------------------------


def draft(words: Words, actor: Actor) -> Announcement:
    """Keep a new draft. Raises NotFound for who may not, Refused at the field that is wrong."""
    if not can(actor, P.ANNOUNCEMENTS_WRITE) or actor.role is None:
        raise NotFound
    _require_day_to_come(words.until)
    return _new(words, actor, actor.role)


def change(row: Announcement, words: Words, *, seen_version: int | None, actor: Actor) -> None:
    """Change a draft. Raises Stale, and as ``send`` and ``draft``."""
    _hold_draft(row, seen_version, actor)
    _require_day_to_come(words.until)
    _put(row, words)
    with audit.act("announcements.change"):
        db.session.flush()


def remove(row: Announcement, *, actor: Actor) -> None:
    """Throw a draft away. Raises Refused where it was sent, NotFound for who may not."""
    _hold_draft(row, None, actor)
    with audit.act("announcements.remove"):
        db.session.delete(row)
        db.session.flush()


def send(row: Announcement, *, seen_version: int | None, actor: Actor) -> None:
    """Send a draft: its words are final from now on. What it replaces is withdrawn in the same act.

    Raises NotFound for who may not, Stale where the draft moved on since it was shown, Refused where it was
    sent already, or where its last day is over.
    """
    _hold_draft(row, seen_version, actor)
    _require_day_to_come(row.until)
    row.sent_at, row.sent_by = clock.now(), actor.name_and_place
    db.session.add_all(places_of(row))
    before = db.session.get(Announcement, row.replaces_id) if row.replaces_id else None
    if before is not None:
        hold(before)
        if before.withdrawn_at is None:
            _withdraw(before, _("Replaced by a newer announcement"), actor)
    with audit.act("announcements.send"):
        db.session.flush()


def withdraw(row: Announcement, reason: str, *, actor: Actor) -> None:
    """Take a sent announcement back; it stays with its reason. Raises Refused, NotFound for who may not."""
    row = written(row.id, actor)
    hold(row)
    if row.sent_at is None or row.withdrawn_at is not None:
        raise Refused("Only an announcement that was sent is withdrawn, and once")
    if not reason.strip():
        raise Refused("Write the reason: the receivers read it", field="reason")
    _withdraw(row, reason.strip()[:LONGEST_REASON], actor)
    with audit.act("announcements.withdraw"):
        db.session.flush()


def replace(row: Announcement, *, actor: Actor) -> Announcement:
    """A draft with the same words that is to take the place of a sent one; the one that is there already.

    Its last day may be over: who changes the draft is told so then. Raises Refused where it was not sent,
    NotFound for who may not.
    """
    row = written(row.id, actor)
    hold(row)
    if row.sent_at is None:
        raise Refused("A draft is changed, not replaced")
    made = successor(row)
    if made is None:
        words = Words(row.heading, row.text, row.until, Chosen.of(row))
        made = _new(words, actor, row.office, replaces=row.id)
    return made


def _new(words: Words, actor: Actor, office: Role, replaces: int | None = None) -> Announcement:
    row = Announcement(office=office, replaces_id=replaces, made_at=clock.now(), made_by=actor.name_and_place)
    row.sector_id = None if office is Role.NACC else actor.sector_id or USUAL_SECTOR
    _put(row, words)
    with audit.act("announcements.draft"):
        db.session.add(row)
        db.session.flush()
    return row


def _put(row: Announcement, words: Words) -> None:
    for name, longest in (("heading", LONGEST_HEADING), ("text", LONGEST_TEXT)):
        typed = getattr(words, name).strip()
        if not typed:
            raise Refused("Write what is announced", field=name)
        setattr(row, name, typed[:longest])
    if not words.to.roles:
        raise Refused("Choose at least one role", field="roles")
    row.until, row.chosen = words.until, words.to.as_kept()


def _require_day_to_come(until: date | None) -> None:
    if until is not None and until < local_day(clock.now()):
        raise Refused("The last day is over: choose another one", field="until")


def _hold_draft(row: Announcement, seen_version: int | None, actor: Actor) -> None:
    if written(row.id, actor) is not row:
        raise NotFound
    hold(row)
    if row.sent_at is not None:
        raise Refused("It was sent already: withdraw it, or replace it by a new one")
    require_version(row, seen_version)


def _withdraw(row: Announcement, reason: str, actor: Actor) -> None:
    row.withdrawn_at, row.withdrawn_by, row.reason = clock.now(), actor.name_and_place, reason


def names_of(agency_ids: Sequence[int]) -> list[Agency]:
    """The agencies of a choice, in the order of lists; one query."""
    query = select(Agency).where(Agency.id.in_(agency_ids)).order_by(Agency.sort_key)
    return list(db.session.scalars(query)) if agency_ids else []
