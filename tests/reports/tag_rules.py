"""What PDF/UA-1 asks of a file and can be read out of it: each broken rule in words."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from tests.reports.archive_rules import drawn

HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")


def tag_faults(content: bytes) -> list[str]:
    """Rules of PDF/UA-1 that a file breaks; an empty list where none of those looked at is broken."""
    with pikepdf.open(BytesIO(content)) as pdf:
        faults = list(_catalogue(pdf))
        if "/StructTreeRoot" not in pdf.Root:
            return [*faults, "it has no tags"]
        elements = list(_below(pdf.Root.StructTreeRoot.K))
        return [
            *faults,
            *_headings(elements),
            *_tables(pdf, elements),
            *_pictures(elements),
            *_content(pdf, elements),
            *_fields(pdf, elements),
        ]


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if not said(root, "/MarkInfo", "/Marked"):
        yield "it is not said to be tagged"
    if str(root.get("/Lang", "")) != "th":
        yield "its language is not told"
    if not said(root, "/ViewerPreferences", "/DisplayDocTitle") or not pdf.docinfo.get("/Title"):
        yield "its title is not shown"
    if any(page.get("/Tabs") != "/S" for page in pdf.pages):
        yield "fields are not reached in the order of the tags"
    with pdf.open_outline() as outline:
        if not list(outline.root):
            yield "it has no bookmarks"
    if "/Metadata" not in root or b"pdfuaid:part>1<" not in root.Metadata.read_bytes():
        yield "it is not said for which standard it is prepared"


def said(root: Any, place: str, name: str) -> bool:
    """Whether the catalogue says so."""
    return place in root and bool(root[place].get(name, False))


def _below(kids: Any) -> Iterator[Any]:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid.get("/K", pikepdf.Array()))


def _headings(elements: list[Any]) -> Iterator[str]:
    before = 0
    for element in elements:
        if str(element.S) in HEADINGS:
            level = HEADINGS.index(str(element.S)) + 1
            if level > before + 1:
                yield f"a heading of level {level} follows one of level {before}"
            if element.P.S == element.S:
                yield "a heading stands in a heading"
            before = level
    if not before:
        yield "it has no heading"


def _tables(pdf: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    root: Any = pdf.Root.StructTreeRoot
    names = list(root.IDTree.Names) if "/IDTree" in root else []
    keys = [bytes(key) for key in names[::2]]
    if keys != sorted(set(keys)):
        yield "heads of tables are not named one by one, in order"
    for table in (element for element in elements if element.S == "/Table"):
        cells = [one for one in _below(table.K) if one.S in ("/TH", "/TD")]
        heads = {bytes(cell.get("/ID", b"")) for cell in cells if cell.S == "/TH"}
        if not heads or not heads <= set(keys):
            yield "a table has heads that cannot be found"
        for cell in cells:
            if cell.S == "/TH" and cell.A.get("/Scope") not in ("/Row", "/Column"):
                yield "it is not told what a head is the head of"
            if cell.S == "/TD":
                named = [bytes(key) for key in cell.A.get("/Headers", ())]
                if not named or not set(named) <= heads or len(named) != len(set(named)):
                    yield "a cell is without its heads"


def _pictures(elements: list[Any]) -> Iterator[str]:
    for figure in (element for element in elements if element.S == "/Figure"):
        if not str(figure.get("/Alt", "")):
            yield "a picture is not told in words"
        left, bottom, right, top = (float(place) for place in figure.A.BBox)
        width, height = (float(size) for size in figure.Pg.MediaBox[2:])
        if not (0 <= left < right <= width and 0 <= bottom < top <= height):
            yield "a picture is not where it is said to be"


def _content(pdf: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    """Everything that is drawn is either reached from a tag or marked as no content."""
    led = {
        (element.Pg.objgen, int(kid))
        for element in elements
        for kid in element.get("/K", ())
        if isinstance(kid, int)
    }
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in pdf.pages:
        marked: list[str | int] = []
        seen = set()
        for operands, name in drawn(page):
            if name == "BMC":
                marked.append(str(operands[0]))
            elif name == "BDC":
                marked.append(int(operands[1].MCID))
                seen.add((page.objgen, int(operands[1].MCID)))
            elif name == "EMC":
                marked.pop()
            elif name in ("Tj", "TJ", "Do", "f", "S", "f*", "B") and not marked:
                yield f"{name} draws what is neither content nor artifact"
        if seen != {place for place in led if place[0] == page.objgen}:
            yield "what is marked and what tags lead to are not the same"
        listed = parents[int(page.StructParents)]
        if any(not isinstance(listed[mcid], pikepdf.Dictionary) for _page, mcid in seen):
            yield "content does not lead back to its tag"


def _fields(pdf: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    forms = [element for element in elements if element.S == "/Form"]
    linked = {kid.Obj.objgen for form in forms for kid in form.K if "/Obj" in kid}
    for page in pdf.pages:
        for field in page.get("/Annots", ()):
            if field.Rect[0] == field.Rect[2]:
                continue
            if field.objgen not in linked or "/StructParent" not in field or not str(field.get("/TU", "")):
                yield "a field has no tag or no name"
