"""The rows of long tables: each is one box, and cells that are equal are laid out and drawn once.

A province's list has a thousand cells of plain text. As elements of their own they cost WeasyPrint two
seconds, and most of them say what another says. A template writes rows that follow each other as one cell, a
line for each of their cells that begins with the kind, and an empty line between two rows::

    <tr><td class="cells">
    c 1
    t the name of an agency
    n missing

    c 2
    t the name of another
    n missing</td></tr>

What a kind looks like is said where everything looks like something: the style sheet dresses the cells of a
row of patterns, ``<tbody class="kinds"><tr><td class="t"><td class="c">…``, which is not printed. A text is
laid out by WeasyPrint in a copy of its pattern: lines, alignment and Thai breaks are WeasyPrint's own. It is
kept for the next equal cell. Rows break, tables repeat their heads and tags name every cell as they did.

A pattern has the same border on its four sides and its text at the top; the table's own borders do not
collapse. ``weasyprint.html.HTML_HANDLERS`` and what ``weasyprint.layout.table`` asks of each cell are private
to WeasyPrint: the version is locked, and a test says when they change. How rows are drawn and tagged:
``reports.row_drawing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from weasyprint import html
from weasyprint.css.properties import INHERITED, Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, table
from weasyprint.layout.block import block_container_layout
from weasyprint.layout.percent import resolve_percentages

#: the class of a cell that holds a row, and that of the body of a table that holds the patterns
ROW, PATTERNS = "cells", "kinds"
_SPACES = re.compile("[ \t\r\n\f]+")


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell as WeasyPrint laid it out, its corner at 0, 0; all equal cells are this one.

    ``needs``: from which width (pixels) on it looks the same; infinite where that is its own width alone.
    """

    box: Any
    height: float
    needs: float


class Kinds:
    """The kinds of cells of one table."""

    def __init__(self, patterns: Mapping[str, Any]) -> None:
        self._patterns = patterns
        self._looks = {kind: _look(cell.style) for kind, cell in patterns.items()}
        self._styles: dict[float, Any] = {}

    def missing(self, kinds: Iterable[str]) -> set[str]:
        """Those without a pattern."""
        return set(kinds) - self._patterns.keys()

    def cell(self, context: Any, table: Any, kind: str, text: str, width: float) -> Cell:
        """The cell of this kind, text and width."""
        key = (self._looks[kind], text, round(table.width, 3))
        cells = _known.get(key)
        if cells is None:
            if len(_known) >= _KNOWN_LIMIT:
                _known.clear()
            cells = _known[key] = {}
        if width not in cells:
            cells[width] = next((cell for cell in cells.values() if cell.needs <= width), None) or _made(
                _laid_out(context, table, self._patterns[kind], text, width), width
            )
        return cells[width]

    def style(self, row: Row, height: float) -> Any:
        """The style of a row of this height."""
        if height not in self._styles:
            self._styles[height] = style = row.style.copy()
            style["min_height"] = Dimension(height, "px")
        return self._styles[height]


#: cells of this and of earlier papers by their width: dates, numbers and "missing" are those of all
_known: dict[tuple[str, str, float], dict[float, Cell]] = {}
_KNOWN_LIMIT = 2000


class Row(boxes.TableCellBox):
    """One cell over the whole width of a table, in which all cells of a row are."""

    def __init__(self, cell: Any, kinds: Kinds, texts: Sequence[tuple[str, str]]) -> None:
        # no "td": its cells are tagged, not the row's box
        super().__init__(ROW, cell.style, cell.element, [])
        self.kinds = kinds
        self.texts = tuple(texts)
        #: the same in all copies of this row that WeasyPrint makes, and in no other row
        self.key = object()
        self.colspan = len(self.texts)
        self.cells: tuple[Cell, ...] = ()
        self.widths: tuple[float, ...] = ()
        if unknown := kinds.missing(kind for kind, _text in self.texts):
            raise ValueError(f"no pattern of the kinds {sorted(unknown)}")

    def lay_out(self, context: Any, table: Any) -> None:
        """Lay out the cells, and become as high as the highest. Raises ValueError: as many as columns."""
        self.widths = tuple(table.column_widths)
        self.cells = tuple(
            self.kinds.cell(context, table, kind, text, width)
            for (kind, text), width in zip(self.texts, self.widths, strict=True)
        )
        self.style = self.kinds.style(self, max(cell.height for cell in self.cells))
        resolve_percentages(self, containing_block=table)


