"""Rows of a register: what is understood, and the reasons for what is not."""

from __future__ import annotations

import pytest

from models.kinds import AgencyKind
from portal.content import local
from portal.core.imports.notes import Wrong
from portal.core.imports.spreadsheet import Row
from portal.register.file import COLUMNS, ParsedAgency, parse, read_agencies

GOOD = {"code": "05520401", "kind": "เทศบาลตำบล", "name": "เกาะคา", "size": "M", "district_code": "5204"}


def parsed(**changes: str) -> ParsedAgency:
    found = parse(Row(7, {**GOOD, **changes}))
    assert isinstance(found, ParsedAgency), found
    return found


def wrong(**changes: str) -> Wrong:
    found = parse(Row(7, {**GOOD, **changes}))
    assert isinstance(found, Wrong), found
    return found


def test_a_row_is_understood() -> None:
    row = parsed()
    assert (row.number, row.code, row.kind, row.size) == (
        7,
        "05520401",
        local.SUBDISTRICT,
        local.M,
    )
    assert (row.name, row.full_name) == ("เกาะคา", "เทศบาลตำบลเกาะคา")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("PAO", local.PAO),
        ("city", local.CITY),
        ("SUBDIST_MUN", local.SUBDISTRICT),
        ("TAO", local.SAO),
        ("อบต.", local.SAO),
        ("ทม", local.TOWN),
        ("องค์การบริหารส่วนจังหวัด", local.PAO),
        ("เมือง", local.SPECIAL),
    ],
)
def test_kinds_are_known_by_their_thai_and_english_names(word: str, kind: AgencyKind) -> None:
    assert parsed(kind=word, name="ทดลอง").kind == kind
    assert parsed(kind="", kind_code=word, name="ทดลอง").kind == kind


def test_the_zero_that_a_spreadsheet_takes_away_is_given_back() -> None:
    assert parsed(code="5520401").code == "05520401"
    assert parsed(code="๐๕๕๒๐๔๐๑").code == "05520401"


def test_own_name_and_full_name_follow_from_each_other() -> None:
    by_full_name = parsed(name="", full_name="เทศบาลตำบลเกาะคา")
    assert (by_full_name.name, by_full_name.full_name) == ("เกาะคา", "เทศบาลตำบลเกาะคา")
    pattaya = parsed(kind="เมือง", name="พัทยา", code="")
    assert (pattaya.code, pattaya.name, pattaya.full_name) == (None, "พัทยา", "เมืองพัทยา")


@pytest.mark.parametrize("word", ["", "Undefined", "-"])
def test_an_agency_may_have_no_size(word: str) -> None:
    assert parsed(size=word).size is None


def test_the_words_for_place_may_carry_their_kind() -> None:
    row = parsed(district_code="", district="อำเภอเกาะคา", province="จังหวัดลำปาง")
    assert (row.district, row.province) == ("เกาะคา", "ลำปาง")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"code": "123"}, "code"),
        ({"code": "0552040A"}, "code"),
        ({"kind": "บริษัท"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "ก" * 161}, "name"),
        ({"size": "XL"}, "size"),
        ({"district_code": ""}, "district"),
    ],
)
def test_what_is_wrong_is_named_by_its_column(changes: dict[str, str], column: str) -> None:
    assert wrong(**changes).column == column


def test_thai_headings_are_the_columns() -> None:
    header = ",".join(names[0] for names in COLUMNS.values())
    table = read_agencies(f"{header}\n{','.join('x' for _ in COLUMNS)}\n".encode(), "a.csv")
    assert set(table.columns) == set(COLUMNS)


def test_the_headings_of_the_compiled_list_are_the_columns() -> None:
    header = (
        "lao_code8,type,type_th,name_th,full_name_th,size,province_code,province_th,district_code,district_th"
    )
    table = read_agencies(f"{header}\n1,2,3,4,5,6,7,8,9,10\n".encode(), "a.csv")
    assert table.columns == {
        "code": "A",
        "kind_code": "B",
        "kind": "C",
        "name": "D",
        "full_name": "E",
        "size": "F",
        "province_code": "G",
        "province": "H",
        "district_code": "I",
        "district": "J",
    }
