"""The files of a year are read as they say, and refused where they contradict one another."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from portal.content.year import BrokenContent, ContentSampleRow, YearContent, load_year

#: the smallest content of a year: one survey of two questions, a checklist of one item
FILES = {
    "scales": """
        [[scale]]
        code = "FOUR"
        labels = ["น้อยที่สุด", "น้อย", "มาก", "มากที่สุด"]
        points = [0, 33, 66.67, 100]
        [[scale]]
        code = "TURNED"
        labels = ["มี", "ไม่มี"]
        points = [0, 100]
    """,
    "instruments": """
        [[instrument]]
        code = "eit"
        name = "แบบ EIT"
        weight = 60
        [[instrument.indicator]]
        code = "6"
        name = "คุณภาพการดำเนินงาน"
        [[instrument]]
        code = "oit"
        name = "แบบ OIT"
        weight = 40
        [[instrument.indicator]]
        code = "9"
        name = "การเปิดเผยข้อมูล"
        [[instrument.indicator.subs]]
        code = "9.1"
        name = "ข้อมูลพื้นฐาน"
    """,
    "eit": """
        [[question]]
        code = "E1"
        indicator = "6"
        scale = "FOUR"
        text = "เรื่องใดบ้าง"
        note = "ในปีนี้"
        [[question.lines]]
        text = "เรื่องแรก"
        [[question.lines]]
        text = "กลับด้าน"
        scale = "TURNED"
        [[question]]
        code = "E2"
        indicator = "6"
        scale = "TURNED"
        text = "มีหรือไม่"
    """,
    "oit": """
        [[item]]
        code = "O1"
        indicator = "9.1"
        title = "โครงสร้าง"
        criterion = "แสดงแผนผัง"
    """,
    "rules": """
        fiscal_year = 2599
        first_digits = "123"
        detail_threshold = 10
        total_threshold = 3
        eit_combine = "halves"
        roster_groups = ["ผู้เสียภาษี"]
        [[sample]]
        instruments = ["iit", "eit"]
        bands = [{ upto = 30, percent = 12.5 }, { fixed = 30 }]
        [[sample]]
        instruments = ["eit"]
        agency_kind = "sao"
        agency_size = "L"
        bands = [{ fixed = 50 }]
        [[band]]
        grade = "A"
        lower = 62.5
        passes = true
        [[band]]
        grade = "F"
        lower = 0
    """,
}


def read(folder: Path, **changed: tuple[str, str]) -> YearContent:
    """The content, where in some files one text is another."""
    place = folder / "2599"
    place.mkdir()
    for name, content in FILES.items():
        old, new = changed.get(name, ("", ""))
        assert old in content
        (place / f"{name}.toml").write_text(content.replace(old, new, 1) if old else content, "utf-8")
    return load_year(2599, folder=folder)


def test_lines_are_counted_through_and_a_turned_one_is_told(tmp_path: Path) -> None:
    eit = read(tmp_path).instrument("eit")
    assert [question.note for question in eit.questions] == ["ในปีนี้", ""]
    lines = [
        (line.position, line.slot, line.text, line.scale, line.own_scale)
        for question in eit.questions
        for line in question.lines
    ]
    assert lines == [
        (1, 0, "เรื่องแรก", "FOUR", False),
        (2, 1, "กลับด้าน", "TURNED", True),
        (1, 2, "", "TURNED", False),
    ]
    assert eit.slots == 3


def test_numbers_are_read_as_they_are_written(tmp_path: Path) -> None:
    year = read(tmp_path)
    assert year.scales[0].points == tuple(map(Decimal, ("0", "33", "66.67", "100")))
    assert [(band.grade, band.lower, band.passes) for band in year.bands] == [
        ("A", Decimal("62.5"), True),
        ("F", Decimal(0), False),
    ]
    assert (year.first_digits, year.eit_combine, year.roster_groups) == ("123", "halves", ("ผู้เสียภาษี",))


def test_a_rule_for_two_surveys_is_a_row_for_each(tmp_path: Path) -> None:
    rows = read(tmp_path).sample_rows
    share = Decimal("12.5")
    assert rows == (
        ContentSampleRow("iit", 1, None, None, 30, None, share),
        ContentSampleRow("iit", 2, None, None, None, 30, None),
        ContentSampleRow("eit", 3, None, None, 30, None, share),
        ContentSampleRow("eit", 4, None, None, None, 30, None),
        ContentSampleRow("eit", 5, "sao", "L", None, 50, None),
    )


def test_a_part_names_its_indicator_and_an_item_its_part(tmp_path: Path) -> None:
    year = read(tmp_path)
    oit = year.instrument("oit")
    assert [(one.code, one.parent) for one in oit.indicators] == [("9", None), ("9.1", "9")]
    assert [(item.code, item.indicator) for item in oit.items] == [("O1", "9.1")]
    with pytest.raises(KeyError):
        year.instrument("iit")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("scales", "[0, 33, 66.67, 100]", "[0, 33, 100]", "scale FOUR has not one value per label"),
        ("eit", 'indicator = "6"', 'indicator = "66"', "E1 names the unknown indicator 66"),
        ("oit", 'indicator = "9.1"', 'indicator = "9.7"', "O1 names the unknown indicator 9.7"),
        ("eit", 'scale = "FOUR"', 'scale = "FIVE"', "E1 names the unknown scale FIVE"),
        ("eit", 'scale = "TURNED"', 'scale = "BENT"', "E1 names the unknown scale BENT"),
    ],
)
def test_files_that_contradict_one_another_are_refused(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    with pytest.raises(BrokenContent, match=told):
        read(tmp_path, **{file: (old, new)})


def test_a_year_without_content_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_year(2499)
    with pytest.raises(FileNotFoundError):
        load_year(2599, folder=tmp_path)
