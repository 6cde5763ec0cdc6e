"""What a person proves beside the password: one-time passwords, passkeys, codes for when both are lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Keyed, SystemOnly


class TotpSecret(Keyed, SystemOnly, Base):
    """The sealed secret of an app that shows one-time passwords (RFC 6238); it counts once confirmed."""

    __tablename__ = "totp_secret"
    __table_args__ = (Index("uq_totp_secret_account_id", "account_id", unique=True),)
    __unaudited__ = ("sealed", "last_step")

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    #: the step of the last password that was taken: none is taken twice
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Keyed, SystemOnly, Base):
    """A code to be used once in the place of a lost second factor; stored hashed."""

    __tablename__ = "recovery_code"
    __audited__ = False

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Keyed, SystemOnly, Base):
    """A key pair in a person's device (WebAuthn): its public half, and how often it signed."""

    __tablename__ = "passkey"
    __table_args__ = (Index("uq_passkey_credential_id", "credential_id", unique=True),)
    __unaudited__ = ("credential_id", "credential", "sign_count", "used_at")

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023))
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    #: what its person calls it
    name: Mapped[str] = mapped_column(String(80))
    #: the host it was made at: it signs for no other
    host: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
