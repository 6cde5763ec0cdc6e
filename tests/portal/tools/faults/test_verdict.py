"""The table of a trial, and what makes it fail: a count that differs, a fault that was not done."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from portal.tools.faults import amounts
from portal.tools.faults.counts import Counts
from portal.tools.faults.ledger import Ledger, Told
from portal.tools.faults.trial import Outcome
from portal.tools.faults.verdict import MOST, in_all, lines_of, shortened, too_little, wrong_in

BEFORE, AFTER = Counts(1, 1, 0, 0, 1, 1), Counts(0, 0, 1, 0, 1, 1)


@pytest.fixture
def good() -> Outcome:
    """One person who lost an acknowledgement, sent again and read thanks; one kill and one restart."""
    ledger = Ledger(["one"])
    person = ledger.comes(0)
    for told in (Told.NOTHING, Told.AGAIN):
        sending = ledger.begins(person)
        sending.whole = True
        ledger.ends(sending, told)
    planned = {amounts.WEB: 1, amounts.RESTART: 1}
    read = Counter({"thanks again": 1, "nothing": 1, "answers 500": 2})
    return Outcome(
        engine="SQLite",
        planned=planned,
        done=Counter(planned),
        people=ledger.people,
        read=read,
        sealed=BEFORE,
        opened=AFTER,
        found={(0, 0, 0): 1},
        code=0,
        took={"opening": 2.0},
    )


def test_a_promise_that_holds_has_nothing_wrong_and_a_table(good: Outcome) -> None:
    assert wrong_in(good) == []
    table = "\n".join(lines_of(good))
    for words in ("kill: web server", "answers 500", "people who lost an acknowledgement", "opening 2 s"):
        assert words in table


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"found": {}}, "LOST      person 0"),
        ({"found": {(0, 0, 0): 2}}, "DOUBLED   person 0 counts 2 times"),
        ({"sealed": replace(BEFORE, marks=2)}, "COUNTS    marks: 2, people in the boxes: 1"),
        ({"opened": replace(AFTER, opened=2)}, "COUNTS    opened answers: 2"),
        ({"opened": replace(AFTER, aside=1)}, "COUNTS    the opening ended with 0"),
        ({"code": 1}, "COUNTS    the opening ended with 1"),
        ({"done": Counter({amounts.WEB: 1})}, "NOT DONE  database restarted: 0 of 1"),
        ({"wrong": ["UNHEARD   one"]}, "UNHEARD   one"),
    ],
)
def test_what_is_wrong_is_told(good: Outcome, change: dict[str, object], said: str) -> None:
    assert any(said in line for line in wrong_in(replace(good, **change)))  # type: ignore[arg-type]


def test_many_lines_of_one_kind_are_a_number() -> None:
    lines = [f"LOST      person {number}" for number in range(MOST + 2)] + ["COUNTS    one"]
    short = shortened(lines)
    assert len(short) == MOST + 2
    assert short[-2:] == ["COUNTS    one", "LOST      12 in all"]


def test_less_than_the_full_form_is_told(good: Outcome) -> None:
    sums = in_all([good])
    assert sums == {"kill -9": 1, "disk full": 0, "database restarts": 1, "answers acknowledged": 1}
    assert too_little(sums)[0] == "NOT DONE  kill -9: 1 of 500"
    assert too_little(dict.fromkeys(sums, 100_000)) == []
