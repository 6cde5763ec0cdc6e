"""Changes of agencies as a test describes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from models.agency import Agency
from models.agency_change import AgencyChange, ChangeSort, PartSide
from models.kinds import AgencyKind
from models.place import District
from portal.content import local
from portal.core.acting import acting
from portal.core.database.session import db, privileged
from portal.register import applying, changes
from portal.register.changes import Given, Wanted, change_or_404
from tests.factories.base import Make
from tests.factories.places import AgencyFactory
from tests.support.world import NOW, World

TODAY = NOW.date()
RESTS_ON = "ประกาศกระทรวงมหาดไทย ลงวันที่ 1 พฤศจิกายน 2561"


def district_id(code: str = "5204") -> int:
    with privileged("a test looks") as session:
        return session.scalars(select(District.id).where(District.code == code)).one()


def given(name: str, *, kind: AgencyKind = local.SUBDISTRICT, code: str | None = None, **more: Any) -> Given:
    return Given(kind, name, code, more.pop("district", None) or district_id(), **more)


def renewed(world: World, key: str, name: str, day: date = TODAY, **more: Any) -> Wanted:
    agency = world.agency[key]
    sides = {agency: PartSide.GOES_ON}
    return Wanted(ChangeSort.RENEWED, day, RESTS_ON, sides, (given(name, agency_id=agency, **more),))


def merged(world: World, *keys: str, into: str = "", name: str = "", day: date = TODAY) -> Wanted:
    """These agencies end in another one: one that is there, or a new one of this name."""
    sides = {world.agency[key]: PartSide.ENDS for key in keys}
    if into:
        sides[world.agency[into]] = PartSide.GOES_ON
    return Wanted(ChangeSort.MERGED, day, RESTS_ON, sides, (given(name),) if name else ())


def split(world: World, key: str, *names: str, stays: bool = True, day: date = TODAY) -> Wanted:
    sides = {world.agency[key]: PartSide.GOES_ON if stays else PartSide.ENDS}
    return Wanted(ChangeSort.SPLIT, day, RESTS_ON, sides, tuple(given(name) for name in names))


def named(world: World, **agencies: int) -> World:
    """The world with names for more agencies, in a copy of its own."""
    return replace(world, agency={**world.agency, **agencies})


def neighbour(make: Make) -> Agency:
    """One more agency of the province of a1, which the world's round has not taken up."""
    with privileged("a test looks") as session:
        district = session.scalars(select(District).where(District.code == "5204")).one()
        session.expunge_all()
    found: Agency = make(AgencyFactory, district=district, province_id=district.province_id)
    return found


def drafted(world: World, key: str, wanted: Wanted) -> int:
    """The id of a draft, DLA's (needs an application context)."""
    with acting(world.actor("dla")) as actor:
        agency = db.session.get_one(Agency, world.agency[key])
        return changes.draft(agency, wanted, actor=actor).id


def confirmed(world: World, change_id: int) -> bool:
    with acting(world.actor("dla")) as actor:
        return applying.confirm(change_or_404(change_id), actor=actor)


def undone(world: World, change_id: int, reason: str = "ประกาศผิด") -> list[str]:
    with acting(world.actor("dla")) as actor:
        return applying.undo(change_or_404(change_id), reason=reason, actor=actor)


def made(world: World, key: str, wanted: Wanted) -> int:
    """The id of a change that was drafted and confirmed."""
    change_id = drafted(world, key, wanted)
    confirmed(world, change_id)
    return change_id


def change_of(change_id: int) -> AgencyChange:
    """A change as it is stored, detached, with its parts."""
    with privileged("a test looks") as session:
        found = session.get_one(AgencyChange, change_id)
        assert found.parts is not None
        session.expunge_all()
        return found
