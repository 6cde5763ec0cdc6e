"""Letters and stored files: bytes, their hash and the data they were made from."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, enum_column
from models.place import Province


class LetterKind(enum.Enum):
    """Kinds of letter the portal makes."""

    NACC_TO_DLA = "nacc_to_dla"
    CIRCULAR = "circular"
    PROVINCE_SUMMARY = "province_summary"


class ProvinceOrCountry:
    """Named exception of the scopes: a row of one province, or (NULL) of the whole country's offices."""


class OwnFile:
    """Named exception of the scopes: a file of the person it was made for, its province, or the country.

    An internal one is its person's alone.
    """


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
    #: it shows what only its agency may know: the link of an internal survey
    internal: Mapped[bool] = mapped_column(default=False, server_default=false())
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Letter(Keyed, ProvinceOrCountry, Base):
    """One letter as it was issued, or one copy of a circular; all 76 carry its one number."""

    __tablename__ = "letter"
    __table_args__ = (
        # a killed batch that goes on makes no copy twice
        Index("uq_letter_dispatch_id_province_id", "dispatch_id", "province_id", unique=True),
        Index("uq_letter_public_id", "public_id", unique=True),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    kind: Mapped[LetterKind] = mapped_column(enum_column(LetterKind))
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(500))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime]
    #: of a file that was signed as it was made: how it begins, which is the letter without its signature
    body_sha256: Mapped[str | None] = mapped_column(String(64))
    body_size: Mapped[int | None]
    #: NULL for a summary, which is no letter
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    #: a random id by which anybody who holds the letter finds its page; a number alone finds nothing
    public_id: Mapped[str | None] = mapped_column(String(32))

    file: Mapped[StoredFile] = relationship()
    province: Mapped[Province | None] = relationship()
