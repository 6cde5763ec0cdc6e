"""Hostile words in every field of a letter: they are printed as they are, inside the page, and do nothing."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Dictionary, Pdf

from models.thai import letter_digits
from reports.glyphs import unprintable
from reports.letter_data import Circular
from reports.letters import render_circular
from tests.reports.archive_rules import archive_faults
from tests.reports.sample import OFFICE, circular

MARKUP = '<script>alert(1)</script><img src="http://evil.example/x.png"><a href="file:///etc/passwd">ก</a>'
STYLE = "</style><style>@import url(http://evil.example/);*{display:none}</style>"
CALL = "{{ 7*7 }}{% for x in y %}%(x)s{0}&lt;&amp;&#65;"
URL = "https://evil.example/?a=1&b=2#c javascript:alert(1)"
UNBROKEN, LONG = "ก" * 400, "หนังสือที่มีชื่อยาวมาก " * 18
TEXTS = {"markup": MARKUP, "style": STYLE, "call": CALL, "address": URL, "unbroken": UNBROKEN, "long": LONG}
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">')
#: points: the page, and how near its edge words may come
WIDTH, HEIGHT, EDGE = 595.3, 841.9, 20


def with_words(words: str) -> Circular:
    """A circular with these words in every field that an office fills in."""
    paper = circular()
    office = replace(
        OFFICE,
        name=words[:160],
        address=(words[:200], words[:200]),
        owner_division=words[:160],
        phone=words[:60],
        fax=words[:60],
        email=words[:120],
        coordinator=words[:160],
        signatory_name=words[:120],
        signatory_position=(words[:150], words[:150]),
    )
    letter = replace(paper.letter, office=office, number=words[:60], references=(words,) * 3)
    return replace(paper, letter=letter)


def squeezed(text: str) -> str:
    return re.sub(r"\s|-", "", text)


def pdftotext(pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "letter.pdf").write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", *options, folder / "letter.pdf", "-"], check=True, capture_output=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_words_are_printed_and_do_nothing(tmp_path: Path, name: str) -> None:
    pdf = render_circular(with_words(TEXTS[name]))
    assert archive_faults(pdf) == []
    assert outside(pdf, tmp_path) == []
    text = squeezed(pdftotext(pdf, tmp_path))
    assert squeezed(letter_digits(TEXTS[name]))[:60] in text
    assert "ขอแสดงความนับถือ" in text, "the rest of the letter is there"
    assert addresses(pdf) == [], "nothing can be pressed"


def outside(pdf: bytes, folder: Path) -> list[str]:
    """The words that leave their page."""
    found = []
    for word in WORD.finditer(pdftotext(pdf, folder, "-bbox")):
        left, top, right, bottom = map(float, word.groups())
        if left < EDGE or top < EDGE or right > WIDTH - EDGE or bottom > HEIGHT - EDGE:
            found.append(word[0])
    return found


def addresses(pdf: bytes) -> list[Any]:
    """Every action and link of a file."""
    with Pdf.open(BytesIO(pdf)) as file:
        return [
            str(name)
            for obj in file.objects
            if isinstance(obj, Dictionary)
            for name in ("/URI", "/JS", "/Launch", "/OpenAction", "/AA")
            if name in obj
        ]


def test_twenty_references_are_numbered_and_none_is_lost(tmp_path: Path) -> None:
    paper = circular()
    cited = "หนังสือกรมทดลอง ด่วนที่สุด ที่ มท 0817.2/ว {} ลงวันที่ 9 พฤศจิกายน 2561"
    lines = tuple(map(cited.format, range(1001, 1021)))
    pdf = render_circular(replace(paper, letter=replace(paper.letter, references=lines)))
    text = pdftotext(pdf, tmp_path)
    assert archive_faults(pdf) == [] and outside(pdf, tmp_path) == []
    numbers = re.findall(r"ว[ \n]?(๑๐[๐-๙]{2})", text)
    assert len(numbers) == 20 and numbers == sorted(numbers)
    assert "๒๐." in text and "ขอแสดงความนับถือ" in text


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("หนังสือ ด่วนที่สุด ที่ มท ๐๘๑๗.๒/ว 1 (กขค) “อ้าง” – a@b.go.th é", ()),
        ("ด่วน 😀😀 ✓", ("😀", "✓")),
        ("سلام שלום", tuple(dict.fromkeys("سلامשלום"))),
        ("บรรทัด\nใหม่\tและช่องว่าง\u00a0", ()),
        ("\ufffe\uffff中", ("\ufffe", "\uffff", "中")),
    ],
)
def test_signs_that_the_letters_font_lacks_are_named(text: str, signs: tuple[str, ...]) -> None:
    assert unprintable(text) == signs
