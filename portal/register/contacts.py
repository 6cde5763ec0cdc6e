"""Contacts of agencies and of the provinces' offices, kept by themselves and by the back office.

Whoever saves the own agency's contacts has looked them through; what somebody else changed waits for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from models.account import Account
from models.agency import Agency
from models.contact import AgencyContact, ProvinceContact
from models.place import Province
from portal.core import audit, clock
from portal.core.access import Actor, can
from portal.core.access import Permission as P
from portal.core.database.session import db
from portal.core.errors import NotFound, Refused
from portal.core.sent.versions import require_version
from portal.register.contact_fields import Contacts, read_contacts


def contact_of(agency_id: int) -> AgencyContact | None:
    """The contacts of an agency in the actor's scope; None where none were ever saved."""
    return db.session.scalars(select(AgencyContact).where(AgencyContact.agency_id == agency_id)).one_or_none()


def contacts_of(agency_ids: Select[int] | Sequence[int]) -> dict[int, AgencyContact]:
    """The contacts of these agencies, or of those that a select gives, by their ids; one query."""
    rows = db.session.scalars(select(AgencyContact).where(AgencyContact.agency_id.in_(agency_ids)))
    return {row.agency_id: row for row in rows}


def province_contact(province_id: int) -> ProvinceContact | None:
    """The contacts of a province's office; None where none were ever saved."""
    query = select(ProvinceContact).where(ProvinceContact.province_id == province_id)
    return db.session.scalars(query).one_or_none()


def save(
    agency: Agency, typed: Mapping[str, str], *, seen_version: int | None = None, actor: Actor
) -> Contacts:
    """Keep the contacts of an agency in their one form; gives them with the remarks to be said.

    ``seen_version`` is that of the page, 0 for none yet. Raises Refused at the first field that is wrong,
    Stale, NotFound for who may not.
    """
    if not can(actor, P.CONTACTS_WRITE, agency):
        raise NotFound
    stored = contact_of(agency.id)
    require_version(stored, seen_version)
    contact = stored or AgencyContact(agency_id=agency.id, province_id=agency.province_id)
    with audit.act("contacts.save"):
        read = _keep(contact, typed)
        if actor.agency_id == agency.id:
            contact.reviewed_at, contact.reviewed_by_id = clock.now(), actor.account_id
        elif db.session.is_modified(contact):
            contact.reviewed_at = contact.reviewed_by_id = None
        db.session.flush()
    return read


def look_through(agency_id: int, *, seen_version: int | None = None, actor: Actor) -> AgencyContact:
    """Somebody of the agency says that the contacts are right as they stand.

    Raises Refused where there are none, Stale, NotFound for anybody else.
    """
    if not can(actor, P.CONTACTS_WRITE) or actor.agency_id != agency_id:
        raise NotFound
    contact = contact_of(agency_id)
    require_version(contact, seen_version)
    if contact is None or not has_any(contact):
        raise Refused("There are no contacts to look through yet: enter them first")
    with audit.act("contacts.review"):
        contact.reviewed_at, contact.reviewed_by_id = clock.now(), actor.account_id
        db.session.flush()
    return contact


def reviewer_of(contact: AgencyContact) -> str:
    """Who looked the contacts through last, where the acting desk may see the account; else ""."""
    query = select(Account.name).where(Account.id == contact.reviewed_by_id)
    return db.session.scalar(query) or ""


def is_looked_through(contact: AgencyContact | None, since: datetime | None) -> bool:
    """True where the agency looked its contacts through at ``since`` or later; None: ever."""
    if contact is None or contact.reviewed_at is None:
        return False
    return since is None or contact.reviewed_at >= since


def has_any(contact: AgencyContact | ProvinceContact | None) -> bool:
    """True where there is a way to reach somebody."""
    return contact is not None and bool(contact.phone or contact.email or contact.line)


def save_province(
    province: Province, typed: Mapping[str, str], *, seen_version: int | None = None, actor: Actor
) -> Contacts:
    """Keep whom the agencies of a province call: by the province itself, or by the back office.

    Raises Refused at the first field that is wrong, Stale, NotFound for who may not.
    """
    if not can(actor, P.PROVINCE_CONTACTS_WRITE) or actor.province_id not in (None, province.id):
        raise NotFound
    stored = province_contact(province.id)
    require_version(stored, seen_version)
    with audit.act("contacts.save"):
        read = _keep(stored or ProvinceContact(province_id=province.id), typed)
        db.session.flush()
    return read


def _keep(contact: Any, typed: Mapping[str, str]) -> Contacts:
    read = read_contacts(typed)
    for fault in read.faults.values():
        raise fault
    for name, value in read.values.items():
        setattr(contact, name, value)
    db.session.add(contact)
    return read
