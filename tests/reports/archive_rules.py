"""What PDF/A-3u asks of a file and can be read out of it without a validator: each broken rule in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pikepdf

NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
}
FORBIDDEN_ACTIONS = {
    *("/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/URI"),
}
PRINTED, UNSEEN = 4, 1 | 2 | 32


def archive_faults(content: bytes) -> list[str]:
    """Rules of PDF/A-3u that a file breaks; an empty list where none of those looked at is broken."""
    if b"/Encrypt" in content[content.rfind(b"startxref") - 2000 :]:
        return ["it is encrypted"]
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            *_head(content, pdf),
            *_metadata(pdf),
            *_intent(pdf),
            *_fonts(pdf),
            *_files(pdf),
            *_objects(pdf),
            *_annotations(pdf),
        ]


def _head(content: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    first, second = content.splitlines()[:2]
    if not re.fullmatch(rb"%PDF-1\.[0-7]", first) or not re.match(rb"%[\x80-\xff]{4}", second):
        yield "its head is not that of a binary PDF 1"
    if len(pdf.trailer.get("/ID", ())) != 2:
        yield "it has no identifier"
    if "/OpenAction" in pdf.Root or "/AA" in pdf.Root:
        yield "it does something when it is opened"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "it has no metadata"
        return
    if "/Filter" in pdf.Root.Metadata:
        yield "its metadata cannot be read as they are"
    text = pdf.Root.Metadata.read_bytes().decode()
    told = ElementTree.fromstring(text)
    for name, value in (("part", "3"), ("conformance", "U")):
        if _attribute(told, f"pdfaid:{name}") != value:
            yield f"its metadata do not say {name} {value}"
    pairs = {
        "/Title": _text(told, ".//dc:title//rdf:li"),
        "/Author": _text(told, ".//dc:creator//rdf:li"),
        "/Producer": _attribute(told, "pdf:Producer"),
        "/CreationDate": _as_pdf_date(_text(told, ".//xmp:CreateDate")),
        "/ModDate": _as_pdf_date(_text(told, ".//xmp:ModifyDate")),
    }
    for key, told_there in pairs.items():
        if str(pdf.docinfo.get(key)) != told_there:
            yield f"{key} and its metadata do not agree: {pdf.docinfo.get(key)} {told_there}"
    described = {node.text for node in told.iterfind(".//pdfaSchema:namespaceURI", NAMES)}
    if NAMES["pdfuaid"] in text and NAMES["pdfuaid"] not in described:
        yield "a schema is not described"


def _attribute(told: ElementTree.Element, name: str) -> str | None:
    prefix, _, local = name.partition(":")
    key = f"{{{NAMES[prefix]}}}{local}"
    found = (node.get(key) for node in told.iterfind(".//rdf:Description", NAMES))
    return next((value for value in found if value), _text(told, f".//{name}"))


def _text(told: ElementTree.Element, path: str) -> str | None:
    node = told.find(path, NAMES)
    return None if node is None else node.text


def _as_pdf_date(moment: str | None) -> str | None:
    if moment is None:
        return None
    return f"D:{re.sub('[-:T]', '', moment[:19])}{moment[19:22]}'{moment[23:]}"


def _intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", ()))
    if len(intents) != 1 or intents[0].S != "/GTS_PDFA1":
        yield "it has not one output intent"
    elif intents[0].DestOutputProfile.N != 3 or intents[0].DestOutputProfile.read_bytes()[16:20] != b"RGB ":
        yield "its output intent is not RGB"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in _dictionaries(pdf):
        kind, base = one.get("/Subtype"), one.get("/BaseFont")
        if one.get("/Type") != "/Font":
            continue
        if kind == "/Type0":
            if "/ToUnicode" not in one:
                yield f"{base} does not say what its glyphs mean"
        elif kind == "/CIDFontType2":
            if one.get("/CIDToGIDMap") != "/Identity" or "/FontFile2" not in one.FontDescriptor:
                yield f"{base} is not embedded"
        else:
            yield f"{base} is of a kind that letters do not use: {kind}"
    yield from _unmapped(pdf)


def _unmapped(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        known = {name: _mapped(font) for name, font in page.Resources.get("/Font", {}).items()}
        font = ""
        for operands, operator in drawn(page):
            if operator == "Tf":
                font = str(operands[0])
            elif operator in ("Tj", "TJ", "'", '"'):
                for code in _codes(operands[-1]) - known[font]:
                    yield f"page {number}: glyph {code} of {font} means nothing"


def drawn(page: Any) -> list[tuple[list[Any], str]]:
    """Operands and operator of everything that a page's content says, in order."""
    return [(list(one.operands), str(one.operator)) for one in pikepdf.parse_content_stream(page)]


