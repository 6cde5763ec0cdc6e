"""What is read of a respondent's body, and what is told of it; the ID in words and digits."""

from __future__ import annotations

import pytest

from models.citizen_id import IdProblem
from portal.core.web import Portal
from survey_forms import submission
from survey_forms.submission import (
    Errors,
    digits_in_words,
    id_hint,
    id_message,
    pack,
    read_submission,
    validate,
)
from tests.support.respondents import citizen_id
from tests.survey_forms.surveys import QUESTIONNAIRE


@pytest.mark.parametrize(
    ("body", "chosen"),
    [
        (b"q0=3&q1=2", {0: 3, 1: 2}),
        (b"q0=4", {0: 4}),
        (b"q0=5&q1=0", {}),  # four choices, counted from 1
        (b"q0=&q1=", {}),
        (b"q0=%E0%B9%93&q1=+2", {}),  # a choice is sent by our own page: nobody types it
        (b"q0=-1&q1=1e0", {}),
        (b"q2=1&q=1&xq0=1", {}),
        (b"q0=1&q0=2", {0: 2}),  # the last one counts, as the browser sends it once
        (b"a=3.2", {0: 3, 1: 2}),
        (b"a=3.", {0: 3}),
        (b"a=3", {0: 3}),
        (b"a=.2", {1: 2}),
        (b"a=3.2&q0=1", {0: 1, 1: 2}),  # what is chosen now goes before what was carried along
        (b"\xff\xfe=%zz&&=", {}),
        (b"", {}),
    ],
)
def test_only_choices_of_the_form_are_read(body: bytes, chosen: dict[int, int]) -> None:
    assert read_submission(body, QUESTIONNAIRE).chosen == chosen


def test_words_are_read_as_a_browser_sends_them_and_long_ones_are_cut() -> None:
    sent = read_submission(b"id=1+2345%2067&t=a.b%2Ec&back=", QUESTIONNAIRE)
    assert (sent.typed_id, sent.token, sent.wants_back) == ("1 2345 67", "a.b.c", True)
    assert len(read_submission(b"id=" + b"1" * 500, QUESTIONNAIRE).typed_id) == 80


def test_a_body_of_very_many_fields_is_read_to_a_bound() -> None:
    body = b"x&" * submission.MOST_FIELDS + b"q0=1"
    assert read_submission(body, QUESTIONNAIRE).chosen == {}
    assert read_submission(body[2:], QUESTIONNAIRE).chosen == {0: 1}


def test_what_was_chosen_goes_through_a_page_and_comes_back() -> None:
    for body in (b"q0=3&q1=2", b"q1=1", b""):
        sent = read_submission(body, QUESTIONNAIRE)
        again = read_submission(b"a=" + pack(sent, QUESTIONNAIRE).encode(), QUESTIONNAIRE)
        assert again.chosen == sent.chosen


def test_a_submission_shows_nothing_of_itself_in_a_log() -> None:
    sent = read_submission(f"id={citizen_id(1)}&q0=3".encode(), QUESTIONNAIRE)
    assert repr(sent) == "Submission()"


def test_a_whole_form_has_its_id_and_no_errors(app: Portal) -> None:
    sent = read_submission(f"id={citizen_id(1)}&q0=3&q1=2".encode(), QUESTIONNAIRE)
    with app.app_context():
        number, errors = validate(sent, QUESTIONNAIRE, first_digits="12345678")
    assert (number, bool(errors), len(errors)) == (citizen_id(1), False, 0)


@pytest.mark.parametrize(
    ("body", "unanswered", "number"),
    [("q0=3&q1=2", (), 1), (f"id={citizen_id(1)}&q1=2", (0,), 1), ("", (0, 1), 3)],
)
def test_everything_that_is_missing_is_told_at_once(
    app: Portal, body: str, unanswered: tuple[int, ...], number: int
) -> None:
    with app.app_context():
        typed, errors = validate(
            read_submission(body.encode(), QUESTIONNAIRE), QUESTIONNAIRE, first_digits="12"
        )
    assert (errors.unanswered, len(errors)) == (unanswered, number)
    assert bool(typed) is not bool(errors.citizen_id)


def test_an_error_at_one_place_is_one_error() -> None:
    assert not Errors()
    assert (len(Errors("x")), len(Errors("", (3, 4))), len(Errors("x", (3, 4)))) == (1, 2, 3)


@pytest.mark.parametrize(
    ("digits", "read"),
    [
        ("12345678", "1–8"),
        ("87654321", "1–8"),
        ("135", "1, 3, 5"),
        ("12", "1, 2"),
        ("123", "1–3"),
        ("0123456789", "0–9"),
        ("1", "1"),
        ("01245678", "0, 1, 2, 4, 5, 6, 7, 8"),
    ],
)
def test_first_digits_are_said_as_people_say_them(digits: str, read: str) -> None:
    assert digits_in_words(digits) == read


@pytest.mark.parametrize(("digits", "first"), [("0123456789", ""), ("123", "รับเลขที่ขึ้นต้นด้วย 1–3")])
def test_which_numbers_are_taken_is_said_where_some_are_not(app: Portal, digits: str, first: str) -> None:
    with app.app_context():
        words = id_hint(digits)
    assert words.startswith("ตัวเลข 13 หลัก มีขีดหรือเว้นวรรคก็ได้")
    assert (first in words) and ("รับเลข" in words) is bool(first)


@pytest.mark.parametrize(
    ("reason", "length", "words"),
    [
        (IdProblem.EMPTY, 0, "กรอกเลขบัตรประชาชน 13 หลัก"),
        (IdProblem.NOT_DIGITS, 9, "มีเฉพาะตัวเลข"),
        (IdProblem.LENGTH, 12, "ต้องมี 13 หลัก ขณะนี้มี 12 หลัก"),
        (IdProblem.FIRST_DIGIT, 13, "แบบสำรวจนี้รับเลขที่ขึ้นต้นด้วย 1–8"),
        (IdProblem.CHECK_DIGIT, 13, "อาจสลับหรือพิมพ์ผิด 1 ตัว"),
    ],
)
def test_each_thing_wrong_with_an_id_has_its_words(
    app: Portal, reason: IdProblem, length: int, words: str
) -> None:
    with app.app_context():
        assert words in id_message(reason, length, "12345678")
