"""An opening that is killed leaves as many answers as before; marks go although the worker dies."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

import pytest

from portal.tools.faults import amounts, ending
from portal.tools.faults.counts import Counts
from portal.tools.faults.ending import Opening, no_marks

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]


def counts(*, marks: int = 0, sealed: int = 0, opened: int = 0) -> Counts:
    return Counts(marks, sealed, opened, 0, 0, 0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "BEFORE_IT_BEGINS", 0.01)


def test_marks_are_waited_for_beside_a_worker_that_is_killed() -> None:
    left = itertools.chain([9, 9, 5, 2], itertools.repeat(0))
    killed = no_marks(lambda: counts(marks=next(left)), lambda: True, 1)
    assert killed == {amounts.CLOSING: 1}
    assert no_marks(counts, lambda: True, 0) == {}


def test_an_opening_is_killed_as_it_starts_and_midway(tmp_path: Path) -> None:
    sealed = itertools.chain([9, 9, 9, 8, 8], itertools.repeat(8))
    seen: list[int] = []

    def look() -> Counts:
        seen.append(next(sealed))
        return counts(sealed=seen[-1], opened=9 - seen[-1])

    opening = Opening(SLEEPS, os.environ, tmp_path / "log", look)
    opening.kill({amounts.MIDWAY: 1})
    assert opening.killed == {amounts.MIDWAY: 1} and opening.differing == []


def test_an_answer_that_is_gone_after_a_kill_is_seen(tmp_path: Path) -> None:
    found = iter([counts(sealed=9), counts(sealed=8)])
    opening = Opening(SLEEPS, os.environ, tmp_path / "log", lambda: next(found))
    opening.kill({amounts.STARTING: 1})
    assert opening.differing == ["COUNTS    8 answers after a killed opening, 9 before"]


def test_what_ended_by_itself_was_not_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = Opening(ENDS, os.environ, tmp_path / "log", lambda: counts(sealed=9))
    opening.kill({amounts.MIDWAY: 1})
    assert opening.killed == {amounts.MIDWAY: 0}
    assert opening.complete() == 3


def test_once_all_boxes_are_open_it_is_killed_before_it_can_end(tmp_path: Path) -> None:
    opening = Opening(SLEEPS, os.environ, tmp_path / "log", lambda: counts(opened=9))
    opening.kill({amounts.MIDWAY: 1})
    assert opening.killed == {amounts.MIDWAY: 1}
