"""Whom a person calls who needs help: the office of the province for its agencies, else the back office."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agency import Agency
from models.contact import ProvinceContact
from models.onboarding import PeopleSetting
from models.phones import shown
from models.place import Province
from models.sector import USUAL_SECTOR, Sector
from portal.core.access import Actor, scope_of
from portal.core.database.session import db, sector_here
from portal.core.scopes import Reach
from portal.core.texts import _


@dataclass(frozen=True)
class Call:
    """One office that helps: its name, who is there, and how it is reached; "" where that is not known."""

    office: str
    person: str = ""
    phone: str = ""
    email: str = ""
    line: str = ""

    @property
    def reachable(self) -> bool:
        """True where a number or an address of theirs is known."""
        return bool(self.phone or self.email or self.line)

    @property
    def words(self) -> str:
        """Who, and how they are reached, in one line, for texts without links."""
        who = f"{self.office} ({self.person})" if self.person else self.office
        phone = f"{_('tel.')} {shown(self.phone)}" if self.phone else ""
        ways = [phone, self.email, f"LINE {self.line}" if self.line else ""]
        return " ".join(filter(None, [who, " · ".join(filter(None, ways))]))


def calls_of(session: Session, province_id: int | None) -> tuple[Call, ...]:
    """Those who help the people of a province, nearest first; of no province the back office alone."""
    found = []
    contact = session.scalar(select(ProvinceContact).where(ProvinceContact.province_id == province_id))
    if contact is not None:
        office = contact.province.sector.office_in(contact.province.name)
        call = Call(office, contact.person, contact.phone, contact.email, contact.line)
        if call.reachable:
            found.append(call)
    sector = _sector_of(session, province_id)
    setting = session.scalar(select(PeopleSetting).where(PeopleSetting.sector_id == sector.id))
    if setting is not None and (setting.help_phone or setting.help_name):
        found.append(Call(sector.office, setting.help_name, setting.help_phone))
    return tuple(found)


def the_sector() -> Sector:
    """The sector of the desk; the first one for desks above all of them."""
    return db.session.get_one(Sector, sector_here() or USUAL_SECTOR)


def _sector_of(session: Session, province_id: int | None) -> Sector:
    province = session.get(Province, province_id) if province_id is not None else None
    return province.sector if province is not None else session.get_one(Sector, USUAL_SECTOR)


def whom_to_call(actor: Actor | None) -> Call | None:
    """Whom a person at a desk calls, None: nobody signed in; None for the country's own offices.

    An agency whose province has not said how it is reached reads the back office's number, or the name of its
    province's office alone where there is none either.
    """
    reach = scope_of(actor).reach
    if reach is Reach.COUNTRY:
        return None
    province = _province_of(actor)
    calls = calls_of(db.session(), province.id if province else None)
    return calls[0] if calls else Call(province.sector.office_in(province.name)) if province else None


def _province_of(actor: Actor | None) -> Province | None:
    """The province of an agency's person; nobody else calls a province."""
    if actor is None or actor.agency_id is None:
        return None
    query = select(Province).join(Agency, Agency.province_id == Province.id)
    return db.session.scalar(query.where(Agency.id == actor.agency_id))
