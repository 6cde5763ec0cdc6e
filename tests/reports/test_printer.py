"""The process that makes papers: what goes in comes out as PDF, or as the reason why not."""

from __future__ import annotations

import gc
import pickle
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from reports import printers
from reports.letter_data import Audience, PosterData, ProvinceSummary, SignatureStamp
from reports.pipe import receive, send
from reports.printer import work
from reports.printing import RenderingFailed, print_paper, print_papers
from tests.reports.sample import OFFICE, circular, nacc_letter, province, reader
from tests.support.presses import printers_end_at_once

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


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """No printer is kept from a test before, nor for one after."""
    printers.let_go()
    yield
    printers.let_go()


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("emblem", [b"", b"x" * 300_000])
def test_a_printer_that_ends_is_said(monkeypatch: pytest.MonkeyPatch, emblem: bytes) -> None:
    """Before it has read the paper, however large: nobody waits for it, and nothing is left open."""
    printers_end_at_once(monkeypatch)
    with pytest.raises(RenderingFailed, match="paper"):
        print_paper(replace(SUMMARY, office=replace(OFFICE, emblem=emblem)))


def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The printers that are started from now on."""
    seen: list[object] = []
    start = subprocess.Popen

    def watched(*told: Any, **more: Any) -> Any:
        seen.append(start(*told, **more))
        return seen[-1]

    monkeypatch.setattr(printers.subprocess, "Popen", watched)
    return seen


@pytest.mark.usefixtures("nobody_waits")
def test_who_prints_next_finds_a_printer_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two stays; it makes the same paper with the same bytes."""
    seen = started(monkeypatch)
    made = dict(print_papers({"one": SUMMARY, "two": POSTER}))
    assert len(seen) == 2
    assert print_paper(SUMMARY) == made["one"] and print_paper(POSTER) == made["two"]
    assert len(seen) == 2, "nothing was started for them"
    assert [one.poll() is None for one in seen].count(True) == 1  # type: ignore[attr-defined]
    printers.let_go()
    assert all(one.poll() is not None for one in seen)  # type: ignore[attr-defined]


@pytest.mark.long
@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("why", ["it was killed", "it made enough", "it waited for long", "another stays"])
def test_a_printer_does_not_stay_for_ever(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = started(monkeypatch)
    if why == "it waited for long":
        monkeypatch.setattr(printers, "IDLE", 0.01)
    if why == "it made enough":
        monkeypatch.setattr(printers, "MOST", 1)
    print_paper(POSTER)
    if why == "it was killed":
        seen[0].kill()
        seen[0].wait()
    if why == "another stays":
        printers.keep(printers.Printer())
    if why == "it waited for long":
        seen[0].wait(timeout=60)
    assert seen[0].poll() is not None or why == "it made enough"
    assert print_paper(POSTER).startswith(b"%PDF")
    assert seen[0].poll() is not None


@pytest.mark.usefixtures("nobody_waits")
def test_a_printer_whose_paper_failed_or_is_not_waited_for_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """What state it is in nobody knows."""
    seen: list[Any] = started(monkeypatch)
    with pytest.raises(RenderingFailed):
        print_paper(replace(SUMMARY, office=replace(OFFICE, emblem=b"no picture")))
    batch = print_papers({"one": SUMMARY, "two": POSTER})
    next(batch)
    batch.close()  # type: ignore[attr-defined]
    assert [one.poll() is None for one in seen] == [False] * 3
