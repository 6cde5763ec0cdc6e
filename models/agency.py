"""The register of local administrative organisations (อปท.)."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Keyed, ProvinceOwned, Versioned, enum_column
from models.descriptive import Described
from models.place import District, Province
from models.search import agency_key
from models.thai import arabic_digits


class AgencyKind(enum.Enum):
    """Kinds of agency; labels are English message ids."""

    PAO = "pao"
    CITY = "city"
    TOWN = "town"
    SUBDISTRICT = "subdistrict"
    SAO = "sao"
    SPECIAL = "special"

    @property
    def label(self) -> str:
        return KIND_NAMES[self]

    @property
    def short(self) -> str:
        return KIND_SHORT[self]

    def short_name(self, name: str) -> str:
        """The official short form of an agency's name: "ทต.เกาะคา"; the special one has no other name."""
        return self.short if self is AgencyKind.SPECIAL else f"{self.short}{name}"


#: The official names and short forms: terms of the field, not translations.
KIND_NAMES = {
    AgencyKind.PAO: "องค์การบริหารส่วนจังหวัด",
    AgencyKind.CITY: "เทศบาลนคร",
    AgencyKind.TOWN: "เทศบาลเมือง",
    AgencyKind.SUBDISTRICT: "เทศบาลตำบล",
    AgencyKind.SAO: "องค์การบริหารส่วนตำบล",
    AgencyKind.SPECIAL: "เมืองพัทยา",
}
KIND_SHORT = {
    AgencyKind.PAO: "อบจ.",
    AgencyKind.CITY: "ทน.",
    AgencyKind.TOWN: "ทม.",
    AgencyKind.SUBDISTRICT: "ทต.",
    AgencyKind.SAO: "อบต.",
    AgencyKind.SPECIAL: "เมืองพัทยา",
}
#: the office of its head, before the name: "นายกเทศมนตรีตำบล" + "เกาะคา"
_KIND_HEAD = {
    AgencyKind.PAO: "นายกองค์การบริหารส่วนจังหวัด",
    AgencyKind.CITY: "นายกเทศมนตรีนคร",
    AgencyKind.TOWN: "นายกเทศมนตรีเมือง",
    AgencyKind.SUBDISTRICT: "นายกเทศมนตรีตำบล",
    AgencyKind.SAO: "นายกองค์การบริหารส่วนตำบล",
    AgencyKind.SPECIAL: "นายกเมืองพัทยา",
}


def head_of(short_name: str) -> str:
    """The office of an agency's head, by the short name: "นายกเทศมนตรีตำบลเกาะคา" of "ทต.เกาะคา".

    A name of no known kind stays, with "ผู้บริหาร" before it.
    """
    for kind, short in KIND_SHORT.items():
        if short_name.startswith(short):
            return _KIND_HEAD[kind] + short_name.removeprefix(short).strip()
    return f"ผู้บริหาร{short_name}"


CODE_DIGITS = 8


def whole_code(typed: str) -> str:
    """A code's digits without spaces, with the leading zero that a spreadsheet program took away."""
    code = "".join(arabic_digits(typed).split())
    return f"0{code}" if code.isdecimal() and len(code) == CODE_DIGITS - 1 else code


class AgencySize(enum.Enum):
    """Size class of an agency, where it has one."""

    S = "S"
    M = "M"
    L = "L"


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
    kind: Mapped[AgencyKind] = mapped_column(enum_column(AgencyKind), index=True)
    name: Mapped[str] = mapped_column(String(160))
    full_name: Mapped[str] = mapped_column(String(200), index=True)
    size: Mapped[AgencySize | None] = mapped_column(enum_column(AgencySize))
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
