"""Provinces and districts, by the codes of the Ministry of Interior."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Public


class Province(Keyed, Public, Base):
    """One of the 77 provinces; Bangkok has no assessed agencies."""

    __tablename__ = "province"

    code: Mapped[str] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    sort_key: Mapped[str] = mapped_column(String(200), index=True)

    districts: Mapped[list[District]] = relationship(back_populates="province")

    def __str__(self) -> str:
        return self.name


class District(Keyed, Public, Base):
    """A district (อำเภอ) of a province."""

    __tablename__ = "district"

    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(300), index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)

    province: Mapped[Province] = relationship(back_populates="districts")

    def __str__(self) -> str:
        return self.name
