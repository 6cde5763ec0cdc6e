"""The words with which a page of a letter begins, as the page before announces them: "/ในการนี้...".

Every page that is followed by another one announces it; each page has a rule of its own, by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes

from reports.line_ends import line_ends

SHORTEST, LONGEST = 7, 16


def announcements(document: Document) -> tuple[str, ...]:
    """What each page but the last announces of the next one; an empty text where the next has no words."""
    return tuple(_announced(page) for page in document.pages[1:])


def _announced(page: Page) -> str:
    words = _first_words(next(_lines(page._page_box), ""))
    return f"/{words}..." if words else ""


def rules_for(announced: tuple[str, ...]) -> str:
    """The style sheet that prints the announcements at the lower right of their pages."""
    return "\n".join(
        f'@page :nth({number}) {{ @bottom-right {{ content: "{_quoted(words)}"; vertical-align: top; '
        "text-align: right; padding-top: 1mm; white-space: nowrap } }"
        for number, words in enumerate(announced, start=1)
        if words
    )


def _quoted(words: str) -> str:
    return words.replace("\\", "").replace('"', "").replace("\n", " ")


def _first_words(line: str) -> str:
    """The line's beginning up to a space, where one comes early, else up to where a line might end."""
    ends = list(line_ends(line))
    for end in ends:
        if line[end - 1] in " \u00a0" and SHORTEST < end <= LONGEST + 1:
            return line[:end].strip()
    return next((line[:end].strip() for end in ends if end >= SHORTEST + 3), line.strip())


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
