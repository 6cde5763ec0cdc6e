"""Rows of a roster: what is understood, and everything that is wrong with the rest."""

from __future__ import annotations

import pytest

from models.phones import AS_TYPED, ZERO_ADDED
from portal.core.imports.errors import NoHeader, TooMuch
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row
from portal.rosters.file import (
    COLUMNS,
    EXAMPLE,
    MOST_PASTED,
    NO_WAY,
    GroupWord,
    Person,
    group_names,
    group_words,
    is_blank,
    parse,
    pasted_again,
    read_pasted,
    read_roster,
    with_groups,
)
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
        ({"phone": "ไม่มีโทรศัพท์"}, (AS_TYPED, NO_WAY)),
        ({"phone": "1567"}, (AS_TYPED,)),
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


@pytest.mark.parametrize("typed", ["ผู้เสียภาษี", "ผู้ยื่นขออนุญาต", "อนุมัติหรืออนุญาต"])
def test_the_nearest_group_is_found_by_a_part_of_its_name(typed: str) -> None:
    assert typed[:6] in GROUPS.nearest(typed) and GROUPS.nearest(typed) == GROUPS.nearest(f" {typed} ")


@pytest.mark.parametrize("typed", ["xyz", "", "นักเรียน", "ผู้รับเหมา", "ผู้สูงอายุ"])
def test_a_word_like_no_group_gets_no_suggestion(typed: str) -> None:
    assert GROUPS.nearest(typed) == ""


# -- groups that the form does not know ----------------------------------------------------------------------

LIST = read_roster("ชื่อ,กลุ่ม\nก,ผู้เสียภาษ\nข,1\nค,\nง,ผู้เสียภาษ\n,\nจ,ไม่มี\n".encode(), "r.csv")
FIRST, SECOND = GROUPS.names


def groups_sent(words: dict[str, str]) -> list[str]:
    return [row["group"] for row in with_groups(LIST, GROUPS, words).rows]


def test_each_unknown_word_is_named_once_with_its_rows_and_the_nearest_group() -> None:
    assert group_words(LIST, GROUPS) == [GroupWord("ผู้เสียภาษ", 2, "", FIRST), GroupWord("", 2, "", "")]


def test_a_chosen_group_stands_in_all_rows_with_its_word_and_can_be_taken_back() -> None:
    chosen = with_groups(LIST, GROUPS, {"ผู้เสียภาษ": SECOND, "": FIRST})
    assert [row["group"] for row in chosen.rows] == [SECOND, "1", FIRST, SECOND, FIRST]
    assert group_words(chosen, GROUPS) == [
        GroupWord("ผู้เสียภาษ", 2, SECOND, FIRST), GroupWord("", 2, FIRST, "")
    ]  # fmt: skip
    changed = with_groups(chosen, GROUPS, {"ผู้เสียภาษ": FIRST})
    assert [row["group"] for row in changed.rows] == [FIRST, "1", FIRST, FIRST, FIRST]
    back = with_groups(changed, GROUPS, {"ผู้เสียภาษ": "", "": ""})
    assert [row["group"] for row in back.rows] == ["ผู้เสียภาษ", "1", "", "ผู้เสียภาษ", ""]
    assert group_words(back, GROUPS) == group_words(LIST, GROUPS)


def test_a_word_that_nobody_chose_for_stays() -> None:
    assert groups_sent({"อื่น": FIRST}) == [row["group"] for row in LIST.rows]


# -- pasted rows ---------------------------------------------------------------------------------------------


def test_pasted_rows_with_headings_are_read_by_them() -> None:
    table = read_pasted("กลุ่ม\tชื่อ\tนามสกุล\n1\tนายสมมติ\tหนึ่ง, สอง\n")
    assert (table.name, table.rows[0].number, dict(table.rows[0].cells)) == (
        "", 2, {"group": "1", "name": "นายสมมติ หนึ่ง, สอง"},
    )  # fmt: skip


@pytest.mark.parametrize("number", ["๑\t", "", "\t"], ids=["with numbers", "without", "with an empty column"])
def test_pasted_rows_without_headings_are_read_in_the_order_of_the_form(number: str) -> None:
    table = read_pasted(f"{number}นายสมมติ หนึ่ง\tร้าน\t1\t0812345678")
    (row,) = table.rows
    assert (row.number, row["name"], row["organisation"], row["group"], row["phone"]) == (
        1, "นายสมมติ หนึ่ง", "ร้าน", "1", "0812345678",
    )  # fmt: skip
    assert any("in this order" in note.text for note in table.notes)


def test_what_was_pasted_comes_back_as_it_can_be_pasted() -> None:
    table = read_pasted("นายสมมติ หนึ่ง\tร้าน\tผู้เสียภาษ\t0812345678\tx\nนางทดลอง\t\t2\t\t")
    again = read_pasted(pasted_again(with_groups(table, GROUPS, {"ผู้เสียภาษ": FIRST})))
    assert [row.cells for row in again.rows] == [row.cells for row in table.rows]


def test_a_list_too_long_to_be_pasted_is_sent_as_a_file() -> None:
    with pytest.raises(TooMuch):
        read_pasted("x" * (MOST_PASTED + 1))
    with pytest.raises(NoHeader):
        read_pasted(" \n ")


# -- the example of the form ---------------------------------------------------------------------------------


def test_the_example_is_never_read_and_who_writes_over_it_is() -> None:
    line = "{number},{name},{organisation},1,,{email}"
    example, mine = line.format(**EXAMPLE), line.format(**{**EXAMPLE, "name": "นายสมมติ หนึ่ง"})
    head = ",".join(names[0] for names in COLUMNS.values())
    table = read_roster("\n".join((head, example, mine)).encode(), "r.csv")
    assert [row["name"] for row in table.rows] == ["นายสมมติ หนึ่ง"]


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
    words = roster_workbook.Words(
        sheet="ทะเบียน", notes_sheet="คำชี้แจง", notes=["หนึ่ง", "สอง"], hints={"phone": "เริ่มด้วย 0"}
    )
    headings = {column: names[0] for column, names in COLUMNS.items()}
    content = roster_workbook.form(headings, list(GROUPS.names), words, example={**EXAMPLE, "group": "1"})
    table = read_roster(content, "form.xlsx")
    assert (table.notes, table.sheet, set(table.columns)) == ((), "ทะเบียน", set(COLUMNS))
    assert table.rows == (), "the example is no row"


@pytest.mark.parametrize("number", ["1103702071812", "1-1037-02071-81-2"])
def test_thirteen_digits_among_telephone_numbers_are_an_id_only_with_its_check_digit(number: str) -> None:
    assert person(phone=number).remarks == (AS_TYPED,)
    assert wrongs(name=f"นาย ก {number}") == ["name"], "among names every such number is too much"
