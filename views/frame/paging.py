"""One page of rows that are already at hand, and the addresses of its other pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """A page of rows; pages count from 1. ``first`` and ``last`` are the numbers of its rows."""

    rows: Sequence[Row]
    page: int
    pages: int
    total: int
    first: int
    url: Callable[[int], str]

    @property
    def last(self) -> int:
        """Number of the page's last row."""
        return self.first + len(self.rows) - 1


def pages_of(total: int, size: int) -> int:
    """How many pages ``total`` rows fill; one where there is none."""
    return max(1, -(-total // size))


def wanted_page(pages: int) -> int:
    """The page that the address asks for, inside 1 to ``pages``: a page that is gone shows the last one."""
    return min(max(1, request.args.get("page", 1, type=int)), pages)


def paged(rows: Sequence[Row], size: int, endpoint: str, **values: Any) -> Paged[Row]:
    """Cut the page that the address asks for. ``endpoint`` and ``values`` make the other pages' addresses."""
    pages = pages_of(len(rows), size)
    page = wanted_page(pages)
    cut = rows[(page - 1) * size : page * size]
    return Paged(cut, page, pages, len(rows), (page - 1) * size + 1, address_of(endpoint, **values))


def address_of(endpoint: str, **values: Any) -> Callable[[int], str]:
    """The address of a page by its number."""
    return lambda number: url_for(endpoint, **values, page=number if number > 1 else None)
