"""Provinces and districts, by the codes of the Ministry of Interior."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Public, Versioned
from models.search import district_key, province_key
from models.sector import OfSector, Sector


class Province(Keyed, Versioned, OfSector, Public, Base):
    """One of the 77 provinces, as a sector has it; in Bangkok local administration assesses nobody."""

    __tablename__ = "province"
    __table_args__ = (
        Index("uq_province_sector_id_code", "sector_id", "code", unique=True),
        Index("uq_province_sector_id_name", "sector_id", "name", unique=True),
    )
    __unaudited__ = ("search_key",)

    code: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    #: its size class, where a year fixes minimum samples by it
    size: Mapped[str | None] = mapped_column(String(1))
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    search_key: Mapped[str] = mapped_column(String(400))

    #: one that still has districts is not deleted: the database refuses it
    districts: Mapped[list[District]] = relationship(back_populates="province", passive_deletes="all")
    sector: Mapped[Sector] = relationship()

    def __str__(self) -> str:
        return self.name


class District(Keyed, Versioned, Public, Base):
    """A district (อำเภอ) of a province."""

    __tablename__ = "district"
    __table_args__ = (Index("uq_district_province_id_code", "province_id", "code", unique=True),)
    __unaudited__ = ("search_key",)

    code: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(300), index=True)
    search_key: Mapped[str] = mapped_column(String(400))
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)

    province: Mapped[Province] = relationship(back_populates="districts")

    def __str__(self) -> str:
        return self.name


@event.listens_for(Province, "before_insert")
@event.listens_for(Province, "before_update")
def _derive_province(_mapper: Any, _connection: Any, province: Province) -> None:
    province.search_key = province_key(province.name, province.code, province.name_en or "")


@event.listens_for(District, "before_insert")
@event.listens_for(District, "before_update")
def _derive_district(_mapper: Any, _connection: Any, district: District) -> None:
    district.search_key = district_key(district.name, district.code)
