"""Papers as PDF, made in processes of their own: the largest first, each handed over when it is done."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping

from reports.certificate_data import Certificate
from reports.destruction_data import KeyDestruction
from reports.erasure_data import RosterErasure
from reports.letter_data import Circular, NaccLetter, PosterData, ProvinceSummary, SignatureStamp
from reports.poster_data import PosterBook
from reports.printers import Printer, RenderingFailed, keep, take
from reports.result_data import ResultsLetter
from reports.slip_data import HandOver, SlipSheet
from reports.stamp_data import ReceiptStamp
from reports.table_data import TablePaper

__all__ = ["Paper", "RenderingFailed", "print_paper", "print_papers"]

Paper = (
    Circular
    | NaccLetter
    | ProvinceSummary
    | ResultsLetter
    | Certificate
    | KeyDestruction
    | RosterErasure
    | PosterData
    | PosterBook
    | SlipSheet
    | HandOver
    | SignatureStamp
    | ReceiptStamp
    | TablePaper
)

PRINTERS = 2


def print_paper(paper: Paper) -> bytes:
    """One paper as PDF. Raises RenderingFailed."""
    ((_key, content),) = print_papers({"paper": paper})
    return content


def print_papers(papers: Mapping[str, Paper], *, printers: int = PRINTERS) -> Iterator[tuple[str, bytes]]:
    """Yield (key, PDF) for each paper as it is finished, in no order that may be relied on.

    Closing the iterator (or leaving the loop) ends the printers; after the last paper one of them stays warm.
    Raises RenderingFailed.
    """
    waiting: queue.Queue[tuple[str, Paper]] = queue.Queue()
    for key in sorted(papers, key=lambda name: (-_size(papers[name]), name)):
        waiting.put((key, papers[key]))
    finished: queue.Queue[tuple[str, bytes] | Exception] = queue.Queue()
    running: list[Printer] = []
    idle = False
    try:
        for place in range(min(printers, len(papers))):
            printer = Printer() if place else take()
            running.append(printer)
            threading.Thread(target=_drive, args=(printer, waiting, finished), daemon=True).start()
        for _ in range(len(papers)):
            result = finished.get()
            if isinstance(result, Exception):
                raise result
            yield result
        idle = True
    finally:
        if idle and running:
            keep(running.pop())
        for printer in running:
            printer.end()


def _size(paper: Paper) -> int:
    """How many agencies it lists or writes to: what makes a paper slow."""
    if isinstance(paper, SlipSheet):
        return len(paper.slips)
    if isinstance(paper, PosterBook):
        return len(paper.posters)
    if isinstance(paper, ResultsLetter):
        return paper.results.total
    return paper.status.total if isinstance(paper, Circular | ProvinceSummary) else 0


def _drive(
    printer: Printer,
    waiting: queue.Queue[tuple[str, Paper]],
    finished: queue.Queue[tuple[str, bytes] | Exception],
) -> None:
    """Feed one printer paper by paper until none waits."""
    try:
        while True:
            key, paper = waiting.get_nowait()
            finished.put((key, printer.make(key, paper)))
    except queue.Empty:
        return
    except RenderingFailed as failure:
        finished.put(failure)
