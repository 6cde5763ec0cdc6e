"""Contacts in a file of the register: columns that it may have. What it does not say changes nothing.

A column that is absent and a cell that is empty leave an agency's contacts as the agency keeps them. What an
import changes waits until the agency has looked it through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.contact import AgencyContact
from portal.core import described_files
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row
from portal.register.contact_fields import OF_AN_AGENCY, read_contacts

#: what stands before a field of the contacts where the register's own fields are named beside it
PREFIX = "contact."
COLUMNS: dict[str, tuple[str, ...]] = {
    "contact.phone": ("โทรศัพท์", "หมายเลขโทรศัพท์", "เบอร์โทรศัพท์", "เบอร์โทร", "โทร.", "telephone", "phone"),
    "contact.email": ("อีเมล", "อีเมล์", "e-mail", "email"),
    "contact.website": ("เว็บไซต์", "เว็บไซด์", "website", "web site"),
    "contact.address": ("ที่อยู่", "ที่ตั้ง", "address"),
    "contact.line": ("ไอดีไลน์", "line id", "line"),
    "contact.person": ("ผู้ประสานงาน", "contact person"),
}
#: how people write that there is none
_NONE = frozenset({"-", "–", "ไม่มี"})
Values = Mapping[str, Any]


def read_cells(row: Row) -> dict[str, str] | Wrong:
    """The contacts that a row says, by the names of ``COLUMNS``; or the first that cannot be one."""
    typed = {name.removeprefix(PREFIX): row[name] for name in COLUMNS}
    read = read_contacts({name: text for name, text in typed.items() if text and text not in _NONE})
    for name, fault in read.faults.items():
        return Wrong(f"{PREFIX}{name}", fault.message_id, fault.values)
    return {f"{PREFIX}{name}": value for name, value in read.values.items()}


def kept(session: Session, agency_ids: Iterable[int] | None = None) -> dict[int, dict[str, str]]:
    """The contacts that are kept, by agency and by the names of ``COLUMNS``; of all agencies, or of these."""
    columns = [getattr(AgencyContact, name) for name in OF_AN_AGENCY]
    query = select(AgencyContact.agency_id, *columns)
    if agency_ids is not None:
        query = query.where(AgencyContact.agency_id.in_(list(agency_ids)))
    return {
        key: {f"{PREFIX}{name}": value for name, value in zip(OF_AN_AGENCY, values, strict=True)}
        for key, *values in session.execute(query)
    }


def changes(held: Mapping[str, str], said: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """What becomes another by what a row says: before and after, by the names of ``COLUMNS``."""
    return {name: (held.get(name, ""), value) for name, value in said.items() if held.get(name, "") != value}


def apart(values: Values) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of the register, and those of the contacts, of fields that are named together.

    Descriptive fields are neither (``described_files.apart``).
    """
    others = described_files.apart(values)[0]
    of_register = {name: value for name, value in others.items() if not name.startswith(PREFIX)}
    return of_register, {name: value for name, value in values.items() if name.startswith(PREFIX)}


def write(session: Session, rows: Iterable[tuple[int, int, Values]]) -> None:
    """Write contacts of (agency, its province, fields by the names of ``COLUMNS``), in bulk."""
    given = [(key, province, apart(values)[1]) for key, province, values in rows]
    given = [row for row in given if row[2]]
    there = kept(session, [key for key, _province, _values in given]) if given else {}
    empty = dict.fromkeys(COLUMNS, "")
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for key, province, values in given:
        whole = {**there.get(key, empty), **values}
        fields = {f"new_{name.removeprefix(PREFIX)}": value for name, value in whole.items()}
        if key in there:
            changed.append({"key": key, **fields})
        else:
            plain = {name.removeprefix("new_"): value for name, value in fields.items()}
            new.append({"agency_id": key, "province_id": province, "version": 1, **plain})
    connection = session.connection()
    if new:
        connection.execute(insert(AgencyContact), new)
    if changed:
        table: Any = AgencyContact.__table__
        statement = update(AgencyContact).where(table.c.agency_id == bindparam("key"))
        connection.execute(
            statement.values({name: bindparam(f"new_{name}") for name in OF_AN_AGENCY}).values(
                version=table.c.version + 1, reviewed_at=None, reviewed_by_id=None
            ),
            changed,
        )
