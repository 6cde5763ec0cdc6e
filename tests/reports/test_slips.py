"""Slips on paper: what is read off them is what was written, by program and by camera."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from heapq import heapify, heappop, heappush
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from config import ROOT
from reports.press import the_press
from reports.printing import print_papers
from reports.slip_data import Envelope, HandOver, Slip, SlipSheet
from reports.slips import address_of, render_hand_over, render_slips
from tests.reports.sample import DISTRICTS, reader
from tests.support.slip_orders import text_of

URL = "https://ita.example.go.th/activate"
CALLS = (
    "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดลำปาง โทร. 0 2555 0100 นางสมมติ ตัวอย่าง",
    "กรมส่งเสริมการปกครองท้องถิ่น โทร. 0 2555 0199",
)
UNTIL = date(2018, 11, 15)
#: a letter with the signs above and below it
LETTER = re.compile(r"[^\u0e31\u0e33-\u0e3a\u0e47-\u0e4e][\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]*")
LONGEST = "องค์การบริหารส่วนตำบลทุ่งกระตาดพัฒนาห้วยน้ำปลีกช่ำชองจ๊ำจ๋ำดอนฎุบึ้งค้ำน้ำเฒ่า"


def slips(names: Sequence[tuple[str, str]]) -> tuple[Slip, ...]:
    return tuple(
        Slip(number, agency, f"อำเภอ{district}", f"a{number:08d}", f"ABCD-EFGH-{number:04d}", UNTIL)
        for number, (agency, district) in enumerate(names, start=1)
    )


def sheet(*made: Slip) -> SlipSheet:
    return SlipSheet("ลำปาง", "ผู้บริหาร", URL, "กรมส่งเสริมการปกครองท้องถิ่น", CALLS, made, fiscal_year=2561)


HARD = slips([(agency, district) for district, agencies in DISTRICTS.items() for agency in agencies])


def pages_of(pdf: bytes, folder: Path, *options: str) -> list[str]:
    """The text of each page, without the ends of lines."""
    return [page.replace("\n", "") for page in text_of(pdf, folder, *options).split("\f")][:-1]


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    pages = pages_of(render_slips(sheet(*HARD)), tmp_path, "-raw")
    assert len(pages) == len(HARD)
    for slip, page in zip(HARD, pages, strict=True):
        for words in (slip.agency, slip.district, slip.username, slip.code, "15 พฤศจิกายน 2561", URL, *CALLS):
            assert words in page, words
        assert f"ซองที่ {slip.number}" in page and "จังหวัดลำปาง" in page


@pytest.mark.timeout(900)
@pytest.mark.proof
def test_every_name_of_the_register_is_read_as_it_was_written(tmp_path: Path) -> None:
    names = with_every_pair()
    papers = {str(start): sheet(*slips(names[start : start + 100])) for start in range(0, len(names), 100)}
    wrong = []
    for key, pdf in print_papers(papers):
        for slip, page in zip(papers[key].slips, pages_of(pdf, tmp_path, "-raw"), strict=True):
            wrong += [words for words in (slip.agency, slip.district, slip.code) if words not in page]
    assert wrong == []


def with_every_pair() -> list[tuple[str, str]]:
    """Names of the register in which every two letters stand that stand beside each other in any of them.

    A font and a reader know no more of a name than its letters with their signs, and what they stand beside:
    a quarter of the names, each of which shows the most that none before it does, shows as much as all.
    """
    with (ROOT / "portal/content/registry/agencies.csv").open(encoding="utf-8-sig") as file:
        names = {(row["full_name_th"], row["district_th"]) for row in csv.DictReader(file)}
    pairs = {name: {pair for words in name for pair in pairwise(LETTER.findall(words))} for name in names}
    seen: set[tuple[str, str]] = set()
    chosen = []
    waiting = [(-len(pairs[name]), name) for name in sorted(names)]
    heapify(waiting)
    while waiting:
        _most, name = heappop(waiting)
        new = len(pairs[name] - seen)
        if new and waiting and new < -waiting[0][0]:
            heappush(waiting, (-new, name))
        elif new:
            seen |= pairs[name]
            chosen.append(name)
    assert seen == set().union(*pairs.values())
    return chosen


def test_a_camera_reads_the_address_with_the_code(tmp_path: Path) -> None:
    (tmp_path / "s.pdf").write_bytes(render_slips(sheet(*HARD[:2])))
    subprocess.run(["pdftoppm", "-r", "100", "-png", "s.pdf", "s"], cwd=tmp_path, check=True)
    for number, slip in enumerate(HARD[:2], start=1):
        with Image.open(tmp_path / f"s-{number}.png") as picture:
            (found,) = zxingcpp.read_barcodes(picture)
        assert found.text == address_of(URL, slip.code) == f"{URL}#{slip.code}"


def test_a_slip_is_one_page_however_long_its_words_are(tmp_path: Path) -> None:
    long = Slip(
        9999, LONGEST, "อำเภอ" + "น้ำปาด" * 8, "a" * 40, "WWWW-WWWW-WWWW", UNTIL, "นางสาว" + "สมมติตัวอย่าง" * 6
    )
    paper = replace(
        sheet(long), url="https://" + "long." * 12 + "example.go.th/activate", calls=(CALLS[0] * 2,)
    )
    pdf = render_slips(paper)
    assert len(reader(pdf).pages) == 1
    (page,) = pages_of(pdf, tmp_path, "-raw")
    for words in (LONGEST, long.code, long.username):
        assert words in page, words


def test_the_demonstration_is_marked() -> None:
    text = "ระบบสาธิต ข้อมูลสมมติ"
    assert text in reader(render_slips(replace(sheet(HARD[0]), demo=True))).pages[0].extract_text()
    assert text not in reader(render_slips(sheet(HARD[0]))).pages[0].extract_text()


def test_markup_in_a_name_is_text(tmp_path: Path) -> None:
    slip = replace(HARD[0], agency="<b>อบต.</b> & “ก”", username="a<script>")
    (page,) = pages_of(render_slips(sheet(slip)), tmp_path, "-raw")
    assert "<b>อบต.</b> & “ก”" in page and "a<script>" in page


def test_nothing_of_a_code_is_kept_or_shown_by_accident() -> None:
    render_slips(sheet(HARD[0]))
    kept = set(the_press()._images)  # the emblem, and what other tests made in this process
    render_slips(sheet(*HARD))
    assert kept == set(the_press()._images)
    assert HARD[0].code not in repr(HARD[0]) and HARD[0].code not in repr(sheet(HARD[0]))


def test_a_hand_over_list_has_every_envelope_and_no_secret(tmp_path: Path) -> None:
    rows = tuple(Envelope(one.number, one.agency, one.district, one.username) for one in HARD * 5)
    pdf = render_hand_over(HandOver("ลำปาง", "ผู้บริหาร", date(2018, 11, 9), rows, 2561, demo=True))
    text = text_of(pdf, tmp_path, "-raw").replace("\n", "")
    for one in HARD:
        assert text.count(one.username) == 5 and one.agency in text and one.district in text
        assert one.code not in text
    for words in ("ลายมือชื่อ", "ผู้รับ (ตัวบรรจง)", "ผู้ส่งมอบ", "60 ซอง", "ระบบสาธิต", "9 พฤศจิกายน 2561"):
        assert words in text, words
