"""Signatures on letters: valid, over the whole file, behind a body that stays; and why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asn1crypto import tsp
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from config import KeyFile
from reports.letter_data import ProvinceSummary, SignatureStamp
from reports.letters import render_circular, render_province_summary
from reports.signature import NotSigned, SignatureFault, SignatureSettings, signing
from reports.signature_stamp import render_signature_stamp
from reports.signing import LetterSigner
from tests.reports.archive_rules import archive_faults
from tests.reports.sample import OFFICE, circular, province
from tests.reports.signing_keys import (
    DAY,
    NOW,
    PASSPHRASE,
    SIGNATORY,
    as_asn1,
    certificate,
    key_file,
    root,
    time_stamper,
)
from tests.reports.tag_rules import tag_faults

pytestmark = pytest.mark.usefixtures("no_loop_here")


def letter() -> bytes:
    """A circular with a field for its signature."""
    paper = circular()
    return render_circular(replace(paper, letter=replace(paper.letter, signature_field=True)))


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return letter()


@pytest.fixture
def settings(tmp_path: Path) -> SignatureSettings:
    path = tmp_path / "signatory.p12"
    path.write_bytes(key_file())
    return SignatureSettings(KeyFile(path, PASSPHRASE), reason="ลงนามในหนังสือ")


def sign(
    pdf: bytes, settings: SignatureSettings, at: datetime = NOW, time_stamper: TimeStamper | None = None
) -> bytes:
    with LetterSigner(settings, at, time_stamper=time_stamper) as signer:
        return signer.sign(pdf)


def status_of(pdf: bytes) -> PdfSignatureStatus:
    """What somebody finds who trusts the root and checks the only signature."""
    reader = PdfFileReader(BytesIO(pdf))
    (signature,) = reader.embedded_signatures
    trusted = ValidationContext(trust_roots=[as_asn1(root())], moment=NOW, allow_fetching=False)
    return validate_pdf_signature(signature, trusted, ts_validation_context=trusted)


def test_a_signature_is_valid_and_over_the_whole_file(unsigned: bytes, settings: SignatureSettings) -> None:
    status = status_of(sign(unsigned, settings))
    assert status.intact and status.valid and status.trusted and status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signing_cert.subject.native["common_name"] == SIGNATORY
    assert status.signer_reported_dt == NOW, "the portal's clock, not the machine's"
    assert status.timestamp_validity is None


def test_a_letter_that_is_changed_after_it_was_signed_is_found(
    unsigned: bytes, settings: SignatureSettings
) -> None:
    signed = sign(unsigned, settings)
    place = len(unsigned) // 2
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert not status_of(changed).intact
    later = IncrementalPdfFileWriter(BytesIO(signed))
    later.root["/PageLayout"] = NameObject("/TwoColumnLeft")
    later.update_root()
    out = BytesIO()
    later.write(out)
    assert status_of(out.getvalue()).coverage is not SignatureCoverageLevel.ENTIRE_FILE
    assert not status_of(out.getvalue()).bottom_line


def test_the_unsigned_letter_is_the_first_revision(unsigned: bytes, settings: SignatureSettings) -> None:
    """Same data, same bytes holds for what was signed, whoever signs, and whenever."""
    first, second = sign(unsigned, settings), sign(unsigned, settings, NOW + DAY)
    assert first.startswith(unsigned) and second.startswith(unsigned) and first != second
    assert letter() == unsigned


def test_a_signed_letter_breaks_no_rule_that_the_unsigned_one_keeps(
    unsigned: bytes, settings: SignatureSettings
) -> None:
    """pyHanko itself would tell two makers of the file, and show a font that it does not carry."""
    stamp = render_signature_stamp(SignatureStamp(SIGNATORY, date(2018, 11, 9)))
    for signed in (sign(unsigned, settings), sign(unsigned, replace(settings, stamp=stamp))):
        assert archive_faults(signed) == [] and tag_faults(signed) == []


def field_of(pdf: bytes) -> Any:
    return PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"][0]


def test_the_stamp_stands_over_the_space_for_the_signature(
    unsigned: bytes, settings: SignatureSettings
) -> None:
    before = field_of(unsigned)
    stamp = render_signature_stamp(SignatureStamp(SIGNATORY, date(2018, 11, 9)))
    after = field_of(sign(unsigned, replace(settings, stamp=stamp)))
    assert after["/Rect"] == before["/Rect"] and "/V" not in before
    shown = after["/AP"]["/N"]["/Resources"]
    assert len(shown["/XObject"]) == 1
    assert "/XObject" not in field_of(sign(unsigned, settings))["/AP"]["/N"]["/Resources"]


def test_a_paper_without_a_field_is_signed_unseen(settings: SignatureSettings) -> None:
    pdf = render_province_summary(ProvinceSummary(OFFICE, province(), date(2018, 11, 9)))
    signed = sign(pdf, settings)
    assert status_of(signed).bottom_line
    assert [float(place) for place in field_of(signed)["/Rect"]] == [0, 0, 0, 0]
    assert archive_faults(signed) == [] and tag_faults(signed) == []


def test_a_time_stamp_confirms_when(unsigned: bytes, settings: SignatureSettings) -> None:
    """PAdES-B-T: somebody else's word for the time."""
    status = status_of(sign(unsigned, settings, time_stamper=time_stamper()))
    assert status.bottom_line and status.timestamp_validity is not None
    assert status.timestamp_validity.valid and status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == NOW


