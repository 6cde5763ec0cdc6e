"""Papers printed in the test's own process: starting printers costs more than the few pages of a test."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import pytest

from portal.people.slips import hand_over, making
from reports import printers
from reports.printer import RENDER
from reports.printing import Paper


def print_here(papers: Mapping[str, Paper]) -> Iterator[tuple[str, bytes]]:
    """As ``reports.printing.print_papers``, in the order in which they come."""
    for key, paper in papers.items():
        yield key, RENDER[type(paper)](paper)


def printers_end_at_once(patch: pytest.MonkeyPatch) -> None:
    """From now on no printer lives to read its paper, nor is one kept that was started before."""
    printers.let_go()
    patch.setattr(sys, "executable", "/bin/false")


def slips_printed_here(patch: pytest.MonkeyPatch) -> None:
    """Slips and hand-over lists are printed here; journeys and the drill have real printers."""
    for module in (making, hand_over):
        patch.setattr(module, "print_papers", print_here)
