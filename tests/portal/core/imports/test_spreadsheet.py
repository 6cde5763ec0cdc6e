"""Uploaded tables: formats, encodings, headers, row numbers; and files made to do harm."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from portal.core.imports.delimited import SAVED_AS_THAI_WINDOWS, SIGNS_DROPPED
from portal.core.imports.errors import NoHeader, TooMuch, UnknownFormat, UnreadableFile, UnsafeWorkbook
from portal.core.imports.spreadsheet import LARGEST_FILE, Table, letter, read_table
from portal.core.imports.workbook import FAR_CELLS, Limits

NAMES = {"code": ("รหัส", "lao_code"), "name": ("ชื่อ",), "size": ("ขนาด",)}
CSV = "รหัส,ชื่อ,ขนาด\n01,เกาะคา,M\n\n02,ท่าผา,\n"


def read(content: bytes, **options: object) -> Table:
    return read_table(content, "file", names=NAMES, **options)  # type: ignore[arg-type]


def xlsx(*rows: tuple[Any, ...], before: int = 0) -> bytes:
    book = openpyxl.Workbook()
    for _ in range(before):
        book.create_sheet()
    sheet = book.worksheets[before]
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    stream = BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_in_unicode_is_read_with_the_rows_numbers_in_the_sheet(encoding: str) -> None:
    table = read(CSV.encode(encoding))
    assert [(row.number, row["code"], row["name"], row["size"]) for row in table.rows] == [
        (2, "01", "เกาะคา", "M"),
        (4, "02", "ท่าผา", ""),
    ]
    assert table.columns == {"code": "A", "name": "B", "size": "C"}
    assert table.notes == ()


def test_thai_windows_text_is_read_and_said() -> None:
    table = read(CSV.encode("cp874"))
    assert table.rows[0]["name"] == "เกาะคา"
    assert table.notes == (SAVED_AS_THAI_WINDOWS,)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    assert len(read(CSV.replace(",", sign).encode()).rows) == 2


def test_a_cell_with_a_line_break_is_one_row() -> None:
    table = read('รหัส,ชื่อ\n01,"เกาะ\nคา"\n02,ท่าผา\n'.encode())
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[0]["name"] == "เกาะ คา"


def test_the_header_is_found_below_a_title_and_in_another_order() -> None:
    table = read("ทะเบียน อปท.,,\n,,\nชื่อ, LAO_Code ,ไม่รู้จัก\nเกาะคา,01,x\n".encode())
    assert table.rows[0].cells == {"name": "เกาะคา", "code": "01"}
    assert (table.rows[0].number, table.columns) == (4, {"name": "A", "code": "B"})


def test_a_file_without_a_header_says_which_columns_it_needs() -> None:
    with pytest.raises(NoHeader) as caught:
        read(b"1,2,3\n4,5,6\n")
    assert caught.value.values["columns"] == "รหัส, ชื่อ, ขนาด"


def test_a_workbook_gives_the_same_table_as_the_text() -> None:
    table = read(xlsx(("รหัส", "ชื่อ", "ขนาด"), ("01", "เกาะคา", "M"), (), ("02", "ท่าผา", None)))
    assert table.rows == read(CSV.encode()).rows


def test_numbers_of_a_workbook_come_without_a_point() -> None:
    table = read(xlsx(("รหัส", "ชื่อ"), (5520401.0, 12), (3.5, "x")))
    assert [row["code"] for row in table.rows] == ["5520401", "3.5"]
    assert table.rows[0]["name"] == "12"


def test_of_several_sheets_the_first_with_a_heading_that_is_seen_is_read() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(("โปรดอ่านก่อน",))
    hidden, filled, other = (book.create_sheet(name) for name in ("ซ่อน", "รายชื่อ", "ปีก่อน"))
    for sheet, name in ((hidden, "ลับ"), (filled, "เกาะคา"), (other, "เก่า")):
        sheet.append(("ทะเบียน",))
        sheet.append(("รหัส", "ชื่อ"))
        sheet.append(("01", name))
    hidden.sheet_state = "hidden"
    table = read(saved(book))
    assert ([row["name"] for row in table.rows], table.sheet) == (["เกาะคา"], "รายชื่อ")
    (note,) = table.notes
    assert note.values == {"sheet": "รายชื่อ", "others": "ปีก่อน"}
    assert read(xlsx(("รหัส", "ชื่อ"), ("01", "เกาะคา"), before=2)).notes == ()


def test_every_column_that_is_not_used_is_named() -> None:
    table = read("รหัส,ชื่อ,เลขบัตร,ชื่อ,\n01,เกาะคา,1,ซ้ำ,x\n".encode())
    (note,) = table.notes
    assert note.values == {"columns": "C เลขบัตร · D ชื่อ · E"}


def test_headings_and_cells_are_read_in_their_normal_form() -> None:
    table = read("\ufeffรหัส\u200b,ช\u0e48\u0e37อ\u00a0,\n01,น\u0e4dา\u202eปาด,\n".encode())
    assert table.rows[0].cells == {"code": "01", "name": "นำปาด"}
    book = xlsx(("ร\u200bหัส", "ช\u0e48\u0e37อ"), ("01", "เเม่\u00adริม"))
    assert read(book).rows[0]["name"] == "แม่ริม"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r", "\n", "\r\n"])
def test_a_line_break_of_any_kind_inside_a_cell_parts_no_row(sign: str) -> None:
    table = read(f'รหัส,ชื่อ\r\n01,"เกาะ{sign}คา"\r\n02,ท่าผา\r\n'.encode())
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[0]["name"].replace(" ", "") == "เกาะคา"


def test_a_nul_is_dropped_and_said() -> None:
    table = read("รหัส,ชื่อ\n01,เกาะ\0คา\n".encode())
    assert (table.rows[0]["name"], table.notes) == ("เกาะคา", (SIGNS_DROPPED,))


def test_unicode_of_two_bytes_without_its_mark_is_read() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert read("code,name\n01,Ko Kha\n".encode(encoding)).rows[0]["name"] == "Ko Kha"


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_row() -> None:
    with pytest.raises(UnknownFormat) as caught:
        read(('รหัส,ชื่อ\n01,เกาะคา\n02,"ท่าผา\n' + "x" * 200_000).encode())
    assert caught.value.values == {"row": 3}


def test_a_workbook_of_the_strict_kind_is_read() -> None:
    content, stream = xlsx(("รหัส", "ชื่อ"), ("01", "เกาะคา")), BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            for kind in (b"spreadsheetml", b"officeDocument"):
                body = body.replace(
                    b"http://schemas.openxmlformats.org/" + kind + b"/2006/",
                    b"http://purl.oclc.org/ooxml/" + kind + b"/",
                )
            new.writestr(part.filename, body)
    assert read(stream.getvalue()).rows[0]["name"] == "เกาะคา"


def test_a_kept_table_is_the_read_table() -> None:
    table = read(CSV.encode("cp874"))
    assert Table.from_json(table.to_json()) == table


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", UnknownFormat),
        (b"\x89PNG\r\n\x1a\n\0\0\0", UnknownFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", UnsafeWorkbook),
        (b"PK\x03\x04 no zip at all", UnknownFormat),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, kind: type[UnreadableFile]) -> None:
    with pytest.raises(kind):
        read(content)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnknownFormat):
        read(stream.getvalue())


def test_too_many_rows_are_refused_in_both_formats() -> None:
    small = Limits(rows=5, columns=4)
    many = [("รหัส", "ชื่อ"), *((str(n), "x") for n in range(30))]
    text = "\n".join(",".join(map(str, row)) for row in many).encode()
    with pytest.raises(TooMuch):
        read(text, limits=small)
    with pytest.raises(TooMuch):
        read(xlsx(*many), limits=small)


def test_cells_beyond_the_columns_are_left_and_said_in_both_formats() -> None:
    small = Limits(rows=5, columns=4)
    wide = [("รหัส", "ชื่อ"), tuple("abcdefgh")]
    for content in ("\n".join(",".join(row) for row in wide).encode(), xlsx(*wide)):
        table = read(content, limits=small)
        assert table.rows[0]["name"] == "b" and FAR_CELLS in table.notes
    many = [("รหัส", "ชื่อ", *("x" for _ in range(2000))), ("01", "เกาะคา")]
    assert len(read(xlsx(*many)).rows) == 1


def test_a_stray_far_cell_costs_nothing_and_hides_no_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(("รหัส", "ชื่อ"))
    sheet["XFD2"] = "far"
    sheet["A1048576"] = "deep"
    table = read(saved(book))
    assert [row.number for row in table.rows] == [1_048_576] and FAR_CELLS in table.notes


def test_entities_of_a_workbook_are_not_expanded() -> None:
    content = xlsx(("รหัส", "ชื่อ"), ("1", "x"))
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "xl/workbook.xml":
                body = body.replace(b"<workbook", entities.encode() + b"<workbook", 1)
            new.writestr(part.filename, body)
    with pytest.raises(UnsafeWorkbook):
        read(stream.getvalue())


def test_a_file_larger_than_any_form_is_not_looked_into() -> None:
    with pytest.raises(TooMuch) as caught:
        read(b"x" * (LARGEST_FILE + 1))
    assert caught.value.values == {"size": 10}


@pytest.mark.parametrize(("at", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_is_named_as_a_spreadsheet_program_does(at: int, name: str) -> None:
    assert letter(at) == name