def _codes(shown: Any) -> set[int]:
    texts = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes: set[int] = set()
    for text in texts:
        if isinstance(text, pikepdf.String):
            held = bytes(text)
            codes |= {int.from_bytes(held[at : at + 2], "big") for at in range(0, len(held), 2)}
    return codes


def _mapped(font: Any) -> set[int]:
    return {int.from_bytes(code, "big") for code in meanings(font)}


def meanings(font: Any) -> dict[bytes, str]:
    """What each glyph of a font means, by its code of two bytes."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"(?m)^\s*<([0-9a-fA-F]{4})>\s*<((?:[0-9a-fA-F]{4})+)>\s*$", table)
    return {bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def _files(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    names = list(root.Names.EmbeddedFiles.Names) if "/Names" in root else []
    files = [spec.objgen for spec in names[1::2]]
    if [str(name) for name in names[::2]] != sorted(str(name) for name in names[::2]):
        yield "its files are not in order"
    if [spec.objgen for spec in pdf.Root.get("/AF", ())] != files:
        yield "its files are not those that are told to belong to it"
    for spec in names[1::2]:
        if spec.get("/AFRelationship") not in ("/Source", "/Data", "/Alternative", "/Supplement"):
            yield f"{spec.get('/F')}: what it is to the letter is not told"
        if not {"/F", "/UF", "/EF", "/Desc"} <= set(spec.keys()):
            yield f"{spec.get('/F')}: its description is not whole"
        held = spec.EF.F
        if "/Subtype" not in held or "/ModDate" not in held.get("/Params", {}):
            yield f"{spec.get('/F')}: its kind or its day is not told"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in _dictionaries(pdf):
        if one.get("/S") in FORBIDDEN_ACTIONS or "/JS" in one or "/AA" in one:
            yield f"it acts: {one.get('/S')}"
        if one.get("/Interpolate", False) or "/Alternates" in one or "/OPI" in one:
            yield "a picture is not shown as it is"
        if "/TR" in one or one.get("/Subtype") == "/PS":
            yield "it holds what PDF/A forbids"
        if one.get("/Subtype") == "/Image" and one.get("/ColorSpace") not in ("/DeviceRGB", "/DeviceGray"):
            yield "a picture has colours of its own"
        if isinstance(one, pikepdf.Stream) and ("/F" in one or "/LZWDecode" in str(one.get("/Filter"))):
            yield "a stream cannot be kept"


def _annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for one in page.get("/Annots", ()):
            flags, seen = int(one.get("/F", 0)), one.Rect[0] != one.Rect[2]
            if one.Subtype != "/Widget" or (seen and "/N" not in one.get("/AP", {})):
                yield "an annotation has no look of its own"
            if not flags & PRINTED or (seen and flags & UNSEEN):
                yield "an annotation is not printed"


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of a file, also those inside others."""
    for one in pdf.objects:
        yield from _inside(one)


def _inside(one: Any) -> Iterator[Any]:
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        yield one
        values = [value for _key, value in one.items()]
    elif isinstance(one, pikepdf.Array):
        values = list(one)
    else:
        return
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _inside(value)
