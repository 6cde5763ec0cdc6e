"""Pages as they were looked at and found right, kept as small pictures; how far a page is from its picture.

Renew them after a change that was meant, look at every one, and commit them:
``python -m tests.reports.golden``.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from reports.certificates import render_certificate
from reports.destruction import render_key_destruction
from reports.erasure import render_roster_erasure
from reports.letter_data import LetterForm, ProvinceSummary
from reports.letters import (
    render_circular,
    render_nacc_letter,
    render_province_summary,
    render_results_letter,
)
from reports.slips import render_slips
from reports.tables import render_table
from tests.reports import sample
from tests.reports.test_certificates import ONE
from tests.reports.test_destruction import PAPER
from tests.reports.test_erasure import ERASED
from tests.reports.test_forms import in_form
from tests.reports.test_slips import HARD, sheet
from tests.reports.test_tables import paper

FOLDER = Path(__file__).parent / "golden"
#: dots to an inch: lines of text can be told apart, and a page is some twenty kilobytes
DOTS = 50
#: squares of so many dots are compared by their mean: edges differ from one version of a library to the next
SQUARE = 8
#: how much darker or lighter a square may be, of 255
MOST = 12


def _circular() -> bytes:
    made = sample.circular(sample.province(done=2))
    return render_circular(replace(made, letter=replace(made.letter, urgency="ด่วนที่สุด")))


def _summary() -> bytes:
    summary = ProvinceSummary(
        sample.OFFICE, sample.province(done=3), date(2018, 11, 9), "นางสมมติ", "นายทดลอง"
    )
    return render_province_summary(summary)


#: the papers, each full of what is hard to print
PAPERS: Mapping[str, Callable[[], bytes]] = {
    "circular": _circular,
    "stamped": lambda: render_circular(in_form(LetterForm.STAMPED)),
    "memorandum": lambda: render_circular(in_form(LetterForm.MEMORANDUM)),
    "nacc": lambda: render_nacc_letter(sample.nacc_letter()),
    "governors": lambda: render_nacc_letter(sample.country_circular()),
    "summary": _summary,
    "results": lambda: render_results_letter(sample.results_letter()),
    "country-results": lambda: render_results_letter(sample.results_letter(sample.country_results())),
    "list": lambda: render_table(paper(30, more=8)),
    "certificate": lambda: render_certificate(ONE),
    "key-destruction": lambda: render_key_destruction(PAPER),
    "roster-erasure": lambda: render_roster_erasure(ERASED),
    "slips": lambda: render_slips(sheet(*HARD[:2])),
}


def pages(pdf: bytes) -> list[Image.Image]:
    """The pages of a PDF in shades of grey."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.pdf"
        source.write_bytes(pdf)
        command = ["pdftoppm", "-gray", "-r", str(DOTS), str(source), str(Path(folder) / "page")]
        subprocess.run(command, check=True)
        return [Image.open(path).copy() for path in sorted(Path(folder).glob("page-*.pgm"))]


def kept(name: str) -> list[Image.Image]:
    """The pictures of a paper, page by page."""
    found = sorted(FOLDER.glob(f"{name}-*.png"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return [Image.open(path).convert("L") for path in found]


def differs(page: Image.Image, picture: Image.Image) -> float:
    """How far the most different square of a page is from that of its picture: 0 to 255."""
    if page.size != picture.size:
        return 255.0
    small = (page.width // SQUARE, page.height // SQUARE)
    means = [image.resize(small, Image.Resampling.BOX) for image in (page, picture)]
    _least, most = ImageStat.Stat(ImageChops.difference(*means)).extrema[0]
    return float(most)


def renew() -> None:
    """Keep the papers as they are printed now."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.png"):
        path.unlink()
    for name, make in PAPERS.items():
        for number, page in enumerate(pages(make()), start=1):
            page.save(FOLDER / f"{name}-{number}.png", optimize=True)


if __name__ == "__main__":
    renew()
