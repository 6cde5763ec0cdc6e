"""What makes an attack fail: a link, a control that is not recovered, a canary, a mark, a lost answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from portal.tools.attack.attacks import Found
from portal.tools.attack.canaries import Swept
from portal.tools.attack.controls import Control
from portal.tools.attack.robbery import Haul
from portal.tools.attack.verdict import faults, lines_of

SIZES = (12, 25, 46)
CHANCE = Found("order", "arrival – as read, in rank", 4, SIZES)
LINK = Found("xmin", "mark xmin = xmin", 60, SIZES)
SEALED = Swept(3, 1_000_000, {})
OPENED = Swept(3, 1_000_000, {"database": Counter({"answer, whole": 83})})
GOOD = Haul("SQLite", 83, SIZES, [CHANCE], [Control("one transaction", LINK)], SEALED, OPENED, [], 0, 83)
RECOVERED = replace(LINK, hits=83)
GOOD = replace(GOOD, controls=[Control("one transaction", RECOVERED)])


def test_a_promise_that_holds_has_no_fault_and_a_table() -> None:
    assert faults([GOOD, GOOD]) == []
    lines = lines_of([GOOD])
    assert any("arrival – as read" in line and " 83 " in line for line in lines)
    assert any("one transaction" in line for line in lines)
    assert any("while sealed" in line and line.endswith("nothing") for line in lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"attacks": [CHANCE, LINK]}, "LINKED  xmin: mark xmin = xmin: 60 of 83"),
        ({"controls": [Control("one transaction", LINK)]}, "BLIND   xmin does not recover"),
        ({"sealed": OPENED}, "FOUND   while sealed: 83 × answer, whole in database"),
        ({"opened": Swept(1, 1, {"logs": Counter({"answer, whole": 1})})}, "in logs"),
        ({"opened": Swept(1, 1, {"database": Counter({"ID, plain": 1})})}, "1 × ID, plain in database"),
        ({"opened": SEALED}, "BLIND   the sweep does not find the opened answers"),
        ({"blind": ["ID base64"]}, "BLIND   the sweep does not find: ID base64"),
        ({"marks_left": 2}, "MARKS   2 are left"),
        ({"answers_opened": 82}, "LOST    1 of 83"),
    ],
)
def test_each_breach_is_said(change: dict[str, object], said: str) -> None:
    told = faults([replace(GOOD, **change)])  # type: ignore[arg-type]
    assert any(said in one for one in told), told


def test_fewer_hits_than_chance_are_no_link() -> None:
    assert faults([replace(GOOD, attacks=[replace(CHANCE, hits=0)])]) == []
