"""Assessor bodies and which participations they were given."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, Public, Versioned
from models.participation import Participation


class AssessorBody(Keyed, Versioned, Public, Base):
    """A hired assessor (หน่วยงานผู้ประเมิน)."""

    __tablename__ = "assessor_body"

    name: Mapped[str] = mapped_column(String(200), unique=True)

    def __str__(self) -> str:
        return self.name


class Assignment(Keyed, ParticipationOwned, Base):
    """One participation given to one assessor body; it has one body at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("uq_assignment_participation_id", "participation_id", unique=True),
        UniqueConstraint("participation_id", "body_id"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("assessor_body.id"), index=True)

    body: Mapped[AssessorBody] = relationship()
    participation: Mapped[Participation] = relationship()

    def __str__(self) -> str:
        return str(self.participation)
