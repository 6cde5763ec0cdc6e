"""How the rows of ``reports.table_rows`` come into a file: drawn once for all equal cells, each with its tag.

``draw_table`` and ``draw_block_level`` of ``weasyprint.draw`` and ``weasyprint.pdf.tags._build_box_tree`` are
private to WeasyPrint: the version is locked, and a test says so when they change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.draw.color import get_color
from weasyprint.draw.text import draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags

from reports.table_rows import Cell, Row

_draw_table = draw.draw_table
_draw_block_level = draw.draw_block_level
_build_box_tree = tags._build_box_tree


class _File:
    """What was drawn in the file that is being written: its fonts hold the signs of these texts."""

    def __init__(self) -> None:
        self._fonts: Any = None
        self._drawn: dict[Any, bytes] = {}

    def drawn(self, stream: Any, what: Hashable, act: Callable[[Any], None]) -> bytes:
        """What this draws on the page of a stream, its corner at 0, 0."""
        if self._fonts is not stream._fonts:
            self._fonts = stream._fonts
            self._drawn.clear()
        if what not in self._drawn:
            apart = stream.clone(tags=None)
            act(apart)
            self._drawn[what] = b"\n".join(apart.stream)
        return self._drawn[what]


_file = _File()


def draw_rows() -> None:
    """From now on this process draws and tags the rows of its tables."""
    draw.draw_table = _draw_table_with_rows
    draw.draw_block_level = _draw_blocks
    tags._build_box_tree = _tagged


def _draw_table_with_rows(stream: Any, table: Any) -> None:
    """All backgrounds, then all lines: one that came later would blur the line beside it."""
    rows = [cell for group in table.children for row in group.children for cell in row.children]
    rows = [row for row in rows if isinstance(row, Row)]
    _draw_frames(stream, rows, _fill)
    _draw_table(stream, table)
    _draw_frames(stream, rows, _frame)


def _draw_frames(stream: Any, rows: Sequence[Row], act: Callable[[Row, Any], None]) -> None:
    """Draw this of all rows: rows of the same kinds and height look the same."""
    drawn = []
    for row in rows:
        shape = (act, row.kinds, tuple(kind for kind, _text in row.texts), row.border_height())
        drawn.append(_placed(_file.drawn(stream, shape, partial(act, row)), row))
    if any(drawn):
        with stream.artifact():
            stream.stream += filter(None, drawn)


def _fill(row: Row, stream: Any) -> None:
    for cell, start, width in zip(row.cells, _starts(row), row.widths, strict=False):
        color = get_color(cell.box.style, "background_color")
        if color.alpha:
            stream.set_color(color)
            stream.rectangle(start, 0, width, row.border_height())
            stream.fill()


def _frame(row: Row, stream: Any) -> None:
    height = row.border_height()
    for cell, start, width in zip(row.cells, _starts(row), row.widths, strict=False):
        line = cell.box.border_top_width
        if line:
            stream.set_color(get_color(cell.box.style, "border_top_color"))
            stream.rectangle(start, 0, width, height)
            stream.rectangle(start + line, line, width - 2 * line, height - 2 * line)
            stream.fill(even_odd=True)


def _draw_blocks(page: Any, stream: Any, blocks: dict[Any, Any]) -> None:
    for block, inside in blocks.items():
        if isinstance(block, Row):
            _write_row(stream, block)
        else:
            _draw_block_level(page, stream, {block: inside})


def _write_row(stream: Any, row: Row) -> None:
    for column, (cell, start) in enumerate(zip(row.cells, _starts(row), strict=False)):
        drawn = _placed(_file.drawn(stream, cell, partial(_write, cell)), row, start)
        stream.stream.append(_marked(stream, (row.key, column), drawn))


def _marked(stream: Any, key: Hashable, drawn: bytes) -> bytes:
    """What ``stream.marked`` writes, at once; a picture has no tags."""
    if stream._tags is None:
        return drawn
    mcid = len(stream._tags)
    stream._tags[key] = {"tag": "TD", "mcid": mcid}
    return b"/TD <</MCID %d>> BDC\n%b\nEMC" % (mcid, drawn)


def _write(cell: Cell, stream: Any) -> None:
    for words in cell.box.descendants():
        if isinstance(words, boxes.TextBox):
            draw_text(stream, words, 0, "clip", "none")


def _placed(drawn: bytes, row: Row, start: float = 0) -> bytes:
    """What was drawn, at its place in a row."""
    place = (row.border_box_x() + start, row.border_box_y(), drawn)
    return b"q 1 0 0 1 %.3f %.3f cm\n%b\nQ" % place if drawn else b""


def _starts(row: Row) -> Iterator[float]:
    """Where each column begins."""
    return accumulate(row.widths, initial=0.0)


class _CellElement(pydyf.Dictionary):
    """The element of a cell: pydyf would write a thousand of them piece by piece."""

    def __init__(self, **values: Any) -> None:
        super().__init__(values)

    @property
    def data(self) -> bytes:
        """The element as it is written."""
        heads = self["A"].get("Headers", b"[]")
        told = (self["K"][0], self["Pg"], self["P"], heads)
        return b"<</Type /StructElem/S /TD/K [%d]/Pg %b/P %b/A <</O /Table/Headers %b>>>>" % told


def _tagged(
    box: Any, parent: Any, pdf: Any, page_number: int, nums: Any, annotations: Any, marks: Any
) -> Iterator[Any]:
    """The element of a box; of a row, those of its cells."""
    if not isinstance(box, Row):
        yield from _build_box_tree(box, parent, pdf, page_number, nums, annotations, marks)
        return
    page, row = parent["Pg"], parent.reference
    for column in range(len(box.cells)):
        mcid = marks.pop((box.key, column))["mcid"]
        element = _CellElement(S="/TD", K=[mcid], Pg=page, P=row, A=pydyf.Dictionary({"O": "/Table"}))
        pdf.add_object(element)
        nums[mcid] = element.reference
        yield element
