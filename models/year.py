"""What a round is made of beside its questions and rules: texts, languages, steps back, the years between."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CountryOnly, Keyed, Public, enum_column
from models.instrument import InstrumentKind


class RoundText(Keyed, Public, Base):
    """A text of a public page or a notice as this round words it; without one the product's own stands."""

    __tablename__ = "round_text"
    __table_args__ = (UniqueConstraint("round_id", "key"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)


class RoundTranslation(Keyed, Public, Base):
    """A text of the round in a further language. ``thing`` and ``code`` name whose text, ``field`` which."""

    __tablename__ = "round_translation"
    __table_args__ = (UniqueConstraint("round_id", "language", "thing", "code", "field"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    #: a language of ISO 639-1
    language: Mapped[str] = mapped_column(String(2))
    thing: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)


class RoundStep(Keyed, CountryOnly, Base):
    """What the content of a draft was before a step in the builder, so that it can be taken back.

    The step itself is in the record; these rows go when the round opens.
    """

    __tablename__ = "round_step"
    __table_args__ = (UniqueConstraint("round_id", "number"),)
    __audited__ = False

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    #: what was done, in the words of the record
    act: Mapped[str] = mapped_column(String(60))
    #: the thing that it was done to, as people read it
    what: Mapped[str] = mapped_column(String(200), default="")
    #: the whole content before it
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Likeness(enum.Enum):
    """What a question or an item is to one of an earlier year."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    DROPPED = "dropped"


class YearLink(Keyed, Public, Base):
    """A question or item across two years; without ``code`` it was dropped, without ``earlier_code`` new.

    Only what is the same is compared; an indicator is where all that is in it is the same in both years.
    """

    __tablename__ = "year_link"
    __table_args__ = (
        UniqueConstraint("round_id", "earlier_id", "instrument", "code"),
        UniqueConstraint("round_id", "earlier_id", "instrument", "earlier_code"),
        CheckConstraint(
            "(likeness IN ('same', 'changed') AND code IS NOT NULL AND earlier_code IS NOT NULL)"
            " OR (likeness = 'new' AND code IS NOT NULL AND earlier_code IS NULL)"
            " OR (likeness = 'dropped' AND code IS NULL AND earlier_code IS NOT NULL)",
            name="names_what_it_says",
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    instrument: Mapped[InstrumentKind] = mapped_column(enum_column(InstrumentKind))
    code: Mapped[str | None] = mapped_column(String(8))
    earlier_code: Mapped[str | None] = mapped_column(String(8))
    likeness: Mapped[Likeness] = mapped_column(enum_column(Likeness))
    #: accepted together with other sure suggestions, not looked at by itself
    together: Mapped[bool] = mapped_column(default=False)


class YearMapping(Keyed, Public, Base):
    """That what is asked in two years was laid side by side to the end: until then nothing is compared."""

    __tablename__ = "year_mapping"
    __table_args__ = (UniqueConstraint("round_id", "earlier_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    confirmed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class WordingCorrection(Keyed, Public, Base):
    """A spelling corrected in a round that had been opened: shown to everybody, scoring untouched."""

    __tablename__ = "wording_correction"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    #: the table of the row, its number in it, and the code that people call it by
    thing: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
