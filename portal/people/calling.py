"""Whom people call who cannot come in: the office of their province, else the back office."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.contact import ProvinceContact
from models.onboarding import PeopleSetting
from models.place import Province
from portal.core.database.session import privileged
from portal.core.texts import _


@dataclass(frozen=True)
class Call:
    """One office that helps: its name, who is there, and how it is reached; "" where that is not known."""

    office: str
    person: str = ""
    phone: str = ""
    email: str = ""
    line: str = ""


def whom_to_call(session: Session, province_id: int | None) -> tuple[Call, ...]:
    """Those who help the people of a province, nearest first; of no province the back office alone."""
    found = []
    contact = session.scalar(select(ProvinceContact).where(ProvinceContact.province_id == province_id))
    if contact is not None and (contact.phone or contact.email or contact.line):
        office = _("Office of local administration of %(province)s province", province=contact.province.name)
        found.append(Call(office, contact.person, contact.phone, contact.email, contact.line))
    setting = session.scalar(select(PeopleSetting))
    if setting is not None and (setting.help_phone or setting.help_name):
        found.append(Call(_("Department of Local Administration"), setting.help_name, setting.help_phone))
    return tuple(found)


def of_province(province_id: int | None) -> tuple[Call, ...]:
    """As ``whom_to_call``, for a page that nobody has signed in to."""
    with privileged("whom to call") as session:
        return whom_to_call(session, province_id)


def provinces() -> list[tuple[int, str]]:
    """Every province that one can be of, as people look for it."""
    with privileged("provinces to choose from") as session:
        rows = session.execute(select(Province.id, Province.name).order_by(Province.sort_key))
        return [(key, name) for key, name in rows]
