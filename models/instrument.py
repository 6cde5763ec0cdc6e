"""The instruments of a round as data: indicators, questions, scales and OIT items."""

from __future__ import annotations

import enum
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Public, Versioned, enum_column
from models.kinds import AgencyKind
from models.round import Round


class InstrumentKind(enum.Enum):
    """The three instruments of the assessment."""

    IIT = "iit"
    EIT = "eit"
    OIT = "oit"


class Instrument(Keyed, Public, Base):
    """One instrument of one round; ``edition`` moves with every change of its wording."""

    __tablename__ = "instrument"
    __table_args__ = (UniqueConstraint("round_id", "kind"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    kind: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind))
    name: Mapped[str] = mapped_column(String(200))
    weight: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    edition: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship()
    indicators: Mapped[list[Indicator]] = relationship(
        back_populates="instrument", order_by="Indicator.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.name


class Indicator(Keyed, Public, Base):
    """An indicator or, with a parent, a sub-indicator."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]

    instrument: Mapped[Instrument] = relationship(back_populates="indicators")
    parent: Mapped[Indicator | None] = relationship(remote_side="Indicator.id")
    questions: Mapped[list[Question]] = relationship(
        back_populates="indicator", order_by="Question.position", cascade="all, delete-orphan"
    )
    oit_items: Mapped[list[OitItem]] = relationship(
        back_populates="indicator", order_by="OitItem.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Scale(Keyed, Public, Base):
    """An answer scale of a round."""

    __tablename__ = "scale"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    #: what people call it: its code says nothing to them
    name: Mapped[str] = mapped_column(String(120), default="")

    choices: Mapped[list[Choice]] = relationship(
        back_populates="scale", order_by="Choice.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.name or self.code


class Choice(Keyed, Public, Base):
    """One choice of a scale. ``position`` (from 1) is what an answer stores.

    A choice without points says "not applicable": it leaves mean and n.
    """

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("scale_id", "position"),)

    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    points: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))

    scale: Mapped[Scale] = relationship(back_populates="choices")


class Question(Keyed, Versioned, Public, Base):
    """A question of IIT or EIT with one or more scored sub-items."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    scale_id: Mapped[int] = mapped_column(ForeignKey("scale.id"))
    code: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]

    instrument: Mapped[Instrument] = relationship()
    indicator: Mapped[Indicator] = relationship(back_populates="questions")
    scale: Mapped[Scale] = relationship()
    sub_items: Mapped[list[SubItem]] = relationship(
        back_populates="question", order_by="SubItem.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class SubItem(Keyed, Public, Base):
    """One scored line of a question; ``slot`` is its byte in a stored answer (from 0, per instrument)."""

    __tablename__ = "sub_item"
    __table_args__ = (UniqueConstraint("question_id", "position"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    slot: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    #: only where the line is turned the other way round than its question (I11.2 of 2561)
    own_scale_id: Mapped[int | None] = mapped_column(ForeignKey("scale.id"))

    question: Mapped[Question] = relationship(back_populates="sub_items")
    own_scale: Mapped[Scale | None] = relationship()

    @property
    def scale(self) -> Scale:
        """The scale that the line is answered and scored on."""
        return self.own_scale or self.question.scale

    @property
    def code(self) -> str:
        """The line's code: "I11.2"."""
        return f"{self.question.code}.{self.position}"


class OitItem(Keyed, Versioned, Public, Base):
    """One item of the public disclosure checklist."""

    __tablename__ = "oit_item"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"), index=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    criterion: Mapped[str] = mapped_column(Text, default="")
    #: what an answer that passes looks like
    example: Mapped[str] = mapped_column(Text, default="")
    #: the kinds of agencies that it asks; empty: all
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int]

    instrument: Mapped[Instrument] = relationship()
    indicator: Mapped[Indicator] = relationship(back_populates="oit_items")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def asks(self, kind: AgencyKind) -> bool:
        """True where agencies of this kind answer it."""
        return asked_of(self.kinds, kind)


def asked_of(kinds: Collection[str], kind: AgencyKind) -> bool:
    """Whether an item for these ``kinds`` (none: for all) asks agencies of a kind."""
    return not kinds or kind.value in kinds
