"""The words of an office's letters: every save is a version that stays as it was written."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Base, Keyed, enum_column
from models.letter import ProvinceOrCountry


class Addressee(enum.Enum):
    """To whom a letter goes."""

    GOVERNORS = "governors"
    DLA = "dla"
    #: all of a province
    AGENCIES = "agencies"
    AGENCY = "agency"
    #: a memorandum: to the head of the own office, or to the districts of a province
    OWN_HEAD = "own_head"
    DISTRICTS = "districts"

    @property
    def many(self) -> bool:
        """True for a circular, whose number has its ว."""
        return self in {Addressee.GOVERNORS, Addressee.AGENCIES, Addressee.DISTRICTS}

    @property
    def has_desk(self) -> bool:
        """True where the letter arrives in the portal."""
        return self not in {Addressee.OWN_HEAD, Addressee.DISTRICTS}


class TextKind(enum.Enum):
    """What an office has words for: one text comes with the portal for each."""

    CIRCULAR = "circular"
    #: one letter to the governors of all provinces, as that of 9 November 2561 was
    ALL_PROVINCES = "all_provinces"
    STAMPED = "stamped"
    MEMORANDUM = "memorandum"
    NACC = "nacc"
    STAMPED_NACC = "stamped_nacc"
    PROVINCE = "province"
    MEMORANDUM_CIRCULAR = "memorandum_circular"
    AGENCY = "agency"
    #: the results of a round: DLA's to the governors, NACC's to DLA, a province's to its agencies
    RESULTS = "results"
    RESULTS_NACC = "results_nacc"
    RESULTS_PROVINCE = "results_province"

    @property
    def to(self) -> Addressee:
        """To whom the letters with such a text go."""
        return _TO.get(self, Addressee.GOVERNORS)


_TO = {
    TextKind.NACC: Addressee.DLA,
    TextKind.STAMPED_NACC: Addressee.DLA,
    TextKind.RESULTS_NACC: Addressee.DLA,
    TextKind.PROVINCE: Addressee.AGENCIES,
    TextKind.RESULTS_PROVINCE: Addressee.AGENCIES,
    TextKind.AGENCY: Addressee.AGENCY,
    TextKind.MEMORANDUM: Addressee.OWN_HEAD,
    TextKind.MEMORANDUM_CIRCULAR: Addressee.DISTRICTS,
}


class OfficeText(Keyed, ProvinceOrCountry, Base):
    """One version of an office's text, as it was saved. The one with the highest number is in use."""

    __tablename__ = "office_text"
    #: the row itself is the record of its words: it never changes
    __unaudited__ = ("source",)
    __table_args__ = (
        Index("uq_office_text_office_id_kind_number", "office_id", "kind", "number", unique=True),
        CheckConstraint("number >= 1 AND (back_to IS NULL OR back_to < number)", name="number"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("letter_office.id"))
    #: the office's own province, NULL for an office of the whole country
    province_id: Mapped[int | None] = mapped_column(ForeignKey("province.id"), index=True)
    kind: Mapped[TextKind] = mapped_column(enum_column(TextKind))
    #: counted from 1 for each kind of an office
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    #: the version that was taken again, 0 for the portal's own text; NULL: it was written
    back_to: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    made_by: Mapped[Account | None] = relationship()
