"""The register of agencies and places as the back office keeps it: what is derived, what must not happen."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from models.agency import Agency
from models.kinds import AgencyKind
from models.place import District, Province
from models.thai import arabic_digits, sort_key
from portal.core import audit
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.register.plan import RegistryPlan

CODE_LENGTH = 8


def settle_agency(agency: Agency) -> None:
    """Derive full name, sort key and province from kind, name and district, and tidy the code.

    A name typed with its kind before it loses the kind. Raises Refused for a code that is none, and where
    another agency without a code has the same name in the district.
    """
    agency.code = tidy_code(agency.code)
    agency.name, agency.full_name = names_of(agency.kind, agency.name)
    agency.sort_key = sort_key(agency.name)
    agency.province_id = agency.district.province_id
    if agency.code is None:
        _refuse_twin(agency)


def tidy_code(code: str | None) -> str | None:
    """A code of eight digits, from digits of both kinds with spaces; None for nothing. Raises Refused."""
    plain = "".join(arabic_digits(code or "").split())
    if plain and not (plain.isdecimal() and len(plain) == CODE_LENGTH):
        raise Refused("The code needs 8 digits; this one has %(count)s", count=len(plain))
    return plain or None


def names_of(kind: AgencyKind, typed: str) -> tuple[str, str]:
    """Own name and full name of an agency: ("ท่าผา", "องค์การบริหารส่วนตำบลท่าผา"). Raises Refused for none."""
    name = " ".join(typed.split())
    own = kind.own_name(name)
    full = kind.full_name(own)
    if not own:
        raise Refused("Enter the agency's own name")
    return own, full


def set_active(agencies: list[Agency], *, active: bool) -> int:
    """Take agencies out of use or back into it; gives how many changed. Rounds that have them keep them."""
    changed = [agency for agency in agencies if agency.active is not active]
    with audit.act("agency.activate" if active else "agency.deactivate"):
        for agency in changed:
            agency.active = active
        db.session.flush()
    return len(changed)


def retire_absent(plan: RegistryPlan, chosen: Iterable[int]) -> int:
    """Take agencies that a file lacks out of use; gives how many. Raises Refused for any other agency."""
    keys = set(chosen)
    if not keys:
        raise Refused("Tick at least one agency first")
    if keys - {one.agency_id for one in plan.absent}:
        raise Refused("The register was changed meanwhile: look at the list again")
    return set_active(list(db.session.scalars(select(Agency).where(Agency.id.in_(keys)))), active=False)


def settle_province(province: Province) -> None:
    """Tidy the name and derive the sort key."""
    province.name = " ".join(province.name.split()).removeprefix("จังหวัด")
    province.sort_key = sort_key(province.name)


def set_province_size(provinces: list[Province], size: str) -> int:
    """Give provinces a size class; gives how many changed. Rounds keep the one that they took up."""
    changed = [province for province in provinces if province.size != size]
    with audit.act("provinces.size"):
        for province in changed:
            province.size = size
        db.session.flush()
    return len(changed)


def settle_district(district: District) -> None:
    """Tidy the name and derive the sort key. Raises Refused where agencies would change their province."""
    district.name = " ".join(district.name.split()).removeprefix("อำเภอ")
    district.sort_key = sort_key(district.name)
    # the key is the stored province's until the flush, also where that province was never read
    moved = district.province_id is not None and district.province.id != district.province_id
    if moved and _has_agencies(district):
        raise Refused("This district has agencies: move them first, then the district")


def _has_agencies(district: District) -> bool:
    with db.session.no_autoflush:
        query = select(func.count(Agency.id)).where(Agency.district_id == district.id)
        return bool(db.session.scalar(query))


def _refuse_twin(agency: Agency) -> None:
    query = select(Agency.id).where(
        Agency.district_id == agency.district.id,
        Agency.full_name == agency.full_name,
        Agency.code.is_(None),
        Agency.id != (agency.id or 0),
    )
    with db.session.no_autoflush:
        if db.session.scalar(query.limit(1)) is not None:
            raise Refused("An agency of this name without a code is in the district already")
