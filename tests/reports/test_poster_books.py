"""Books of posters: a page for each agency, taken apart again, and no internal link in any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf

from reports.letter_data import Audience, PosterData, PosterSheet
from reports.poster import render_book
from reports.poster_data import PosterBook
from reports.poster_files import Sheet, join_sheets, single_sheets

POSTER = PosterData(
    agency="เทศบาลตำบลทดลอง",
    instrument="EIT",
    audience=Audience.EXTERNAL,
    url="https://ita.example.go.th/s/23456789abcdefghjkmnp",
    year="2561",
    closes_on=date(2018, 12, 23),
)


def test_no_internal_poster_is_in_a_book() -> None:
    internal = replace(POSTER, audience=Audience.INTERNAL, instrument="IIT")
    with pytest.raises(ValueError, match="internal"):
        PosterBook((POSTER, internal))
    with pytest.raises(ValueError, match="pages"):
        PosterBook(())


@pytest.mark.parametrize(("sheet", "width"), [(PosterSheet.A3, 842), (PosterSheet.CARDS, 595)])
def test_pages_are_joined_in_any_order_and_taken_apart(
    tmp_path: Path, sheet: PosterSheet, width: int
) -> None:
    posters = tuple(replace(POSTER, url=POSTER.url[:-1] + end, sheet=sheet) for end in "abc")
    path = tmp_path / "book.pdf"
    path.write_bytes(render_book(PosterBook(posters)))
    sheets = [Sheet(f"หน่วยงาน {number}", path, number) for number in (2, 0)]
    with Pdf.open(BytesIO(join_sheets(sheets, title="จังหวัดหนึ่ง"))) as joined:
        with joined.open_outline() as outline:
            assert [item.title for item in outline.root] == ["หน่วยงาน 2", "หน่วยงาน 0"]
        assert [round(float(page.mediabox[2])) for page in joined.pages] == [width, width]
        assert str(joined.docinfo["/Title"]) == "จังหวัดหนึ่ง"
    for content in single_sheets(sheets):
        with Pdf.open(BytesIO(content)) as single:
            (page,) = single.pages
            assert len(page.get_images()) == 1, "the codes of other agencies are not in the file"
