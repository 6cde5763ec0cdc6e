"""The citizen ID as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.th import pin

from models.citizen_id import IdProblem, InvalidCitizenId, are_first_digits, check, normalise
from models.thai import thai_digits

DEFAULT = "12345678"


def full(first_twelve: str) -> str:
    return first_twelve + pin.calc_check_digit(first_twelve)


twelve = st.from_regex(r"[1-8][0-9]{11}", fullmatch=True)


@given(twelve)
def test_a_right_number_is_taken_however_it_is_typed(start: str) -> None:
    number = full(start)
    dashed = f"{number[0]}-{number[1:5]}-{number[5:10]}-{number[10:12]}-{number[12]}"
    for typed in (number, dashed, dashed.replace("-", " "), thai_digits(dashed), f" {number}\u200b\n"):
        assert check(typed, first_digits=DEFAULT) == number


@given(twelve, st.integers(1, 9))
def test_a_wrong_check_digit_is_found(start: str, step: int) -> None:
    number = full(start)
    wrong = number[:-1] + str((int(number[-1]) + step) % 10)
    with pytest.raises(InvalidCitizenId) as caught:
        check(wrong, first_digits=DEFAULT)
    assert caught.value.reason is IdProblem.CHECK_DIGIT


def test_most_single_typing_errors_are_found_but_not_in_the_third_digit() -> None:
    """The third digit has the weight 11 of a rule modulo 11: the official rule cannot see it."""
    number = full("123456789012")
    found = dict.fromkeys(range(13), 0)
    for place in found:
        for digit in set("0123456789") - {number[place]}:
            try:
                check(number[:place] + digit + number[place + 1 :], first_digits="0123456789")
            except InvalidCitizenId:
                found[place] += 1
    assert found.pop(2) == 0
    assert min(found.values()) >= 7


@pytest.mark.parametrize(
    ("typed", "reason", "length"),
    [
        ("", IdProblem.EMPTY, 0),
        (" - ", IdProblem.EMPTY, 0),
        ("123456789012", IdProblem.LENGTH, 12),
        ("12345678901234", IdProblem.LENGTH, 14),
        ("12345abc90121", IdProblem.NOT_DIGITS, 10),
        ("١٢٣٤٥٦٧٨٩٠١٢٣", IdProblem.NOT_DIGITS, 13),
        (full("012345678901"), IdProblem.FIRST_DIGIT, 13),
        (full("912345678901"), IdProblem.FIRST_DIGIT, 13),
    ],
)
def test_what_is_wrong_is_told(typed: str, reason: IdProblem, length: int) -> None:
    with pytest.raises(InvalidCitizenId) as caught:
        check(typed, first_digits=DEFAULT)
    assert (caught.value.reason, caught.value.length) == (reason, length)


def test_the_round_may_accept_other_first_digits() -> None:
    number = full("012345678901")
    assert check(number, first_digits="0" + DEFAULT) == number


@given(st.text())
def test_the_error_never_carries_what_was_typed(text: str) -> None:
    with pytest.raises(InvalidCitizenId) as caught:
        check(text, first_digits="")
    assert str(caught.value) in {problem.value for problem in IdProblem}


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("digits", "good"),
    [
        ("12345678", True),
        ("0", True),
        ("0123456789", True),
        ("", False),
        ("๑๒๓", False),
        ("1x", False),
        ("١", False),
        ("²", False),
        ("1" * 11, False),
    ],
)
def test_first_digits_are_tried_with_an_id(digits: str, good: bool) -> None:
    assert are_first_digits(digits) is good
