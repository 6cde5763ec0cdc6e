"""Marks, sealed answers and opened answers. No row here carries a time, a sequence or a person.

On SQLite all are WITHOUT ROWID, because the order of rowids is the order of arrival.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SystemOnly, enum_column
from models.instrument import InstrumentKind
from models.survey import Channel

ORDERLESS = {"sqlite_with_rowid": False}
#: random bytes that name a row within its box, and say nothing else: enough that no two of a box are the same
ROW_KEY = 8


class Mark(SystemOnly, Base):
    """HMAC of round | agency | instrument | ID under the round's mark key; deleted when the round closes.

    ``form`` is an HMAC of the mark and of the random value of the form that made it, under the same key: a
    form that is sent twice is told by it from a second person. None for interviews, which have no form.
    """

    __tablename__ = "mark"
    __table_args__ = ORDERLESS
    __audited__ = False

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    form: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class SealedAnswer(SystemOnly, Base):
    """An answer sealed to the round's urn key, under a random key of its own."""

    __tablename__ = "sealed_answer"
    __table_args__ = ORDERLESS
    __audited__ = False

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(ROW_KEY), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class OpenedAnswer(SystemOnly, Base):
    """An opened answer, one byte per sub-item, under a new random key."""

    __tablename__ = "opened_answer"
    __table_args__ = ORDERLESS
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(ROW_KEY), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    answers: Mapped[bytes] = mapped_column(LargeBinary)


class SetAside(SystemOnly, Base):
    """A sealed answer that could not be read at opening: kept, counted and reported, never dropped."""

    __tablename__ = "set_aside"
    __table_args__ = ORDERLESS
    __audited__ = False

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(ROW_KEY), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class UrnKey(SystemOnly, Base):
    """What the web process needs of a round's urn: its public key, and the size every answer is padded to."""

    __tablename__ = "urn_key"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
