"""What the first page announces of the second: whole words of its first line."""

from __future__ import annotations

import pytest

from reports.continuation import _first_words, next_words
from reports.letter_data import Typeface
from reports.press import the_press


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


def pages(second: str) -> str:
    """What is announced of a second page."""
    html = f'<html lang="th"><body><p>ก</p><div style="break-before: page">{second}</div>'
    return next_words(the_press().lay_out(html, Typeface()))


def test_the_first_line_with_words_is_announced() -> None:
    assert pages("<p>&nbsp;</p><p>ในการ<b>นี้</b> กรม</p><p>อื่น</p>") == "/ในการนี้..."


def test_a_page_of_nothing_but_its_number_is_not_announced() -> None:
    """The number in the margin is not the page's text."""
    assert pages('<div style="height: 20mm"></div>') == ""
