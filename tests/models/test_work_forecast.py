"""The forecast of work with a date: what is plain must come out, and it says something of whatever stands."""

from __future__ import annotations

from itertools import product

import pytest

from models.work_forecast import LIKELY, Work, of_work

#: seven days before the end of a stage of thirty
TODAY, DAYS = 23, 30


def work(done: int, begun: int | None, moved: int | None, *, needed: int = 50, today: int = TODAY) -> Work:
    return Work(needed, done, begun, moved, today, DAYS)


@pytest.mark.parametrize(
    ("standing", "misses"),
    [
        (work(50, 3, 22), False),
        (work(0, None, None), True),
        (work(42, 3, 22), False),
        (work(15, 3, 22), True),
        (work(25, 3, 12), True),
        (work(30, 21, 22), False),
        (work(3, 1, 18, needed=4), False),
        (work(2, 2, 19, needed=4), True),
        (work(0, None, None, needed=4), True),
    ],
    ids=[
        "done",
        "not begun",
        "a good pace",
        "too slow",
        "stopped half way",
        "in one go, two days ago",
        "three steps of four",
        "two steps, too slow",
        "no step",
    ],
)
def test_seven_days_before_the_end(standing: Work, misses: bool) -> None:
    assert of_work(standing).is_likely_to_miss is misses


def test_the_more_is_done_the_less_likely_is_a_miss() -> None:
    chances = [of_work(work(done, 3, 22)).miss for done in (10, 20, 30, 40, 49)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9 > LIKELY > 0.1 > chances[-1]


def test_a_stop_is_worse_than_the_same_work_in_hand() -> None:
    assert of_work(work(25, 3, 12)).miss > of_work(work(25, 18, 22)).miss


def test_it_says_something_of_every_standing() -> None:
    for needed, done, begun, length, days in product(
        (1, 2, 4), (0, 1, 3), (0, 2, None), (1, 5, 12), (1, 3, 12)
    ):
        if done <= needed and (done == 0) == (begun is None) and (begun or 0) < days:
            moved = None if begun is None else min(begun + length, days - 1)
            found = of_work(Work(needed, done, begun, moved, days - 1, days))
            assert 0 <= found.miss <= 1
            assert done <= found.total <= needed
