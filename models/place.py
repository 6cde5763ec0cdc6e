"""Provinces and districts, by the codes of the Ministry of Interior."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, Public, Versioned
from models.search import district_key, province_key


class Province(Keyed, Versioned, Public, Base):
    """One of the 77 provinces; Bangkok has no assessed agencies."""

    __tablename__ = "province"
    __unaudited__ = ("search_key",)

    code: Mapped[str] = mapped_column(String(2), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    #: its size class, where a year fixes minimum samples by it
    size: Mapped[str | None] = mapped_column(String(1))
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    search_key: Mapped[str] = mapped_column(String(400))

    districts: Mapped[list[District]] = relationship(back_populates="province")

    def __str__(self) -> str:
        return self.name


class District(Keyed, Versioned, Public, Base):
    """A district (อำเภอ) of a province."""

    __tablename__ = "district"
    __unaudited__ = ("search_key",)

    code: Mapped[str] = mapped_column(String(4), unique=True)
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
