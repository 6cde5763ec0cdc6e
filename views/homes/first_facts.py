"""What a fresh installation has so far, counted in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from models.account import Account, Grant, Role
from models.agency import Agency
from models.assessor import AssessorBody
from models.contact import ProvinceContact
from models.place import District, Province
from portal.core import clock
from portal.core.database.session import db


@dataclass(frozen=True)
class Facts:
    """How many there are; a province counts once it has agencies in use."""

    agencies: int
    provinces: int
    places: int
    districts: int
    bodies: int
    dla: int
    nacc: int
    reachable: int
    staffed: int
    equipped: int


def facts() -> Facts:
    """The counts of now, in the scope of a desk of the country; one statement."""
    with_agencies = exists().where(Agency.province_id == Province.id, Agency.active)
    ways = or_(ProvinceContact.phone != "", ProvinceContact.email != "", ProvinceContact.line != "")
    reachable = exists().where(ProvinceContact.province_id == Province.id, ways)
    equipped = and_(*(_somebody(role, Grant.agency_id == Agency.id) for role in NEEDED))
    counts: dict[str, Select[Any]] = {
        "agencies": _count(Agency.id, Agency.active),
        "provinces": _count(Province.id, with_agencies),
        "places": _count(Province.id),
        "districts": _count(District.id),
        "bodies": _count(AssessorBody.id),
        "dla": _people(Role.DLA),
        "nacc": _people(Role.NACC),
        "reachable": _count(Province.id, with_agencies, reachable),
        "staffed": _count(
            Province.id, with_agencies, _somebody(Role.PROVINCE, Grant.province_id == Province.id)
        ),
        "equipped": _count(Agency.id, Agency.active, equipped),
    }
    row = db.session.execute(select(*(query.scalar_subquery() for query in counts.values()))).one()
    return Facts(**dict(zip(counts, row, strict=True)))


#: of whom every agency needs somebody
NEEDED = (Role.AGENCY_ADMIN, Role.EXECUTIVE)


def _count(column: Any, *criteria: Any) -> Select[Any]:
    return select(func.count(column)).where(*criteria)


def _people(role: Role) -> Select[Any]:
    query = select(func.count(func.distinct(Grant.account_id))).join(Account, Account.id == Grant.account_id)
    return query.where(*_living(role))


def _somebody(role: Role, there: ColumnElement[bool]) -> ColumnElement[bool]:
    living = select(Grant.id).join(Account, Account.id == Grant.account_id).where(there, *_living(role))
    return living.exists()


def _living(role: Role) -> tuple[Any, ...]:
    now = clock.now()
    ends = or_(Grant.valid_until.is_(None), Grant.valid_until > now)
    return (Grant.role == role, Grant.valid_from <= now, ends, Account.active)
