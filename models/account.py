"""Accounts, their grants, sign-in sessions and activation codes."""

from __future__ import annotations

import enum
import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, LargeBinary, String, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.agency import Agency
from models.assessor import AssessorBody
from models.base import Base, Keyed, OfAccount, SystemOnly, Versioned, enum_column
from models.descriptive import Described
from models.place import Province
from models.search import account_key
from models.sector import USUAL_SECTOR, Sector


class Role(enum.Enum):
    """What a grant lets a person be; ``system`` is never granted to a person."""

    NACC = "nacc"
    DLA = "dla"
    PROVINCE = "province"
    AGENCY_ADMIN = "agency_admin"
    EXECUTIVE = "executive"
    ASSESSOR = "assessor"
    INTERVIEWER = "interviewer"
    SYSTEM = "system"


#: what a user name is made of
USERNAME_LETTERS = r"^[A-Za-z0-9._@-]+$"

#: columns by which a person is found
SEARCHED = ("name", "username", "email", "phone")


def fold(username: str) -> str:
    """A user name as it is compared: in any case, with or without blanks around it, it is one person's."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _search_key(context: Any) -> str:
    """The key of a row that is inserted, by whatever statement."""
    row = context.get_current_parameters()
    return account_key(*(row.get(name) or "" for name in SEARCHED))


class Capacity(enum.Enum):
    """In what capacity somebody sits at a desk: its holder, who acts for them (รักษาการ), or a deputy."""

    HOLDER = "holder"
    ACTING = "acting"
    DEPUTY = "deputy"


class Account(Keyed, Versioned, OfAccount, Described, Base):
    """A person who signs in. What the person may do stands in the grants, never here.

    An account that was made in bulk has no person yet: its name is "" until it is activated.
    """

    __tablename__ = "account"
    __table_args__ = (Index("uq_account_folded_username", "folded_username", unique=True),)
    __unaudited__ = (
        "password_hash",
        "folded_username",
        "search_key",
        "province_id",
        "sector_id",
        "browsers_forgotten",
    )

    username: Mapped[str] = mapped_column(String(80), unique=True)
    #: follows from the user name; the database keeps it one person's
    folded_username: Mapped[str] = mapped_column(String(160), server_default="")
    #: by what people look for the person; follows from what stands below
    search_key: Mapped[str] = mapped_column(String(600), default=_search_key, server_default="")
    name: Mapped[str] = mapped_column(String(160), default="")
    position: Mapped[str] = mapped_column(String(160), default="", server_default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    #: when the person showed that mail to ``email`` reaches them; a changed address is not proved
    email_proved_at: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    activated_at: Mapped[datetime | None]
    #: the province at whose agencies alone all rights lie that have not ended; None for anybody else. A
    #: trigger narrows it with each new right, ``portal.people.reach.settle`` widens it after one has ended
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    #: whose units the person works for; NULL for the NACC (a trigger says so with its first right)
    sector_id: Mapped[int | None] = mapped_column(
        ForeignKey("sector.id"), index=True, server_default=str(USUAL_SECTOR)
    )
    #: how often the person had all known browsers forgotten: it is part of what a browser is known by
    browsers_forgotten: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    sector: Mapped[Sector | None] = relationship()
    grants: Mapped[list[Grant]] = relationship(back_populates="account", cascade="all, delete-orphan")
    #: for who looks how far the person has come; issued and used up by statements, never through here
    code: Mapped[ActivationCode | None] = relationship(
        viewonly=True, foreign_keys="ActivationCode.account_id"
    )

    @validates("username")
    def _fold(self, _key: str, username: str) -> str:
        self.folded_username = fold(username)
        return username

    @validates("email")
    def _unproved(self, _key: str, email: str) -> str:
        if email != self.email:
            self.email_proved_at = None
        return email

    def __str__(self) -> str:
        return self.name or self.username


@event.listens_for(Account, "before_update")
def _derive(_mapper: Any, _connection: Any, account: Account) -> None:
    account.search_key = account_key(*(getattr(account, name) or "" for name in SEARCHED))


class Grant(Keyed, OfAccount, Base):
    """A role at a place for a time. Where: one agency, one province, one assessor body, or the country."""

    __tablename__ = "grant"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN agency_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN province_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN body_id IS NULL THEN 0 ELSE 1 END)"
            " = (CASE WHEN role IN ('nacc', 'dla', 'system') THEN 0 ELSE 1 END)",
            name="one_place",
        ),
        # a desk is handed over once
        Index("uq_grant_follows_id", "follows_id", unique=True),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("assessor_body.id"), index=True)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    capacity: Mapped[Capacity] = mapped_column(
        enum_column(Capacity), default=Capacity.HOLDER, server_default=Capacity.HOLDER.value
    )
    #: number of the order (คำสั่ง) by which somebody acts or is a deputy
    order_number: Mapped[str] = mapped_column(String(80), default="", server_default="")
    #: the right whose desk was handed over to this one, on the day on which it begins
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id"))

    account: Mapped[Account] = relationship(back_populates="grants")
    agency: Mapped[Agency | None] = relationship()
    province: Mapped[Province | None] = relationship()
    body: Mapped[AssessorBody | None] = relationship()

    def valid_at(self, moment: datetime) -> bool:
        """True while the grant holds (half-open)."""
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


class SignInSession(SystemOnly, Base):
    """A signed-in browser: the hash of its token, never the token."""

    __tablename__ = "sign_in_session"
    __audited__ = False

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grant.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    last_seen: Mapped[datetime]
    #: the password was right, and the second factor is still waited for: nobody is signed in yet
    factor_due: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    #: what the browser calls itself, in short, for the person's own list of sessions
    browser: Mapped[str] = mapped_column(String(80), default="", server_default="")
    #: from where it was begun, masked as in the record
    network: Mapped[str] = mapped_column(String(60), default="", server_default="")
    #: what a passkey was asked to sign, until it has
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary(64))


class SignInDelay(SystemOnly, Base):
    """Attempts of one name, one network or both, as a delay and never as a lock (portal/core/delays.py)."""

    __tablename__ = "sign_in_delay"
    __audited__ = False

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: seconds of the machine's clock
    busy_until: Mapped[float] = mapped_column(Double)


class ActivationCode(Keyed, OfAccount, Base):
    """A single-use code with an end that lets an account set its password; stored hashed. One per account.

    One that has ended stays until the next is issued, so that a list can say so.
    """

    __tablename__ = "activation_code"
    __table_args__ = (Index("uq_activation_code_account_id", "account_id", unique=True),)
    __unaudited__ = ("code_hash",)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    #: read by the system alone
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, deferred=True)
    expires_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: the province at whose desk it was issued: it works only while the account is that province's
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
