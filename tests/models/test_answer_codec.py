"""Answers as bytes of one length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.answer_codec import BadAnswer, encode, pad, padded_size, unpad

limits_and_choices = st.lists(
    st.integers(2, 9).flatmap(lambda limit: st.tuples(st.just(limit), st.none() | st.integers(1, limit))),
    max_size=80,
)


@given(limits_and_choices)
def test_an_answer_comes_back_as_it_was_and_has_one_length(pairs: list[tuple[int, int | None]]) -> None:
    limits = [limit for limit, _ in pairs]
    choices = tuple(choice for _, choice in pairs)
    size = padded_size(len(limits))
    padded = pad(encode(choices, limits=limits), size)
    assert len(padded) == size
    assert size % 64 == 0
    assert tuple(value or None for value in unpad(padded, size)) == choices


def test_sizes_of_the_questionnaires_of_2561() -> None:
    assert padded_size(51) == 64
    assert padded_size(19) == 64
    assert padded_size(54) == 64
    assert padded_size(55) == 128
    assert padded_size(51, free_text_bytes=1000) == 1088


@pytest.mark.parametrize(("slots", "free_text"), [(-1, 0), (0, -1)])
def test_nothing_has_a_negative_size(slots: int, free_text: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        padded_size(slots, free_text)


@pytest.mark.parametrize(("choices", "limits"), [([1], [2, 2]), ([3], [2]), ([-1], [2]), ([256], [300])])
def test_what_no_form_can_send_is_refused(choices: list[int], limits: list[int]) -> None:
    with pytest.raises(BadAnswer):
        encode(choices, limits=limits)


@pytest.mark.parametrize("padded", [b"", b"\0" * 63, b"\0\x3f" + b"\0" * 62, b"\0\1\1\1" + b"\0" * 60])
def test_broken_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(BadAnswer):
        unpad(padded, 64)


def test_too_much_does_not_fit() -> None:
    assert unpad(pad(bytes(62), 64), 64) == bytes(62)
    with pytest.raises(BadAnswer):
        pad(bytes(63), 64)
