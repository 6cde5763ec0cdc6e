"""Certificates that the keys of a round were destroyed: each as it was written, a corrected one beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CountryOnly, Keyed
from models.letter import StoredFile
from models.round import Round


class KeyDestruction(Keyed, CountryOnly, Base):
    """One certificate. What it says stays; number n takes the place of number n - 1 of its round."""

    __tablename__ = "key_destruction"
    __unaudited__ = ("data",)
    __table_args__ = (
        Index("uq_key_destruction_round_id_number", "round_id", "number", unique=True),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(number = 1) = (reason = '')", name="reason"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    #: why it takes the place of the one before
    reason: Mapped[str] = mapped_column(String(300), default="")
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(200))
    #: what it says, and a digest of that for the record
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    #: NULL until it was printed; that print is kept
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    round: Mapped[Round] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    @property
    def number_said(self) -> str:
        """Its number as people read it: "2/2561"."""
        return f"{self.number}/{self.data['year']}"
