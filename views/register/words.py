"""What an import changes of an agency, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from models.descriptive import FieldOwner
from models.kinds import AgencyKind, AgencySize
from models.place import District, Province
from portal.core.database.session import db
from portal.core.described import Field, every_field
from portal.core.described import words as described_words
from portal.core.texts import lazy

FIELD_LABELS = {
    "code": lazy("Code"),
    "kind": lazy("Kind"),
    "name": lazy("Name"),
    "full_name": lazy("Full name"),
    "size": lazy("Size"),
    "province_id": lazy("Province"),
    "district_id": lazy("District"),
    "contact.phone": lazy("Telephone"),
    "contact.email": lazy("E-mail"),
    "contact.website": lazy("Web site"),
    "contact.address": lazy("Postal address"),
    "contact.line": lazy("LINE ID"),
    "contact.person": lazy("Contact person"),
}
Words = Callable[[str, Any], str]


def field_labels() -> dict[str, Any]:
    """What each field is called, with the descriptive ones, in use or not; one query."""
    return {**FIELD_LABELS, **{name: field.label for name, field in _descriptive().items()}}


def _descriptive() -> dict[str, Field]:
    fields = every_field(db.session())
    return {field.name: field for field in fields if field.owner is FieldOwner.AGENCY}


def value_words() -> Words:
    """The words of a field's value, plain or as the import keeps it; three queries, asked once per page."""
    names: Mapping[str, Mapping[int, str]] = {
        "province_id": {row.id: row.name for row in db.session.scalars(select(Province))},
        "district_id": {row.id: row.name for row in db.session.scalars(select(District))},
    }

    fields = _descriptive()

    def words(field: str, value: Any) -> str:
        if field == "kind" and value is not None:
            return value.label if isinstance(value, AgencyKind) else AgencyKind(value).label
        if isinstance(value, AgencySize):
            return value.code
        if (described := fields.get(field)) is not None:
            return described_words(described, value) or "–"
        return str(names[field].get(value, value) if field in names else value or "–")

    return words
