"""The public disclosure checklist (OIT) of a participation: answers, links, review and scores."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ParticipationOwned, Versioned, enum_column
from models.instrument import OitItem
from models.participation import Participation


class DisclosureState(enum.Enum):
    """States of the whole checklist."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    SCORED = "scored"

    @property
    def editable(self) -> bool:
        """True while the admin may write answers."""
        return self in (DisclosureState.DRAFT, DisclosureState.RETURNED)

    @property
    def handed_in(self) -> bool:
        """True once it lies with the executive, or further on."""
        return not self.editable

    @property
    def approved(self) -> bool:
        """True once the executive has confirmed the review: nothing can change any more."""
        return self in (DisclosureState.CONFIRMED, DisclosureState.SCORED)


class Review(enum.Enum):
    """The executive's judgement of one item."""

    PENDING = "pending"
    PASS = "pass"  # noqa: S105 - a judgement, not a password
    FAIL = "fail"


class Disclosure(Keyed, Versioned, ParticipationOwned, Base):
    """The checklist of one participation."""

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("participation_id"),)

    state: Mapped[DisclosureState] = mapped_column(
        enum_column(DisclosureState), default=DisclosureState.DRAFT
    )
    #: how often it was submitted for approval
    submission: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]

    participation: Mapped[Participation] = relationship()
    answers: Mapped[list[DisclosureAnswer]] = relationship(
        back_populates="disclosure", cascade="all, delete-orphan"
    )


class DisclosureAnswer(Keyed, Versioned, ParticipationOwned, Base):
    """The answer to one item: disclosed or not, its links, an explanation, the review and the score."""

    __tablename__ = "disclosure_answer"
    __table_args__ = (UniqueConstraint("disclosure_id", "oit_item_id"),)

    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id", ondelete="CASCADE"), index=True)
    oit_item_id: Mapped[int] = mapped_column(ForeignKey("oit_item.id"), index=True)
    disclosed: Mapped[bool | None]
    explanation: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[Review] = mapped_column(enum_column(Review), default=Review.PENDING)
    review_reason: Mapped[str] = mapped_column(String(1000), default="")
    score: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    score_note: Mapped[str] = mapped_column(String(1000), default="")

    disclosure: Mapped[Disclosure] = relationship(back_populates="answers")
    item: Mapped[OitItem] = relationship()
    links: Mapped[list[DisclosureLink]] = relationship(
        back_populates="answer", order_by="DisclosureLink.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.item.code


class DisclosureLink(Keyed, ParticipationOwned, Base):
    """One address where the information is disclosed."""

    __tablename__ = "disclosure_link"
    __table_args__ = (UniqueConstraint("answer_id", "position"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("disclosure_answer.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    url: Mapped[str] = mapped_column(String(2000))

    answer: Mapped[DisclosureAnswer] = relationship(back_populates="links")
