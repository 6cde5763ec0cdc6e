"""The forecast of a survey: what is plain must come out, and no day is used twice."""

from __future__ import annotations

import pytest

from models.forecast import Arrivals, of_survey

#: a survey of thirty days that opened on a Monday
DAYS = tuple(day % 7 >= 5 for day in range(30))


def survey(*came: int, needed: int = 30) -> Arrivals:
    return Arrivals(needed, DAYS, came)


def test_who_has_reached_it_cannot_miss() -> None:
    found = of_survey(survey(*([2] * 15)))
    assert (found.miss, found.total, found.is_likely_to_miss) == (0.0, 30, False)


@pytest.mark.parametrize(
    ("came", "named"),
    [
        ([0] * 23, True),
        ([2, 1, 1] * 7 + [1, 1], False),
        ([3, 3, 2] + [0] * 20, True),
        ([1, 1, 1, 1, 1, 0, 0] * 3 + [1, 1], True),
        ([2, 2, 2, 1, 2, 0, 0] * 3 + [0, 1], False),
    ],
    ids=["nothing came", "a steady pace", "an early burst", "on working days, too few", "nearly there"],
)
def test_seven_days_before_the_end_it_names_who_will_miss(came: list[int], named: bool) -> None:
    assert of_survey(survey(*came)).is_likely_to_miss is named


def test_a_rush_that_grows_is_no_miss() -> None:
    growing = [0] * 13 + [0, 1, 0, 1, 1, 1, 2, 2, 3, 3]
    level = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 2]
    assert sum(growing) == sum(level)
    assert of_survey(survey(*growing)).miss < of_survey(survey(*level)).miss


def test_what_an_agency_did_last_year_counts() -> None:
    so_far = survey(*([0] * 16 + [0, 1, 0, 1, 1, 2, 2]))
    rushed = Arrivals(30, DAYS, tuple([0] * 18 + [1, 1, 1, 1, 2, 2, 3, 4, 4, 5, 6, 7]))
    stopped = Arrivals(30, DAYS, tuple([1] * 12 + [0] * 18))
    assert of_survey(so_far, rushed).miss < of_survey(so_far).miss < of_survey(so_far, stopped).miss


def test_the_expected_number_is_at_least_what_came() -> None:
    for came in ([0] * 10, [1] * 10, [5, 4] + [0] * 8):
        assert of_survey(survey(*came)).total >= sum(came)
