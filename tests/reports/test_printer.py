"""The process that makes papers: what goes in comes out as PDF, or as the reason why not."""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from reports.letter_data import Audience, PosterData, ProvinceSummary, SignatureStamp
from reports.printer import work
from reports.printing import RenderingFailed, print_paper, receive, send
from tests.reports.sample import OFFICE, circular, nacc_letter, province, reader

POSTER = PosterData("อบต.น้ำคำ", "แบบวัด", Audience.INTERNAL, "https://ita.example.go.th/s/7Kq2", "2561")
SUMMARY = ProvinceSummary(OFFICE, province(), date(2018, 11, 9))


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """A printer sets the collector for itself: this process gets its own back."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def answers(*papers: object) -> list[bytes]:
    """What a printer answers to these papers."""
    source, sink = BytesIO(), BytesIO()
    for paper in papers:
        send(source, pickle.dumps(paper))
    source.seek(0)
    work(source, sink)
    sink.seek(0)
    return list(iter(lambda: receive(sink), None))


def test_every_kind_of_paper_is_made_until_the_pipe_ends() -> None:
    stamp = SignatureStamp(OFFICE.signatory_name, date(2018, 11, 9))
    made = answers(circular(), nacc_letter(), SUMMARY, POSTER, stamp)
    assert [len(reader(pdf).pages) > 0 for pdf in made] == [True] * 5


def test_a_paper_that_cannot_be_made_is_answered_with_why_and_the_next_is_made() -> None:
    broken = replace(SUMMARY, office=replace(OFFICE, emblem=b"no picture"))
    why, made = answers(broken, SUMMARY)
    assert why.startswith(b"!ValueError: an emblem is a small PNG")
    assert made.startswith(b"%PDF")


def test_half_a_paper_is_the_end_of_the_pipe() -> None:
    """A caller that was killed in the middle of a sentence."""
    whole = BytesIO()
    send(whole, b"%PDF-1.7")
    for end in (0, 4, 12):
        assert receive(BytesIO(whole.getvalue()[:end])) is None


@pytest.mark.parametrize("emblem", [b"", b"x" * 300_000])
def test_a_printer_that_ends_is_said(monkeypatch: pytest.MonkeyPatch, emblem: bytes) -> None:
    """Before it has read the paper, however large: nobody waits for it, and nothing is left open."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RenderingFailed, match="paper"):
        print_paper(replace(SUMMARY, office=replace(OFFICE, emblem=emblem)))
