"""Agencies of the register as programmes read them: looked for and narrowed as on its screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models.agency import Agency
from models.kinds import AgencyKind
from portal.core.database.session import db
from portal.core.search import matching


@dataclass(frozen=True)
class AgencyQuery:
    """What the register is narrowed to."""

    search: str = ""
    province_id: int | None = None
    district_id: int | None = None
    kind: AgencyKind | None = None
    active: bool | None = None

    def conditions(self) -> list[Any]:
        """The same as SQL conditions on Agency."""
        found: list[Any] = [matching(self.search, Agency, Agency.code)] if self.search else []
        for column in ("province_id", "district_id", "kind", "active"):
            value = getattr(self, column)
            if value is not None:
                found.append(getattr(Agency, column) == value)
        return found


def agencies_of(criteria: AgencyQuery, *, offset: int, most: int) -> tuple[Sequence[Agency], int]:
    """A page of the agencies inside the actor's scope in Thai order, with their places, and how many there
    are; two queries."""
    here = criteria.conditions()
    found = db.session.scalar(select(func.count(Agency.id)).where(*here)) or 0
    query = select(Agency).where(*here).order_by(Agency.sort_key, Agency.id).offset(offset).limit(most)
    places = (joinedload(Agency.district), joinedload(Agency.province))
    return db.session.scalars(query.options(*places)).all(), found
