"""Letters: what stands on the paper, and that it reads as it was written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import weasyprint

from reports.calendar_wording import Period, written_period
from reports.letter_data import GENUINE_SARABUN, AgencyStatus, Office, ProvinceSummary, StepState, Typeface
from reports.letters import _TEMPLATES, render_circular, render_nacc_letter, render_province_summary
from reports.press import ForbiddenResource, Press, the_press
from tests.reports.sample import NAMES, OFFICE, circular, nacc_letter, province, reader, text_of


def test_every_name_is_extracted_as_it_was_written(tmp_path: Path) -> None:
    text = text_of(render_circular(circular()), tmp_path)
    assert [name for name in NAMES if name not in text] == []
    assert "ผู้ว่าราชการจังหวัดลำปาง" in text
    assert "<" not in text


def test_a_circular_has_its_parts_and_its_text_in_order(tmp_path: Path) -> None:
    text = text_of(render_circular(circular()), tmp_path)
    parts = (
        "ด่วนที่สุด",
        "ที่ มท ๐๘๑๗.๒/ว ๑๒๓๔",
        "๙ พฤศจิกายน ๒๕๖๑",
        "เรื่อง",
        "เรียน",
        "อ้างถึง",
        "สิ่งที่ส่งมาด้วย",
        "ในการนี้",
        "จึงเรียนมาเพื่อ",
        "ขอแสดงความนับถือ",
        "(นายสมมติ ตัวอย่าง)",
        "โทร.",
        "สิ่งที่ส่งมาด้วย ๑",
        "สิ่งที่ส่งมาด้วย ๒",
    )
    assert [part for part in parts if part not in text] == []
    body = [text.find(part) for part in ("นั้น", "ในการนี้", "จึงเรียนมาเพื่อ", "ขอแสดงความนับถือ", "(นายสมมติ", "โทร.")]
    assert body == sorted(body)


def test_the_number_has_the_offices_part_before_the_running_one() -> None:
    office = replace(OFFICE, number_prefix="มท 0817.2")
    assert office.number_of("ว 1234") == "มท 0817.2/ว 1234"
    assert office.number_of("มท 0817.2/ว 1234") == "มท 0817.2/ว 1234", "entered as a whole"
    assert replace(OFFICE, number_prefix="มท 0817.2/").number_of("ว 5") == "มท 0817.2/ว 5"
    assert OFFICE.number_of("ว 5") == "ว 5"


def test_a_letter_has_thai_digits_only(tmp_path: Path) -> None:
    for pdf in (render_circular(circular()), render_nacc_letter(nacc_letter())):
        assert re.findall("[0-9]", text_of(pdf, tmp_path)) == []


def test_pages_are_a4_tagged_and_in_thai() -> None:
    pdf = reader(render_circular(circular()))
    width, height = pdf.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "th"


def test_the_second_page_is_numbered_and_announced(tmp_path: Path) -> None:
    pdf = reader(render_circular(circular()))
    first, second = (page.extract_text() for page in pdf.pages[:2])
    assert "๒" in second[:8] and "‑" not in first
    text = text_of(render_circular(circular()), tmp_path)
    page1, page2 = text.split("\f")[:2]
    announced = re.search(r"/(.+?)\.\.\.", page1)
    assert announced is not None
    assert announced[1].replace(" ", "") in page2.replace(" ", "").replace("\n", "")


def test_what_is_announced_does_not_depend_on_the_letter_before() -> None:
    alone = render_circular(circular())
    render_nacc_letter(nacc_letter())
    assert render_circular(circular()) == alone


def test_the_same_data_gives_the_same_bytes_in_another_press(monkeypatch: pytest.MonkeyPatch) -> None:
    first = render_circular(circular())
    other = Press()
    monkeypatch.setattr("reports.letters.the_press", lambda: other)
    assert render_circular(circular()) == first


def test_a_province_that_is_complete_is_told_so(tmp_path: Path) -> None:
    complete = text_of(render_circular(circular()), tmp_path)
    partly = text_of(render_circular(circular(province(done=2))), tmp_path)
    assert "ไม่ครบ" not in complete.split("สิ่งที่ส่งมาด้วย ๒\n")[-1]
    assert partly.count("รอดำเนินการ") >= 24


def test_a_step_without_a_day_reads_as_done(tmp_path: Path) -> None:
    status = province()
    agency = replace(status.districts[0].agencies[0], steps=(StepState(True),) * 4)
    district = replace(status.districts[0], agencies=(agency,))
    text = text_of(render_circular(circular(replace(status, districts=(district,)))), tmp_path)
    assert "แล้ว แล้ว แล้ว แล้ว ครบ" in " ".join(text.split())


def test_the_letter_to_dla_lists_every_province_and_the_sum(tmp_path: Path) -> None:
    text = text_of(render_nacc_letter(nacc_letter()), tmp_path)
    for line in ("กำแพงเพชร ๑๐๐ ๙๐ ๘๐ ๗๐ ๖๐ ๖๐ ๖๐.๐๐", "รวม ๓๐๐ ๒๗๐ ๒๔๐ ๒๑๐ ๑๘๐ ๑๘๐ ๖๐.๐๐"):
        assert line in text


def test_the_summary_of_a_province_names_who_made_it(tmp_path: Path) -> None:
    summary = ProvinceSummary(OFFICE, province(), date(2018, 11, 9), prepared_by="นางสาวน้ำใจ ฉ่ำชื่น")
    text = text_of(render_province_summary(summary), tmp_path)
    assert "(นางสาวน้ำใจ ฉ่ำชื่น)" in text and "ผู้ตรวจสอบ" in text


def test_text_is_never_markup() -> None:
    hostile = replace(OFFICE, owner_division='<img src="http://example.org/x"><script>', name="<b>กรม</b>")
    data = circular()
    assert render_circular(replace(data, letter=replace(data.letter, office=hostile, subject="<i>&เรื่อง")))


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA", "asset:../letter.css"],
)
def test_nothing_but_assets_is_fetched(url: str) -> None:
    with pytest.raises(ForbiddenResource):
        the_press().lay_out(f'<html lang="th"><body><img src="{url}">', Typeface())


def test_an_emblem_must_be_a_png() -> None:
    with pytest.raises(ValueError, match="PNG"):
        the_press().image(b"<svg/>")


def test_the_font_of_an_office_must_be_a_name() -> None:
    with pytest.raises(ValueError, match="font"):
        Typeface(family='x"; } @import url(http://example.org)')
    assert render_circular(
        replace(
            circular(), letter=replace(circular().letter, office=Office("สำนักงาน", typeface=GENUINE_SARABUN))
        )
    )


@pytest.mark.parametrize(("size", "line"), [(5.9, 18), (24.1, 18), (16, 7.9), (16, 48.1)])
def test_a_letter_is_neither_tiny_nor_huge(size: float, line: float) -> None:
    with pytest.raises(ValueError, match="between 6 and 24"):
        Typeface(size_pt=size, line_pt=line)


def test_an_agency_has_the_four_steps() -> None:
    with pytest.raises(ValueError, match="four steps"):
        AgencyStatus("อบต.น้ำ", (StepState(True),) * 3)


def test_only_the_letter_font_is_embedded() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader(render_circular(circular())).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all(font.startswith("ITA-Letter") for font in fonts)


def test_weasyprint_still_has_what_the_press_leans_on() -> None:
    assert weasyprint.VERSION.startswith("70.")
    assert {"_ua_stylesheets", "_ua_counter_style"} <= set(vars(weasyprint.HTML))


def test_the_last_page_of_a_letter_has_text_before_the_closing() -> None:
    pages = the_press().lay_out(
        _TEMPLATES.get_template("letter.html").render(
            letter=circular().letter, emblem="asset:emblem-placeholder.png"
        ),
        Typeface(),
    )
    assert len(pages.pages) == 2


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2018, 10, 16), date(2018, 10, 31), "วันที่ 16 - 31 ตุลาคม 2561"),
        (date(2018, 11, 16), date(2018, 12, 15), "วันที่ 16 พฤศจิกายน - 15 ธันวาคม 2561"),
        (date(2018, 12, 16), date(2019, 1, 5), "วันที่ 16 ธันวาคม 2561 - 5 มกราคม 2562"),
        (date(2018, 12, 16), date(2018, 12, 16), "วันที่ 16 ธันวาคม 2561"),
    ],
)
def test_days_are_written_as_letters_write_them(first: date, last: date, words: str) -> None:
    assert written_period(Period(first, last)) == words
