"""Workbooks of .xls and .ods: read as an .xlsx is, and refused with words that say what to do."""

from __future__ import annotations

import io
import struct
import sys
from typing import Any

import pytest

from portal.core.imports import old_office, workbook_child
from portal.core.imports.errors import UnknownFormat, UnreadableFile
from portal.core.imports.foreign import read_foreign
from portal.core.imports.old_office import Linked, Locked, Macros, NoWorkbook, look_inside
from portal.core.imports.spreadsheet import read_table
from portal.core.imports.workbook import Limits, read_sheets, read_workbook
from portal.core.imports.workbook_child import parse, parse_all
from tests.support.old_workbooks import FILEPASS, SUPBOOK, compound_file, ods_of, ods_of_xml, xls_of
from tests.support.workbooks import Rows, with_parts_changed, workbook_of

NAMES = {"name": ("ชื่อ",), "group": ("กลุ่ม",), "phone": ("โทรศัพท์",)}
ROWS: Rows = [
    (),
    ("", "ชื่อ", "กลุ่ม", "โทรศัพท์"),
    ("", "นายสมมติ หนึ่ง", 1, 812345678),
    (),
    ("", "นางทดลอง", 2.5, "02"),
]
WRITERS = pytest.mark.parametrize("writer", [workbook_of, xls_of, ods_of], ids=["xlsx", "xls", "ods"])
AN_XLS = xls_of({"ก": ROWS})


@WRITERS
def test_the_same_cells_are_read_of_every_kind(writer: Any) -> None:
    """A list that begins lower and further right has the numbers and letters that its program shows."""
    table = read_table(writer({"รายชื่อ": ROWS}), "list", names=NAMES)
    assert (table.sheet, dict(table.columns)) == ("รายชื่อ", {"name": "B", "group": "C", "phone": "D"})
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (3, {"name": "นายสมมติ หนึ่ง", "group": "1", "phone": "812345678"}),
        (5, {"name": "นางทดลอง", "group": "2.5", "phone": "02"}),
    ]


@WRITERS
def test_every_door_reads_every_kind(writer: Any) -> None:
    content = writer({"ว่าง": [], "ก": ROWS})
    assert read_foreign(content).headings == ("(A)", "ชื่อ", "กลุ่ม", "โทรศัพท์")
    assert [sheet.sheet for sheet in read_sheets(content, Limits())] == ["ว่าง", "ก"]


def test_a_hidden_sheet_of_an_xls_is_passed_over() -> None:
    found = parse(xls_of({"ก": ROWS, "ข": ROWS}, hidden=["ก"]), rows=9, columns=9, cell=99, names=NAMES)
    assert (found["sheet"], found["others"]) == ("ข", [])


@pytest.mark.parametrize("writer", [xls_of, ods_of])
def test_limits_of_rows_and_columns_hold(writer: Any) -> None:
    content = writer({"ก": ROWS})
    assert parse_all(content, rows=2, columns=9, cell=99) == {"too_much": True}
    (sheet,) = parse_all(content, rows=3, columns=3, cell=4)["sheets"]
    assert sheet["far"] and sheet["rows"][1] == (3, ["", "นายส", "1"])


def test_a_long_xls_with_a_further_table_of_sectors_is_looked_through() -> None:
    """Above 6.8 MB the places of the tables need sectors of their own."""
    whole = xls_of({"ก": [("x" * 200,)] * 200})
    at = 76 + 4 * 108
    assert whole[at : at + 4] == b"\xff\xff\xff\xff", "unused in a short file"
    count = (len(whole) >> 9) - 1
    (fat,) = struct.unpack_from("<I", whole, 76)
    header = bytearray(whole[:512])
    struct.pack_into("<I", header, 76, 0xFFFFFFFF)
    struct.pack_into("<I", header, 68, count)
    further = struct.pack("<128I", fat, *[0xFFFFFFFF] * 126, 0xFFFFFFFE)
    look_inside(bytes(header) + whole[512:] + further)


# -- what an ordinary list never has -----------------------------------------------------------------------


def supbook(said: bytes) -> tuple[int, bytes]:
    return SUPBOOK, struct.pack("<H", 1) + said


