"""The table of a page as rows of words, as a person reads it."""

from __future__ import annotations

from html.parser import HTMLParser


def table_in(html: str) -> list[list[str]]:
    """The cells of a page's table bodies, each as its words with single spaces."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [[" ".join("".join(cell).split()) for cell in row] for row in reader.rows]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[list[str]]] = []
        self._body = False
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tbody":
            self._body = True
        elif tag == "tr" and self._body:
            self.rows.append([])
        elif tag in {"td", "th"} and self._body:
            self._cell = []
            self.rows[-1].append(self._cell)

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._body = False
        elif tag in {"td", "th"}:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
