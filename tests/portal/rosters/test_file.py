"""Rows of a roster: what is understood, and everything that is wrong with the rest."""

from __future__ import annotations

import pytest

from portal.core.imports.spreadsheet import Row
from portal.register.file import Wrong
from portal.rosters.file import COLUMNS, Person, group_names, is_blank, parse, read_roster

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
        ("+66 81 234 5678", "0812345678"),
        ("02 123 4567", "021234567"),
        ("21234567", "021234567"),
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
        ({"phone": "08 1234"}, ["phone"]),
        ({"phone": "0812345678 0898765432"}, ["phone"]),
        ({"email": "ไม่ใช่อีเมล"}, ["email"]),
        ({"email": "a@b"}, ["email"]),
        ({"organisation": "ก" * 301}, ["organisation"]),
        ({"name": "", "group": "x", "phone": "1"}, ["name", "group", "phone"]),
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
