"""Sheets say a content whole: what is read is what was written; what is wrong is said at its cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from portal.content.year import YearContent, load_year
from portal.core.web import Portal
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import Faulty, numbered
from portal.rounds.content.sheets import SHEETS, Written, kept, written
from portal.rounds.content.start import nothing
from tests.support.years import contents

#: the application stands for all examples: words need its language
WHOLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.long
@WHOLE
@given(contents())
def test_what_is_read_is_what_was_written(content: YearContent) -> None:
    for texts in (written(content), kept(content)):
        again = json.loads(json.dumps(texts, ensure_ascii=False))
        assert content_of_sheets(numbered(again)) == content


def test_the_shipped_content_goes_the_same_way() -> None:
    for content in (load_year(2561), nothing(2570)):
        assert content_of_sheets(numbered(written(content))) == content


def test_every_column_has_a_heading_of_its_own_in_its_sheet() -> None:
    for sheet in SHEETS:
        titles = [str(column.title) for column in sheet.columns]
        assert len(set(titles)) == len(titles), sheet.name
        assert {*sheet.key} <= {column.name for column in sheet.columns}


def spoiled(sheet: str, row: int, column: str, words: str) -> Written:
    """The shipped content with one cell typed over (rows as a workbook numbers them)."""
    sheets = written(load_year(2561))
    sheets[sheet][row - 2][column] = words
    return sheets


@pytest.mark.parametrize(
    ("sheet", "row", "column", "words", "at"),
    [
        ("settings", 2, "fiscal_year", "ปีนี้", ("settings", 2, "fiscal_year")),
        ("settings", 2, "fiscal_year", "2018", ("settings", 2, "fiscal_year")),
        ("settings", 2, "eit_combine", "บวกกัน", ("settings", 2, "eit_combine")),
        ("settings", 2, "demo_wording", "อาจจะ", ("settings", 2, "demo_wording")),
        ("instruments", 3, "weight", "สามสิบ", ("instruments", 3, "weight")),
        ("instruments", 3, "weight", "30.0001", ("instruments", 3, "weight")),
        ("instruments", 3, "weight", "101", ("instruments", 3, "weight")),
        ("instruments", 3, "instrument", "IIT", ("instruments", 3, "instrument")),
        ("indicators", 2, "parent", "99", ("indicators", 2, "parent")),
        ("indicators", 3, "code", "1", ("indicators", 3, "code")),
        ("scales", 3, "place", "9", ("scales", 4, "place")),
        ("scales", 3, "label", "", ("scales", 3, "label")),
        ("questions", 2, "text", "", ("questions", 2, "text")),
        ("questions", 2, "indicator", "77", ("questions", 2, "indicator")),
        ("questions", 2, "indicator", "", ("questions", 2, "indicator")),
        ("questions", 2, "scale", "LIKERT9", ("questions", 2, "scale")),
        ("questions", 3, "line_text", "", ("questions", 3, "line_text")),
        ("questions", 3, "line_scale", "NONE", ("questions", 3, "line_scale")),
        ("questions", 3, "line", "4", ("questions", 3, "line")),
        ("questions", 3, "instrument", "OIT", ("questions", 3, "instrument")),
        ("items", 2, "indicator", "1", ("items", 2, "indicator")),
        ("items", 2, "title", "ก" * 301, ("items", 2, "title")),
        ("items", 2, "kinds", "เทศบาลตำบล, เทศบาลหมู่บ้าน", ("items", 2, "kinds")),
        ("samples", 2, "fixed", "9", ("samples", 2, "fixed")),
        ("samples", 2, "upto", "0", ("samples", 2, "upto")),
        ("bands", 3, "grade", "AA", ("bands", 3, "grade")),
        ("groups", 2, "place", "1.5", ("groups", 2, "place")),
    ],
)
def test_each_fault_is_at_its_cell(
    sheet: str, row: int, column: str, words: str, at: tuple[str, int, str]
) -> None:
    with pytest.raises(Faulty) as faulty:
        content_of_sheets(numbered(spoiled(sheet, row, column, words)))
    assert at in [(fault.sheet, fault.row, fault.column) for fault in faulty.value.faults]


@pytest.mark.parametrize(
    ("opens", "closes", "column"),
    [("1 พ.ย. 2561", "31 ต.ค. 2561", "closes_at"), ("ต้นเดือน", "31 ต.ค. 2561", "opens_at")],
)
def test_days_that_cannot_be_are_told(opens: str, closes: str, column: str) -> None:
    sheets = written(load_year(2561))
    sheets["windows"] = [{"stage": "iit", "kind": "main", "opens_at": opens, "closes_at": closes}]
    with pytest.raises(Faulty) as faulty:
        content_of_sheets(numbered(sheets))
    assert [(fault.sheet, fault.column) for fault in faulty.value.faults] == [("windows", column)]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("1 พ.ย. 2561", "30 พ.ย. 2561"),
        ("๑ พฤศจิกายน ๒๕๖๑", "30/11/2561"),
        ("2018-11-01T00:00:00", "2018-11-30T00:00:00"),
    ],
)
def test_a_day_is_read_however_it_is_typed(opens: str, closes: str) -> None:
    sheets = written(load_year(2561))
    sheets["windows"] = [{"stage": "iit", "kind": "main", "opens_at": opens, "closes_at": closes}]
    (window,) = content_of_sheets(numbered(sheets)).windows
    assert (window.opens_at.isoformat(), window.closes_at.isoformat()) == (
        "2018-11-01T00:00:00+07:00",
        "2018-12-01T00:00:00+07:00",
    )


def test_sheets_without_settings_or_an_instrument_are_told(in_app: None) -> None:
    for sheet, wanted in (("settings", "fiscal_year"), ("instruments", "instrument")):
        sheets: Any = written(replace(load_year(2561)))
        sheets[sheet] = []
        with pytest.raises(Faulty) as faulty:
            content_of_sheets(numbered(sheets))
        assert {(fault.sheet, fault.column) for fault in faulty.value.faults} == {(sheet, wanted)}