def _look(style: Any) -> str:
    """All that a style sheet says of a cell: where it is the same, equal cells are."""
    return repr([(name, style[name]) for name in sorted(INHERITED | style.cascaded.keys())])


def lay_out_rows(context: Any, table: Any) -> None:
    """Lay out the rows of a table whose columns have their widths; what is laid out stays as it is."""
    for group in table.children:
        for row in group.children:
            for cell in row.children:
                if isinstance(cell, Row) and not cell.cells:
                    cell.lay_out(context, table)


def keep_rows_whole() -> None:
    """From now on the tables of this process may write their rows as one cell."""
    html.HTML_HANDLERS["table"] = _table
    table.resolve_percentages = _resolve_percentages
    block.block_container_layout = _lay_out_container


def _resolve_percentages(box: Any, containing_block: Any) -> None:
    """As WeasyPrint does; a row that is laid out has none left."""
    if not (isinstance(box, Row) and box.cells):
        resolve_percentages(box, containing_block)


def _lay_out_container(context: Any, box: Any, *others: Any, **named: Any) -> Any:
    """As WeasyPrint does; a row that is laid out has nothing inside, and its height."""
    if not (isinstance(box, Row) and box.cells):
        return block_container_layout(context, box, *others, **named)
    row = box.copy_with_children([])
    row.height = row.min_height
    return row, None, {"break": "any", "page": None}, [], False, None


def _table(_element: Any, table: Any, _images: Any, _base_url: Any) -> list[Any]:
    """WeasyPrint's box of a table, its patterns taken out and its rows put in."""
    groups = [child for child in table.children if isinstance(child, boxes.TableRowGroupBox)]
    patterns = next((group for group in groups if group.element.get("class") == PATTERNS), None)
    if patterns is not None:
        kinds = Kinds({cell.element.get("class"): cell for row in patterns.children for cell in _cells(row)})
        # with the spaces around: two side by side would be taken for a row
        table.children = [
            child
            for child in table.children
            if child is not patterns and not isinstance(child, boxes.TextBox)
        ]
        for group in groups:
            group.children = [row for written in group.children for row in _rows(written, kinds)]
    return [table]


def _rows(written: Any, kinds: Kinds) -> Iterator[Any]:
    """The rows that a template wrote as one; any other row as it is."""
    cell = next((cell for cell in _cells(written) if cell.element.get("class") == ROW), None)
    if cell is None:
        yield written
        return
    for texts in _texts(cell):
        yield written.copy_with_children([Row(cell, kinds, texts)])


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row; of the space around it there are none."""
    if isinstance(row, boxes.TableRowBox):
        yield from (cell for cell in row.children if isinstance(cell, boxes.TableCellBox))


def _texts(cell: Any) -> Iterator[list[tuple[str, str]]]:
    """The kind and the text of each line of each row, spaces as CSS leaves them."""
    row: list[tuple[str, str]] = []
    for line in (cell.element.text or "").split("\n"):
        kind, _space, text = line.strip(" \t\r").partition(" ")
        if kind:
            row.append((kind, _SPACES.sub(" ", text).strip(" ")))
        elif row:
            yield row
            row = []
    if row:
        yield row


def _made(box: Any, width: float) -> Cell:
    """A cell of this width: one line at the left looks the same wherever it has room."""
    texts = [part for part in box.descendants() if isinstance(part, boxes.TextBox)]
    at_the_left = box.style["text_align_all"] in ("start", "left", "justify")
    needs = width - box.width + texts[0].width if len(texts) == 1 and at_the_left else inf
    return Cell(box, box.border_height(), needs)


def _laid_out(context: Any, table: Any, pattern: Any, text: str, width: float) -> Any:
    cell = pattern.copy_with_children([])
    if text:
        words = boxes.TextBox.anonymous_from(cell, text)
        cell = cell.copy_with_children([boxes.LineBox.anonymous_from(cell, [words])])
    resolve_percentages(cell, containing_block=table)
    cell.position_x = cell.position_y = cell.margin_left = cell.margin_top = 0
    cell.width, cell.height = 0, "auto"
    cell.width = width - cell.border_width()
    laid_out, *_others = block_container_layout(
        context,
        cell,
        bottom_space=-inf,
        skip_stack=None,
        page_is_empty=True,
        absolute_boxes=[],
        fixed_boxes=[],
        adjoining_margins=None,
        first_letter_style=None,
        first_line_style=None,
        discard=False,
        max_lines=None,
    )
    return laid_out