OTHER_FILE = supbook(struct.pack("<HB", 9, 0) + b"\x01book.xls")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (xls_of({"ก": ROWS}, records=[(FILEPASS, b"\0" * 54)]), Locked),
        (compound_file({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"}), Locked),
        (xls_of({"ก": ROWS}, records=[OTHER_FILE]), Linked),
        (xls_of({"ก": ROWS}, others={"MBD0001": b"x"}), Linked),
        (xls_of({"ก": ROWS}, others={"_VBA_PROJECT_CUR": b"x"}), Macros),
        (xls_of({"ก": ROWS, "ข": ROWS}, macro_sheets=["ข"]), Macros),
        (compound_file({"WordDocument": b"x" * 5000}), NoWorkbook),
    ],
    ids=["locked", "locked xlsx", "another file", "an object", "macros", "old macros", "a letter"],
)
def test_the_inside_of_an_xls_tells(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        look_inside(content)


@pytest.mark.parametrize("said", [b"\x01\x04", b"\x01\x3a"], ids=["its own sheets", "functions"])
def test_a_reference_inside_the_workbook_is_no_link(said: bytes) -> None:
    look_inside(xls_of({"ก": ROWS}, records=[supbook(said)]))


def changed(content: bytes, at: int, number: int) -> bytes:
    return content[:at] + struct.pack("<I", number) + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        old_office.MAGIC,
        old_office.MAGIC + b"\0" * 600,
        AN_XLS[: len(AN_XLS) // 2],
        changed(AN_XLS, 48, 10_000),
        changed(AN_XLS, struct.unpack_from("<I", AN_XLS, 76)[0] * 512 + 512, 0),
    ],
    ids=["four bytes", "no sizes", "half of it", "a directory nowhere", "a chain that is a ring"],
)
def test_a_broken_compound_file_ends_soon(content: bytes) -> None:
    with pytest.raises((ValueError, struct.error, IndexError)):
        look_inside(content)


def test_a_short_stream_in_small_sectors_is_found() -> None:
    """Streams below 4,096 bytes lie in the root's stream, by a table of their own."""
    book = struct.pack("<HH", 0x809, 60) + b"\0" * 60 + struct.pack("<HH", FILEPASS, 2) + b"\0\0"
    whole = bytearray(
        compound_file({"Root": book.ljust(4096, b"\0"), "Table": struct.pack("<2I", 1, 0xFFFFFFFE)})
    )
    directory = (struct.unpack_from("<I", whole, 48)[0] + 1) * 512
    struct.pack_into("<I", whole, 60, 8)  # the table of small sectors: the second stream
    struct.pack_into("<II", whole, directory + 116, 0, 4096)  # the root's own stream: the first
    name = "Workbook".encode("utf-16-le")
    whole[directory + 128 : directory + 128 + 64] = name.ljust(64, b"\0")
    struct.pack_into("<H", whole, directory + 128 + 64, len(name) + 2)
    struct.pack_into("<II", whole, directory + 128 + 116, 0, len(book))
    with pytest.raises(Locked):
        look_inside(bytes(whole))


A_CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
BOMB = ods_of_xml(
    '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
    + A_CELL.format(' table:number-columns-repeated="16384"')
    + "</table:table-row></table:table>"
)
HALF = with_parts_changed(
    ods_of({"ก": ROWS}), lambda name, body: body[: len(body) // 2] if name == "content.xml" else body
)
LINK = '<table:table table:name="b"><table:table-source xlink:href="file:///x.ods"/></table:table>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xls_of({"ก": ROWS}, records=[(FILEPASS, b"\0" * 54)]), "locked with a password"),
        (ods_of({"ก": ROWS}, manifest="<manifest:encryption-data/>"), "locked with a password"),
        (xls_of({"ก": ROWS}, records=[OTHER_FILE]), "refers to other files"),
        (ods_of({"ก": ROWS}, rest=LINK), "refers to other files"),
        (ods_of({"ก": ROWS}, **{"Basic/Standard/a.xml": "x"}), "holds macros"),
        (xls_of({"ก": ROWS}, others={"_VBA_PROJECT_CUR": b"x"}), "holds macros"),
        (compound_file({"WordDocument": b"x" * 5000}), "not a workbook"),
        (xls_of({"ก": [("ชื่อ",), *[()] * 65_534, (*[""] * 255, "x")]}), "too large"),
        (BOMB, "cannot be read"),
        (AN_XLS[:900], "cannot be read"),
        (HALF, "cannot be read"),
    ],
    ids=[
        "locked xls", "locked ods", "linked xls", "linked ods", "macros in ods", "macros in xls", "a letter",
        "a far cell", "a bomb", "half an xls", "half an ods",
    ],
)  # fmt: skip
def test_a_hostile_workbook_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_workbook(content, Limits(), NAMES)


def test_a_zip_that_only_calls_itself_a_spreadsheet_is_none() -> None:
    def letter(name: str, body: bytes) -> bytes:
        return b"application/vnd.oasis.opendocument.text" if name == "mimetype" else body

    with pytest.raises(UnknownFormat):
        read_workbook(with_parts_changed(ods_of({"ก": ROWS}), letter), Limits(), NAMES)


def test_the_process_says_what_it_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    content = xls_of({"ก": ROWS}, records=[OTHER_FILE])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert workbook_child.main(9, 9, 99, NAMES) == workbook_child.LINKED
