"""Books of posters as files: those of a place in one for its printer, and each poster by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pikepdf import OutlineItem, Page, Pdf

#: what a page keeps of a book's structure, which is not taken over
_OF_THE_BOOK = ("/StructParents", "/Tabs")


@dataclass(frozen=True)
class Sheet:
    """One page of a book: what it is called, the book's file, and its place there from 0."""

    title: str
    book: Path
    page: int


def join_sheets(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """One PDF of all sheets in their order, each with a bookmark. Raises pikepdf.PdfError for no PDF."""
    with _books(sheets) as books, Pdf.new() as whole:
        for sheet in sheets:
            whole.pages.append(books[sheet.book].pages[sheet.page])
        with whole.open_outline() as outline:
            outline.root.extend(OutlineItem(sheet.title, place) for place, sheet in enumerate(sheets))
        return _saved(whole, title)


def single_sheets(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Each sheet as a PDF of one page, in their order. Raises pikepdf.PdfError for no PDF."""
    with _books(sheets) as books:
        for sheet in sheets:
            with Pdf.new() as single:
                single.pages.append(books[sheet.book].pages[sheet.page])
                single.remove_unreferenced_resources()  # the codes of the others
                content = _saved(single, sheet.title)
            yield content


@contextmanager
def _books(sheets: Sequence[Sheet]) -> Iterator[dict[Path, Pdf]]:
    """Each book opened once, for as long as its pages are read."""
    with ExitStack() as open_files:
        yield {path: open_files.enter_context(Pdf.open(path)) for path in {sheet.book for sheet in sheets}}


def _saved(pdf: Pdf, title: str) -> bytes:
    for page in map(Page, pdf.pages):
        for name in _OF_THE_BOOK:
            if name in page.obj:
                del page.obj[name]
    pdf.docinfo["/Title"] = title
    pdf.Root.Lang = "th"
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
