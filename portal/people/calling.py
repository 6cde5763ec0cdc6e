"""Whom people call who cannot come in, asked for pages that nobody has signed in to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.place import Province
from portal.core.calling import Call, calls_of
from portal.core.database.session import privileged
from portal.core.places import named


def of_province(province_id: int | None) -> tuple[Call, ...]:
    """Those who help the people of a province, for a page that nobody has signed in to."""
    with privileged("whom to call") as session:
        return calls_of(session, province_id)


def provinces() -> list[tuple[int, str]]:
    """Every province that one can be of, as people look for it."""
    with privileged("provinces to choose from") as session:
        query = select(Province).options(joinedload(Province.sector))
        rows = session.scalars(query.order_by(Province.sort_key, Province.sector_id))
        return [(row.id, named(row)) for row in rows]
