"""Notes of who chases late agencies: that they were reached, and what they promised."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, enum_column
from models.letter import ProvinceOrCountry


class Reached(enum.Enum):
    """How an agency was reached, or that it was not."""

    CALLED = "called"
    NO_ANSWER = "no_answer"
    LINE = "line"
    MAIL = "mail"
    LETTER = "letter"
    MET = "met"

    @property
    def spoke(self) -> bool:
        """True where somebody of the agency heard it, so that there can be a promise."""
        return self not in (Reached.NO_ANSWER, Reached.LETTER)


class ChaseNote(Keyed, ProvinceOrCountry, Base):
    """What an office noted of a late agency; its province and the country's offices read it, itself never."""

    __tablename__ = "chase_note"
    __table_args__ = (
        CheckConstraint(
            "promised_until IS NULL OR reached NOT IN ('no_answer', 'letter')", name="who_promised"
        ),
        # the newest note of each agency is what lists ask
        Index("ix_chase_note_participation_id_id", "participation_id", "id"),
    )

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"))
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    reached: Mapped[Reached] = mapped_column(enum_column(Reached))
    #: the last day by which the agency said that it would have done it
    promised_until: Mapped[date | None] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    #: name and office as they were: a province reads no account of the country's
    by: Mapped[str] = mapped_column(String(260))
