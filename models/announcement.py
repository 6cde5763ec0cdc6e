"""Announcements of the back office to people at their desks, to whom they go, and who acknowledged them."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.account import Role
from models.base import Base, Keyed, Versioned, enum_column

LONGEST_HEADING, LONGEST_TEXT, LONGEST_REASON = 200, 4000, 500


class ToDesks:
    """Named exception of the scopes: rows of an announcement that was sent to the reader's own place.

    The offices of the country, which write them, read all.
    """


class OfReader:
    """Named exception of the scopes: a row of one account that the offices of the country read too."""


class AnnouncementState(enum.Enum):
    """How far an announcement has come; read off its moments and stored nowhere."""

    DRAFT = "draft"
    SENT = "sent"
    #: its last day is over
    PAST = "past"
    WITHDRAWN = "withdrawn"


class Announcement(Keyed, Versioned, ToDesks, Base):
    """What an office of the country announces. Once sent its words stay, by triggers of migration 0039."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("office IN ('nacc', 'dla')", name="office"),
        CheckConstraint("withdrawn_at IS NULL OR sent_at IS NOT NULL", name="withdrawn"),
        CheckConstraint("(withdrawn_at IS NULL) = (reason = '')", name="reason"),
        # one announcement takes the place of another
        Index("uq_announcement_replaces_id", "replaces_id", unique=True),
    )

    office: Mapped[Role] = mapped_column(enum_column(Role))
    #: whose desks it reaches; NULL: an announcement of the NACC, to all sectors
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"), index=True)
    heading: Mapped[str] = mapped_column(String(LONGEST_HEADING))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    #: the last day on which it stands at home; NULL: until it is withdrawn
    until: Mapped[date | None] = mapped_column(Date)
    #: roles, provinces and agencies as they were chosen (``portal.announcements.receivers.Chosen``)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"))
    made_at: Mapped[datetime]
    #: name and office as they were: a reader below may read no account of the country's
    made_by: Mapped[str] = mapped_column(String(260))
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str] = mapped_column(String(260), default="", server_default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(260), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="", server_default="")

    def state_on(self, day: date) -> AnnouncementState:
        """Where it stands on a day."""
        if self.withdrawn_at is not None:
            return AnnouncementState.WITHDRAWN
        if self.sent_at is None:
            return AnnouncementState.DRAFT
        over = self.until is not None and self.until < day
        return AnnouncementState.PAST if over else AnnouncementState.SENT


class AnnouncementPlace(Keyed, ToDesks, Base):
    """A role and a place that an announcement was sent to; without a place, the role wherever it is.

    Written as it is sent and never changed: these rows decide who reads it, on both walls.
    """

    __tablename__ = "announcement_place"
    __table_args__ = (
        CheckConstraint("province_id IS NULL OR agency_id IS NULL", name="one_place"),
        Index("ix_announcement_place_agency_id_announcement_id", "agency_id", "announcement_id"),
        Index("ix_announcement_place_province_id_announcement_id", "province_id", "announcement_id"),
        Index("ix_announcement_place_announcement_id_role", "announcement_id", "role"),
    )
    __audited__ = False  # what was chosen stands in the announcement's own event

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))


class AnnouncementReceipt(Keyed, OfReader, Base):
    """That a person acknowledged an announcement: once for each account, at whatever desk."""

    __tablename__ = "announcement_receipt"
    __table_args__ = (
        Index(
            "uq_announcement_receipt_account_id_announcement_id", "account_id", "announcement_id", unique=True
        ),
        Index("ix_announcement_receipt_announcement_id", "announcement_id"),
    )
    __audited__ = False  # the row itself says who and when

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    #: at which desk
    role: Mapped[Role] = mapped_column(enum_column(Role))
    at: Mapped[datetime]
