"""Letters and stored files: bytes, their hash and the data they were made from."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Versioned, enum_column
from models.place import Province


class LetterKind(enum.Enum):
    """Kinds of letter the portal makes."""

    NACC_TO_DLA = "nacc_to_dla"
    CIRCULAR = "circular"
    PROVINCE_SUMMARY = "province_summary"


class ProvinceOrCountry:
    """Named exception of the scopes: a row of one province, or (NULL) of the whole country's offices."""


class OwnFile:
    """Named exception of the scopes: a file of the person it was made for, its province, or the country."""


class StoredFile(Keyed, OwnFile, Base):
    """A made or received file."""

    __tablename__ = "stored_file"
    __unaudited__ = ("content",)

    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    created_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Letter(Keyed, ProvinceOrCountry, Base):
    """One letter as it was sent; all 76 copies of a circular carry its one number."""

    __tablename__ = "letter"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    kind: Mapped[LetterKind] = mapped_column(enum_column(LetterKind))
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(500))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    province: Mapped[Province | None] = relationship()


class LetterSetting(Keyed, Versioned, ProvinceOrCountry, Base):
    """What an office puts on its letters: number prefix, address, signatory, coordinator, emblem."""

    __tablename__ = "letter_setting"
    __table_args__ = (
        Index("uq_letter_setting_kind_province_id", "kind", "province_id", unique=True),
        # the rule above lets rows without a province pass, one after the other
        Index(
            "uq_letter_setting_of_the_country",
            "kind",
            unique=True,
            sqlite_where=text("province_id IS NULL"),
            postgresql_where=text("province_id IS NULL"),
        ),
    )

    kind: Mapped[LetterKind] = mapped_column(enum_column(LetterKind))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
