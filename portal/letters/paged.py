"""One page of a long list of letters, or of a register's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func

from portal.core.database.session import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """One page of a list, counted from 1; ``size`` rows fill one, and there are ``total`` of all."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    size: int

    @property
    def first(self) -> int:
        """The place of its first row among all."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of its last row among all."""
        return self.first + len(self.rows) - 1


def one_page(query: Select[Any], key: Any, order: Any, *, page: int, size: int) -> Paged[Any]:
    """The rows of a page in this order, ``key`` being what is counted; a page too far is the last one."""
    total = db.session.scalar(query.with_only_columns(func.count(key))) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    rows = query.order_by(order).limit(size).offset((number - 1) * size)
    return Paged(db.session.scalars(rows).all(), number, pages, total, size)
