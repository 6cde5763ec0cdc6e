"""Incoming letters: each letter that was sent lies at the desk of its addressee, and goes on from there."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.agency import Agency
from models.base import Base, Keyed, Versioned
from models.dispatch import Dispatch
from models.letter import Letter, ProvinceOrCountry
from models.place import Province
from models.sector import USUAL_SECTOR

#: the desk of DLA, which belongs to no place; that of another sector's back office has its id behind it
DLA_DESK = "dla"
_DESK = (
    "CASE WHEN agency_id IS NOT NULL THEN desk = 'agency:' || agency_id"
    " WHEN province_id IS NOT NULL THEN desk = 'province:' || province_id"
    " ELSE desk = 'dla' OR desk LIKE 'dla:%' END"
)


def desk_of(province_id: int | None, agency_id: int | None, sector_id: int | None = None) -> str:
    """The key of a desk: of an agency, of a province's office, or of a sector's back office."""
    if agency_id is not None:
        return f"agency:{agency_id}"
    if province_id is not None:
        return f"province:{province_id}"
    return DLA_DESK if sector_id in (None, USUAL_SECTOR) else f"{DLA_DESK}:{sector_id}"


class AtADesk:
    """Named exception of the scopes: a row of one desk. An agency sees its own, a province its own and those
    of its agencies, the offices of the country those of all."""

    desk: Mapped[str]


class Standing(enum.Enum):
    """How far a letter has come at a desk; read off its moments and stored nowhere."""

    UNREAD = "unread"
    READ = "read"
    #: received with a number, or acknowledged by an agency
    TAKEN = "taken"


class Delivery(Keyed, AtADesk, Base):
    """A letter at the desk of an addressee: who sent it, who opened it, its receipt, and what became of it.

    What stands on the letter is copied here: a desk reads nothing of the sender's own rows.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(_DESK, name="desk"),
        CheckConstraint("(receipt_number IS NULL) = (receipt_year IS NULL)", name="receipt"),
        # a letter reaches a desk once
        Index("uq_delivery_letter_id_desk", "letter_id", "desk", unique=True),
        # a receipt number of an office is given once in a calendar year
        Index(
            "uq_delivery_desk_receipt_year_receipt_number",
            "desk",
            "receipt_year",
            "receipt_number",
            unique=True,
        ),
    )

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatch.id"), index=True)
    #: the letter whose place this one takes
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))

    desk: Mapped[str] = mapped_column(String(40))
    #: NULL at DLA's desk
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    #: NULL at the desks of offices
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the letter at the province's desk that was passed on to this one
    passed_from_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)

    sender: Mapped[str] = mapped_column(String(200))
    #: the province that passed it on, and its covering words
    through: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(500))
    urgency: Mapped[str] = mapped_column(String(20), default="")
    sent_at: Mapped[datetime]

    read_at: Mapped[datetime | None]
    #: the name as it was then: a desk does not read the accounts of its colleagues
    read_by: Mapped[str] = mapped_column(String(160), default="")
    #: when it was received, or acknowledged
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str] = mapped_column(String(160), default="")
    #: what the receipt stamp says; year of the Buddhist era
    receipt_year: Mapped[int | None]
    receipt_number: Mapped[int | None]
    received_at: Mapped[datetime | None]

    #: since when it does not hold, why, and the number of the letter that took its place
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(300), default="")
    replaced_by: Mapped[str] = mapped_column(String(80), default="")

    letter: Mapped[Letter] = relationship()
    dispatch: Mapped[Dispatch] = relationship(foreign_keys=[dispatch_id])
    province: Mapped[Province | None] = relationship()
    agency: Mapped[Agency | None] = relationship()

    @property
    def standing(self) -> Standing:
        """How far it has come at this desk."""
        if self.taken_at is not None:
            return Standing.TAKEN
        return Standing.UNREAD if self.read_at is None else Standing.READ

    @property
    def receipt(self) -> str:
        """The receipt number with its year, as registers write it; "" without one."""
        return f"{self.receipt_number}/{self.receipt_year}" if self.receipt_number is not None else ""

    @property
    def for_an_agency(self) -> bool:
        """True at the desk of an agency, which acknowledges; an office receives."""
        return self.agency_id is not None


class ReceiptBook(Keyed, Versioned, AtADesk, Base):
    """The register of incoming letters of one desk: where it is kept, and the last number of its year."""

    __tablename__ = "receipt_book"
    __table_args__ = (
        CheckConstraint(_DESK, name="desk"),
        CheckConstraint("last >= 0", name="last"),
        Index("uq_receipt_book_desk", "desk", unique=True),
    )

    desk: Mapped[str] = mapped_column(String(40))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the office keeps it elsewhere and types each number
    elsewhere: Mapped[bool] = mapped_column(default=False)
    #: the calendar year (Buddhist era) of ``last``; a new year begins with 1
    year: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=0)


class LetterNotice(Keyed, ProvinceOrCountry, Base):
    """A mail that told an address of a letter at its desk: once for each letter and address."""

    __tablename__ = "letter_notice"
    __audited__ = False
    __table_args__ = (Index("uq_letter_notice_delivery_id_address", "delivery_id", "address", unique=True),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    #: the province at whose desk, or at whose agency's, the letter lies
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    tried_at: Mapped[datetime]
    #: NULL where it did not leave
    sent_at: Mapped[datetime | None]
    #: why it did not leave; never a word of the letter
    fault: Mapped[str] = mapped_column(String(120), default="")
