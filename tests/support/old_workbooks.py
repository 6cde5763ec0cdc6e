"""Old workbooks as they are written: .xls (a compound file around BIFF8 records) and .ods, small.

No library that writes .xls is looked after any more; these bytes follow [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from tests.support.workbooks import Rows

_SECTOR, _ENTRY = 512, 128
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_BOOK, _SHEET, _MACRO_SHEET = 0x0005, 0x0010, 0x0040
FILEPASS, SUPBOOK = 0x2F, 0x1AE
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_OWN = "urn:oasis:names:tc:opendocument:xmlns"


def xls_of(
    sheets: Mapping[str, Rows],
    *,
    hidden: Sequence[str] = (),
    macro_sheets: Sequence[str] = (),
    records: Sequence[tuple[int, bytes]] = (),
    others: Mapping[str, bytes] | None = None,
) -> bytes:
    """An .xls of these sheets; ``records`` of the workbook come first, ``others`` are further streams."""
    bodies = [_sheet(rows, macros=name in macro_sheets) for name, rows in sheets.items()]
    lead = _begin(_BOOK) + b"".join(_record(*each) for each in records)
    names = [_name(name, name in hidden, name in macro_sheets) for name in sheets]
    at = len(lead) + sum(len(name) + 8 for name in names) + 4
    bounds = b""
    for name, body in zip(names, bodies, strict=True):
        bounds += _record(0x85, struct.pack("<I", at) + name)
        at += len(body)
    return compound_file({"Workbook": lead + bounds + _record(0x0A) + b"".join(bodies), **(others or {})})


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in sectors of its own."""
    padded = [body.ljust(max(4096, -(-len(body) // _SECTOR) * _SECTOR), b"\0") for body in streams.values()]
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if streams else _NONE)]
    table: list[int] = []
    for place, (name, body) in enumerate(zip(streams, padded, strict=True), start=1):
        first, count = len(table), len(body) // _SECTOR
        table += [*range(first + 1, first + count), _END]
        right = place + 1 if place < len(streams) else _NONE
        entries.append(_entry(name, 2, first, len(body), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) * _ENTRY // _SECTOR) * _SECTOR, b"\0")
    first_of_directory, count = len(table), len(directory) // _SECTOR
    table += [*range(first_of_directory + 1, first_of_directory + count), _END]
    fats = -(-(len(table) + 109) * 4 // _SECTOR)
    places = range(len(table), len(table) + fats)
    table = [*table, *[_FAT] * fats]
    table += [_FREE] * (fats * _SECTOR // 4 - len(table))
    fat = struct.pack(f"<{len(table)}I", *table)
    return _header(first_of_directory, places) + b"".join(padded) + directory + fat


def ods_of(sheets: Mapping[str, Rows], *, rest: str = "", manifest: str = "", **parts: str) -> bytes:
    """An .ods of these sheets; ``rest`` stands behind them, ``manifest`` in its list of parts."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return ods_of_xml(tables + rest, manifest=manifest, **parts)


def ods_of_xml(body: str, *, manifest: str = "", **parts: str) -> bytes:
    """An .ods with this XML as its sheets, and further parts."""
    spaces = " ".join(f'xmlns:{name}="{_OWN}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'<manifest:manifest xmlns:manifest="{_OWN}:manifest:1.0">{manifest}</manifest:manifest>'
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", listed)
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _sheet(rows: Rows, *, macros: bool) -> bytes:
    cells = b"".join(
        _cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value not in ("", None)
    )
    return _begin(_MACRO_SHEET if macros else _SHEET) + cells + _record(0x0A)


def _cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, int | float):
        return _record(0x203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _name(name: str, hidden: bool, macros: bool) -> bytes:
    return struct.pack("<BBBB", hidden, macros, len(name), 1) + name.encode("utf-16-le")


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _entry(name: str, kind: int, first: int, size: int, *, right: int = _NONE, child: int = _NONE) -> bytes:
    text = name.encode("utf-16-le")
    tail = struct.pack("<HBBIII", len(text) + 2, kind, 1, _NONE, right, child)
    return (text.ljust(64, b"\0") + tail).ljust(116, b"\0") + struct.pack("<IQ", first, size)


def _header(directory: int, fats: Sequence[int]) -> bytes:
    lead = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    lead += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    lead += struct.pack("<IIIIIIIII", 0, len(fats), directory, 0, 4096, _END, 0, _END, 0)
    listed = [*fats, *[_FREE] * (109 - len(fats))]
    return lead + struct.pack("<109I", *listed)


def _ods_row(values: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value in ("", None):
        return "<table:table-cell/>"
    kind = f'float" office:value="{value}' if isinstance(value, int | float) else "string"
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}">{text}</table:table-cell>'
