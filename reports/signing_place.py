"""The space for a signature on a letter, and the empty field that a signature fills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.document import Document

from reports.letter_data import SIGNATURE_FIELD

#: what a screen reader says of the field
FIELD_LABEL = "ลายมือชื่ออิเล็กทรอนิกส์ของผู้ลงนาม"
_POINTS = 0.75  # of a CSS pixel
_WIDTH = 7.0 / 2.54 * 72
_LOWEST = 24.0


@dataclass(frozen=True)
class SigningPlace:
    """A page, counted from 0, and the corners of a rectangle on it, in points from its lower left."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


def signing_place(document: Document) -> SigningPlace | None:
    """The space above the name of who signs: the margin over the box of class "signature"; else None."""
    for number, page in enumerate(document.pages):
        for box in _boxes(page._page_box):
            if "signature" in _classes(box):
                return _over(number, page.height, box)
    return None


def _over(number: int, height: float, box: Any) -> SigningPlace:
    foot = height - (box.position_y + box.margin_top)
    middle = (box.content_box_x() + box.width / 2) * _POINTS
    room = max(box.margin_top * _POINTS, _LOWEST)
    bottom = foot * _POINTS
    left = round(middle - _WIDTH / 2, 2)
    return SigningPlace(number, left, round(bottom, 2), round(left + _WIDTH, 2), round(bottom + room, 2))


def _boxes(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child)


def _classes(box: Any) -> list[str]:
    element = getattr(box, "element", None)
    return element.get("class", "").split() if element is not None else []


def add_field(pdf: Any, structure: Any, place: SigningPlace) -> None:
    """Put an empty signature field on its place, with a tag that leads to it."""
    page = pdf.objects[int(pdf.page_references[place.page].split()[0])]
    width, height = round(place.right - place.left, 2), round(place.top - place.bottom, 2)
    empty = pydyf.Stream(
        [b""],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, width, height]),
            "Resources": pydyf.Dictionary(),
        },
    )
    pdf.add_object(empty)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SIGNATURE_FIELD),
            "TU": pydyf.String(FIELD_LABEL),
            "F": 4,  # printed, as PDF/A asks of everything on a page
            "Rect": pydyf.Array([place.left, place.bottom, place.right, place.top]),
            "P": page.reference,
            "AP": pydyf.Dictionary({"N": empty.reference}),
        }
    )
    pdf.add_object(field)
    page["Annots"] = pydyf.Array([*page.get("Annots", ()), field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference])})
    structure.add_form(field, page)
