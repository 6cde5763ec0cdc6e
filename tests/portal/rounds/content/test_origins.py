"""Faults of a sent table name its own cell and heading; those of the round itself none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.content.year import YearContent, load_year
from portal.core.imports.foreign import ForeignTable, read_foreign
from portal.core.web import Portal
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import Fault, Faulty, numbered
from portal.rounds.content.mapping import Choice, mapped
from portal.rounds.content.origins import Origin, origin_of
from portal.rounds.content.sheets import kept


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


def told(year: YearContent, table: ForeignTable, choice: Choice) -> list[tuple[str, str, str]]:
    """Sheet, cell and heading of each fault; "" where no cell of the table is meant."""
    found = mapped(table, choice, year)
    with pytest.raises(Faulty) as faulty:
        content_of_sheets({**numbered(kept(year)), **found})
    cells = []
    for fault in faulty.value.faults:
        origin = origin_of(fault, table, choice) if fault.sheet in found else None
        cells.append((fault.sheet, origin.cell if origin else "", origin.heading if origin else ""))
    return cells


def test_a_code_told_by_one_of_two_columns_names_the_one_that_said_it(year: YearContent) -> None:
    table = read_foreign("ข้อ,หมวด,หมวดย่อย,เรื่อง\nO1,9,9.9,ก\nO2,99,,ข\nO3,9,9.1,\n".encode())
    columns = {"code": "ข้อ", "indicator": "หมวด", "part": "หมวดย่อย", "title": "เรื่อง"}
    assert set(told(year, table, Choice("items", columns))) == {
        ("items", "C2", "หมวดย่อย"),
        ("items", "B3", "หมวด"),
        ("items", "D4", "เรื่อง"),
    }


def test_a_choice_of_a_scale_names_the_cell_that_spells_it_out(year: YearContent) -> None:
    table = read_foreign("แบบ,ข้อ,หมวด,ถาม,ตัวเลือก,แต้ม\nEIT,E1,6,ก,มี|ไม่มี,100|มาก\n".encode())
    columns = {"instrument": "แบบ", "code": "ข้อ", "indicator": "หมวด", "text": "ถาม"}
    choice = Choice("questions", columns | {"labels": "ตัวเลือก", "points": "แต้ม"})
    assert ("scales", "F2", "แต้ม") in told(year, table, choice)


def test_rows_of_the_round_are_never_taken_for_rows_of_the_table(year: YearContent) -> None:
    """A table of EIT's indicators that leaves some out: the round's own questions hang on nothing then."""
    rows = "\n".join(f"EIT,9{number},ตัวชี้วัด,แบบวัด,30" for number in range(8))
    table = read_foreign(f"แบบ,รหัส,ชื่อ,ชื่อแบบ,น้ำหนัก\n{rows}\n".encode())
    columns = {"instrument": "แบบ", "indicator": "รหัส", "indicator_name": "ชื่อ"}
    choice = Choice("indicators", columns | {"instrument_name": "ชื่อแบบ", "weight": "น้ำหนัก"})
    cells = told(year, table, choice)
    assert cells and {(sheet, cell) for sheet, cell, _heading in cells} == {("questions", "")}


def test_a_fault_that_no_cell_tells_names_none() -> None:
    table = read_foreign("ข้อ,เรื่อง\nO1,ก\n".encode())
    choice = Choice("items", {"code": "ข้อ", "title": "เรื่อง"})
    in_it = Fault("items", 2, "title", "Enter words")
    assert origin_of(in_it, table, choice) == Origin("B2", "เรื่อง")
    assert origin_of(replace(in_it, row=9), table, choice) is None, "a row of the round"
    assert origin_of(replace(in_it, column="criterion"), table, choice) is None, "a column that nobody named"
