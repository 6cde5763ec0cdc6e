"""One agency in one round, with a snapshot of what the agency was: everything of the round hangs here."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agency import Agency, AgencyKind, AgencySize
from models.base import AgencyOwned, Base, Keyed, Versioned, enum_column
from models.round import Round


class PreparationState(enum.Enum):
    """How far the data of the preparation stage has come between admin and executive."""

    ENTERING = "entering"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


class Participation(Keyed, Versioned, AgencyOwned, Base):
    """An assessed agency of a round. Renames, upgrades and moves of the agency change nothing here."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("round_id", "agency_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)

    # the snapshot
    code: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind))
    size: Mapped[AgencySize | None] = mapped_column(enum_column(AgencySize))
    name: Mapped[str] = mapped_column(String(160))
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(500), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    district_name: Mapped[str] = mapped_column(String(120))
    province_name: Mapped[str] = mapped_column(String(80))

    # the four steps of preparation
    activated_at: Mapped[datetime | None]
    headcount: Mapped[int | None]
    headcount_at: Mapped[datetime | None]
    roster_count: Mapped[int] = mapped_column(default=0)
    roster_at: Mapped[datetime | None]
    state: Mapped[PreparationState] = mapped_column(
        enum_column(PreparationState), default=PreparationState.ENTERING
    )
    return_reason: Mapped[str] = mapped_column(String(1000), default="")
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    #: the job at the deadline only records that it happened; whether it is so is computed on read
    not_assessable_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    agency: Mapped[Agency] = relationship()

    def __str__(self) -> str:
        return self.full_name

    @property
    def steps_done(self) -> int:
        """How many of the four steps are done (0–4)."""
        return sum(
            (
                self.activated_at is not None,
                self.headcount is not None,
                self.roster_count > 0,
                self.confirmed_at is not None,
            )
        )
