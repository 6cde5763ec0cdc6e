"""Rights that two people give, and what a person is told about their own account."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account, Capacity, Role
from models.agency import Agency
from models.assessor import AssessorBody
from models.base import Base, CountryOnly, Keyed, OwnOnly, Versioned, enum_column
from models.place import Province


class Asked(enum.Enum):
    """What a second person is asked to confirm: a right, a code for whoever holds such a right, or that
    somebody's second factor is taken away because it is lost."""

    RIGHT = "right"
    CODE = "code"
    FACTOR = "factor"


class AskedState(enum.Enum):
    """Where a request stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class GrantRequest(Keyed, Versioned, CountryOnly, Base):
    """A power right (or a code for its holder) asked for by one person, to be confirmed by another."""

    __tablename__ = "grant_request"
    __table_args__ = (
        CheckConstraint("asked_by_id <> account_id", name="not_for_oneself"),
        CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id"
            " AND decided_by_id <> account_id)",
            name="two_people",
        ),
        Index(
            "uq_grant_request_waiting",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    what: Mapped[Asked] = mapped_column(enum_column(Asked))
    role: Mapped[Role | None] = mapped_column(enum_column(Role))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("assessor_body.id"))
    #: when the right is to begin and end, None: once it is confirmed, and without an end
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    capacity: Mapped[Capacity] = mapped_column(
        enum_column(Capacity), default=Capacity.HOLDER, server_default=Capacity.HOLDER.value
    )
    order_number: Mapped[str] = mapped_column(String(80), default="", server_default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    state: Mapped[AskedState] = mapped_column(enum_column(AskedState), default=AskedState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    agency: Mapped[Agency | None] = relationship()
    province: Mapped[Province | None] = relationship()
    body: Mapped[AssessorBody | None] = relationship()


class Notice(Keyed, OwnOnly, Base):
    """What a person is told about their account, at home, until they have read it."""

    __tablename__ = "notice"
    __audited__ = False

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
