"""Forms that were sent and done, for some hours: a repeated sending gets the answer of the first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SystemOnly


class SentForm(SystemOnly, Base):
    """One sending. Written in the act's own transaction: what was not done leaves none."""

    __tablename__ = "sent_form"
    __audited__ = False

    #: keyed hash of person, page, address and content; of what was sent nothing else is kept
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: by the machine's clock
    sent_at: Mapped[datetime] = mapped_column(index=True)
    #: where it led and what it said, sealed; empty while the act runs
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
