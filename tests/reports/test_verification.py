"""The code at the foot of a letter: it reads, it stands on the last page, and it moves nothing."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import zxingcpp
from PIL import Image

from reports.letter_data import Circular, NaccLetter
from reports.letters import render_circular, render_nacc_letter
from tests.reports.sample import circular, nacc_letter, reader, text_of

URL = "https://ita.example.go.th/verify/8hF3kQ2mZ7pLw9RtYx12Zw"
Paper = TypeVar("Paper", Circular, NaccLetter)
WORDS = "ตรวจสอบหนังสือฉบับนี้ได้ที่"


def checked(paper: Paper, url: str = URL) -> Paper:
    return replace(paper, letter=replace(paper.letter, verify_url=url))


def codes(pdf: bytes, folder: Path, resolution: int) -> dict[int, list[str]]:
    """What a camera reads on each page, by its number."""
    (folder / "v.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", "v.pdf", "v"], cwd=folder, check=True)
    found = {}
    for number, path in enumerate(sorted(folder.glob("v-*.png")), start=1):
        with Image.open(path) as picture:
            found[number] = [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


@pytest.mark.parametrize("resolution", [150, 300])
def test_a_camera_reads_where_a_letter_is_checked(tmp_path: Path, resolution: int) -> None:
    """On the letter's last page, which is not that of the file."""
    assert codes(render_circular(checked(circular())), tmp_path, resolution) == {
        1: [],
        2: [URL],
        3: [],
        4: [],
    }


def test_the_address_is_printed_to_be_typed(tmp_path: Path) -> None:
    text = text_of(render_nacc_letter(checked(nacc_letter())), tmp_path)
    assert " ".join(f"{WORDS} {URL}".split()) in " ".join(text.split())


def places(pdf: bytes, folder: Path) -> list[str]:
    """Every word with its place, but for what stands in the lower margin of a letter's last page."""
    (folder / "p.pdf").write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-bbox", "p.pdf", "-"], cwd=folder, capture_output=True, check=True)
    words = [line for line in found.stdout.decode().splitlines() if "<word" in line or "<page" in line]
    return [line for line in words if "ตรวจสอบหนังสือฉบับ" not in line and "https" not in line]


def test_a_code_moves_no_word(tmp_path: Path) -> None:
    without, with_code = render_circular(circular()), render_circular(checked(circular()))
    assert places(with_code, tmp_path) == places(without, tmp_path)
    assert len(reader(with_code).pages) == len(reader(without).pages)


def test_a_letter_without_an_address_has_no_code(tmp_path: Path) -> None:
    pdf = render_circular(circular())
    assert WORDS not in text_of(pdf, tmp_path)
    assert set(map(tuple, codes(pdf, tmp_path, 150).values())) == {()}


def test_codes_of_letters_before_are_forgotten() -> None:
    """Each letter of a batch has a code of its own: what one printed, the next does not carry."""
    alone = render_circular(checked(circular()))
    render_circular(checked(circular(), f"{URL}2"))
    assert render_circular(checked(circular())) == alone


def test_an_address_is_never_markup(tmp_path: Path) -> None:
    text = text_of(
        render_circular(checked(circular(), 'https://a.example/<img src="http://b.example">')), tmp_path
    )
    assert '<img src="http://b.example">' in text
