"""To a plain reader too, the text of a PDF is the text that was written, in the order it was written in."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count, cycle
from pathlib import Path

import pytest
from weasyprint.document import Document

from reports.letter_data import AgencyStatus, CountryRow, DistrictStatus, ProvinceStatus, StepState, Typeface
from reports.letters import _letter_pages, _text
from reports.press import the_press
from reports.result_data import DistrictResults, ResultSums
from reports.unbroken import _PLACES
from tests.reports.plain import in_order, read, written
from tests.reports.sample import (
    NAMES,
    circular,
    country_results,
    nacc_letter,
    province,
    province_results,
)

CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]
SIGNS = ["ิ่", "ึ้", "ื๋", "ั๊", "ี", "ุ", "ู่", "ุ์", "ิ์", "็", "์", "้ำ", "ำ", "่"]
DAY = date(2018, 10, 16)
MODES = ((), ("-raw",), ("-layout",))


def column_of(texts: list[str]) -> bytes:
    """A column of texts on paper."""
    html = '<html lang="th"><body>' + "".join(f"<p>{text}</p>" for text in texts)
    press = the_press()
    return press.bind([press.lay_out(html, Typeface())])


def lines_of(column: bytes, folder: Path, *mode: str) -> list[str]:
    """What is read of a column of texts, line by line, without the numbers of pages."""
    found = read(column, folder, *mode)
    lines = (line.strip() for line in found.replace("\f", "").splitlines())
    return [line for line in lines if line and line[0] != "‑"]


@pytest.mark.parametrize("mode", MODES)
def test_every_consonant_is_read_with_every_sign(mode: tuple[str, ...], tmp_path: Path) -> None:
    rows = ["".join(f"{consonant}{sign}" for consonant in CONSONANTS) for sign in SIGNS]
    assert "".join(lines_of(column_of(rows), tmp_path, *mode)) == "".join(rows)


@pytest.mark.parametrize("mode", MODES)
def test_hard_names_are_read_as_they_were_written(mode: tuple[str, ...], tmp_path: Path) -> None:
    names = [*NAMES, "กรุงชิง", "ทุ่งอรุณ", "ปรุใหญ่", "มะกรูด", "พันธุ์", "บริสุทธิ์"]
    assert lines_of(column_of(names), tmp_path, *mode) == names


def plainly(document: Document, folder: Path) -> str:
    return in_order(read(the_press().bind([document]), folder))


@pytest.mark.parametrize("paper", [circular(), nacc_letter()], ids=["circular", "letter to DLA"])
def test_a_letter_is_read_in_the_order_of_its_parts(paper: object, tmp_path: Path) -> None:
    letter = paper.letter  # type: ignore[attr-defined]
    pages = _letter_pages(the_press(), letter)
    html = _text("letter.html", letter=letter, emblem="asset:emblem-placeholder.png")
    assert plainly(pages[0], tmp_path) == written(html)


#: what a page adds to a table that goes on
_HEADS = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_GOES_ON = re.compile(r"(?:อำเภอ[ก-๎]+|องค์การบริหารส่วนจังหวัด)\(ต่อ\)จำนวน.*?ขั้นที่๔:[๐-๙]+แห่ง")


def of_tables(text: str, html: str) -> str:
    """The text without the heads of tables and without the rows that say what goes on."""
    for head in {written(f"<body><table>{head}</table>") for head in _HEADS.findall(html)}:
        text = text.replace(head, "")
    return _GOES_ON.sub("", text)


def of_districts(*sizes: int) -> ProvinceStatus:
    """A province of districts with so many agencies each, the first of them the whole province."""
    steps = [
        tuple(StepState(step < done, DAY if step < done else None) for step in range(4)) for done in range(5)
    ]
    numbers = count()
    names = cycle([name for name in NAMES if name[3] == "."])
    return replace(
        province(),
        districts=tuple(
            DistrictStatus(
                f"น้ำปาด{'ก' * place}" if place else "",
                tuple(
                    AgencyStatus(
                        f"อบต.{next(names)[-8:].strip('.')}", steps[next(numbers) % 5], "0 2555 0100"
                    )
                    for _ in range(size)
                ),
            )
            for place, size in enumerate(sizes)
        ),
    )


@pytest.mark.parametrize("sizes", [(1, 1, 1, 2, 3), (1, 5, 9), (1, 40, 1, 30), (1, 1)])
def test_a_status_is_read_row_by_row(sizes: tuple[int, ...], tmp_path: Path) -> None:
    status = of_districts(*sizes)
    html = _text("province_status.html", status=status, index=2)
    found = plainly(the_press().lay_out(html, Typeface()), tmp_path)
    assert of_tables(found, html) == of_tables(written(html), html)


def test_a_status_of_hundreds_of_whom_none_began_is_read_row_by_row(tmp_path: Path) -> None:
    """The one number of three digits among zeros was taken for a column of its own."""
    begun = of_districts(1, 5, 111)
    districts = tuple(
        replace(
            district,
            agencies=tuple(replace(agency, steps=(StepState(False),) * 4) for agency in district.agencies),
        )
        for district in begun.districts
    )
    html = _text("province_status.html", status=replace(begun, districts=districts), index=2)
    found = plainly(the_press().lay_out(html, Typeface()), tmp_path)
    assert of_tables(found, html) == of_tables(written(html), html)


def test_the_status_of_the_country_is_read_row_by_row(tmp_path: Path) -> None:
    rows = tuple(CountryRow(name, 100, (90, 80, 70, 60), 60) for name in _PLACES)
    html = _text("country_status.html", status=replace(nacc_letter().status, rows=rows), index=2)
    found = plainly(the_press().lay_out(html, Typeface()), tmp_path)
    assert of_tables(found, html) == of_tables(written(html), html)


#: the row of a district, as the page after says that it goes on
_RESULTS_GO_ON = re.compile(r"(?:อำเภอ[ก-๎]+|องค์การบริหารส่วนจังหวัด)\(ต่อ\).*?เฉลี่ย.*?\)")


@pytest.mark.parametrize("sizes", [(1, 1, 2, 3), (1, 40, 1, 30)])
def test_results_are_read_row_by_row(sizes: tuple[int, ...], tmp_path: Path) -> None:
    results = province_results()
    scores = cycle(results.districts[0].agencies)
    districts = tuple(
        DistrictResults(f"น้ำปาด{'ก' * place}" if place else "", tuple(next(scores) for _ in range(size)))
        for place, size in enumerate(sizes)
    )
    html = _text("province_results.html", results=replace(results, districts=districts), index="")
    found = _RESULTS_GO_ON.sub("", plainly(the_press().lay_out(html, Typeface()), tmp_path))
    assert of_tables(found, html) == of_tables(written(html), html)


def test_results_of_the_country_are_read_row_by_row(tmp_path: Path) -> None:
    results = country_results()
    one = ResultSums("", 103, 101, 64, Decimal(7900), (12, 52, 20, 10, 4, 2, 1))
    rows = tuple(replace(one, place=name) for name in _PLACES)
    html = _text("country_results.html", results=replace(results, rows=rows), index="")
    found = plainly(the_press().lay_out(html, Typeface()), tmp_path)
    assert of_tables(found, html) == of_tables(written(html), html)


def test_the_procedure_is_read_in_its_order(tmp_path: Path) -> None:
    html = _text("procedure.html", procedure=circular().procedure, index=1)
    assert plainly(the_press().lay_out(html, Typeface()), tmp_path) == written(html)


def test_a_page_number_is_a_line_of_its_own(tmp_path: Path) -> None:
    """Readers glue a line that ends in a hyphen to the next one."""
    pages = _letter_pages(the_press(), circular().letter)
    second = read(the_press().bind(pages), tmp_path).split("\f")[1]
    assert second.splitlines()[0].replace(" ", "") == "‑๒‑"


@pytest.mark.reference
@pytest.mark.proof
def test_all_names_of_the_registry_are_read_as_written(tmp_path: Path) -> None:
    """In every mode of the reader, of one paper: to lay it out takes nearly all of the time."""
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    with open(Path(folder, "agencies-2560.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7852
    columns = ("full_name_th", "name_th", "district_th", "province_th")
    names = list(dict.fromkeys(row[column] for row in rows for column in columns))
    column = column_of(names)
    for mode in MODES:
        assert lines_of(column, tmp_path, *mode) == names, mode
