"""The roster of external stakeholders: other people's personal data, encrypted field by field."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.ballot import ROW_KEY
from models.base import Base, Keyed, ParticipationOwned, Versioned, enum_column
from models.participation import Participation
from models.round import RosterGroup

CIPHERED = ("name_sealed", "organisation_sealed", "phone_sealed", "email_sealed", "fingerprint")


class RosterEntry(Keyed, Versioned, ParticipationOwned, Base):
    """One external stakeholder of a participation. Names are ciphertext; there is no index over them."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("participation_id", "number"),
        UniqueConstraint("participation_id", "fingerprint"),
    )
    __unaudited__ = CIPHERED

    number: Mapped[int]
    group_id: Mapped[int] = mapped_column(ForeignKey("roster_group.id"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    organisation_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    #: keyed hash of the normalised name, phone and organisation: finds duplicates without a plain name
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    #: when the person's data were erased: every text is the sealed empty one, the fingerprint only the number
    erased_at: Mapped[datetime | None]

    participation: Mapped[Participation] = relationship()
    group: Mapped[RosterGroup] = relationship()


class RosterVerdict(enum.Enum):
    """What the assessor found: representative, or more names, or collecting at the office."""

    REPRESENTATIVE = "representative"
    MORE_NAMES = "more_names"
    COLLECT_ON_SITE = "collect_on_site"


class RosterJudgement(Keyed, Versioned, ParticipationOwned, Base):
    """The assessor's judgement whether the roster represents the agency's public."""

    __tablename__ = "roster_judgement"
    #: which names are missing: it may name people, and goes with their data
    __masked__ = ("note",)
    __table_args__ = (
        UniqueConstraint("participation_id"),
        # what a link for collecting on site points at
        Index("uq_roster_judgement_participation_id_verdict", "participation_id", "verdict", unique=True),
    )

    verdict: Mapped[RosterVerdict] = mapped_column(enum_column(RosterVerdict))
    note: Mapped[str] = mapped_column(String(2000), default="")
    judged_at: Mapped[datetime]


class SampleDraw(Keyed, ParticipationOwned, Base):
    """A random draw from a roster: its seed and the order of the roster make it repeatable by anybody."""

    __tablename__ = "sample_draw"
    __table_args__ = (UniqueConstraint("participation_id"),)

    seed: Mapped[bytes] = mapped_column(LargeBinary(32))
    roster_size: Mapped[int]
    sample_size: Mapped[int]
    drawn_at: Mapped[datetime]


class InterviewOutcome(enum.Enum):
    """How a call went."""

    PENDING = "pending"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong_number"
    #: its answer was taken out of the box again; the roster row is used up
    VOIDED = "voided"


class Interview(Keyed, Versioned, ParticipationOwned, Base):
    """One drawn roster row and what came of calling it. The answers themselves are sealed in the box."""

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("participation_id", "position"),)
    #: an event names the interview and its outcome only
    __unaudited__ = ("sealed_key", "called_at")

    roster_entry_id: Mapped[int] = mapped_column(
        ForeignKey("roster_entry.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    outcome: Mapped[InterviewOutcome] = mapped_column(
        enum_column(InterviewOutcome), default=InterviewOutcome.PENDING
    )
    called_at: Mapped[datetime | None]
    #: key of its sealed row until the opening erases it, so that a failed interview can be voided
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary(ROW_KEY))

    roster_entry: Mapped[RosterEntry] = relationship()
    participation: Mapped[Participation] = relationship()
