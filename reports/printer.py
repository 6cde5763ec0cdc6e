"""The process that makes papers: one in, one PDF out, until the pipe ends. See reports/printing.py."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from typing import IO, Any

from reports.certificate_data import Certificate
from reports.certificates import render_certificate
from reports.destruction import render_key_destruction
from reports.destruction_data import KeyDestruction
from reports.erasure import render_roster_erasure
from reports.erasure_data import RosterErasure
from reports.letter_data import (
    Circular,
    CountryCircular,
    NaccLetter,
    PosterData,
    ProvinceSummary,
    SignatureStamp,
)
from reports.letters import (
    render_circular,
    render_nacc_letter,
    render_province_summary,
    render_results_letter,
)
from reports.pipe import receive, send
from reports.poster import render_book, render_poster
from reports.poster_data import PosterBook
from reports.press import settle
from reports.receipt_stamp import render_receipt_stamp
from reports.result_data import ResultsLetter
from reports.signature_stamp import render_signature_stamp
from reports.slip_data import HandOver, SlipSheet
from reports.slips import render_hand_over, render_slips
from reports.stamp_data import ReceiptStamp
from reports.table_data import TablePaper
from reports.tables import render_table

RENDER: dict[type[Any], Callable[[Any], bytes]] = {
    Circular: render_circular,
    CountryCircular: render_nacc_letter,
    NaccLetter: render_nacc_letter,
    ProvinceSummary: render_province_summary,
    ResultsLetter: render_results_letter,
    PosterData: render_poster,
    PosterBook: render_book,
    SlipSheet: render_slips,
    HandOver: render_hand_over,
    SignatureStamp: render_signature_stamp,
    ReceiptStamp: render_receipt_stamp,
    TablePaper: render_table,
    Certificate: render_certificate,
    KeyDestruction: render_key_destruction,
    RosterErasure: render_roster_erasure,
}


def work(source: IO[bytes], sink: IO[bytes]) -> None:
    """One paper in, one PDF (or ``!`` and the reason) out, until the pipe ends."""
    settled = False
    while (content := receive(source)) is not None:
        paper: Any = pickle.loads(content)  # noqa: S301 -- from the process that started this one
        try:
            answer = RENDER[type(paper)](paper)
        except Exception as failure:
            answer = f"!{type(failure).__name__}: {failure}".encode()
        send(sink, answer)
        if not settled:
            settle()
            settled = True


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer)
