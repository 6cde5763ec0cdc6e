"""Changes of agencies with a date: renewed, merged, split; and which agency came from which."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.agency import Agency
from models.base import Base, Keyed, Versioned, enum_column
from models.letter import ProvinceOrCountry
from models.place import Province


class ChangeSort(enum.Enum):
    """What becomes of the agencies of a change."""

    #: another name, kind, code or district; it is the same agency
    RENEWED = "renewed"
    #: agencies end in another one, which is there or is made
    MERGED = "merged"
    #: agencies are made from one, which stays or ends
    SPLIT = "split"


class ChangeState(enum.Enum):
    """How far a change has come."""

    DRAFT = "draft"
    #: confirmed; it waits for the day from which it holds
    SET = "set"
    APPLIED = "applied"
    UNDONE = "undone"

    @property
    def is_open(self) -> bool:
        """True while the change is still ahead: no agency is in two of these."""
        return self in (ChangeState.DRAFT, ChangeState.SET)


class PartSide(enum.Enum):
    """What a change does to one agency."""

    ENDS = "ends"
    GOES_ON = "goes_on"
    MADE = "made"


#: the states of ``ChangeState.is_open``, as SQL
_IS_OPEN = "state IN ('draft', 'set')"


class AgencyChange(Keyed, Versioned, ProvinceOrCountry, Base):
    """One change of agencies of a province. The service records each of its acts in the province's chain.

    ``planned``: what it gives agencies, each with its ``agency`` (None: it is made) and the columns of the
    register. ``changes``: what was done, of each agency its ``id``, and its values ``before`` (None: it was
    made) and ``after``.
    """

    __tablename__ = "agency_change"
    __audited__ = False
    __table_args__ = (UniqueConstraint("id", "state"),)

    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    sort: Mapped[ChangeSort] = mapped_column(enum_column(ChangeSort))
    state: Mapped[ChangeState] = mapped_column(enum_column(ChangeState), default=ChangeState.DRAFT)
    holds_from: Mapped[date] = mapped_column(Date)
    #: the announcement or order by which it holds
    rests_on: Mapped[str] = mapped_column(String(300))
    planned: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    set_at: Mapped[datetime | None]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undo_reason: Mapped[str] = mapped_column(String(300), default="")

    province: Mapped[Province] = relationship()
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
    set_by: Mapped[Account | None] = relationship(foreign_keys=[set_by_id])
    undone_by: Mapped[Account | None] = relationship(foreign_keys=[undone_by_id])
    parts: Mapped[list[AgencyChangePart]] = relationship(
        back_populates="change", cascade="all, delete-orphan", order_by="AgencyChangePart.agency_id"
    )

    def on(self, side: PartSide) -> list[AgencyChangePart]:
        """The parts on one side."""
        return [part for part in self.parts if part.side is side]


class AgencyChangePart(ProvinceOrCountry, Base):
    """An agency of a change. The database keeps the change's state here, and an agency in one open change."""

    __tablename__ = "agency_change_part"
    __audited__ = False
    __table_args__ = (
        ForeignKeyConstraint(
            ["change_id", "state"],
            ["agency_change.id", "agency_change.state"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index(
            "uq_agency_change_part_open",
            "agency_id",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
    )

    change_id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    side: Mapped[PartSide] = mapped_column(enum_column(PartSide))
    state: Mapped[ChangeState] = mapped_column(enum_column(ChangeState))

    change: Mapped[AgencyChange] = relationship(back_populates="parts")
    agency: Mapped[Agency] = relationship()
