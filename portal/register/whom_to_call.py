"""Whom a person calls who needs help: the province's office for its agencies, else the back office."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from models.agency import Agency
from models.contact import ProvinceContact
from models.phones import shown
from models.place import Province
from portal.core.access import Actor, scope_of
from portal.core.database.session import db
from portal.core.scopes import Reach
from portal.core.texts import _
from portal.register import contacts


@dataclass(frozen=True)
class Helper:
    """Who helps, and how they are reached; the numbers may be none."""

    name: str
    phone: str = ""
    email: str = ""
    line: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """Name and ways in one line, for texts without links."""
        who = f"{self.name} ({self.person})" if self.person else self.name
        phone = f"{_('tel.')} {shown(self.phone)}" if self.phone else ""
        ways = [phone, self.email, f"LINE {self.line}" if self.line else ""]
        return " ".join(filter(None, [who, " · ".join(filter(None, ways))]))

    @property
    def reachable(self) -> bool:
        """True where a number or an address of theirs is known."""
        return bool(self.phone or self.email or self.line)


def whom_to_call(actor: Actor | None) -> Helper | None:
    """Whom a person at a desk calls, None: nobody signed in; None for the country's own offices.

    An agency calls its province where that has said how; else it is told the back office's number beside the
    province's name, or the name alone. One query or two.
    """
    reach = scope_of(actor).reach
    if reach is Reach.COUNTRY:
        return None
    central = _central()
    if actor is None or actor.agency_id is None:
        return central
    own = _of_province(actor.agency_id)
    return own if own is not None and (own.reachable or central is None) else central


def _of_province(agency_id: int) -> Helper | None:
    query = (
        select(Province, ProvinceContact)
        .join(Agency, Agency.province_id == Province.id)
        .outerjoin(ProvinceContact, ProvinceContact.province_id == Province.id)
        .where(Agency.id == agency_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    province: Province = row[0]
    contact: ProvinceContact | None = row[1]
    name = _("Office of local administration of %(province)s province", province=province.name)
    if contact is None:
        return Helper(name)
    return Helper(name, contact.phone, contact.email, contact.line, contact.person)


def _central() -> Helper | None:
    setting = contacts.people_setting()
    if setting is None or not (setting.help_name or setting.help_phone):
        return None
    return Helper(setting.help_name or _("Department of Local Administration"), setting.help_phone)
