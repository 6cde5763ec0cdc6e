"""Computed results of a round: one row per node of the score tree, and the grade."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, enum_column
from models.instrument import InstrumentKind
from models.participation import Participation


class Result(Keyed, ParticipationOwned, Base):
    """Total and grade of one participation. ``total`` is NULL where it is withheld (A4) or incomplete."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("participation_id"),)
    __audited__ = False

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    total: Mapped[Decimal | None] = mapped_column(Numeric(18, 12))
    grade: Mapped[str | None] = mapped_column(String(4), index=True)
    #: why there is no total: "withheld", "not_assessable", "incomplete" or empty
    reason: Mapped[str] = mapped_column(String(40), default="")
    #: surveys with fewer answers than the minimum sample, by their codes and a space between ("iit eit")
    below: Mapped[str] = mapped_column(String(16), default="", server_default="")
    computed_at: Mapped[datetime]

    participation: Mapped[Participation] = relationship()


class ResultNode(Keyed, ParticipationOwned, Base):
    """Score of an instrument, indicator, sub-indicator, question or item, with its number of answers."""

    __tablename__ = "result_node"
    __table_args__ = (UniqueConstraint("participation_id", "instrument", "level", "code"),)
    __audited__ = False

    #: codes are those of an instrument: indicator 1 of IIT is another one than indicator 1 of EIT
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind))
    level: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(16))
    score: Mapped[Decimal | None] = mapped_column(Numeric(18, 12))
    n: Mapped[int] = mapped_column(default=0)
