"""PDF/A-3u with the data of a letter inside, prepared for PDF/UA-1: what a kept letter says of itself.

WeasyPrint writes PDF/A; what it leaves to its caller, and one thing that it writes twice, is put right before
the file is written. No validator is packaged: tests hold what can be read out of a file (docs/adr/0029).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pydyf
from weasyprint import Attachment
from weasyprint.document import Document
from weasyprint.urls import URLFetcher

from reports.signing_place import SigningPlace, add_field
from reports.structure import Structure

VARIANT = "pdf/a-3u"
_RDF_END = b"</rdf:RDF>"
#: PDF/A takes a property of another schema only with a description of that schema beside it
_UA = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Which part of ISO 14289 the file is prepared for</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True)
class DataFile:
    """A file inside the PDF: the data that it was made from. Names are ASCII and in order."""

    name: str
    content: bytes
    description: str


@dataclass(frozen=True)
class Standing:
    """What a letter's file says of itself: who writes it, of which day it is, from which data it was made.

    ``place``: where a signature goes; None where there is no field for one.
    """

    author: str
    dated: date
    files: tuple[DataFile, ...] = ()
    place: SigningPlace | None = None


def write_standing(document: Document, standing: Standing) -> bytes:
    """The document as PDF/A-3u with its data inside; the same document and data give the same bytes."""
    moment = f"{standing.dated.isoformat()}T00:00:00+07:00"
    told = document.metadata  # of the first part
    document.metadata = type(told)(
        title=told.title,
        lang=told.lang,
        authors=[standing.author],
        created=moment,
        modified=moment,
        attachments=[_attachment(file, standing.dated) for file in standing.files],
    )
    document.color_profiles["srgb"] = _srgb()

    def finish(_document: Document, pdf: Any) -> None:
        _declare(pdf)
        _list_once(pdf)
        structure = Structure(pdf)
        structure.part_from_artifacts(_page_streams(pdf))
        structure.settle()
        structure.name_heads()
        if standing.place is not None:
            add_field(pdf, structure, standing.place)

    written: bytes = document.write_pdf(
        pdf_variant=VARIANT, pdf_tags=True, output_intent=False, finisher=finish
    )
    return written


def _srgb() -> SimpleNamespace:
    """The output intent, as WeasyPrint asks for one."""
    return SimpleNamespace(content=_profile(), name="sRGB", components=("r", "g", "b"), pdf_reference=None)


@cache
def _profile() -> bytes:
    """The bytes of WeasyPrint's own profile: it would open the file for every letter, and leave it open."""
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _attachment(file: DataFile, dated: date) -> Attachment:
    """An attachment serves one writing."""
    moment = datetime(dated.year, dated.month, dated.day)  # noqa: DTZ001 -- written as it stands
    return Attachment(
        string=file.content,
        url_fetcher=URLFetcher(allowed_protocols=()),
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _declare(pdf: Any) -> None:
    """Say in the metadata for which part of PDF/UA the file is prepared, and leave them readable."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    (content,) = metadata.stream
    metadata.stream = [content.replace(_RDF_END, _UA + _RDF_END)]
    metadata.compress = False


def _list_once(pdf: Any) -> None:
    """WeasyPrint lists each attachment twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _page_streams(pdf: Any) -> Sequence[Any]:
    pages = (pdf.objects[int(kid.split()[0])] for kid in pdf.page_references)
    return [pdf.objects[int(page["Contents"].split()[0])] for page in pages]
