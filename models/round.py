"""A round of the assessment: its fiscal year, stages, windows and rules. Nothing about a year is code."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Public, Versioned, enum_column
from models.sector import OfSector, Sector
from models.thai import arabic_digits, one_line
from models.windows import WindowSpan

#: the scheme of assessment that goes without saying: of another one the screens name it
USUAL_SCHEME = "ITA"
LONGEST_SCHEME = 20


class RoundState(enum.Enum):
    """A round's own state; whether a stage is open follows from its windows."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"


class Stage(enum.Enum):
    """Stages of a round, in the letter's order."""

    PREPARATION = "preparation"
    IIT = "iit"
    EIT = "eit"
    EIT_INTERVIEW = "eit_interview"
    OIT = "oit"
    OIT_SCORING = "oit_scoring"


class WindowKind(enum.Enum):
    """Kinds of window: the main one, the supplementary one (รอบเสริม), the last call."""

    MAIN = "main"
    SUPPLEMENTARY = "supplementary"
    LAST_CALL = "last_call"


class CombineRule(enum.Enum):
    """How EIT part 1 and part 2 combine."""

    POOLED = "pooled"
    HALVES = "halves"


class Round(Keyed, Versioned, OfSector, Public, Base):
    """The assessment of one fiscal year (Buddhist era; stored, never computed from today) by one scheme."""

    __tablename__ = "round"
    __table_args__ = (
        Index("uq_round_fiscal_year_scheme", "fiscal_year", "scheme", unique=True),
        Index("uq_round_name", "name", unique=True),
    )

    fiscal_year: Mapped[int]
    #: by what the year is assessed, as a short code: a second one may assess the same year, or other bodies
    scheme: Mapped[str] = mapped_column(String(LONGEST_SCHEME), default=USUAL_SCHEME)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), default=RoundState.DRAFT)
    #: True while the wording is the product's own demonstration wording
    demo_wording: Mapped[bool] = mapped_column(default=True)
    #: accepted first digits of a citizen ID, e.g. "12345678"
    first_digits: Mapped[str] = mapped_column(String(10), default="12345678")
    eit_combine: Mapped[CombineRule] = mapped_column(enum_column(CombineRule), default=CombineRule.POOLED)
    #: smallest n for questions, distributions and single channels to be shown (A4)
    detail_threshold: Mapped[int] = mapped_column(default=10)
    #: smallest n for indicators, instrument and total to be shown (A4)
    total_threshold: Mapped[int] = mapped_column(default=3)
    #: seconds after a survey's window in which a form opened before may still be sent
    grace_seconds: Mapped[int] = mapped_column(default=900)
    #: seconds after a window of preparation or OIT in which what was begun inside is still taken
    office_grace_seconds: Mapped[int] = mapped_column(default=900)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: when the restore drill of this round's urn key last succeeded
    urn_drill_at: Mapped[datetime | None]
    #: the last day on which rosters keep personal data, where the NACC set one (portal/personal/keeping.py)
    rosters_until: Mapped[date | None] = mapped_column(Date)

    sector: Mapped[Sector] = relationship()
    windows: Mapped[list[Window]] = relationship(
        back_populates="round", order_by="Window.opens_at", cascade="all, delete-orphan"
    )
    bands: Mapped[list[GradeBand]] = relationship(
        order_by="GradeBand.lower.desc()", cascade="all, delete-orphan"
    )
    sample_rules: Mapped[list[SampleRule]] = relationship(
        order_by="SampleRule.position", cascade="all, delete-orphan"
    )
    roster_groups: Mapped[list[RosterGroup]] = relationship(
        order_by="RosterGroup.position", cascade="all, delete-orphan"
    )
    headcount_groups: Mapped[list[HeadcountGroup]] = relationship(
        order_by="HeadcountGroup.position", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def other_scheme(self) -> str:
        """The scheme where it must be said, "" where it goes without saying."""
        return "" if self.scheme == USUAL_SCHEME else self.scheme

    @property
    def year_and_scheme(self) -> str:
        """The fiscal year as people read it: "2568", of another scheme "2568 (ITA-2)"."""
        return year_and_scheme(self.fiscal_year, self.scheme)


def scheme_code(typed: str) -> str:
    """A scheme as it was typed, as its code: no spaces, capital letters; the usual one where nothing was."""
    return "".join(arabic_digits(one_line(typed)).split()).upper() or USUAL_SCHEME


def year_and_scheme(fiscal_year: int, scheme: str) -> str:
    """A fiscal year with its scheme where that must be said."""
    return str(fiscal_year) if scheme == USUAL_SCHEME else f"{fiscal_year} ({scheme})"


class Window(Keyed, Public, Base):
    """One half-open span [opens_at, closes_at) in which a stage is open."""

    __tablename__ = "window"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        UniqueConstraint("round_id", "stage", "kind"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    kind: Mapped[WindowKind] = mapped_column(enum_column(WindowKind))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]

    round: Mapped[Round] = relationship(back_populates="windows")

    @property
    def span(self) -> WindowSpan:
        """The window as the rules of time take it."""
        return WindowSpan(self.opens_at, self.closes_at, self.kind)


class GradeBand(Keyed, Public, Base):
    """A grade and its lower bound; a band is its lower bound only."""

    __tablename__ = "grade_band"
    __table_args__ = (UniqueConstraint("round_id", "grade"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    grade: Mapped[str] = mapped_column(String(4))
    lower: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    passes: Mapped[bool] = mapped_column(default=False)


class SampleRule(Keyed, Public, Base):
    """One row of a minimum-sample rule: up to ``upto`` people (None: any number), a number or percentage."""

    __tablename__ = "sample_rule"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    instrument: Mapped[str] = mapped_column(String(8))
    position: Mapped[int]
    #: limits of the rule to an agency group, where a year fixes sizes by group
    agency_kind: Mapped[str | None] = mapped_column(String(16))
    agency_size: Mapped[str | None] = mapped_column(String(1))
    #: the size class of the agency's province (``Province.size``)
    province_size: Mapped[str | None] = mapped_column(String(1))
    upto: Mapped[int | None]
    fixed: Mapped[int | None]
    percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))


class RosterGroup(Keyed, Public, Base):
    """A group of external stakeholders that a roster row belongs to."""

    __tablename__ = "roster_group"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))

    def __str__(self) -> str:
        return self.name


class HeadcountGroup(Keyed, Public, Base):
    """A group of internal stakeholders whose number is asked by itself; without any the round asks one."""

    __tablename__ = "headcount_group"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))

    def __str__(self) -> str:
        return self.name
