"""What a page announces of the next one: whole words of its first line."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from reports.continuation import _first_words, _lines, announcements
from reports.letter_data import OfficialLetter, Paragraph, Typeface
from reports.letters import _letter_pages
from reports.press import the_press
from tests.reports.plain import read
from tests.reports.sample import circular


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ในการนี้ กรมส่งเสริมการปกครองท้องถิ่น", "ในการนี้"),
        ("จังหวัดลำปาง จำนวน ๒ แห่ง", "จังหวัดลำปาง"),
        ("องค์กรปกครองส่วนท้องถิ่นในเขตจังหวัด", "องค์กรปกครอง"),
        ("น้ำ", "น้ำ"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ],
)
def test_a_line_is_announced_up_to_an_early_space_or_between_words(line: str, words: str) -> None:
    assert _first_words(line) == words


def pages(*bodies: str) -> tuple[str, ...]:
    """What is announced on pages with these bodies."""
    html = '<html lang="th"><body>' + '<div style="break-before: page"></div>'.join(bodies)
    return announcements(the_press().lay_out(html, Typeface()))


def test_the_first_line_with_words_is_announced() -> None:
    assert pages("<p>ก", "<p>&nbsp;</p><p>ในการ<b>นี้</b> กรม</p><p>อื่น</p>") == ("/ในการนี้...",)


def test_a_page_of_nothing_but_its_number_is_not_announced() -> None:
    """The number in the margin is not the page's text."""
    assert pages("<p>ก", '<div style="height: 20mm"></div>') == ("",)


def test_every_page_announces_the_next() -> None:
    found = pages("<p>ก", "<p>ในการนี้ กรม", "<p>จึงเรียนมาเพื่อโปรด", "<p>๑๕ พฤศจิกายน ๒๕๖๑ นั้น")
    assert found == ("/ในการนี้...", "/จึงเรียนมา...", "/๑๕ พฤศจิกายน ๒๕๖๑...")


def test_a_letter_of_one_page_announces_nothing() -> None:
    assert pages("<p>ก") == ()


def of_paragraphs(count: int, last: str) -> OfficialLetter:
    """A letter of so many long paragraphs before its last one."""
    long = Paragraph("องค์กรปกครองส่วนท้องถิ่นได้ดำเนินการในขั้นเตรียมการประเมินครบถ้วนแล้ว " * 6)
    return replace(circular().letter, paragraphs=(*(long,) * count, Paragraph(last)))


@pytest.mark.parametrize("count", [4, 9, 14])
def test_what_is_announced_is_what_the_next_page_begins_with(count: int, tmp_path: Path) -> None:
    (document,) = _letter_pages(the_press(), of_paragraphs(count, "ในการนี้ ขอให้ดำเนินการ"))
    texts = read(the_press().bind([document]), tmp_path).split("\f")[:-1]
    assert len(texts) == len(document.pages) > 1
    for page, following in pairwise(texts):
        announced = page.strip().splitlines()[-1]
        assert announced.startswith("/") and announced.endswith("...")
        number, first = [line for line in following.splitlines() if line.strip()][:2]
        assert first.startswith(announced[1:-3]), (number, first, announced)
    assert "..." not in texts[-1]


@pytest.mark.parametrize("words", range(0, 120, 7))
def test_the_last_page_has_two_lines_of_text_before_the_closing(words: int) -> None:
    for count in (2, 3):
        (document,) = _letter_pages(the_press(), of_paragraphs(count, "ดำเนินการ " * (words + 4)))
        if len(document.pages) > 1:
            lines = list(_lines(document.pages[-1]._page_box))
            assert lines.index("ขอแสดงความนับถือ") >= 2, lines
            assert "(นายสมมติ ตัวอย่าง)" in lines