class Service(BaseHTTPRequestHandler):
    """A time stamp service on this machine, answering with pyHanko's own time stamper."""

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = time_stamper().request_tsa_response(request).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        """Nothing is told of what was asked."""


def test_a_time_stamp_is_asked_for_at_its_address(unsigned: bytes, settings: SignatureSettings) -> None:
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            asked = replace(settings, time_stamp_url=f"http://127.0.0.1:{server.server_port}/tsa")
            first, second = signed_twice(unsigned, asked)
        finally:
            server.shutdown()
            thread.join()
    for pdf in (first, second):
        validity = status_of(pdf).timestamp_validity
        assert validity is not None and validity.valid and validity.trusted
    with pytest.raises(NotSigned) as told:
        sign(unsigned, asked)
    assert told.value.fault is SignatureFault.NO_TIME_STAMP, "the service has ended"


def signed_twice(pdf: bytes, settings: SignatureSettings) -> tuple[bytes, bytes]:
    with LetterSigner(settings, NOW) as signer:
        return signer.sign(pdf), signer.sign(pdf)


class Silent(TimeStamper):
    """A service that does not answer."""

    async def async_request_tsa_response(self, req: Any) -> Any:
        raise TimestampRequestError("no answer")


def test_without_a_time_stamp_nothing_is_signed(unsigned: bytes, settings: SignatureSettings) -> None:
    with pytest.raises(NotSigned) as told:
        sign(unsigned, settings, time_stamper=Silent())
    assert told.value.fault is SignatureFault.NO_TIME_STAMP


def test_a_letter_is_signed_once(unsigned: bytes, settings: SignatureSettings) -> None:
    signed = sign(unsigned, settings)
    with pytest.raises(NotSigned) as told:
        sign(signed, settings)
    assert told.value.fault is SignatureFault.SIGNED_BEFORE


def test_what_is_no_pdf_is_not_signed(settings: SignatureSettings) -> None:
    with pytest.raises(NotSigned) as told:
        sign(b"no pdf", settings)
    assert told.value.fault is SignatureFault.FAILED


@pytest.mark.parametrize(
    ("content", "passphrase", "fault"),
    [
        (None, PASSPHRASE, SignatureFault.NO_FILE),
        (b"no key file", PASSPHRASE, SignatureFault.NO_KEY_FILE),
        (key_file(), "another", SignatureFault.NO_KEY_FILE),
        (key_file(certificate(ends=NOW - DAY / 2)), PASSPHRASE, SignatureFault.EXPIRED),
        (key_file(certificate(begins=NOW + DAY)), PASSPHRASE, SignatureFault.NOT_YET_VALID),
        (key_file(certificate(signs=False)), PASSPHRASE, SignatureFault.NOT_FOR_SIGNING),
    ],
    ids=["no file", "no key file", "wrong passphrase", "expired", "not yet valid", "not for signing"],
)
def test_a_key_that_cannot_sign_is_told(
    tmp_path: Path, content: bytes | None, passphrase: str, fault: SignatureFault
) -> None:
    path = tmp_path / "signatory.p12"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotSigned) as told:
        LetterSigner(SignatureSettings(KeyFile(path, passphrase)), NOW)
    assert told.value.fault is fault
    assert passphrase not in str(told.value)


def test_a_passphrase_is_not_told_by_its_settings(settings: SignatureSettings) -> None:
    assert PASSPHRASE not in repr(settings)


def test_a_batch_is_signed_by_one_process_with_one_key(unsigned: bytes, settings: SignatureSettings) -> None:
    with signing(settings, NOW) as signed_by:
        signed = [signed_by(unsigned) for _ in range(2)]
        with pytest.raises(NotSigned) as told:
            signed_by(signed[0])
        assert told.value.fault is SignatureFault.SIGNED_BEFORE
        assert signed_by(unsigned).startswith(unsigned), "one letter's fault stops no other"
    assert all(status_of(one).bottom_line for one in signed)


def test_a_process_that_gets_no_key_says_why(settings: SignatureSettings) -> None:
    wrong = replace(settings, key=KeyFile(Path("/nowhere/signatory.p12"), PASSPHRASE))
    with pytest.raises(NotSigned) as told, signing(wrong, NOW):
        pass
    assert told.value.fault is SignatureFault.NO_FILE and "/nowhere/signatory.p12" in told.value.detail


def test_a_process_that_ends_is_said(monkeypatch: pytest.MonkeyPatch, settings: SignatureSettings) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(NotSigned) as told, signing(settings, NOW):
        pass
    assert told.value.fault is SignatureFault.FAILED
