"""All letters of a batch in one file for the printer: each on sheets of its own, in little memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from reports import merged
from reports.letter_data import SignatureStamp
from reports.letters import render_circular
from reports.merged import merge_for_printing
from reports.signature import SignatureSettings
from reports.signature_stamp import render_signature_stamp
from reports.signing import LetterSigner
from tests.reports.sample import circular
from tests.reports.signing_keys import NOW, SIGNATORY
from tests.support.signing import put_key


def paper(path: Path, pages: int, *, width: int = 595, weight: int = 0) -> Path:
    """A PDF of so many pages, of a width that tells whose they are, with so many bytes in each."""
    with Pdf.new() as pdf:
        for number in range(pages):
            pdf.add_blank_page(page_size=(width, 842))
            content = b"q Q\n"
            if weight:
                content += b"% " + bytes(33 + (number * 7 + at * 13) % 90 for at in range(997)) * (
                    weight // 997
                )
            pdf.pages[-1].Contents = Stream(pdf, content)
            pdf.pages[-1].StructParents = number
        pdf.save(path, compress_streams=False)
    return path


def contents_of(page: Page) -> list[Any]:
    found: Any = page.obj.get("/Contents", [])
    return list(found) if isinstance(found, Array) else [found]


def widths(path: Path) -> list[int]:
    with Pdf.open(path) as pdf:
        return [int(page.mediabox[2]) for page in pdf.pages]


@pytest.mark.parametrize("together", [1, 2, 40])
def test_each_letter_begins_on_a_sheet_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """After an odd number of pages an empty one of the same size; in the order that was given."""
    monkeypatch.setattr(merged, "TOGETHER", together)
    letters = [
        (f"จังหวัด {pages}", paper(tmp_path / f"{pages}.in", pages, width=500 + pages)) for pages in (3, 2, 1)
    ]
    out = tmp_path / "out.pdf"
    assert merge_for_printing(letters, out) == 8
    assert widths(out) == [503, 503, 503, 503, 502, 502, 501, 501]
    with Pdf.open(out) as pdf, pdf.open_outline() as outline:
        assert [one.title for one in outline.root] == ["จังหวัด 3", "จังหวัด 2", "จังหวัด 1"]
        marks: list[Any] = [one.destination for one in outline.root]
        assert [pdf.pages.index(Page(mark[0])) for mark in marks] == [0, 4, 6]
        assert b"".join(content.read_bytes() for content in contents_of(pdf.pages[3])).strip() == b""
        assert pdf.Root.ViewerPreferences.Duplex == Name.DuplexFlipLongEdge
    assert sorted(one.name for one in tmp_path.iterdir() if "out" in one.name) == ["out.pdf"], (
        "no parts are left"
    )


def test_the_same_letters_give_the_same_bytes(tmp_path: Path) -> None:
    letters = [("ก", paper(tmp_path / "1.in", 1)), ("ข", paper(tmp_path / "2.in", 2))]
    merge_for_printing(letters, tmp_path / "a.pdf")
    merge_for_printing(letters, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.usefixtures("no_loop_here")
def test_a_signature_is_printed_and_nothing_that_is_not_paper_comes_along(tmp_path: Path) -> None:
    one = circular()
    body = render_circular(replace(one, letter=replace(one.letter, signature_field=True)))
    stamp = render_signature_stamp(SignatureStamp(SIGNATORY, date(2018, 11, 9)))
    with LetterSigner(SignatureSettings(put_key(tmp_path / "key.p12"), stamp=stamp), NOW) as signer:
        (tmp_path / "signed.in").write_bytes(signer.sign(body))
    out = tmp_path / "out.pdf"
    merge_for_printing([("หนึ่ง", tmp_path / "signed.in")], out)
    text = subprocess.run(["pdftotext", out, "-"], check=True, capture_output=True).stdout.decode()
    assert "ลายมือชื่ออิเล็กทรอนิกส์" in text, "what the signature shows is on the paper"
    with Pdf.open(out) as pdf:
        assert not [name for name in ("/AcroForm", "/StructTreeRoot", "/AF", "/Names") if name in pdf.Root]
        assert not [page for page in pdf.pages if "/Annots" in page or "/StructParents" in page]
        assert not any(
            isinstance(obj, Dictionary) and "/Type" in obj and obj["/Type"] == Name.EmbeddedFile
            for obj in pdf.objects
        )


_WATCHED = """
import resource, sys
from pathlib import Path
from reports.merged import merge_for_printing
one = Path(sys.argv[1])
merge_for_printing([("first", one)], one.with_name("warm.pdf"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
merge_for_printing([(str(n), one) for n in range(120)], one.with_name("all.pdf"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_batch_is_not_held_in_memory(tmp_path: Path) -> None:
    """120 letters of a megabyte each: what is read is written on, one after the other."""
    one = paper(tmp_path / "one.in", 4, weight=250_000)
    assert one.stat().st_size > 950_000
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, one], check=True, capture_output=True, text=True, cwd=Path.cwd()
    )
    assert int(done.stdout) < 60_000, "kilobytes"
