"""Tokens by which a person's programmes read the figures of one desk."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, SystemOnly

#: so many days a token lasts at most
LONGEST_DAYS = 365
LIVES = text("revoked_at IS NULL")


class ApiToken(Keyed, SystemOnly, Base):
    """A token of a person for one of their desks: its hash, never the token. It reads and never writes."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint(f"days BETWEEN 1 AND {LONGEST_DAYS}", name="lasts_a_year_at_most"),
        Index("uq_api_token_token_hash", "token_hash", unique=True),
        Index(
            "uq_api_token_name",
            "account_id",
            "name",
            unique=True,
            sqlite_where=LIVES,
            postgresql_where=LIVES,
        ),
    )
    __audited__ = False

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: the desk it acts for; with the right the token ends
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id", ondelete="CASCADE"), index=True)
    #: what its person calls it
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    days: Mapped[int]
    used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None]

    @property
    def ends_at(self) -> datetime:
        """The moment from which it opens nothing."""
        return self.made_at + timedelta(days=self.days)

    def lives_at(self, moment: datetime) -> bool:
        """True while it was not revoked and has not ended."""
        return self.revoked_at is None and moment < self.ends_at
