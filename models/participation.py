"""One agency in one round, with a snapshot of what the agency was: everything of the round hangs here."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    case,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agency import Agency
from models.base import AgencyOwned, Base, Keyed, ParticipationOwned, Versioned, enum_column
from models.kinds import AgencyKind, AgencySize, kind_column, size_column
from models.round import Round, Stage
from models.thai import local_day
from models.windows import A_MOMENT, WindowSpan


class PreparationState(enum.Enum):
    """How far the data of the preparation stage has come between admin and executive."""

    ENTERING = "entering"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"

    @property
    def editable(self) -> bool:
        """True while the admin may change the data."""
        return self in (PreparationState.ENTERING, PreparationState.RETURNED)


class Participation(Keyed, Versioned, AgencyOwned, Base):
    """An assessed agency of a round. Renames, upgrades and moves of the agency change nothing here."""

    __tablename__ = "participation"
    __unaudited__ = ("search_key",)
    __table_args__ = (
        UniqueConstraint("round_id", "agency_id"),
        # what the sums of a country ask of each agency: they read this alone, not the wide rows
        Index(
            "ix_participation_standing",
            "round_id",
            "province_id",
            "kind",
            "state",
            "activated_at",
            "headcount",
            "roster_count",
            "size",
            "province_size",
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)

    # the snapshot
    code: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[AgencyKind] = mapped_column(kind_column(), ForeignKey("agency_kind.code"))
    size: Mapped[AgencySize | None] = mapped_column(size_column(), ForeignKey("agency_size.code"))
    name: Mapped[str] = mapped_column(String(160))
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(500), index=True)
    #: the forms of its name, district and province in which people look for it
    search_key: Mapped[str] = mapped_column(String(1600))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    district_name: Mapped[str] = mapped_column(String(120))
    province_name: Mapped[str] = mapped_column(String(80))
    province_size: Mapped[str | None] = mapped_column(String(1))

    # the four steps of preparation
    activated_at: Mapped[datetime | None]
    headcount: Mapped[int | None]
    #: people by the position of their group, where the round asks for groups; ``headcount`` is their sum
    headcount_parts: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    headcount_at: Mapped[datetime | None]
    roster_count: Mapped[int] = mapped_column(default=0)
    roster_at: Mapped[datetime | None]
    state: Mapped[PreparationState] = mapped_column(
        enum_column(PreparationState), default=PreparationState.ENTERING
    )
    return_reason: Mapped[str] = mapped_column(String(1000), default="")
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    #: the job at the deadline only records that it happened; whether it is so is computed on read
    not_assessable_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    agency: Mapped[Agency] = relationship()
    extensions: Mapped[list[Extension]] = relationship(
        back_populates="participation", order_by="Extension.id", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.full_name

    # -- the four steps: what "done" means, in Python and in SQL ---------------------------------------------

    @hybrid_property
    def is_activated(self) -> bool:
        """Step 1: the admin's password is activated."""
        return self.activated_at is not None

    @is_activated.inplace.expression
    @classmethod
    def _is_activated(cls) -> ColumnElement[bool]:
        return cls.activated_at.is_not(None)

    @hybrid_property
    def is_counted(self) -> bool:
        """Step 2: the number of internal stakeholders is entered."""
        return self.headcount is not None

    @is_counted.inplace.expression
    @classmethod
    def _is_counted(cls) -> ColumnElement[bool]:
        return cls.headcount.is_not(None)

    @hybrid_property
    def has_roster(self) -> bool:
        """Step 3: the roster of external stakeholders has names."""
        return self.roster_count > 0

    @hybrid_property
    def is_confirmed(self) -> bool:
        """Step 4: the executive has confirmed the data."""
        return self.state is PreparationState.CONFIRMED

    @is_confirmed.inplace.expression
    @classmethod
    def _is_confirmed(cls) -> ColumnElement[bool]:
        return cls.state == PreparationState.CONFIRMED

    @property
    def steps(self) -> tuple[bool, ...]:
        """Which of the four steps are done."""
        return tuple(getattr(self, step.done) for step in STEPS)

    @property
    def step_dates(self) -> tuple[datetime | None, ...]:
        """When each step was done."""
        return tuple(getattr(self, step.on) for step in STEPS)

    @property
    def steps_done(self) -> int:
        """How many of the four steps are done (0 to 4)."""
        return sum(self.steps)

    @hybrid_property
    def step_to_do(self) -> int:
        """The first step that is not done, from 1: where the agency is behind. 0 where all are done."""
        return next((place for place, done in enumerate(self.steps, start=1) if not done), 0)

    @step_to_do.inplace.expression
    @classmethod
    def _step_to_do(cls) -> ColumnElement[int]:
        return case(*((~step.sql, place) for place, step in enumerate(STEPS, start=1)), else_=0)


#: the stages whose time is extended for one agency; a survey's is the whole round's, which moves its closing
EXTENDABLE = (Stage.PREPARATION, Stage.OIT)
LONGEST_REASON = 500


class Extension(Keyed, ParticipationOwned, Base):
    """A later last moment of one stage for one agency, given with a reason; it may be taken back with one.

    Each begins where the one before it (or the round's calendar) ends, and of those that stand only one
    begins there: of two that are given at the same moment one is refused.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("stage IN ('preparation', 'oit')", name="stage_of_offices"),
        CheckConstraint("until > extends_from AND until > given_at", name="ends_later"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_reason = '')", name="taken_back"),
        Index(
            "uq_extension_standing",
            "participation_id",
            "stage",
            "extends_from",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    #: the agency's last moment before
    extends_from: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    given_at: Mapped[datetime]
    #: name and office as they were: an agency reads no account of the country's
    given_by: Mapped[str] = mapped_column(String(260))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str] = mapped_column(String(260), default="")
    taken_back_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")

    participation: Mapped[Participation] = relationship(back_populates="extensions")

    @property
    def stands(self) -> bool:
        """True where it was not taken back."""
        return self.taken_back_at is None

    @property
    def from_day(self) -> date:
        """The agency's last day before, as people say it."""
        return local_day(self.extends_from - A_MOMENT)

    @property
    def span(self) -> WindowSpan:
        """The time that it opens, as the rules of time take it: from when it was given."""
        return WindowSpan(self.given_at, self.until, "extension")


@dataclass(frozen=True)
class Step:
    """One of the four steps of preparation (DLA's letter of 9 November 2561, part 1), by attribute names."""

    done: str
    on: str

    @property
    def sql(self) -> ColumnElement[bool]:
        """Whether it is done, as a condition on Participation."""
        condition: ColumnElement[bool] = getattr(Participation, self.done)
        return condition

    @property
    def sql_date(self) -> Any:
        """When it was done, as a column of Participation."""
        return getattr(Participation, self.on)


STEPS = (
    Step("is_activated", "activated_at"),
    Step("is_counted", "headcount_at"),
    Step("has_roster", "roster_at"),
    Step("is_confirmed", "confirmed_at"),
)
