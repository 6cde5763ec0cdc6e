"""The tags of a PDF, put right where WeasyPrint leaves them short of what PDF/UA asks.

WeasyPrint names neither the scope of a table's heads nor the tree of their identifiers, gives every cell the
heads of all districts, and leaves the numbers of pages as content that no tag leads to. Its objects are plain
dictionaries until they are written, so each is corrected in one walk (measured in docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf

_HEADINGS = ("/H1", "/H2", "/H3")
_POINTS = 0.75  # of a CSS pixel


class Structure:
    """The structure tree of a PDF that is about to be written."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self.root: Any = self.of(pdf.catalog["StructTreeRoot"])
        self.document: Any = self.of(self.root["K"][0])
        self._numbers: list[Any] = self.of(self.root["ParentTree"])["Nums"]

    def of(self, reference: Any) -> Any:
        """The object that a reference like ``b"12 0 R"`` names."""
        return self._pdf.objects[int(reference.split()[0])]

    def kids(self, element: Any) -> list[Any]:
        """The elements right under this one."""
        return [self.of(kid) for kid in element["K"] if not isinstance(kid, int)]

    def below(self, element: Any, tag: str) -> Iterator[Any]:
        """The nearest elements of a tag under this one, in order."""
        for kid in self.kids(element):
            if kid.get("S") == tag:
                yield kid
            elif "S" in kid:
                yield from self.below(kid, tag)

    def add_form(self, annotation: Any, page: Any) -> None:
        """Lead to a field of a form: its tag stands behind what is on its page."""
        number = len(self._numbers) // 2
        annotation["StructParent"] = number
        link = self._added({"Type": "/OBJR", "Obj": annotation.reference, "Pg": page.reference})
        form = self._added(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "P": self.document.reference,
                "Pg": page.reference,
                "K": pydyf.Array([link.reference]),
            }
        )
        self._numbers += [number, form.reference]
        kids = self.document["K"]
        places = [place for place, kid in enumerate(kids, 1) if self.of(kid)["Pg"] == page.reference]
        kids.insert(max(places, default=len(kids)), form.reference)

    def name_heads(self) -> None:
        """Give heads of tables their scope, cells the heads that are theirs, identifiers their tree."""
        named: dict[bytes, Any] = {}
        for table in self.below(self.document, "/Table"):
            rows = [list(self.kids(row)) for row in self.below(table, "/TR")]
            self._name_heads_of(rows)
            named |= {cell["ID"].data: cell for cells in rows for cell in cells if "ID" in cell}
        if named:
            names = pydyf.Array()
            for key in sorted(named):
                names += [named[key]["ID"], named[key].reference]
            self.root["IDTree"] = pydyf.Dictionary({"Names": names})

    def _name_heads_of(self, rows: Sequence[Sequence[Any]]) -> None:
        """A row of heads names columns; a head alone in its row names the rows below, up to the next."""
        columns: list[Any] = []
        group: list[Any] = []
        lists: dict[tuple[int, ...], bytes] = {}  # of a group's columns: written once
        for cells in rows:
            heads = [cell for cell in cells if cell["S"] == "/TH"]
            if heads and len(heads) == len(cells) > 1:
                columns = [cell["ID"] for cell in cells for _ in range(cell["A"].get("ColSpan", 1))]
                lists.clear()
            elif heads and len(cells) == 1:
                group = [heads[0]["ID"]]
                lists.clear()
            beside = [cell["ID"] for cell in heads] if 0 < len(heads) < len(cells) else []
            column = 0
            for cell in cells:
                span = cell["A"].get("ColSpan", 1)
                if cell["S"] == "/TD":
                    place = (column, span, *map(id, beside))
                    if place not in lists:
                        own = columns[column : column + span]
                        lists[place] = pydyf.Array([*own, *group, *beside]).data
                    cell["A"]["Headers"] = lists[place]
                else:
                    cell["A"]["Scope"] = "/Row" if cell["ID"] in (*group, *beside) else "/Column"
                column += span

    def settle(self) -> None:
        """A part of a heading is no heading of its own; a picture is where it is in points, not in pixels."""
        for element in self._all(self.document):
            if element["S"] == "/Figure":
                self._place(element)
            elif element["S"] in _HEADINGS:
                for kid in self.kids(element):
                    if kid.get("S") == element["S"]:
                        kid["S"] = "/NonStruct"

    def _place(self, figure: Any) -> None:
        height = self.of(figure["Pg"])["MediaBox"][3]
        left, top, right, bottom = (_POINTS * place for place in figure["A"]["BBox"])
        figure["A"]["BBox"] = pydyf.Array([left, height - bottom, right, height - top])

    def part_from_artifacts(self, streams: Sequence[Any]) -> None:
        """What no tag leads to (numbers of pages, the words at a page's foot) is marked as no content."""
        reached = {element.number for element in self._all(self.document)}
        for page, stream in enumerate(streams):
            entries = self._numbers[2 * page + 1]
            lost = {mcid for mcid, entry in enumerate(entries) if int(entry.split()[0]) not in reached}
            if not lost:
                continue
            content = stream.stream
            for place, item in enumerate(content):
                if isinstance(item, dict) and item.get("MCID") in lost:
                    content[place - 1 : place + 2] = ["/Artifact", "", "BMC"]
            for mcid in lost:
                entries[mcid] = "null"

    def _all(self, element: Any) -> Iterator[Any]:
        yield element
        for kid in self.kids(element):
            if "S" in kid:
                yield from self._all(kid)

    def _added(self, values: dict[str, Any]) -> Any:
        made = pydyf.Dictionary(values)
        self._pdf.add_object(made)
        return made
