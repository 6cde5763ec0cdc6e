"""What the list of changes of agencies is narrowed to: one for the page and for its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from models.agency import Agency
from models.agency_change import AgencyChange, AgencyChangePart, ChangeSort, ChangeState
from portal.core.outside import whole
from portal.core.search import matching


@dataclass(frozen=True)
class ChangeQuery:
    """The words of an address; what is none narrows nothing."""

    search: str = ""
    province: int | None = None
    sort: ChangeSort | None = None
    state: ChangeState | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> ChangeQuery:
        """Read it."""
        return cls(
            args.get("q", "").strip(),
            whole(args.get("province"), least=1),
            next((one for one in ChangeSort if one.value == args.get("sort")), None),
            next((one for one in ChangeState if one.value == args.get("state")), None),
        )

    def args(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        named = {
            "q": self.search,
            "province": str(self.province or ""),
            "sort": self.sort.value if self.sort else "",
            "state": self.state.value if self.state else "",
        }
        return {name: value for name, value in named.items() if value}

    def narrowed(self, query: Any, *, state: bool = True) -> Any:
        """The changes that it leaves; ``state`` False: of every state."""
        if self.search:
            named = select(AgencyChangePart.change_id).join(AgencyChangePart.agency)
            query = query.where(AgencyChange.id.in_(named.where(matching(self.search, Agency))))
        if self.province:
            query = query.where(AgencyChange.province_id == self.province)
        if self.sort:
            query = query.where(AgencyChange.sort == self.sort)
        return query.where(AgencyChange.state == self.state) if self.state and state else query

    def rows(self) -> Any:
        """The changes with all that a line says: the one that holds last stands first."""
        query = self.narrowed(select(AgencyChange)).options(
            joinedload(AgencyChange.province),
            selectinload(AgencyChange.parts).joinedload(AgencyChangePart.agency),
        )
        return query.order_by(AgencyChange.holds_from.desc(), AgencyChange.id.desc())
