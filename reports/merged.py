"""Many papers as one file for a printer that prints on both sides: each begins on a sheet of its own.

It is for paper alone: the data inside each letter or certificate, tags and signatures stay with the papers
themselves; what a signature shows is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pikepdf import Dictionary, Name, OutlineItem, Page, Pdf

#: letters that are open at once: each takes an open file
TOGETHER = 40
TITLE = "หนังสือทั้งหมดสำหรับพิมพ์"


def merge_for_printing(letters: Sequence[tuple[str, Path]], into: Path, *, title: str = TITLE) -> int:
    """Write one PDF of all letters, given as (title, file), in their order; give the number of its pages.

    A letter with an odd number of pages is followed by an empty one. ``title``: what the file says it is.
    Raises pikepdf.PdfError for a file that is no PDF.
    """
    parts: list[tuple[list[tuple[str, int]], Path]] = []
    for first in range(0, len(letters), TOGETHER):
        part = into.with_suffix(f".{first}.pdf")
        parts.append((_joined(letters[first : first + TOGETHER], part), part))
    with Pdf.new() as whole:
        marks: list[tuple[str, int]] = []
        for inside, part in parts:
            before = len(whole.pages)
            whole.pages.extend(Pdf.open(part).pages)
            marks += [(title, before + page) for title, page in inside]
        _finish(whole, marks, title)
        whole.save(into, deterministic_id=True)
        count = len(whole.pages)
    for _marks, part in parts:
        part.unlink()
    return count


def _joined(letters: Sequence[tuple[str, Path]], into: Path) -> list[tuple[str, int]]:
    """Some letters in one file; gives the title and the first page of each."""
    marks = []
    with Pdf.new() as joined:
        for title, path in letters:
            letter = Pdf.open(path)
            letter.flatten_annotations("print")
            marks.append((title, len(joined.pages)))
            joined.pages.extend(letter.pages)
            if len(letter.pages) % 2:
                last = Page(letter.pages[-1]).mediabox
                joined.add_blank_page(page_size=(float(last[2] - last[0]), float(last[3] - last[1])))
        for page in joined.pages:
            for name in ("/StructParents", "/Annots", "/Tabs"):
                if name in page:
                    del page[name]
        joined.save(into)
    return marks


def _finish(whole: Pdf, marks: Sequence[tuple[str, int]], title: str) -> None:
    """A bookmark for each letter, a title, and both sides of the paper as what a printer is asked for."""
    with whole.open_outline() as outline:
        outline.root.extend(OutlineItem(name, page) for name, page in marks)
    whole.docinfo["/Title"] = title
    whole.Root.Lang = "th"
    whole.Root.ViewerPreferences = Dictionary(Duplex=Name.DuplexFlipLongEdge, DisplayDocTitle=True)
