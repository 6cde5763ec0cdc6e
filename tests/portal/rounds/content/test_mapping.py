"""Tables of others: which column is what is guessed and may be said; the real tables of years are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from config import from_environment
from models.instrument import InstrumentKind
from portal.content.year import YearContent, load_year
from portal.core.imports.errors import NoHeader, UnreadableFile
from portal.core.imports.foreign import ForeignTable, read_foreign
from portal.core.web import Portal
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.foreign_rows import group_of
from portal.rounds.content.given import numbered
from portal.rounds.content.mapping import TARGETS, Choice, mapped, missing_parts
from portal.rounds.content.sheets import kept
from portal.rounds.content.suggesting import columns_of

REFERENCE = from_environment().reference_dir
real = pytest.mark.skipif(
    REFERENCE is None, reason="needs the real lists: set REFERENCE_DIR to their folder (see README)"
)


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


def table(*rows: dict[str, str]) -> ForeignTable:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return read_foreign(stream.getvalue().encode())


def taken_over(year: YearContent, found: ForeignTable, choice: Choice) -> YearContent:
    """The content with what a table says in its place."""
    return content_of_sheets({**numbered(kept(year)), **mapped(found, choice, year)})


def guess(found: ForeignTable, target: str, **more: object) -> Choice:
    """The choice that the page offers."""
    return Choice(target, columns_of(found, TARGETS[target]), **more)  # type: ignore[arg-type]


# -- made-up tables --------------------------------------------------------------------------------------


def test_rows_of_one_year_are_taken_from_a_table_of_several(year: YearContent) -> None:
    found = table(
        {"ปี": "2561", "code": "O1", "indicator_no": "9", "sub_indicator_no": "9.1", "title_th": "ก"},
        {"ปี": "2568", "code": "O1", "indicator_no": "9", "sub_indicator_no": "9.2", "title_th": "ข"},
        {"ปี": "2568", "code": "O2", "indicator_no": "9", "sub_indicator_no": "9.1", "title_th": "ค"},
    )
    assert found.values("ปี") == ("2561", "2568")
    after = taken_over(year, found, guess(found, "items", where=("ปี", "2568")))
    items = after.instrument("oit").items
    assert [(item.code, item.indicator, item.title) for item in items] == [
        ("O1", "9.2", "ข"),
        ("O2", "9.1", "ค"),
    ]
    assert after.instrument("iit") == year.instrument("iit")


def test_a_scale_that_is_spelled_out_is_found_or_made(year: YearContent) -> None:
    spelled = {"instrument": "EIT", "indicator": "6", "text": "ก", "option_labels_th": "มี|ไม่มี"}
    found = table(
        {**spelled, "code": "E1", "scale": "YESNO", "option_points": "100|0"},
        {**spelled, "code": "E2", "scale": "YESNO", "option_points": "50|0"},
        {**spelled, "code": "E2", "scale": "YESNO", "option_points": "100|0"},
    )
    found = replace(
        found, rows=tuple((number, {**cells, "sub_item_th": f"ข้อ {number}"}) for number, cells in found.rows),
        headings=(*found.headings, "sub_item_th"),
    )  # fmt: skip
    after = taken_over(year, found, guess(found, "questions"))
    first, second = after.instrument("eit").questions
    assert (first.scale, second.scale) == ("YESNO", "YESNO_2")
    assert [(line.scale, line.own_scale) for line in second.lines] == [("YESNO_2", False), ("YESNO", True)]
    assert after.scales[-1].points == (Decimal(50), Decimal(0))
    assert after.instrument("iit").questions == year.instrument("iit").questions


def test_what_no_column_says_may_be_said_for_all_rows(year: YearContent) -> None:
    found = table({"code": "E1", "indicator": "6", "text": "ก", "scale": "YESNO"})
    choice = guess(found, "questions")
    assert [part.name for part in missing_parts(choice)] == ["instrument"]
    said = replace(choice, given={"instrument": "eit"})
    assert missing_parts(said) == []
    assert [one.code for one in taken_over(year, found, said).instrument("eit").questions] == ["E1"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("เทศบาลตำบล ในจังหวัด size M", {"agency_kind": "subdistrict", "province_size": "M"}),
        ("องค์การบริหารส่วนตำบล", {"agency_kind": "sao"}),
        ("ทุกประเภท", {}),
        ("เทศบาลนคร L", {"agency_kind": "city"}),
    ],
)
def test_a_group_in_words_is_understood(words: str, wanted: dict[str, str]) -> None:
    assert group_of(words) == wanted


def test_columns_without_a_name_are_called_by_their_letter() -> None:
    found = read_foreign("รหัส,,ชื่อ,ชื่อ\n1,ก,ข,ค,ง\n".encode())
    assert found.headings == ("รหัส", "(B)", "ชื่อ", "ชื่อ (D)", "(E)")
    assert found.rows[0][1]["(E)"] == "ง"


def test_what_is_no_table_is_refused() -> None:
    for content, kind in ((b"", UnreadableFile), (b"a,b\n", NoHeader), (b"PK no", UnreadableFile)):
        with pytest.raises(kind):
            read_foreign(content)


# -- the real tables -------------------------------------------------------------------------------------


def reference(name: str) -> ForeignTable:
    assert REFERENCE is not None
    return read_foreign((Path(REFERENCE) / name).read_bytes())


@real
@pytest.mark.parametrize(
    ("begins", "number"), [("2561", 48), ("2563", 43), ("2566", 43), ("2567", 35), ("2568", 28)]
)
def test_the_checklist_of_each_year_is_read_as_it_is(year: YearContent, begins: str, number: int) -> None:
    found = reference("oit-items.csv")
    choice = guess(found, "items", where=("fiscal_year_from", begins))
    assert missing_parts(choice) == []
    items = taken_over(year, found, choice).instrument("oit").items
    assert [item.code for item in items] == [f"O{place}" for place in range(1, number + 1)]
    assert all(item.title for item in items)


@real
def test_questions_indicators_grades_and_groups_are_read_as_they_are(year: YearContent) -> None:
    after = year
    for name, target, given in (
        ("indicators.csv", "indicators", {}),
        ("iit-questions.csv", "questions", {"instrument": "iit"}),
        ("eit-questions.csv", "questions", {"instrument": "eit"}),
        ("grade-bands.csv", "bands", {}),
        ("roster-groups.csv", "groups", {}),
    ):
        found = reference(name)
        choice = guess(found, target, given=given)
        assert missing_parts(choice) == [], name
        after = taken_over(after, found, choice)
    assert len(after.scales) == len(year.scales), "the four scales are those that are shipped"
    for kind in (InstrumentKind.IIT, InstrumentKind.EIT):
        mine, theirs = year.instrument(kind.value), after.instrument(kind.value)
        assert [[(line.slot, line.scale) for line in question.lines] for question in mine.questions] == [
            [(line.slot, line.scale) for line in question.lines] for question in theirs.questions
        ]
        assert [one.code for one in mine.indicators] == [one.code for one in theirs.indicators]
    assert [one.weight for one in after.instruments] == [30, 30, 40]
    assert after.bands == year.bands, "that A passes stays, as no column says it"
    assert len(after.roster_groups) == 6


@real
def test_minimum_samples_of_2567_are_by_kind_and_the_size_of_the_province(year: YearContent) -> None:
    found = reference("minimum-sample-2567.csv")
    choice = guess(found, "samples", given={"instrument": "eit"})
    rows = taken_over(year, found, choice).sample_rows
    assert [row for row in rows if row.instrument == "iit"] == [
        row for row in year.sample_rows if row.instrument == "iit"
    ], "of the other survey nothing is said"
    fixed = [row for row in rows if row.instrument == "eit"]
    assert [(row.agency_kind, row.province_size, row.fixed) for row in fixed] == [
        ("subdistrict", "M", 70),
        ("subdistrict", "S", 60),
        ("sao", "L", 50),
        ("sao", "M", 40),
        ("sao", "S", 30),
    ]
