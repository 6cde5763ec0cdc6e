"""Lists in pages: how many there are, which one an address asks for, and which rows stand on it."""

from __future__ import annotations

import pytest

from portal.core.web import Portal
from views.frame.paging import paged, pages_of

ROWS = list(range(1, 26))


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (25, 3)])
def test_rows_fill_so_many_pages_and_an_empty_list_has_one(total: int, pages: int) -> None:
    assert pages_of(total, 10) == pages


@pytest.mark.parametrize(
    ("query", "page", "rows"),
    [
        ("", 1, ROWS[:10]), ("page=2", 2, ROWS[10:20]), ("page=3", 3, ROWS[20:]), ("page=๒", 2, ROWS[10:20]),
        ("page=99", 3, ROWS[20:]), ("page=0", 1, ROWS[:10]), ("page=-4", 1, ROWS[:10]),
        ("page=x", 1, ROWS[:10]),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_shows_the_nearest_one(
    app: Portal, query: str, page: int, rows: list[int]
) -> None:
    with app.test_request_context(f"/jobs?{query}"):
        shown = paged(ROWS, 10, "jobs.index", q="ก")
        assert (shown.page, shown.pages, shown.total, list(shown.rows)) == (page, 3, 25, rows)
        assert (shown.first, shown.last) == (rows[0], rows[-1])


def test_the_first_page_has_the_address_of_the_list_itself(app: Portal) -> None:
    with app.test_request_context("/jobs"):
        url = paged(ROWS, 10, "jobs.index", q="x").url
        assert (url(1), url(2)) == ("/jobs?q=x", "/jobs?q=x&page=2")
