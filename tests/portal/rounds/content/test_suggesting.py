"""What a page suggests of a table: what it is of, its columns by headings, the rows of the round's year."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.imports.foreign import ForeignTable, read_foreign
from portal.core.web import Portal
from portal.rounds.content.mapping import TARGETS
from portal.rounds.content.suggesting import columns_of, given_of, likely_target, row_sets, rows_of_year


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


def table(text: str) -> ForeignTable:
    return read_foreign(text.encode())


@pytest.mark.parametrize(
    ("headings", "target"),
    [
        ("ปี,code,indicator_no,sub_indicator_no,title_th,criteria_th", "items"),
        ("code,sub_no,indicator_no,question_th,sub_item_th,scale,option_labels_th", "questions"),
        ("instrument,instrument_name_th,indicator_no,indicator_th", "indicators"),
        ("grade,min,max", "bands"),
        ("order,category_th", "groups"),
        ("agency_group_th,agencies,eit_part1_minimum", "samples"),
        ("ข้อ,ตัวชี้วัด,รายการ,เกณฑ์การประเมิน", "items"),
        ("ข้อ,ตัวชี้วัด,คำถาม,มาตรวัด", "questions"),
        ("กลุ่มหน่วยงาน,จำนวนขั้นต่ำ", "samples"),
        ("ชื่อ,นามสกุล", ""),
    ],
)
def test_what_a_table_is_of_is_known_by_its_headings(headings: str, target: str) -> None:
    row = ",".join("1" for _heading in headings.split(","))
    assert likely_target(table(f"{headings}\n{row}\n")) == target


def test_a_heading_that_is_only_like_a_name_is_suggested_too() -> None:
    found = table("code,indicator,titles,criterions,remark\nO1,9,ก,ข,ค\n")
    assert columns_of(found, TARGETS["items"]) == {
        "code": "code",
        "indicator": "indicator",
        "title": "titles",
        "criterion": "criterions",
    }


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("code,text\nI1,ก\nI2,ข\n", {"instrument": "iit"}),
        ("code,text\nE1,ก\n", {"instrument": "eit"}),
        ("code,text\nI1,ก\nE1,ข\n", {}),
        ("instrument,code\niit,I1\n", {}),
    ],
)
def test_the_survey_of_all_rows_is_known_by_the_codes(text: str, given: dict[str, str]) -> None:
    found, target = table(text), TARGETS["questions"]
    assert given_of(found, target, columns_of(found, target)) == given


SEVERAL = "จาก,ถึง,code\n2561,2562,O1\n2561,2562,O2\n2563,2565,O1\n2563,2565,O2\n2568,2568,O1\n2568,2568,O2\n"


@pytest.mark.parametrize(
    ("year", "where"),
    [
        (2561, ("จาก", "2561")),
        (2564, ("จาก", "2563")),
        (2568, ("จาก", "2568")),
        (2567, ("", "")),
    ],
)
def test_the_rows_of_the_rounds_year_are_suggested(year: int, where: tuple[str, str]) -> None:
    assert rows_of_year(table(SEVERAL), year) == where


def test_a_table_of_one_year_or_of_none_is_not_parted() -> None:
    assert rows_of_year(table("ปี,code\n2567,O1\n"), 2568) == ("", "")
    assert rows_of_year(table("code,min\nO1,5\n"), 2568) == ("", "")
    assert rows_of_year(table("ปี,code\n2567,O1\n,O2\n"), 2568) == ("", ""), "one row says no year"


def test_sets_are_those_of_columns_that_say_few_things() -> None:
    sets = row_sets(table(SEVERAL))
    assert list(sets) == ["จาก", "ถึง", "code"], "years first"
    assert [(one.value, one.rows) for one in sets["จาก"]] == [("2561", 2), ("2563", 2), ("2568", 2)]
    assert row_sets(table("code,title\nO1,ก\nO2,ข\n")) == {}
