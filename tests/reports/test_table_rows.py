"""A row that is one box looks, reads and is tagged like a row of cells."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from weasyprint import draw, html
from weasyprint.pdf import tags

from reports import row_drawing, table_rows
from reports.letter_data import Typeface
from reports.press import the_press
from reports.table_rows import Row
from tests.reports.golden import differs, pages
from tests.reports.plain import read
from tests.reports.sample import NAMES

CELLS = (
    (("c", "๑"), ("t", NAMES[0]), ("n", "รอดำเนินการ")),
    (("c", "๒"), ("t", "องค์การบริหารส่วนตำบลที่มีชื่อยาวเป็นพิเศษ จนต้องขึ้นบรรทัดใหม่ & ยาวกว่านั้น"), ("n", "รอดำเนินการ")),
    (("c", "๓"), ("t", ""), ("c", "๑๖ ต.ค. ๖๑")),
)
HEAD = (
    '<html lang="th"><head><title>x</title></head><body class="sheet"><table>'
    '<colgroup><col class="no"><col class="agency"><col class="step"></colgroup>'
    '<thead><tr><th scope="col">ที่</th><th scope="col">ชื่อ</th><th scope="col">ผล</th></tr></thead>'
)
KINDS = '<tbody class="kinds"><tr><td class="t"></td><td class="c"></td><td class="n"></td></tr></tbody>'


def of_rows(*rows: str) -> str:
    """A table whose rows are one cell each."""
    written = "".join(f'<tr><td class="cells">\n{row}\n</td></tr>\n' for row in rows)
    return f"{HEAD}\n{KINDS}\n<tbody>{written}</tbody></table>"


def of_cells() -> str:
    """The table of ``CELLS``, each an element."""
    rows = ("".join(f'<td class="{kind}">{_plain(text)}</td>' for kind, text in row) for row in CELLS)
    return f"{HEAD}<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;")


def lines(row: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{kind} {_plain(text)}" for kind, text in row)


def made(text: str) -> bytes:
    press = the_press()
    return press.bind([press.lay_out(text, Typeface())])


@pytest.fixture(scope="module")
def both() -> tuple[bytes, bytes]:
    """The same table as rows and as cells."""
    return made(of_rows(*map(lines, CELLS))), made(of_cells())


def test_rows_look_like_cells(both: tuple[bytes, bytes]) -> None:
    ((row_page,), (cell_page,)) = map(pages, both)
    assert differs(row_page, cell_page) < 1
    assert differs(row_page, pages(made(f"{HEAD}</table>"))[0]) > 12, "something is there to be compared"


def test_rows_read_like_cells(both: tuple[bytes, bytes], tmp_path: Path) -> None:
    for mode in ((), ("-raw",)):
        rows, cells = (read(pdf, tmp_path, *mode) for pdf in both)
        assert rows == cells and "๑๖ ต.ค. ๖๑" in rows and "ใหม่ & ยาว" in " ".join(rows.split())


def test_rows_are_tagged_like_cells(both: tuple[bytes, bytes]) -> None:
    rows, cells = (tagged(pdf) for pdf in both)
    assert rows == cells == [["/TH"] * 3, *[["/TD"] * 3] * 3]


def tagged(pdf: bytes) -> list[list[str]]:
    """The cells of each row of the table."""
    with pikepdf.open(BytesIO(pdf)) as file:
        return [[str(cell.S) for cell in row.K] for row in _rows(file.Root.StructTreeRoot)]


def _rows(element: Any) -> list[Any]:
    kids = [kid for kid in element.K if isinstance(kid, pikepdf.Dictionary)]
    return [kid for kid in kids if kid.S == "/TR"] + [row for kid in kids for row in _rows(kid)]


def test_equal_cells_are_laid_out_once() -> None:
    document = the_press().lay_out(of_rows(*map(lines, CELLS)), Typeface())
    rows = [box for box in document.pages[0]._page_box.descendants() if isinstance(box, Row)]
    assert [len(row.cells) for row in rows] == [3, 3, 3]
    assert rows[0].cells[2] is rows[1].cells[2] and rows[0].cells[0] is not rows[1].cells[0]
    assert rows[0].height < rows[1].height


def test_a_paper_is_written_again_byte_by_byte() -> None:
    press = the_press()
    document = press.lay_out(of_rows(*map(lines, CELLS)), Typeface())
    assert press.bind([document]) == press.bind([document])


@pytest.mark.parametrize(
    ("row", "fault"),
    [("c 1\nx what\nc 2", "no pattern of the kinds ['x']"), ("c 1\nt one too few", "is longer than")],
)
def test_a_row_that_does_not_fit_its_table_is_refused(row: str, fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(fault)):
        made(of_rows(row))


def test_weasyprint_still_has_what_rows_lean_on() -> None:
    the_press()
    assert html.HTML_HANDLERS["table"] is table_rows._table
    assert draw.draw_table is row_drawing._draw_table_with_rows
    assert draw.draw_block_level is row_drawing._draw_blocks
    assert tags._build_box_tree is row_drawing._tagged
