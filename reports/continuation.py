"""The words with which a letter's second page begins, as its first page announces them: "/ในการนี้...".

A letter of more pages announces on its first page only; our letters have two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import get_log_attrs

SHORTEST, LONGEST = 7, 16


def next_words(document: Document) -> str:
    """What page 1 announces of page 2; an empty text when there is no page 2."""
    if len(document.pages) < 2:
        return ""
    line = next(_lines(document.pages[1]._page_box), "")
    announced = _first_words(line)
    return f"/{announced}..." if announced else ""


def _first_words(line: str) -> str:
    """The line's beginning up to a space, where one comes early, else cut between words."""
    space = line.find(" ", SHORTEST)
    if 0 < space <= LONGEST:
        return line[:space]
    attributes = get_log_attrs(line, "th")
    for place in range(SHORTEST + 3, len(line)):
        if attributes[place].is_line_break:
            return line[:place].strip()
    return line.strip()


def _lines(box: Any) -> Iterator[str]:
    """Texts of the lines in the flow of a page, in reading order."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.MarginBox):
            continue
        if isinstance(child, boxes.LineBox):
            text = "".join(_texts(child)).strip()
            if text:
                yield text
        else:
            yield from _lines(child)


def _texts(box: Any) -> Iterator[str]:
    if isinstance(box, boxes.TextBox):
        yield box.text
    for child in getattr(box, "children", ()):
        yield from _texts(child)
