"""What is strange about a number of people beside others: the formula, by hand and at its edges."""

from __future__ import annotations

import random
from math import exp

import pytest

from models.plausible import FEWEST, jumps, usual


def test_beside_too_few_nothing_is_usual() -> None:
    assert usual([40] * (FEWEST - 1)) is None
    assert usual([40] * (FEWEST - 1) + [0]) is None, "nobody's number is no other"
    assert usual([40] * FEWEST) == (20, 80), "half and double are never strange, however alike the others are"


def test_a_few_wrong_numbers_move_nothing() -> None:
    chance = random.Random(9)
    peers = [round(50 * exp(chance.gauss(0, 0.3))) for _one in range(400)]
    least, most = usual(peers) or (0, 0)
    assert 12 <= least <= 22 and 120 <= most <= 180, "3.5 deviations of 0.3 to both sides of 50"
    assert usual([*peers[:-20], *([5000] * 20)]) is not None
    low, high = usual([*peers[:-20], *([5000] * 20)]) or (0, 0)
    assert abs(low - least) <= 3 and abs(high - most) <= 25


@pytest.mark.parametrize(
    ("number", "before", "strange"),
    [
        (40, 40, False),
        (60, 40, False),
        (61, 40, True),
        (27, 40, False),
        (26, 40, True),
        (4, 12, False),
        (12, 4, False),
        (14, 4, True),
    ],
)
def test_half_as_many_more_is_a_jump_where_it_is_more_than_a_handful(
    number: int, before: int, strange: bool
) -> None:
    assert jumps(number, before) is strange
