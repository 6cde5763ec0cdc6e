"""Filters by place for rows that carry a province's id without a relation to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement

from models.place import Province
from portal.core import places
from portal.core.database.session import db
from portal.core.texts import _, lazy
from views.generated.fields import key_from
from views.generated.filters import Filter


class ProvinceFilter(Filter):
    """The province of a row of a round."""

    kind = "choice"

    def __init__(self, column: Any) -> None:
        super().__init__("province", lazy("Province"), column)

    def options(self, active: Mapping[str, str]) -> list[tuple[str, str]]:
        """All provinces in Thai order."""
        return [(str(key), name) for key, name in places.provinces()]

    def condition(self, value: str) -> ColumnElement[bool]:
        """Rows of this province."""
        return self.column == self._key(value)

    def words(self, value: str) -> str:
        """The province's name."""
        row = db.session.get(Province, self._key(value))
        if row is None:
            raise ValueError(_("This choice is not in the list"))
        return places.named(row)

    def _key(self, value: str) -> int:
        try:
            return key_from(value)
        except ValueError:
            raise ValueError(_("This choice is not in the list")) from None
