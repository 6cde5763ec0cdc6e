"""To whom an announcement goes: the desks of the chosen roles, everywhere or at the chosen places.

Counted before it is sent, and listed afterwards with who acknowledged it, by one and the same query. An
agency stands for its own desks, for its province's staff and for the assessor bodies that it is assigned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.account import Account, Grant, Role
from models.agency import Agency
from models.announcement import Announcement, AnnouncementPlace, AnnouncementReceipt
from models.assessor import AssessorBody, Assignment
from models.place import Province
from portal.core import clock
from portal.core.access import ROLES
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.core.search import matching
from portal.core.texts import lazy

#: who can be written to
RECEIVERS = tuple(ROLES)
#: more agencies than these are chosen by their provinces
MOST_AGENCIES = 500
PAGE = 50
#: views of the list of receivers
READ, UNREAD = "read", "unread"
STANDING = {"": lazy("All receivers"), UNREAD: lazy("Not acknowledged"), READ: lazy("Acknowledged")}


@dataclass(frozen=True)
class Chosen:
    """Whom somebody chose to write to; neither provinces nor agencies: the whole country."""

    roles: tuple[Role, ...]
    provinces: tuple[int, ...] = ()
    agencies: tuple[int, ...] = ()

    @classmethod
    def of(cls, announcement: Announcement) -> Chosen:
        """As the announcement holds it."""
        kept = announcement.chosen
        roles = tuple(role for role in RECEIVERS if role.value in kept["roles"])
        return cls(roles, tuple(kept["provinces"]), tuple(kept["agencies"]))

    @property
    def everywhere(self) -> bool:
        """True for the whole country."""
        return not self.provinces and not self.agencies

    def as_kept(self) -> dict[str, Any]:
        """As the announcement holds it."""
        return {
            "roles": [role.value for role in self.roles],
            "provinces": sorted(self.provinces),
            "agencies": sorted(self.agencies),
        }


def places_of(announcement: Announcement) -> list[AnnouncementPlace]:
    """The rows that decide who reads it, of what was chosen: every role at every place that concerns it."""
    chosen = Chosen.of(announcement)
    of_agencies = select(Agency.province_id).where(Agency.id.in_(chosen.agencies)).distinct()
    theirs = db.session.scalars(of_agencies).all() if chosen.agencies else ()
    rows = []
    for role in chosen.roles:
        reach = ROLES[role].reach
        if chosen.everywhere or reach is Reach.COUNTRY:
            places: Iterable[dict[str, int]] = [{}]
        elif reach is Reach.PROVINCE:
            places = [{"province_id": key} for key in sorted({*chosen.provinces, *theirs})]
        else:
            places = [
                *({"province_id": key} for key in chosen.provinces),
                *({"agency_id": key} for key in chosen.agencies),
            ]
        rows += [AnnouncementPlace(announcement_id=announcement.id, role=role, **place) for place in places]
    return rows


def counted(chosen: Chosen) -> dict[Role, int]:
    """How many accounts at desks of each chosen role get it now; one query."""
    query = _desks(select(Grant.role, func.count(Grant.account_id.distinct())), chosen).group_by(Grant.role)
    found: dict[Role, int] = dict(db.session.execute(query).all())
    return {role: found.get(role, 0) for role in chosen.roles}


@dataclass(frozen=True)
class Wanted:
    """What the list of receivers is narrowed to."""

    search: str = ""
    role: Role | None = None
    province: int | None = None
    standing: str = ""


@dataclass(frozen=True)
class Receiver:
    """A person at a desk, and when they acknowledged it."""

    name: str
    role: Role
    place: str
    province: str
    at: datetime | None


@dataclass(frozen=True)
class Tally:
    """Of how many accounts how many acknowledged it; ``key``: a role, or the id of a province or None."""

    key: Any
    label: Any
    receivers: int
    read: int


def listed(announcement: Announcement, wanted: Wanted, *, offset: int = 0, most: int | None = None) -> Any:
    """The receivers as they are today, those of a province together; an iterator, one query."""
    columns = (Account.name, Account.username, Grant.role, Agency.full_name, AssessorBody.name, Province.name)
    query = _narrowed(select(*columns, AnnouncementReceipt.at), announcement, wanted).order_by(
        func.coalesce(Province.sort_key, ""),
        func.coalesce(Agency.sort_key, ""),
        Grant.role,
        Account.id,
        Grant.id,
    )
    rows = db.session.execute(query.offset(offset).limit(most))
    return (_receiver(*row) for row in rows)


def count(announcement: Announcement, wanted: Wanted) -> int:
    """How many rows the narrowed list has."""
    found: int = db.session.scalar(_narrowed(select(func.count(Grant.id)), announcement, wanted)) or 0
    return found


def by_role(announcement: Announcement) -> list[Tally]:
    """How far it has come role by role; one query."""
    query = _tallied(announcement, Grant.role).group_by(Grant.role)
    found = {key: (receivers, read) for key, receivers, read in db.session.execute(query)}
    return [Tally(role, ROLES[role].label, *found[role]) for role in RECEIVERS if role in found]


def by_province(announcement: Announcement) -> list[Tally]:
    """How far it has come province by province, where a desk lies in one; one query."""
    query = _tallied(announcement, Province.id, Province.name).where(Province.id.is_not(None))
    query = query.group_by(Province.id, Province.name, Province.sort_key).order_by(Province.sort_key)
    return [Tally(*row) for row in db.session.execute(query)]


def read_since_gone(announcement: Announcement) -> int:
    """How many acknowledged it who sit at no such desk any more; one query."""
    now_there = _desks(select(Grant.account_id), Chosen.of(announcement))
    query = select(func.count(AnnouncementReceipt.id)).where(
        AnnouncementReceipt.announcement_id == announcement.id,
        AnnouncementReceipt.account_id.not_in(now_there),
    )
    return db.session.scalar(query) or 0


def _receiver(
    name: str, username: str, role: Role, agency: str | None, body: str | None, province: str | None, at: Any
) -> Receiver:
    place = agency or body or (province if ROLES[role].reach is Reach.PROVINCE else ROLES[role].office)
    return Receiver(name or username, role, place or "", province or "", at)


def _tallied(announcement: Announcement, *columns: Any) -> Any:
    people = func.count(Grant.account_id.distinct()), func.count(AnnouncementReceipt.account_id.distinct())
    query = select(*columns, *people)
    return _with_receipts(query, announcement)


def _narrowed(query: Any, announcement: Announcement, wanted: Wanted) -> Any:
    query = _with_receipts(query, announcement)
    if wanted.search:
        query = query.where(matching(wanted.search, Account, Agency.full_name, AssessorBody.name))
    if wanted.role is not None:
        query = query.where(Grant.role == wanted.role)
    if wanted.province is not None:
        query = query.where(Province.id == wanted.province)
    if wanted.standing:
        read = AnnouncementReceipt.id.is_not(None)
        query = query.where(read if wanted.standing == READ else ~read)
    return query


def _with_receipts(query: Any, announcement: Announcement) -> Any:
    mine = and_(
        AnnouncementReceipt.account_id == Grant.account_id,
        AnnouncementReceipt.announcement_id == announcement.id,
    )
    query = _desks(query, Chosen.of(announcement)).outerjoin(AnnouncementReceipt, mine)
    query = query.outerjoin(AssessorBody, AssessorBody.id == Grant.body_id)
    return query.outerjoin(Province, Province.id == func.coalesce(Grant.province_id, Agency.province_id))


def _desks(query: Any, chosen: Chosen) -> Any:
    """The rights that hold now of active accounts at these desks."""
    now = clock.now()
    query = query.select_from(Grant).join(Account, Account.id == Grant.account_id)
    query = query.outerjoin(Agency, Agency.id == Grant.agency_id)
    return query.where(
        Account.active,
        Grant.valid_from <= now,
        or_(Grant.valid_until.is_(None), Grant.valid_until > now),
        or_(*_roles_at(chosen)),
    )


def _roles_at(chosen: Chosen) -> Iterator[ColumnElement[bool]]:
    elsewhere = aliased(Agency)
    theirs = select(elsewhere.province_id).where(elsewhere.id.in_(chosen.agencies))
    in_places = or_(Assignment.province_id.in_(chosen.provinces), Assignment.agency_id.in_(chosen.agencies))
    at = {
        Reach.AGENCY: or_(Grant.agency_id.in_(chosen.agencies), Agency.province_id.in_(chosen.provinces)),
        Reach.PROVINCE: or_(Grant.province_id.in_(chosen.provinces), Grant.province_id.in_(theirs)),
        Reach.ASSESSOR: Grant.body_id.in_(select(Assignment.body_id).where(in_places)),
    }
    for role in chosen.roles:
        reach = ROLES[role].reach
        anywhere = chosen.everywhere or reach is Reach.COUNTRY
        yield Grant.role == role if anywhere else and_(Grant.role == role, at[reach])
