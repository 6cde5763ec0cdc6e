"""How agencies and provinces are reached, by those who have to call them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from models.agency import Agency
from models.base import AgencyOwned, Base, KeptByProvince, Keyed, Public, Versioned
from models.place import Province


class AgencyContact(Keyed, Versioned, AgencyOwned, Base):
    """The contacts of one agency, kept by itself and by the back office."""

    __tablename__ = "agency_contact"
    __table_args__ = (Index("uq_agency_contact_agency_id", "agency_id", unique=True),)

    #: what is taken off the register takes its contacts along
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    line: Mapped[str] = mapped_column(String(80), default="")
    person: Mapped[str] = mapped_column(String(160), default="")
    #: when somebody of the agency last looked them through and said that they are right
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )

    #: ``Agency.contact`` is the way back, for lists of agencies
    agency: Mapped[Agency] = relationship(backref=backref("contact", uselist=False, viewonly=True))


class ProvinceContact(Keyed, Versioned, Public, KeptByProvince, Base):
    """Whom the agencies of a province call: its office of local administration (สถจ.)."""

    __tablename__ = "province_contact"
    __table_args__ = (Index("uq_province_contact_province_id", "province_id", unique=True),)

    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    phone: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    line: Mapped[str] = mapped_column(String(80), default="")
    person: Mapped[str] = mapped_column(String(160), default="")

    province: Mapped[Province] = relationship()
