"""To a plain reader too, the text of a PDF is the text that was written, in the order it was written in."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from weasyprint.document import Document

from reports.letter_data import Typeface
from reports.letters import _letter_pages, _text
from reports.press import the_press
from tests.reports.plain import in_order, read, written
from tests.reports.sample import NAMES, circular, nacc_letter

CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]
SIGNS = ["ิ่", "ึ้", "ื๋", "ั๊", "ี", "ุ", "ู่", "ุ์", "ิ์", "็", "์", "้ำ", "ำ", "่"]
MODES = ((), ("-raw",), ("-layout",))


def lines_of(texts: list[str], folder: Path, *mode: str) -> list[str]:
    """What is read of a column of texts, line by line, without the numbers of pages."""
    html = '<html lang="th"><body>' + "".join(f"<p>{text}</p>" for text in texts)
    press = the_press()
    found = read(press.bind([press.lay_out(html, Typeface())]), folder, *mode)
    return [line.strip() for line in found.replace("\f", "").splitlines() if line.strip() and line[0] != "‑"]


@pytest.mark.parametrize("mode", MODES)
def test_every_consonant_is_read_with_every_sign(mode: tuple[str, ...], tmp_path: Path) -> None:
    rows = ["".join(f"{consonant}{sign}" for consonant in CONSONANTS) for sign in SIGNS]
    assert "".join(lines_of(rows, tmp_path, *mode)) == "".join(rows)


@pytest.mark.parametrize("mode", MODES)
def test_hard_names_are_read_as_they_were_written(mode: tuple[str, ...], tmp_path: Path) -> None:
    names = [*NAMES, "กรุงชิง", "ทุ่งอรุณ", "ปรุใหญ่", "มะกรูด", "พันธุ์", "บริสุทธิ์"]
    assert lines_of(names, tmp_path, *mode) == names


def plainly(document: Document, folder: Path) -> str:
    return in_order(read(the_press().bind([document]), folder))


@pytest.mark.parametrize("paper", [circular(), nacc_letter()], ids=["circular", "letter to DLA"])
def test_a_letter_is_read_in_the_order_of_its_parts(paper: object, tmp_path: Path) -> None:
    letter = paper.letter  # type: ignore[attr-defined]
    pages = _letter_pages(the_press(), letter)
    html = _text("letter.html", letter=letter, emblem="asset:emblem-placeholder.png")
    assert plainly(pages[0], tmp_path) == written(html)


def test_a_page_number_is_a_line_of_its_own(tmp_path: Path) -> None:
    """Readers glue a line that ends in a hyphen to the next one."""
    pages = _letter_pages(the_press(), circular().letter)
    second = read(the_press().bind(pages), tmp_path).split("\f")[1]
    assert second.splitlines()[0].replace(" ", "") == "‑๒‑"


@pytest.mark.reference
@pytest.mark.proof
@pytest.mark.parametrize("mode", MODES)
def test_all_names_of_the_registry_are_read_as_written(mode: tuple[str, ...], tmp_path: Path) -> None:
    folder = os.environ.get("REFERENCE_DIR")
    if not folder:
        pytest.skip("needs the real lists: set REFERENCE_DIR to their folder (see README)")
    with open(Path(folder, "agencies-2560.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7852
    columns = ("full_name_th", "name_th", "district_th", "province_th")
    names = list(dict.fromkeys(row[column] for row in rows for column in columns))
    assert lines_of(names, tmp_path, *mode) == names
