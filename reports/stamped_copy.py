"""A copy of a letter with the receipt stamp of the office that received it; the letter itself stays as it is.

The copy is for paper: a signature on it is only what is seen of it, the data that the letter was made from
stays with the letter, and the copy does not call itself an archive's file.
"""

from __future__ import annotations

from io import BytesIO

from pikepdf import Name, Page, Pdf, Rectangle, Stream

#: from the upper and the right edge of the paper to the stamp, in points: beside the emblem, above the sender
_FROM_TOP, _FROM_RIGHT = 12.0, 20.0
#: what a copy does not say of itself
_CLAIMS = ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")
TITLE = "สำเนาที่ลงตรารับ"


def with_receipt_stamp(letter: bytes, stamp: bytes) -> bytes:
    """The letter as a new PDF with the stamp in the upper right corner of its first page.

    ``stamp``: a page of ``reports.receipt_stamp``. The same two files give the same bytes. Raises
    pikepdf.PdfError for a file that is no PDF.
    """
    with Pdf.open(BytesIO(letter)) as copy, Pdf.open(BytesIO(stamp)) as drawn:
        _unsign(copy)
        copy.flatten_annotations("print")
        _leave_out(copy)
        _lay_on(copy, Page(copy.pages[0]), Page(drawn.pages[0]))
        _name(copy)
        copy.remove_unreferenced_resources()
        written = BytesIO()
        copy.save(written, deterministic_id=True)
    return written.getvalue()


def _unsign(copy: Pdf) -> None:
    """Take the signature out of its field, to which the tags still lead; what is seen of it stays."""
    for page in copy.pages:
        for one in page.get("/Annots", ()):
            if "/V" in one:
                del one["/V"]


def _leave_out(copy: Pdf) -> None:
    """What belongs to the letter alone: the field of its signature, and the data inside it."""
    for page in copy.pages:
        if "/Annots" in page:
            del page["/Annots"]
    for name in ("/AcroForm", "/AF", "/Names", "/Perms"):
        if name in copy.Root:
            del copy.Root[name]


def _lay_on(copy: Pdf, page: Page, stamp: Page) -> None:
    paper, drawn = page.mediabox, stamp.mediabox
    width, height = float(drawn[2] - drawn[0]), float(drawn[3] - drawn[1])
    right, top = float(paper[2]) - _FROM_RIGHT, float(paper[3]) - _FROM_TOP
    name = page.add_resource(copy.copy_foreign(stamp.as_form_xobject()), Name.XObject, Name.ReceiptStamp)
    place = Rectangle(right - width, top - height, right, top)
    # in a tagged file what is no part of the text says so
    picture = f"q 1 0 0 1 {place.llx:.2f} {place.lly:.2f} cm {name} Do Q"
    page.contents_add(Stream(copy, b"q"), prepend=True)
    page.contents_add(Stream(copy, f"Q /Artifact BMC {picture} EMC".encode()))


def _name(copy: Pdf) -> None:
    with copy.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        title = f"{TITLE}: {metadata.get('dc:title', '')}".rstrip(": ")
        metadata["dc:title"] = title
        for claim in _CLAIMS:
            if claim in metadata:
                del metadata[claim]
    copy.docinfo["/Title"] = title
