"""Draws that anybody can repeat."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sampling import draw, new_seed

SEED = bytes(range(32))


@given(st.sets(st.integers(1, 100_000), max_size=60), st.binary(min_size=32, max_size=32), st.data())
def test_a_draw_is_repeatable_and_continues(numbers: set[int], seed: bytes, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(numbers)))
    sample = draw(numbers, size, seed=seed)
    assert len(set(sample)) == size
    assert set(sample) <= numbers
    assert draw(sorted(numbers, reverse=True), size, seed=seed) == sample
    assert draw(numbers, len(numbers), seed=seed)[:size] == sample


def test_the_documented_recipe_gives_the_same_draw() -> None:
    by_hand = sorted(range(1, 41), key=lambda n: hmac.new(SEED, str(n).encode(), hashlib.sha256).hexdigest())
    assert draw(range(1, 41), 7, seed=SEED) == by_hand[:7]


def test_everybody_has_the_same_chance() -> None:
    hits = Counter(
        number
        for trial in range(3000)
        for number in draw(range(10), 3, seed=hashlib.sha256(b"%d" % trial).digest())
    )
    # 900 expected each, standard deviation 25: five of them are 125
    assert all(775 <= hits[number] <= 1025 for number in range(10))


def test_what_cannot_be_drawn_is_refused() -> None:
    for numbers, size, seed in (([1], 2, SEED), ([1], -1, SEED), ([1, 1], 1, SEED), ([1], 1, SEED[:31])):
        with pytest.raises(ValueError, match=r"seed|repeated|larger"):
            draw(numbers, size, seed=seed)


def test_seeds_are_fresh() -> None:
    assert len({new_seed() for _ in range(20)}) == 20
    assert len(new_seed()) == 32
