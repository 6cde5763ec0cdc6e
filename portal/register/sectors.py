"""How a sector begins: its places, its office, and how far it has come (ADR 64)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from models.account import Account
from models.agency import Agency
from models.place import District, Province
from models.round import Round
from models.sector import USUAL_SECTOR, Sector
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.lookup import hold

#: what a place keeps where another sector takes it up
_OF_PROVINCE = ("code", "name", "name_en", "region", "size", "sort_key", "search_key")
_OF_DISTRICT = ("code", "name", "sort_key", "search_key")


@dataclass(frozen=True)
class Standing:
    """How many rows of each kind a sector has."""

    provinces: int
    districts: int
    agencies: int
    rounds: int


def standing(sector: Sector) -> Standing:
    """How far a sector has come; four counts."""
    here = Province.sector_id == sector.id
    return Standing(
        db.session.scalar(select(func.count(Province.id)).where(here)) or 0,
        db.session.scalar(select(func.count(District.id)).join(Province).where(here)) or 0,
        db.session.scalar(
            select(func.count(Agency.id)).join(Province, Province.id == Agency.province_id).where(here)
        )
        or 0,
        db.session.scalar(select(func.count(Round.id)).where(Round.sector_id == sector.id)) or 0,
    )


def all_sectors() -> list[Sector]:
    """The sectors in the order in which they came."""
    return list(db.session.scalars(select(Sector).order_by(Sector.id)))


def take_places(sector: Sector) -> tuple[int, int]:
    """Give a sector the provinces and districts of the first one that it lacks, by their codes.

    Gives how many of each were made: a second call makes none. One event tells of all. Raises Refused for the
    first sector itself.
    """
    if sector.id == USUAL_SECTOR:
        raise Refused("The places of the first sector come with the portal")
    hold(sector)
    session = db.session()
    with audit.unrecorded(session):
        provinces = _take_provinces(sector.id)
        districts = _take_districts(sector.id)
    if provinces or districts:
        told = {"provinces": provinces, "districts": districts}
        audit.record(session, act="sectors.take_places", thing="sector", row=sector.id, after=told)
    return provinces, districts


def _take_provinces(sector_id: int) -> int:
    held = set(db.session.scalars(select(Province.code).where(Province.sector_id == sector_id)))
    first = db.session.scalars(
        select(Province).where(Province.sector_id == USUAL_SECTOR).order_by(Province.id)
    )
    made = [
        Province(sector_id=sector_id, **{name: getattr(row, name) for name in _OF_PROVINCE})
        for row in first
        if row.code not in held
    ]
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def _take_districts(sector_id: int) -> int:
    ids = dict(
        db.session.execute(select(Province.code, Province.id).where(Province.sector_id == sector_id)).all()
    )
    of_sector = select(District.code).join(Province, Province.id == District.province_id)
    held = set(db.session.scalars(of_sector.where(Province.sector_id == sector_id)))
    first = (
        select(District, Province.code)
        .join(Province, Province.id == District.province_id)
        .where(Province.sector_id == USUAL_SECTOR)
        .order_by(District.id)
    )
    made = [
        District(province_id=ids[province], **{name: getattr(row, name) for name in _OF_DISTRICT})
        for row, province in db.session.execute(first)
        if row.code not in held and province in ids
    ]
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def require_unused(sector: Sector) -> None:
    """Only a sector without places, rounds and people can be deleted. Raises Refused."""
    if sector.id == USUAL_SECTOR:
        raise Refused("The first sector stays")
    people = db.session.scalar(select(func.count(Account.id)).where(Account.sector_id == sector.id))
    now = standing(sector)
    if people or now.provinces or now.rounds:
        raise Refused("This sector has places, people or rounds: it stays")
