"""The register of local administrative organisations (อปท.)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ProvinceOwned, Versioned
from models.descriptive import Described
from models.kinds import AgencyKind, AgencySize, kind_column, size_column
from models.place import District, Province
from models.search import agency_key
from models.thai import arabic_digits

CODE_DIGITS = 8


def whole_code(typed: str) -> str:
    """A code's digits without spaces, with the leading zero that a spreadsheet program took away."""
    code = "".join(arabic_digits(typed).split())
    return f"0{code}" if code.isdecimal() and len(code) == CODE_DIGITS - 1 else code


class Agency(Keyed, Versioned, ProvinceOwned, Described, Base):
    """An agency as it is today; what belongs to a round hangs on its Participation."""

    __tablename__ = "agency"
    __unaudited__ = ("search_key",)
    __table_args__ = (
        UniqueConstraint("district_id", "kind", "full_name", "code"),
        # the rule above lets rows without a code pass: there the name alone tells agencies apart
        Index(
            "uq_agency_without_code",
            "district_id",
            "full_name",
            unique=True,
            sqlite_where=text("code IS NULL"),
            postgresql_where=text("code IS NULL"),
        ),
    )

    #: the natural key; where it is NULL, (province, district, full name) is
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    kind: Mapped[AgencyKind] = mapped_column(kind_column(), ForeignKey("agency_kind.code"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    full_name: Mapped[str] = mapped_column(String(200), index=True)
    size: Mapped[AgencySize | None] = mapped_column(size_column(), ForeignKey("agency_size.code"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    sort_key: Mapped[str] = mapped_column(String(500), index=True)
    #: every form of its own name in which people look for it; derived
    search_key: Mapped[str] = mapped_column(String(800))
    active: Mapped[bool] = mapped_column(default=True)

    province: Mapped[Province] = relationship()
    district: Mapped[District] = relationship()

    def __str__(self) -> str:
        return self.full_name


@event.listens_for(Agency, "before_insert")
@event.listens_for(Agency, "before_update")
def _derive(_mapper: Any, _connection: Any, agency: Agency) -> None:
    agency.search_key = agency_key(agency.kind.short, agency.name, agency.full_name, agency.code)
