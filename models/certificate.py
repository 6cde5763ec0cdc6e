"""Certificates of results: what NACC released for a round in one act, and each agency's certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, Public
from models.letter import StoredFile
from models.participation import Participation
from models.round import Round


class CertificateRelease(Keyed, Public, Base):
    """The one act by which the certificates of a round were released, and what all of them share."""

    __tablename__ = "certificate_release"
    __unaudited__ = ("letterhead",)
    __table_args__ = (UniqueConstraint("round_id"), CheckConstraint("count >= 1", name="count"))

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    dated: Mapped[date] = mapped_column(Date)
    office: Mapped[str] = mapped_column(String(200))
    signatory: Mapped[str] = mapped_column(String(120))
    #: the lines under the name, one a line
    position: Mapped[str] = mapped_column(String(300))
    #: emblem and font of the office as they were, by the names of ``portal.letters.offices``
    letterhead: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: signed with the office's key as they are printed; else they have the space to sign by hand
    by_key: Mapped[bool]
    #: how many there are, and a digest of what they say
    count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    released_at: Mapped[datetime]

    round: Mapped[Round] = relationship()


class Certificate(Keyed, ParticipationOwned, Base):
    """One agency's certificate. What it says stays; it is printed once, and may be withdrawn once."""

    __tablename__ = "certificate"
    __unaudited__ = ("data",)
    __table_args__ = (
        UniqueConstraint("participation_id"),
        Index("uq_certificate_public_id", "public_id", unique=True),
        Index("uq_certificate_release_id_number", "release_id", "number", unique=True),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(withdrawn_at IS NULL) = (reason = '')", name="withdrawn"),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("certificate_release.id"))
    number: Mapped[int]
    #: a random id by which anybody who holds the certificate finds its page; a number alone finds nothing
    public_id: Mapped[str] = mapped_column(String(32))
    grade: Mapped[str] = mapped_column(String(4))
    #: what it says, as it was released
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    #: NULL until it was first printed
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    #: of a file that was signed as it was made: the certificate without its signature
    body_sha256: Mapped[str | None] = mapped_column(String(64))
    body_size: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    release: Mapped[CertificateRelease] = relationship()
    participation: Mapped[Participation] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def number_said(self) -> str:
        """Its number as people read it: "12/2561"."""
        return f"{self.number}/{self.data['year']}"

    @property
    def holds(self) -> bool:
        """True while it was not withdrawn."""
        return self.withdrawn_at is None
