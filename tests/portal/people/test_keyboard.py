"""Texts typed with the other layout of a Thai keyboard."""

from __future__ import annotations

import pytest

from models.thai import normal_form
from portal.people.keyboard import as_latin, as_thai, is_thai, plain_code


@pytest.mark.parametrize(("latin", "thai"), [("l;ylfu", "สวัสดี"), ("isylzjko", "รหัสผ่าน"), ("8iy[", "ครับ")])
def test_each_key_has_its_letter_on_both_layouts(latin: str, thai: str) -> None:
    assert (as_thai(latin), as_latin(thai)) == (thai, latin)


def test_digits_alone_are_no_thai() -> None:
    assert not is_thai("๒๕๖๑ - 2018") and is_thai("ก1")


@pytest.mark.parametrize(
    "typed",
    [
        "ABCD-EFGH-JK23",
        "abcd efgh jk23",
        " AbCdEfGh—JK23 ",
        as_thai("abcd-efgh-jk23"),
        as_thai("ABCDEFGHJK") + "23",
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_code(normal_form(typed)) == "ABCDEFGHJK23"
