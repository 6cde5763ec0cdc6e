"""Forms that came after their session had ended, kept for minutes until their person signs in again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SystemOnly


class KeptForm(SystemOnly, Base):
    """What somebody typed, sealed to account, desk and address; the address itself is not kept."""

    __tablename__ = "kept_form"
    __audited__ = False

    #: hash of the random token in the person's signed cookie
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("grant.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
