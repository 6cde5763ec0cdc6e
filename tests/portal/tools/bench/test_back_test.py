"""The back-test of the forecast: its arrivals stay as they were written down, and what was promised holds."""

from __future__ import annotations

import hashlib

from portal.tools.bench import arrivals, back_test, work_paces
from portal.tools.bench.arrivals import DAYS_AHEAD, NAMED_AT_LEAST, Survey

#: of the days of a few agencies: whoever changes how answers arrive changes what the forecast is judged by
AS_WRITTEN = {"known": "cd004eed6210", "held out": "def440a6cd6c"}


def digest(surveys: list[Survey]) -> str:
    return hashlib.sha256(repr([one.days for one in surveys]).encode()).hexdigest()[:12]


def test_the_arrivals_are_those_that_were_written_down() -> None:
    assert {
        "known": digest(arrivals.surveys(1, arrivals.KNOWN, number=20)),
        "held out": digest(arrivals.surveys(101, arrivals.HELD_OUT, number=20)),
    } == AS_WRITTEN


def test_seven_days_ahead_it_names_the_misses_of_arrivals_held_out() -> None:
    """What ADR 55 says of thousands, of a few hundred: most misses, and few of those who reach it."""
    for last_year in (True, False):
        surveys = arrivals.surveys(101, arrivals.HELD_OUT, number=300, last_year=last_year)
        found = back_test.score(surveys, back_test.names_survey, DAYS_AHEAD)
        assert found.named >= NAMED_AT_LEAST - 0.08
        assert found.false_of_reached <= 0.15


def test_it_names_work_that_will_be_late() -> None:
    """By the known habits and by those held out, of a few hundred agencies."""
    for habits, named in ((work_paces.KNOWN, NAMED_AT_LEAST), (work_paces.HELD_OUT, NAMED_AT_LEAST - 0.05)):
        works = work_paces.works(101, habits, number=300)
        found = back_test.score(works, back_test.names_work, DAYS_AHEAD)
        assert found.named >= named
        assert found.false_of_reached <= 0.18


def test_the_table_says_each_habit_that_was_held_out() -> None:
    said: list[str] = []
    back_test.printed(said.append, number=8)
    text = "\n".join(said)
    assert "85% named, 15% false alarms" in said[0]
    assert all(habit in text for habit in ("two_visits", "in_batches", "waits_for_the_executive"))


def test_a_score_is_on_target_where_both_halves_are() -> None:
    assert back_test.Score(hits=90, false=10, unseen=10, quiet=90).on_target
    assert not back_test.Score(hits=90, false=30, unseen=10, quiet=90).on_target
    assert not back_test.Score(hits=50, false=1, unseen=50, quiet=90).on_target
