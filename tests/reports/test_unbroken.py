"""Where no line of a letter may end: the rules, and the lines that come of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from weasyprint.text import line_break
from weasyprint.text.line_break import get_log_attrs

from reports.continuation import _lines
from reports.letter_data import Typeface
from reports.line_ends import _SHORT, _Layout, parts_of
from reports.press import the_press
from reports.unbroken import LONGEST, unbroken


def shown(text: str) -> str:
    """The text with its unbroken parts in square brackets."""
    out, place = "", 0
    for start, end in unbroken(text):
        out += f"{text[place:start]}[{text[start:end]}]"
        place = end
    return out + text[place:]


@pytest.mark.parametrize(
    "text",
    [
        "เมื่อ[วันที่ 16 - 31 ตุลาคม 2561] แล้ว",
        "[วันที่ ๑๖ ธันวาคม ๒๕๖๑ - ๕ มกราคม ๒๕๖๒] นั้น",
        "[ลงวันที่ ๑ พ.ย. ๒๕๖๑] แล้ว",
        "ของ[ปีงบประมาณ] และ[ประจำปีงบประมาณ] [พ.ศ. ๒๕๖๑] ซึ่ง",
        "ทุก [องค์กร][การปกครอง][ส่วนท้องถิ่น] และ [ผู้มี][ส่วนได้][ส่วนเสีย] แล้ว",
        "หนังสือ [ที่ มท ๐๘๑๗.๒/ว ๑๒๓๔] แล้ว",
        "หนังสือ [ที่ ปช ๐๐๐๑.๔๑/๐๐๗๘] แล้ว",
        "ได้แก่ [สำนักงาน ป.ป.ช.] กำหนด",
        "เรียก [นายสมมติ ตัวอย่าง] มา",
        "เรียก [นางสาวน้ำใจ ฉ่ำชื่น] มา",
        "นายกเทศมนตรี นางรอง",
        "ถึง [อบต.บ้านพร้าว] ถึง",
        "ถึง [อบจ.พระนครศรีอยุธยา] ถึง",
        "ถึง [ทม.ในเมือง] [ทต.เสลี่ยม] [ทน.หาดใหญ่] ถึง",
        "[โทร. ๐ ๒๒๔๑ ๙๐๐๐ ต่อ ๒๓๒๒] [โทรสาร ๐ ๒๒๔๑ ๙๐๐๐]",
        "คิดเป็น[ร้อยละ ๙๙.๐๐] และยัง",
        "แบบ [จำนวน ๑ ชุด] เท่า",
        "ตาม[ข้อ ๑] นี้",
        "ตาม[สิ่งที่ส่งมาด้วย ๒] นี้",
        "ถนน[นครราชสีมา] เขตดุสิต [กทม. ๑๐๓๐๐]",
    ],
)
def test_what_stays_on_one_line(text: str) -> None:
    assert shown(text.replace("[", "").replace("]", "")) == text


def test_what_is_too_long_for_a_line_may_end_one() -> None:
    text = "อบต." + "ก" * 60
    assert all(end - start <= LONGEST for start, end in unbroken(text))


def lines_of(text: str, width: str) -> list[str]:
    page = the_press().lay_out(f'<html lang="th"><body><p style="width: {width}">{text}</p>', Typeface())
    return [line for each in page.pages for line in _lines(each._page_box)]


@pytest.mark.parametrize("width", ["4cm", "4.6cm", "5.2cm", "6cm", "7.1cm"])
def test_no_line_ends_inside_a_part_or_begins_with_what_belongs_before(width: str) -> None:
    text = (
        "หนังสือสำนักงาน ป.ป.ช. ที่ มท ๐๘๑๗.๒/ว ๑๒๓๔ ลงวันที่ ๑ พฤศจิกายน ๒๕๖๑ ประจำปีงบประมาณ พ.ศ. ๒๕๖๑ "
        "ถึง อบต.บ้านพร้าว และ ทต.ทุ่งเสลี่ยม จำนวน ๑ ชุด คิดเป็นร้อยละ ๙๙.๐๐ ใด ๆ ทั้งสิ้น ฯลฯ (ตัวอย่าง) “ติดตามสถานะ” "
        "หน่วยงานดำเนินการภายในวันที่ ๑๕ พฤศจิกายน ๒๕๖๑ ในการนี้ โทร. ๐ ๒๒๔๑ ๙๐๐๐ นางสาวน้ำใจ ฉ่ำชื่น ผู้ประสานงาน"
    )
    held = [text[start:end] for start, end in unbroken(text)]
    lines = lines_of(text, width)
    assert len(lines) > 8
    for part in held:
        assert any(part in line for line in lines), part
    assert not [line for line in lines if line[0] in "ๆฯ)”" or line[-1] in "(“"]


def test_a_word_that_is_wider_than_its_column_is_still_broken() -> None:
    lines = lines_of("ก" * 200, "4cm")
    assert len(lines) > 3


def test_the_rest_of_a_paragraph_has_the_parts_of_the_whole() -> None:
    """Cut after "ที่", the number of a letter is a number and a word; in its paragraph it is one thing."""
    whole = f"{'ก' * _SHORT} ที่ มท ๐๘๑๗.๒/ว ๑๒๓๔ และอื่นอีกมากมายหลายเรื่อง"
    assert list(parts_of(whole)) == list(unbroken(whole))
    rest = whole[whole.index("มท") :]
    assert next(parts_of(rest)) == (0, len("มท ๐๘๑๗.๒/ว ๑๒๓๔"))


def test_pango_alone_would_tear_them() -> None:
    """Should it ever not, there is a module to be thrown away."""
    for word in ("พ.ศ.\u00a0๒๕๖๑", "หน่วย\u2060งาน", "อบต.บ้านพร้าว"):
        places = get_log_attrs(word, "th")
        assert any(places[place].is_line_break for place in range(1, len(word))), word


def test_weasyprint_still_has_what_the_line_ends_lean_on() -> None:
    the_press()
    assert line_break.Layout is _Layout
    assert {"set_text", "reactivate", "setup"} <= set(vars(line_break.Layout.__mro__[1]))
    assert all(a <= b for (_, a), (b, _) in pairwise(unbroken("วันที่ 1 มกราคม 2561 อบต.น้ำ จำนวน 1 ชุด")))
