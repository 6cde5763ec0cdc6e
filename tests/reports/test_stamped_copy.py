"""The copy of a received letter: the stamp on the first page alone, and the letter left as it was."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf, PdfError

from reports.letters import render_circular
from reports.receipt_stamp import render_receipt_stamp
from reports.signature import SignatureSettings
from reports.signing import LetterSigner
from reports.stamp_data import ReceiptStamp
from reports.stamped_copy import with_receipt_stamp
from tests.reports import sample
from tests.reports.signing_keys import NOW
from tests.support.signing import put_key

AT = datetime(2018, 11, 9, 3, 24, tzinfo=UTC)
STAMP = ReceiptStamp("สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดพระนครศรีอยุธยา", "412/2561", AT)


def corner(pdf: bytes, folder: Path, page: int) -> str:
    """The words in the upper right corner of a page: beside the emblem, above who sends."""
    (folder / "copy.pdf").write_bytes(pdf)
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-layout", "-x", "350", "-y", "0", "-W", "245"]
    found = subprocess.run([*command, "-H", "100", str(folder / "copy.pdf"), "-"], check=True, stdout=-1)
    return " ".join(found.stdout.decode().split())


def test_the_stamp_stands_in_the_upper_right_corner_of_the_first_page(tmp_path: Path) -> None:
    letter, stamp = render_circular(sample.circular()), render_receipt_stamp(STAMP)
    copy = with_receipt_stamp(letter, stamp)
    assert corner(letter, tmp_path, 1) == "", "nothing of a letter stands there"
    assert corner(copy, tmp_path, 1) == (
        "สำนักงานส่งเสริมการปกครองท้องถิ่น จังหวัดพระนครศรีอยุธยา เลขรับ ๔๑๒/๒๕๖๑ วันที่ ๙ พฤศจิกายน ๒๕๖๑"
        " เวลา ๑๐:๒๔ น. สำเนาที่ลงตรารับแล้ว มิใช่ต้นฉบับ"
    )
    assert corner(copy, tmp_path, 2) == ""
    for word in ("ขอความร่วมมือ", "ขอแสดงความนับถือ"):
        assert word in sample.text_of(copy, tmp_path), "the letter's own words are all there"


@pytest.mark.usefixtures("no_loop_here")
def test_a_copy_is_no_archive_s_file_and_has_no_field_and_no_data(tmp_path: Path) -> None:
    """A signed letter shows its signature on paper; the copy claims neither it nor PDF/A."""
    made = sample.circular()
    unsigned = render_circular(replace(made, letter=replace(made.letter, signature_field=True)))
    with LetterSigner(SignatureSettings(key=put_key(tmp_path / "k.p12")), NOW) as signer:
        signed = signer.sign(unsigned)
    copy = with_receipt_stamp(signed, render_receipt_stamp(STAMP))
    with Pdf.open(BytesIO(signed)) as before, Pdf.open(BytesIO(copy)) as after:
        assert "/AcroForm" in before.Root and "/AF" in before.Root
        assert not {"/AcroForm", "/AF", "/Names"} & set(after.Root.keys())
        assert len(after.pages) == len(before.pages) and not after.attachments
        with after.open_metadata() as told:
            assert "pdfaid:part" not in told and "pdfuaid:part" not in told
            assert told["dc:title"].startswith("สำเนาที่ลงตรารับ: ")
        assert str(after.docinfo["/Title"]).startswith("สำเนาที่ลงตรารับ: ")
    assert b"/ByteRange" not in copy


def test_the_same_letter_and_receipt_give_the_same_bytes() -> None:
    letter = render_circular(sample.circular())
    stamp = render_receipt_stamp(STAMP)
    assert stamp == render_receipt_stamp(STAMP)
    assert with_receipt_stamp(letter, stamp) == with_receipt_stamp(letter, stamp)


@pytest.mark.parametrize("office", ["ก" * 160, "<b>สถ.</b> & https://example.go.th", "จ."])
def test_any_name_of_an_office_fits_one_small_page(office: str, tmp_path: Path) -> None:
    stamp = render_receipt_stamp(ReceiptStamp(office, "999999999/2561", AT))
    with Pdf.open(BytesIO(stamp)) as pdf:
        assert len(pdf.pages) == 1
    assert "มิใช่ต้นฉบับ" in sample.text_of(stamp, tmp_path)
    assert "เวลา" in sample.text_of(stamp, tmp_path)


def test_a_file_that_is_no_letter_is_said() -> None:
    with pytest.raises(PdfError):
        with_receipt_stamp(b"no PDF", render_receipt_stamp(STAMP))
