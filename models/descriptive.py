"""Descriptive fields of agencies and accounts that an office adds on screen, without a migration.

What such a field is stands in a row of ``DescriptiveField``; what it holds, in the one JSON column of the row
that it describes, by its key. It decides nothing: no rule of the assessment reads it.
"""

from __future__ import annotations

import enum
import re
from typing import Any

from sqlalchemy import JSON, Index, String, false, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, Public, Versioned, enum_column
from models.sector import OfSector

#: what a key is made of: it stands in addresses, in the JSON column and in the name of an index
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


class FieldOwner(enum.Enum):
    """What a descriptive field describes; the values are names of tables."""

    AGENCY = "agency"
    ACCOUNT = "account"


class FieldKind(enum.Enum):
    """What a descriptive field holds, and so how it is typed, compared and shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    WEB = "web"
    PHONE = "phone"


class Described:
    """A row with descriptive fields: by key, a text, a number, or a day as 2018-11-09; None where none."""

    described: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )


class DescriptiveField(Keyed, Versioned, OfSector, Public, Base):
    """One field of a sector. It is taken out of use and back; only one that no row holds is deleted."""

    __tablename__ = "descriptive_field"
    __unaudited__ = ("heading",)
    __table_args__ = (
        Index("uq_descriptive_field_owner_key", "owner", "key", unique=True),
        Index("uq_descriptive_field_owner_heading", "owner", "heading", unique=True),
    )

    owner: Mapped[FieldOwner] = mapped_column(enum_column(FieldOwner))
    key: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(80))
    #: the label as headings of files are compared; derived
    heading: Mapped[str] = mapped_column(String(80))
    kind: Mapped[FieldKind] = mapped_column(enum_column(FieldKind))
    #: of a choice: {"code", "label", "active"} in their order; none is ever forgotten
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    required: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: whether lists show it as a column; files and pages of one row always do
    in_list: Mapped[bool] = mapped_column(default=True, server_default=true())
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    def __str__(self) -> str:
        return self.label
