"""Rows of a roster: what is understood, and everything that is wrong with the rest."""

from __future__ import annotations

import pytest

from models.phones import AS_TYPED, ZERO_ADDED
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row
from portal.rosters.file import COLUMNS, NO_WAY, Person, group_names, is_blank, parse, read_roster
from reports import roster_workbook

GROUPS = group_names([(11, 1, "ผู้เสียภาษีหรือค่าธรรมเนียม"), (12, 2, "ผู้ยื่นขออนุมัติหรืออนุญาต")])
GOOD = {"name": "นายสมมติ หนึ่ง", "group": "ผู้เสียภาษีหรือค่าธรรมเนียม", "phone": "08 0000 0001"}


def person(**changes: str) -> Person:
    found = parse(Row(7, {**GOOD, **changes}), GROUPS)
    assert isinstance(found, Person), found
    return found


def wrongs(**changes: str) -> list[str]:
    found = parse(Row(7, {**GOOD, **changes}), GROUPS)
    assert isinstance(found, tuple), found
    assert all(isinstance(wrong, Wrong) for wrong in found)
    return [wrong.column for wrong in found]


def test_a_row_is_understood() -> None:
    assert person() == Person(7, "นายสมมติ หนึ่ง", "", 11, "0800000001", "")


@pytest.mark.parametrize("word", ["2", "๒", "ผู้ยื่นขออนุมัติหรืออนุญาต", " ผู้ยื่นขออนุมัติ หรืออนุญาต "])
def test_a_group_is_known_by_its_name_or_number(word: str) -> None:
    assert person(group=word).group_id == 12


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("081-234-5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("812345678", "0812345678"),
        ("02 123 4567", "021234567"),
        ("08 1234", "08 1234"),
        ("0-5428-1000 ต่อ 12", "054281000 ต่อ 12"),
        ("0812345678, 0898765432", "0812345678, 0898765432"),
        ("-", ""),
        ("", ""),
    ],
)
def test_telephone_numbers_are_kept_as_digits(typed: str, kept: str) -> None:
    assert person(phone=typed).phone == kept


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "-"}, ["name"]),
        ({"group": ""}, ["group"]),
        ({"group": "ผู้ขายสินค้า"}, ["group"]),
        ({"name": "นาย ก 1-1037-02071-81-1"}, ["name"]),
        ({"organisation": "๑๑๐๓๗๐๒๐๗๑๘๑๑"}, ["organisation"]),
        ({"phone": "1103702071811"}, ["phone"]),
        ({"name": "ตามเอกสารแนบ"}, ["name"]),
        ({"name": "รายละเอียดตามเอกสารที่แนบ"}, ["name"]),
        ({"email": "ไม่ใช่อีเมล"}, ["email"]),
        ({"email": "a@b"}, ["email"]),
        ({"organisation": "ก" * 301}, ["organisation"]),
        ({"name": "", "group": "x", "email": "1"}, ["name", "group", "email"]),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(changes: dict[str, str], columns: list[str]) -> None:
    assert wrongs(**changes) == columns


def test_a_row_of_the_form_that_holds_its_number_only_is_blank() -> None:
    assert is_blank(Row(9, {"number": "9"}))
    assert is_blank(Row(9, {"number": "9", "phone": "-"}))
    assert not is_blank(Row(9, {"number": "9", "phone": "1"}))


def test_the_headings_of_the_form_are_the_columns() -> None:
    header = ",".join(names[0] for names in COLUMNS.values())
    assert set(read_roster(f"{header}\n{'x,' * 6}\n".encode(), "r.csv").columns) == set(COLUMNS)


# -- what is to be looked at before a row is taken ---------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({}, ()),
        ({"phone": ""}, (NO_WAY,)),
        ({"phone": "", "email": "a@b.th"}, ()),
        ({"phone": "0-2123-4567-9"}, (AS_TYPED,)),
        ({"phone": "812345678"}, (ZERO_ADDED,)),
    ],
)
def test_a_row_that_can_be_taken_says_what_should_be_looked_at(
    changes: dict[str, str], remarks: tuple[str, ...]
) -> None:
    assert person(**changes).remarks == remarks


def test_a_number_of_a_company_is_no_citizen_id() -> None:
    assert person(organisation="บริษัท สมมติ จำกัด 0105536000001").organisation.endswith("0105536000001")


@pytest.mark.parametrize("typed", ["ผู้เสียภาษี", "ผู้เสียภาษีหรือค่าธรรมเนียน", "ผู้เสียภาษี/ค่าธรรมเนียม"])
def test_a_group_that_is_nearly_right_names_the_nearest(typed: str) -> None:
    found = parse(Row(7, {**GOOD, "group": typed}), GROUPS)
    assert isinstance(found, tuple)
    assert found[0].values["near"] == "ผู้เสียภาษีหรือค่าธรรมเนียม"


# -- a name in several columns -----------------------------------------------------------------------------


def test_title_first_name_and_surname_become_one_name() -> None:
    file = "คำนำหน้า,ชื่อ,นามสกุล,กลุ่ม,โทรศัพท์\nนาย,สมมติ,หนึ่ง,1,\nนาง,สมมติ,สอง,1,\n,บริษัท ทดลอง,,2,\n"
    table = read_roster(file.encode(), "r.csv")
    assert [row["name"] for row in table.rows] == ["นายสมมติ หนึ่ง", "นางสมมติ สอง", "บริษัท ทดลอง"]
    assert set(table.columns) == {"name", "group", "phone"}
    assert {"columns": "A + B + C"} in [note.values for note in table.notes]


def test_a_whole_name_is_not_joined_twice() -> None:
    file = "ชื่อ-สกุล,สกุล,กลุ่ม,โทรศัพท์\nนายสมมติ หนึ่ง,หนึ่ง,1,\n"
    assert read_roster(file.encode(), "r.csv").rows[0]["name"] == "นายสมมติ หนึ่ง"


def test_columns_that_are_missing_are_said() -> None:
    (note,) = read_roster("ชื่อ,กลุ่ม\nนายสมมติ หนึ่ง,1\n".encode(), "r.csv").notes
    assert note.values == {"columns": "หน่วยงาน · โทรศัพท์ · อีเมล"}


def test_the_form_of_the_portal_is_read_without_a_note() -> None:
    words = roster_workbook.Words(sheet="ทะเบียน", notes_sheet="คำชี้แจง", notes=["หนึ่ง", "สอง"], choose="เลือก")
    headings = {column: names[0] for column, names in COLUMNS.items()}
    content = roster_workbook.form(headings, list(GROUPS.names), words)
    table = read_roster(content, "form.xlsx")
    assert (table.notes, table.sheet, set(table.columns)) == ((), "ทะเบียน", set(COLUMNS))


@pytest.mark.parametrize("number", ["1103702071812", "1-1037-02071-81-2"])
def test_thirteen_digits_among_telephone_numbers_are_an_id_only_with_its_check_digit(number: str) -> None:
    assert person(phone=number).remarks == (AS_TYPED,)
    assert wrongs(name=f"นาย ก {number}") == ["name"], "among names every such number is too much"
