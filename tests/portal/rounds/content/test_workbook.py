"""The workbook of a year: what is filled in comes back, what is missing stays, what is wrong has a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl.workbook import Workbook

from portal.content.year import YearContent, load_year
from portal.core.imports.errors import NoHeader, UnreadableFile
from portal.core.web import Portal
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import Faulty
from portal.rounds.content.sheets import BY_NAME, SHEETS
from portal.rounds.content.workbook import book_of, faults_book, read_book
from tests.support.years import contents

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def title(name: str) -> str:
    return str(BY_NAME[name].title)


@FEW
@given(contents(), contents())
def test_a_workbook_that_is_read_again_is_the_same_year(content: YearContent, other: YearContent) -> None:
    read = read_book(book_of(content, name="รอบ"), other)
    assert content_of_sheets(read.sheets) == content
    assert (read.found, read.notes) == (tuple(sheet.name for sheet in SHEETS), ())


def test_a_spreadsheet_program_may_save_it_anew(year: YearContent) -> None:
    """Numbers become numbers, a sheet that is no part is noted, an empty row in between is none."""
    book = opened(book_of(year, name="รอบ"))
    weights: Any = book[title("instruments")]
    weights["C2"], weights["C3"] = 25, 35.0
    book.create_sheet("หมายเหตุของฉัน")["A1"] = "ลองดู"
    book[title("bands")].insert_rows(4)
    read = read_book(saved(book), year)
    content = content_of_sheets(read.sheets)
    assert [int(one.weight) for one in content.instruments] == [25, 35, 40]
    assert content.bands == year.bands
    assert [note.values for note in read.notes] == [{"sheets": "หมายเหตุของฉัน"}]


def test_a_sheet_that_is_not_there_stays_and_an_empty_one_is_emptied(year: YearContent) -> None:
    book = opened(book_of(year, name="รอบ"))
    del book[title("items")]
    groups = book[title("groups")]
    groups.delete_rows(2, groups.max_row)
    read = read_book(saved(book), year)
    content = content_of_sheets(read.sheets)
    assert content == replace(year, roster_groups=())
    assert "items" not in read.found and "groups" in read.found


def test_every_fault_has_a_note_at_its_cell(year: YearContent) -> None:
    book = opened(book_of(year, name="รอบ"))
    book[title("instruments")]["C2"] = "มาก"
    book[title("questions")]["F3"] = "LIKERT9"
    book[title("questions")]["G3"] = None
    read = read_book(saved(book), year)
    with pytest.raises(Faulty) as faulty:
        content_of_sheets(read.sheets)
    noted = opened(faults_book(read.sheets, faulty.value.faults, name="รอบ"))
    notes = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in noted.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert set(notes) >= {(title("instruments"), "C2"), (title("questions"), "G3")}
    assert noted[title("instruments")]["C2"].value == "มาก"
    again = read_book(saved(noted), year)
    assert again.sheets["instruments"] == read.sheets["instruments"], "it can be mended and sent as it is"


def test_drop_downs_offer_the_words_that_are_understood(year: YearContent) -> None:
    book = opened(book_of(year, name="รอบ"))
    rules = {
        str(rule.sqref): rule.formula1 for rule in book[title("samples")].data_validations.dataValidation
    }
    assert any("องค์การบริหารส่วนตำบล" in words for words in rules.values())
    questions = offered(book, "questions")
    assert questions["F"] == questions["I"] == [scale.code for scale in year.scales]
    assert {"1", "8"} <= set(questions["C"])
    assert offered(book, "items")["B"] == ["9", "9.1", "9.2", "9.3", "9.4", "9.5", "10", "10.1", "10.2"]
    assert "IIT" in offered(book, "instruments")["A"]
    first = book.worksheets[0]
    told = [str(cell.value) for row in first.iter_rows() for cell in row if cell.value]
    assert {str(sheet.title) for sheet in SHEETS} <= set(told), "each sheet is explained"
    assert "คอลัมน์ที่ต้องกรอก: เครื่องมือ, ชื่อ, น้ำหนัก" in "\n".join(told)
    links = {cell.value: cell.hyperlink.location for cell in first["A"] if cell.hyperlink}
    assert links[title("items")] == f"'{title('items')}'!A1", "and is one press away"
    assert offered(book, "bands")["C"] == ["ใช่"]


def offered(book: Workbook, name: str) -> dict[str, list[str]]:
    """By column what the drop-downs of a sheet offer in its second row."""
    sheet: Any = book[title(name)]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        assert rule.type == "list" and rule.errorStyle == "warning", "what is not in it may be typed"
        column, row = re.match(r"([A-Z]+)(\d+):", str(rule.sqref)).groups()  # type: ignore[union-attr]
        assert row == "2"
        found[column] = rule.formula1.strip('"').split(",")
    return found


def test_what_would_be_lost_of_a_question_is_a_fault(year: YearContent) -> None:
    """The second line of I1 says another scale and indicator where only the first may; it may repeat it."""
    book = opened(book_of(year, name="รอบ"))
    questions: Any = book[title("questions")]
    assert (questions["B3"].value, questions["G3"].value) == ("I1", "2")
    questions["C3"], questions["F3"] = questions["C2"].value, questions["F2"].value
    assert content_of_sheets(read_book(saved(book), year).sheets) == year
    questions["C3"], questions["F3"] = "5", "YESNO"
    with pytest.raises(Faulty) as faulty:
        content_of_sheets(read_book(saved(book), year).sheets)
    assert {(fault.row, fault.column) for fault in faulty.value.faults} == {(3, "indicator"), (3, "scale")}


def test_a_workbook_of_something_else_is_refused(year: YearContent) -> None:
    with pytest.raises(NoHeader):
        read_book(saved(Workbook()), year)
    with pytest.raises(UnreadableFile):
        read_book(b"PK no workbook", year)
    with pytest.raises(UnreadableFile):
        read_book(b"", year)
