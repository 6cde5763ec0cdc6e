"""Equal lines are measured once, and what WeasyPrint and pydyf must still have for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pydyf
import pytest
from weasyprint.layout import block, inline, table
from weasyprint.text import fonts, line_break

from reports import line_ends, lines_kept, table_rows
from reports.letter_data import Typeface
from reports.packing import LEVEL
from reports.press import Press, the_press

WORDS = "ขั้นตอนและวิธีการเก็บข้อมูลตามแบบสำรวจทั้ง ๓ แบบ ซึ่งหน่วยงานดำเนินการแล้วเสร็จ และรายงานผลภายในวันที่ ๑๕ ธันวาคม"


@pytest.fixture
def press() -> Iterator[Press]:
    """The press, with no line kept before or after."""
    made = the_press()
    lines_kept._kept.clear()
    yield made
    lines_kept._kept.clear()


def laid_out(press: Press, style: str, text: str = WORDS) -> bytes:
    html = f'<html lang="th"><head><title>x</title></head><body><p style="{style}">{text}</p></body></html>'
    return press.bind([press.lay_out(html, Typeface())])


@pytest.mark.parametrize(
    "style", ["width: 7cm", "width: 7cm; text-align: justify", "width: 7cm; font-weight: bold"]
)
def test_kept_lines_look_like_measured_ones(press: Press, style: str) -> None:
    first = laid_out(press, style)
    kept = dict(lines_kept._kept)
    assert len(kept) > 2
    assert laid_out(press, style) == first
    assert lines_kept._kept == kept, "nothing was measured again"


def test_a_justified_line_does_not_change_the_same_words_elsewhere(press: Press) -> None:
    alone = laid_out(press, "width: 7cm")
    lines_kept._kept.clear()
    laid_out(press, "width: 7cm; text-align: justify")
    assert laid_out(press, "width: 7cm") == alone


@pytest.mark.parametrize(
    "other",
    [
        "width: 6cm",
        "width: 7cm; font-size: 15pt",
        "width: 7cm; letter-spacing: 1pt",
        "width: 7cm; font-weight: bold",
    ],
)
def test_what_looks_otherwise_is_measured_on_its_own(press: Press, other: str) -> None:
    alone = laid_out(press, other)
    lines_kept._kept.clear()
    laid_out(press, "width: 7cm")
    assert laid_out(press, other) == alone


def test_more_lines_than_are_kept_look_the_same(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    first = laid_out(press, "width: 3cm")
    monkeypatch.setattr(lines_kept, "_KEPT_LIMIT", 2)
    lines_kept._kept.clear()
    assert laid_out(press, "width: 3cm") == first
    assert len(lines_kept._kept) <= 2


def test_weasyprint_reads_no_more_of_a_style_for_a_line_than_is_named() -> None:
    read = re.compile(r"style\[['\"](\w+)['\"]\]")
    sources = map(inspect.getsource, (line_break, fonts.get_font_description))
    assert {name for source in sources for name in read.findall(source)} == set(lines_kept.READ)


def test_weasyprint_and_pydyf_still_have_what_this_leans_on(press: Press) -> None:
    assert inline.split_first_line is lines_kept._once
    assert table.resolve_percentages is table_rows._resolve_percentages
    assert block.block_container_layout is table_rows._lay_out_container
    assert {"deactivate", "reactivate"} <= vars(line_break.Layout.__mro__[1]).keys()
    assert line_break.Layout is line_ends._Layout
    assert pydyf.zlib.compressobj(level=9) is not None
    assert "zlib.compressobj(level=9)" in inspect.getsource(pydyf), f"packed at {LEVEL}"
