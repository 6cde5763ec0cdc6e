"""What is made of the counts each night: the days of provinces, and who is likely to miss what.

Counts of an agency's days tell when its people answered: offices of a province and of the country read these
rows, the agency itself never.
"""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column
from models.instrument import InstrumentKind
from models.letter import ProvinceOrCountry
from models.round import Stage


class Why(enum.Enum):
    """Why an agency is likely to miss a minimum or a date."""

    NOT_BEGUN = "not_begun"
    STALLED = "stalled"
    TOO_SLOW = "too_slow"


class ProvinceDay(ProvinceOrCountry, Base):
    """Answers to a survey in a province on one day that is over."""

    __tablename__ = "province_day"
    __audited__ = False

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), primary_key=True, index=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int]


class Outlook(ProvinceOrCountry, Base):
    """What became of a stage of an agency until a day, and what is expected of it; ``why`` only where it is
    likely to miss."""

    __tablename__ = "outlook"
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    #: the day whose morning it was made in: what came on it is not in it
    made_on: Mapped[date] = mapped_column(Date)
    done: Mapped[int]
    needed: Mapped[int]
    expected: Mapped[int]
    #: when something was seen first, and when it was seen to move last
    begun_on: Mapped[date | None] = mapped_column(Date)
    moved_on: Mapped[date | None] = mapped_column(Date)
    why: Mapped[Why | None] = mapped_column(enum_column(Why))
