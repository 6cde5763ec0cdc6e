"""Lists on paper: their words, sums and charts are read off the page; what goes on is named again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from reports.table_data import Bar, Group, PaperColumn, TablePaper
from reports.tables import LIST_FILE, render_table
from tests.reports.archive_rules import archive_faults
from tests.reports.plain import read
from tests.reports.tag_rules import tag_faults

HOSTILE = '<b>หนา</b> {{ 7*7 }} "&copy; https://example.org/ก \u202eพลิก 😀'


def paper(agencies: int = 3, *, more: int = 0) -> TablePaper:
    """Two districts, the second with so many agencies, in as many columns more as are named."""
    others = (PaperColumn(f"ช่อง {number}", 1) for number in range(more))
    columns = (PaperColumn("หน่วยงาน", 6), PaperColumn("คำตอบ", 2, numbers=True), *others)

    def line(*cells: str) -> tuple[str, ...]:
        return (*cells, *[""] * more)

    return TablePaper(
        title="สถานะของจังหวัดลำปาง",
        about=("รอบปีงบประมาณ พ.ศ. 2561",),
        columns=columns,
        groups=(
            Group("อำเภอเกาะคา", (line("เทศบาลตำบลเกาะคา", "1,234"),)),
            Group(
                "อำเภอเมืองลำปาง",
                tuple(line(f"อบต.น้ำปลีก {number}", str(number)) for number in range(agencies)),
                sums=line("รวม", "77"),
            ),
        ),
        office="สำนักงานทดลอง",
        printed=date(2018, 11, 9),
        data="\ufeffหน่วยงาน\r\nเกาะคา\r\n".encode(),
        sums=line("รวมทั้งหมด", "1,311"),
        bars=(Bar("ยืนยันแล้ว", 3, 4), Bar("ยังไม่มีใคร", 0, 0)),
    )


def pages_of(made: TablePaper, folder: Path) -> list[str]:
    """The words of each page, line by line, a space between two."""
    return [" ".join(page.split()) for page in read(render_table(made), folder, "-layout").split("\f")[:-1]]


def test_a_list_is_read_off_the_paper_as_it_was_written(tmp_path: Path) -> None:
    (page,) = pages_of(paper(), tmp_path)
    for words in (
        "สถานะของจังหวัดลำปาง รอบปีงบประมาณ พ.ศ. ๒๕๖๑",
        "ยืนยันแล้ว ๓ จาก ๔ (ร้อยละ ๗๕.๐๐)",
        "ยังไม่มีใคร ๐ จาก ๐ (ร้อยละ ๐.๐๐)",
        "อำเภอเกาะคา จำนวน ๑",
        "เทศบาลตำบลเกาะคา ๑,๒๓๔",
        "รวม ๗๗",
        "รวมทั้งหมด ๑,๓๑๑",
        "หน้า ๑ จาก ๑",
    ):
        assert words in page, (words, page)


def test_a_group_that_goes_on_is_named_on_every_page(tmp_path: Path) -> None:
    first, second, *_others, last = pages_of(paper(120), tmp_path)
    assert "หน่วยงาน คำตอบ" in first and "(ต่อ)" not in first
    assert "หน่วยงาน คำตอบ อำเภอเมืองลำปาง (ต่อ)" in second
    assert last.index("รวม ๗๗") < last.index("รวมทั้งหมด ๑,๓๑๑")


@pytest.mark.parametrize(("more", "is_wide"), [(0, False), (4, False), (5, True), (9, True)])
def test_many_columns_lie_across(more: int, is_wide: bool) -> None:
    with pikepdf.open(BytesIO(render_table(paper(more=more)))) as pdf:
        _left, _bottom, width, height = map(float, pdf.pages[0].mediabox)
    assert (width > height) is is_wide


def test_a_list_is_a_file_that_is_kept() -> None:
    """As letters are: PDF/A with its data inside, tagged; the same data gives the same bytes."""
    made = render_table(paper(90, more=6))
    assert made == render_table(paper(90, more=6)) != render_table(paper(89, more=6))
    assert archive_faults(made) == [] and tag_faults(made) == []
    with pikepdf.open(BytesIO(made)) as pdf:
        assert pdf.attachments[LIST_FILE].get_file().read_bytes() == paper().data


def test_words_of_others_are_words(tmp_path: Path) -> None:
    hostile = replace(paper(), title=HOSTILE, groups=(Group(HOSTILE, ((HOSTILE, HOSTILE * 20),)),))
    text = read(render_table(hostile), tmp_path)
    assert text.count("<b>") >= 3 and "{{ ๗*๗ }}" in text and "๔๙" not in text


def test_a_list_of_nothing_is_a_page(tmp_path: Path) -> None:
    (page,) = pages_of(replace(paper(), groups=(), sums=None, bars=()), tmp_path)
    assert "หน่วยงาน คำตอบ" in page
