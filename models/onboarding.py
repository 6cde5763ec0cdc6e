"""How thousands of people come to their accounts: settings, batches, slips, and passwords that were lost."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, Keyed, OfAccount, OwnOnly, Public, SystemOnly, Versioned, enum_column
from models.letter import ProvinceOrCountry
from models.sector import OfSector


class PeopleSetting(Keyed, Versioned, OfSector, Public, Base):
    """What the back office of a sector decides about accounts; one row for each."""

    __tablename__ = "people_setting"
    __table_args__ = (
        CheckConstraint("single", name="one_row"),
        Index("uq_people_setting_single_sector_id", "single", "sector_id", unique=True),
    )

    single: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    #: whether a province makes accounts for its own agencies
    provinces_make_accounts: Mapped[bool] = mapped_column(default=True)
    #: values of Role of which a second factor is demanded
    factor_roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: whom people call where their province does not help
    help_name: Mapped[str] = mapped_column(String(160), default="")
    help_phone: Mapped[str] = mapped_column(String(120), default="")


class BatchKind(enum.Enum):
    """How accounts were made: for every agency that lacks them, or from a workbook."""

    LACKING = "lacking"
    WORKBOOK = "workbook"


class AccountBatch(Keyed, ProvinceOrCountry, Base):
    """Accounts that were made in one act, and what it changed, so that it can be taken back."""

    __tablename__ = "account_batch"

    kind: Mapped[BatchKind] = mapped_column(enum_column(BatchKind))
    #: the province that made them, None for the back office
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: ids of the accounts that were made: thousands
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    undone_by: Mapped[Account | None] = relationship(foreign_keys=[undone_by_id])


class SlipOrder(Keyed, OwnOnly, Base):
    """Slips that somebody ordered: passwords, sealed to a passphrase that only this person was told."""

    __tablename__ = "slip_order"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: what was ordered: role, places, filters; never a code
    what: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    ordered_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    #: when the file went: downloaded, or a day old
    gone_at: Mapped[datetime | None]
    downloaded_at: Mapped[datetime | None]


class MailPurpose(enum.Enum):
    """What a code that was sent by e-mail is for."""

    PROVE = "prove"
    RESET = "reset"


class MailCode(Keyed, SystemOnly, Base):
    """A single-use code that went to an address, stored hashed; a newer one ends it."""

    __tablename__ = "mail_code"
    __table_args__ = (Index("uq_mail_code_account_id_purpose", "account_id", "purpose", unique=True),)
    __audited__ = False

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[MailPurpose] = mapped_column(enum_column(MailPurpose))
    address: Mapped[str] = mapped_column(String(200))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]


class LostState(enum.Enum):
    """Where a call for help with a lost password stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFUSED = "refused"


class LostPassword(Keyed, Versioned, OfAccount, Base):
    """Somebody said on the sign-in page that the password of an account is lost; answered with a new slip."""

    __tablename__ = "lost_password"
    __table_args__ = (
        Index(
            "uq_lost_password_waiting",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: what whoever asked typed: where to call back
    phone: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime]
    state: Mapped[LostState] = mapped_column(enum_column(LostState), default=LostState.WAITING)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
