"""The record: events chained by hash per agency, per province and for the system."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, CountryOnly, Keyed


class AuditEvent(Keyed, CountryOnly, Base):
    """One change by a signed-in person or a job; never a respondent's act. Written by core/audit only."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index("ix_audit_event_thing_row", "thing", "row"),
    )
    __audited__ = False

    chain: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))
    act: Mapped[str] = mapped_column(String(80), index=True)
    thing: Mapped[str] = mapped_column(String(80))
    row: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    account: Mapped[Account | None] = relationship()

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class AuditHead(Base, CountryOnly):
    """The last link of each chain; its row is the lock that keeps a chain a chain."""

    __tablename__ = "audit_head"
    __audited__ = False

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")
