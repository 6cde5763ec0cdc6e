"""A confirmed headcount that was wrong: the admin asks for another number, the executive confirms it anew."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, Versioned, enum_column
from models.participation import Participation


class CorrectionState(enum.Enum):
    """How far a correction has come between admin and executive."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class HeadcountCorrection(Keyed, Versioned, ParticipationOwned, Base):
    """One asking for another headcount, kept for good; one open at a time.

    Until it is confirmed the old number stands. The database takes none, and confirms none, once the boxes of
    the agency were opened (migration 0033).
    """

    __tablename__ = "headcount_correction"
    __table_args__ = (
        Index(
            "uq_headcount_correction_open",
            "participation_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        CheckConstraint("after >= 1", name="of_people"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
    )

    state: Mapped[CorrectionState] = mapped_column(
        enum_column(CorrectionState), default=CorrectionState.ASKED
    )
    #: the numbers before and after, with their groups where the round asks for them
    before: Mapped[int]
    after: Mapped[int]
    parts_before: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    parts_after: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime]
    #: by name: an agency reads no accounts
    asked_by: Mapped[str] = mapped_column(String(260))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(260), default="")
    decline_reason: Mapped[str] = mapped_column(String(1000), default="")

    participation: Mapped[Participation] = relationship()
