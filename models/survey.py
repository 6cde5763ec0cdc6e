"""Survey links of a participation and the counts of answers; never an answer or a person."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import AgencyOwned, Base, Keyed, ParticipationOwned, Public, enum_column
from models.instrument import InstrumentKind
from models.participation import Participation


class Channel(enum.Enum):
    """How an answer came: by the respondent alone, on site, or by an interview of the assessor."""

    SELF = "self"
    ON_SITE = "on_site"
    INTERVIEW = "interview"

    @property
    def part(self) -> int:
        """The part of the survey: 2 for interviews of drawn people, 1 for everybody who answers a link."""
        return 2 if self is Channel.INTERVIEW else 1


class InternalWithin:
    """Named exception of the scopes: of these rows, desks outside the agency see those of EIT alone."""

    instrument: Mapped[InstrumentKind]


class SurveyLink(Keyed, InternalWithin, ParticipationOwned, Base):
    """The unguessable code of one (participation, instrument), one living at a time.

    A revoked code answers with a clear page.
    """

    __tablename__ = "survey_link"
    __table_args__ = (
        Index(
            "uq_survey_link_living",
            "participation_id",
            "instrument",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )
    #: the code is a key to a form: the record says only that it was made or revoked
    __unaudited__ = ("code",)

    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind))
    code: Mapped[str] = mapped_column(String(32), unique=True)
    revoked_at: Mapped[datetime | None]

    participation: Mapped[Participation] = relationship()


class NotYetItsAgencys:
    """Named exception of the scopes: counters that move with each answer.

    Desks of their own agency read copies (``QuarterCount``), and of the counts of days those of days that are
    over: whoever watches a counter move sees who has just answered (ADR 53).
    """


class AnswerCount(NotYetItsAgencys, AgencyOwned, Base):
    """Answers of one (participation, instrument, channel): moved in the transaction of the answer."""

    __tablename__ = "answer_count"
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class QuarterCount(AgencyOwned, Base):
    """The same as it stood at the last quarter of an hour: what the agency's own desks see.

    One number that each quarter writes over. Since when it stands is said once for all (``CountedMoment``):
    a time in each row would tell when somebody of this agency answered last.
    """

    __tablename__ = "quarter_count"
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class CountedMoment(Public, Base):
    """The quarter of an hour at which all ``QuarterCount`` stood so; one row, ``id`` 1."""

    __tablename__ = "counted_moment"
    __audited__ = False
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class DailyCount(NotYetItsAgencys, AgencyOwned, Base):
    """Answers per day of the same key; nothing finer than a day is stored."""

    __tablename__ = "daily_count"
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class ContestedCount(AgencyOwned, Base):
    """How often somebody said "that was not me" after a refusal: a number per agency, nothing else."""

    __tablename__ = "contested_count"
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), primary_key=True
    )
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
