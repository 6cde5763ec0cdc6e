"""The laws of guessing are exact: against every matching there is, and against each other."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest

from portal.tools.attack.chance import OVERALL, arrangements, bound, judged, probability


@pytest.mark.parametrize("n", [1, 2, 5, 7])
def test_the_law_of_a_matching_is_what_counting_all_of_them_gives(n: int) -> None:
    hits = Counter(sum(place == one for place, one in enumerate(order)) for order in permutations(range(n)))
    whole = sum(hits.values())
    for least in range(n + 1):
        counted = sum(times for number, times in hits.items() if number >= least) / whole
        assert probability(least, [n]) == pytest.approx(counted, abs=1e-15)
    assert arrangements(n) == hits[0]


def test_boxes_together_are_what_their_pairs_give() -> None:
    one = [probability(k, [3]) - probability(k + 1, [3]) for k in range(4)]
    both = sum(one[first] * one[second] for first in range(4) for second in range(4) if first + second >= 2)
    assert probability(2, [3, 3]) == pytest.approx(both)


def test_the_binomial_law_of_one_box() -> None:
    assert probability(1, [2], binomial=True) == pytest.approx(3 / 4)
    assert probability(2, [2], binomial=True) == pytest.approx(1 / 4)


def test_the_judgement_takes_the_law_that_accuses_less() -> None:
    sizes = (12, 25, 46)
    for hits in range(12):
        assert judged(hits, sizes) == max(probability(hits, sizes), probability(hits, sizes, binomial=True))
    assert judged(0, sizes) == 1
    assert judged(83, sizes) < 1e-80, "beyond any float that was subtracted from one"


def test_all_attacks_together_err_once_in_a_million_runs() -> None:
    assert bound(500) * 500 == pytest.approx(OVERALL)


def test_at_the_size_of_the_command_three_people_of_a_hundred_are_seen() -> None:
    """2,158 people in 78 boxes: 78 hits are chance, and 60 more are a link, with 750 attacks at once."""
    sizes = (12, 25, 46) * 26
    assert judged(78, sizes) > 0.4
    assert judged(78 + 65, sizes) < bound(750)
