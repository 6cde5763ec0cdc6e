"""Sectors: whose units are assessed. Local administration is one, and others run beside it on one machine.

Provinces, rounds and accounts are of a sector, and through them everything that hangs on these. Who sits at a
desk of one sector sees no row of another, on both walls (ADR 64). The NACC, above all sectors, and the bodies
that assess are of none. ``Round.scheme`` says something else: by what a year is assessed.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from models.base import Base, Keyed, Public, Versioned

#: the sector that was there first: local administration
USUAL_SECTOR = 1


class Sector(Keyed, Versioned, Public, Base):
    """A sector, and the office of the country that keeps its register and its people."""

    __tablename__ = "sector"
    __table_args__ = (
        Index("uq_sector_name", "name", unique=True),
        Index("uq_sector_short", "short", unique=True),
    )

    name: Mapped[str] = mapped_column(String(120))
    #: beside names that several sectors use: "เชียงใหม่ (สธ.)"
    short: Mapped[str] = mapped_column(String(20))
    #: the office of the country that keeps it, as it stands on screens
    office: Mapped[str] = mapped_column(String(160))
    #: its office in a province, before the province's name: "สำนักงานสาธารณสุขจังหวัด" + "ลำปาง"
    province_office: Mapped[str] = mapped_column(String(160))

    def office_in(self, province: str) -> str:
        """The sector's office in a province."""
        return f"{self.province_office}{province}"

    def __str__(self) -> str:
        return self.name


class OfSector:
    """Rows of one sector. A new row is of the sector of who makes it, unless the NACC says of which."""

    @declared_attr
    def sector_id(cls) -> Mapped[int]:
        return mapped_column(
            ForeignKey("sector.id"), index=True, nullable=False, server_default=str(USUAL_SECTOR)
        )
