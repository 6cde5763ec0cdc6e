"""Archives, spreadsheets, QR codes, posters and the batch."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import openpyxl
import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from reports import sheet_rows
from reports.archive import safe_name, zip_files
from reports.letter_data import Audience, PosterData, PosterSheet
from reports.letters import render_circular
from reports.poster import render_poster
from reports.printers import let_go
from reports.printing import RenderingFailed, print_papers
from reports.qr import matrix, qr_png, qr_svg
from reports.spreadsheets import Cell, Sheet, csv_stream, write_xlsx, xlsx_bytes
from tests.reports.sample import circular, province, reader, text_of

URL = "https://ita.example.go.th/s/7Kq2mVx9TzQp4LwN"


def test_a_zip_keeps_thai_names_and_is_the_same_each_time() -> None:
    files = [("จังหวัดลำปาง.pdf", b"1"), ("จังหวัดกำแพงเพชร.pdf", b"2")]
    content = zip_files(files)
    assert content == zip_files(reversed(files))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["จังหวัดกำแพงเพชร.pdf", "จังหวัดลำปาง.pdf"]
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_._etc_passwd"),
        ("ก/ข\\ค:.pdf", "ก_ข_ค_.pdf"),
        ("", "file"),
        ("ก\u202egpj.pdf", "ก_gpj.pdf"),
    ],
)
def test_a_file_name_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("น้ำ" * 100 + ".pdf")
    assert name.endswith(".pdf") and len(name.encode()) <= 180


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two files"):
        zip_files([("a.pdf", b""), ("A.pdf", b"")])


@pytest.mark.parametrize("cell", ["=1+1", "+66", "-1+cmd", "@SUM(A1)", "\t=1", " =1", "＝1", "\n=1"])
def test_a_formula_in_csv_is_text(cell: str) -> None:
    body = b"".join(csv_stream(["ชื่อ"], [[cell]])).decode()
    assert body.startswith("\ufeffชื่อ\r\n")
    assert "'" + cell.strip("\n") in body or "'" + cell in body


def test_csv_leaves_numbers_and_names_alone() -> None:
    assert b"".join(csv_stream(["ก", "ข"], [["อบต.น้ำ", -5], [None, "a,b"]])).decode() == (
        '\ufeffก,ข\r\nอบต.น้ำ,-5\r\n,"a,b"\r\n'
    )


def test_a_workbook_holds_texts_and_frozen_heads() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx_bytes([Sheet("รายชื่อ/1", ["ชื่อ", "จำนวน"], [["=1+1", 3], ["0123", None]], [30])]))
    )
    page = book["รายชื่อ 1"]
    assert page.freeze_panes == "A2"
    assert (page["A2"].value, page["A2"].data_type) == ("=1+1", "s") or page["A2"].data_type == "s"
    assert (page["B2"].value, page["A3"].value) == (3, "0123")


def test_days_and_fractions_are_words_and_plain_numbers_in_csv() -> None:
    row: list[Cell] = [date(2018, 11, 9), datetime(2018, 11, 9, 3, tzinfo=UTC), Decimal("87.50")]
    assert b"".join(csv_stream(["ก"], [row])).decode().splitlines()[1] == (
        "9 พ.ย. 2561,9 พ.ย. 2561 เวลา 10:00 น.,87.50"
    )


def test_a_long_csv_comes_in_parts_that_make_one_file() -> None:
    parts = list(csv_stream(["ที่"], ([number] for number in range(450))))
    assert len(parts) == 3, "of 200 rows, so that a list of thousands is not held whole"
    assert b"".join(parts).decode().split() == ["\ufeffที่", *map(str, range(450))]


def test_a_sheet_without_rows_has_heads_and_no_filter() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("ว่าง", ["ชื่อ"], [])])))
    page = book["ว่าง"]
    assert page["A1"].value == "ชื่อ" and page.auto_filter.ref is None
    filled = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("ก", ["ชื่อ"], [["ก"]])])))["ก"]
    assert filled.auto_filter.ref == "A1:A2"


def test_a_workbook_of_many_rows_is_streamed(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, int]]:
        yield from ((f"แถว {number}", number) for number in range(3000))

    with open(tmp_path / "a.xlsx", "wb") as target:
        write_xlsx([Sheet("ข้อมูล", ["ชื่อ", "ที่"], rows())], target)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=False)["ข้อมูล"]
    assert page.max_row == 3001


def test_cells_of_a_sheet_are_what_the_library_would_write() -> None:
    """Texts that look like markup, escapes or space; numbers, days and moments as a program reads them."""
    moment = datetime(2018, 11, 9, 3, 24, 5, 999, tzinfo=UTC)
    texts = ["<r>&</r>", " ก ", "_x0041_", "a\x01b", "=1+1", "ย" * 40_000, ""]
    rows: list[list[Cell]] = [[text] for text in texts]
    rows.append([True, -3, 2**40, 0.1, Decimal("87.50"), date(2018, 11, 9), moment, None, "ท้าย"])
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("ก", ["ก"], rows)])))["ก"]
    read = [row[0] for row in page.iter_rows(min_row=2, max_row=8, values_only=True)]
    assert read[:2] == ["<r>&</r>", " ก "]
    assert read[2] in ("_x0041_", "_x005F_x0041_") and read[4] == "=1+1"
    assert read[5] == "ย" * 32_767 and read[6] is None, "as long as a cell can be"
    last = [cell.value for cell in page[9]]
    day, here = datetime(2018, 11, 9), datetime(2018, 11, 9, 10, 24, 5)  # noqa: DTZ001 - a sheet has no zone
    assert last == ["True", -3, 2**40, 0.1, 87.5, day, here, None, "ท้าย"]
    assert page["F9"].number_format != "General" and page["A9"].data_type in ("s", "inlineStr")
    with pytest.raises(ValueError, match="finite"):
        xlsx_bytes([Sheet("ก", ["ก"], [[float("nan")]])])


def test_rows_that_no_sheet_can_hold_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "LARGEST_SHEET", 3)
    book = xlsx_bytes([Sheet("ก", ["ที่"], ([number] for number in range(500)))])
    assert list(openpyxl.load_workbook(io.BytesIO(book))["ก"].values) == [("ที่",), (0,), (1,)]


def test_csv_of_mixed_columns_and_of_uneven_rows() -> None:
    rows: list[list[Cell]] = [["=1", 1, None], ["ก", "-2", date(2018, 11, 9)]]
    even = b"".join(csv_stream(["ก"], rows)).decode().splitlines()[1:]
    assert even == ["'=1,1,", "ก,'-2,9 พ.ย. 2561"]
    assert b"".join(csv_stream(["ก"], [["=1"], ["ก", 2]])).decode().splitlines()[1:] == ["'=1", "ก,2"]


def test_the_code_is_the_one_of_the_address() -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(URL)
    code.make()
    expected = [[bool(module) for module in row] for row in code.get_matrix()]
    assert matrix(URL) == expected
    with Image.open(io.BytesIO(qr_png(URL, module=3))) as image:
        size = len(expected)
        found = [[image.getpixel((3 * x + 1, 3 * y + 1)) == 0 for x in range(size)] for y in range(size)]
    assert found == expected


def test_the_svg_has_no_style_and_says_what_it_is() -> None:
    svg = qr_svg(URL, title="คิวอาร์โค้ด <&>")
    assert "style" not in svg and "<title>คิวอาร์โค้ด &lt;&amp;&gt;</title>" in svg


@pytest.mark.parametrize("audience", Audience)
def test_a_poster_is_one_page_with_name_and_address(audience: Audience, tmp_path: Path) -> None:
    name = "องค์การบริหารส่วนตำบลน้ำคำใหญ่" + "ยาวมาก" * 6
    pdf = render_poster(PosterData(name, "แบบวัด", audience, URL, "2561", date(2018, 12, 15)))
    assert len(reader(pdf).pages) == 1
    text = text_of(pdf, tmp_path)
    assert "ป้องกันการตอบซ้ำเท่านั้น" in text
    assert "ita.example.go.th/s/7Kq2mVx9TzQp4LwN" in text.replace("\u200b", "").replace("\n", "")
    assert ("บุคลากรของหน่วยงานเท่านั้น" in text) is (audience is Audience.INTERNAL)


POSTER = PosterData("อบต.น้ำคำใหญ่", "IIT", Audience.EXTERNAL, URL, "2561", date(2018, 12, 15))


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    ("sheet", "millimetres"), [(PosterSheet.A3, (297, 420)), (PosterSheet.CARDS, (210, 297))]
)
def test_a_large_poster_and_cards_are_one_page(
    sheet: PosterSheet, millimetres: tuple[int, int], audience: Audience, tmp_path: Path
) -> None:
    pdf = render_poster(replace(POSTER, audience=audience, sheet=sheet))
    (page,) = reader(pdf).pages
    assert tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) == millimetres
    text = text_of(pdf, tmp_path)
    assert text.count("อบต.น้ำคำใหญ่") == (4 if sheet is PosterSheet.CARDS else 1)
    assert ("ช่องทางภายในเท่านั้น" in text) is (audience is Audience.INTERNAL)


def test_the_batch_makes_the_same_letters_from_a_thread() -> None:
    letters = {name: circular(province(name)) for name in ("ลำปาง", "ลำพูน", "กำแพงเพชร")}
    made: dict[str, bytes] = {}
    thread = Thread(target=lambda: made.update(print_papers(letters)))
    thread.start()
    thread.join()
    assert set(made) == set(letters)
    assert made["ลำปาง"] == render_circular(letters["ลำปาง"])


def test_printers_end_with_their_batch_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    batch = print_papers({name: circular(province(name)) for name in ("ลำปาง", "ลำพูน", "แพร่")})
    assert next(batch)[1].startswith(b"%PDF")
    assert list(tmp_path.iterdir()), "they work in a folder of their own"
    batch.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_a_letter_that_cannot_be_made_is_named() -> None:
    data = circular(province("ลำปาง"))
    office = replace(data.letter.office, emblem=b"not a picture")
    with pytest.raises(RenderingFailed, match="ลำปาง"):
        dict(print_papers({"ลำปาง": replace(data, letter=replace(data.letter, office=office))}))
