"""The offices that send letters: what stands on their paper, how they sign and number, and who signs."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Versioned, enum_column
from models.letter import ProvinceOrCountry
from models.sector import USUAL_SECTOR


class OfficeKind(enum.Enum):
    """The offices that send letters from the portal: two of the country, and one in each province."""

    NACC = "nacc"
    DLA = "dla"
    PROVINCE = "province"


class SigningOrder(enum.Enum):
    """What comes first when a letter is issued."""

    #: a letter signed by electronic means has its number before it is signed
    NUMBER_FIRST = "number_first"
    #: a letter of paper is numbered and dated after it was signed
    SIGN_FIRST = "sign_first"


class Register(enum.Enum):
    """Where an office keeps its register of outgoing letters."""

    #: the portal gives the numbers, ว numbers from the same series
    GENERAL = "general"
    #: the portal gives the numbers, ว numbers from a series of their own
    CIRCULARS_APART = "circulars_apart"
    #: the office keeps it elsewhere and types each number
    ELSEWHERE = "elsewhere"


class LetterOffice(Keyed, Versioned, ProvinceOrCountry, Base):
    """An office that sends letters. ``texts``: its letterhead, by the names of ``portal.letters.offices``."""

    __tablename__ = "letter_office"
    __table_args__ = (
        CheckConstraint("(kind = 'province') = (province_id IS NOT NULL)", name="place"),
        CheckConstraint("NOT by_key OR signing = 'number_first'", name="by_key"),
        Index("uq_letter_office_province_id", "province_id", unique=True),
        # the rule above lets the offices of the country pass, one after the other
        Index(
            "uq_letter_office_of_the_country",
            "kind",
            "sector_id",
            unique=True,
            sqlite_where=text("province_id IS NULL"),
            postgresql_where=text("province_id IS NULL"),
        ),
    )

    kind: Mapped[OfficeKind] = mapped_column(enum_column(OfficeKind))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"))
    #: whose back office it is; the NACC's and those of provinces leave it as it comes
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"), server_default=str(USUAL_SECTOR))
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    signing: Mapped[SigningOrder] = mapped_column(
        enum_column(SigningOrder), default=SigningOrder.NUMBER_FIRST
    )
    register: Mapped[Register] = mapped_column(enum_column(Register), default=Register.ELSEWHERE)
    #: copies are signed with the office's key as they are made; only where the number comes first
    by_key: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: a letter is looked at by a second person before it is issued
    checked: Mapped[bool] = mapped_column(default=False)

    signatories: Mapped[list[Signatory]] = relationship(
        back_populates="office", cascade="all, delete-orphan", order_by="Signatory.id"
    )


class Signatory(Keyed, Versioned, ProvinceOrCountry, Base):
    """Who signs letters of an office, in the lines that stand under the name."""

    __tablename__ = "signatory"

    office_id: Mapped[int] = mapped_column(ForeignKey("letter_office.id", ondelete="CASCADE"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    #: one line of the letter per line: "รองอธิบดี ปฏิบัติราชการแทน" over "อธิบดี…" where acting for another
    position: Mapped[str] = mapped_column(String(300))
    #: the days from and to which an order lets this person sign; NULL without such a bound
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    office: Mapped[LetterOffice] = relationship(back_populates="signatories")

    def signs_on(self, day: date) -> bool:
        """True where this person's order holds on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
