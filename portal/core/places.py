"""Names of places where several sectors stand beside each other: the NACC reads "ลำปาง (สธ.)"."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.place import Province
from models.sector import USUAL_SECTOR
from portal.core.database.session import db, sector_here


def named(province: Province) -> str:
    """A province's name; at a desk above all sectors with whose it is, but for the first sector's."""
    if sector_here() is not None or province.sector_id == USUAL_SECTOR:
        return province.name
    return f"{province.name} ({province.sector.short})"


def provinces() -> list[tuple[int, str]]:
    """The provinces that the desk sees, in Thai order, as it chooses from them; one query."""
    query = select(Province).options(joinedload(Province.sector))
    rows = db.session.scalars(query.order_by(Province.sort_key, Province.sector_id))
    return [(row.id, named(row)) for row in rows]
