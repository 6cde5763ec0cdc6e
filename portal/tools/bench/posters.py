"""Posters of the external survey for many agencies: sheets a second, through two printers."""

from __future__ import annotations

import time
from datetime import date

from portal.ballot.links import new_code, url_of_code
from portal.surveys.bulk_posters import BOOK
from portal.tools.bench.table import Figure, Table
from reports.letter_data import Audience, PosterData, Typeface
from reports.poster_data import PosterBook
from reports.press import the_press
from reports.printers import let_go
from reports.printing import PRINTERS, print_papers

#: agencies of the country
WHOLE = 7_852
WORDS = "องค์การบริหารส่วนตำบลทดลองที่ "


def books(table: Table, *, sheets: int) -> None:
    """So many posters in books, as an order makes them, beside as many pages with one word each."""
    let_go()
    papers = {str(first): _book(range(first, min(first + BOOK, sheets))) for first in range(0, sheets, BOOK)}
    begun = time.perf_counter()
    for _key, _content in print_papers(papers):
        pass
    took = time.perf_counter() - begun
    let_go()
    note = f"{sheets / took:.0f} a second, {WHOLE:,} in {WHOLE * took / sheets / 60:.1f} minutes"
    limit = _bare_pages(sheets) / PRINTERS
    table.add(Figure(f"{sheets:,} posters of agencies", took, took, limit, "pages of one word each", note))


def _book(numbers: range) -> PosterBook:
    return PosterBook(
        tuple(
            PosterData(
                agency=f"{WORDS}{number}",
                instrument="EIT",
                audience=Audience.EXTERNAL,
                url=url_of_code(new_code()),
                year="2561",
                closes_on=date(2018, 12, 23),
            )
            for number in numbers
        )
    )


def _bare_pages(pages: int) -> float:
    """Seconds of laying out and writing so many documents with a word on each, in one process."""
    press = the_press()
    begun = time.perf_counter()
    press.bind([press.lay_out(f"<p>{number}</p>", Typeface(), sheet="poster.css") for number in range(pages)])
    return time.perf_counter() - begun
