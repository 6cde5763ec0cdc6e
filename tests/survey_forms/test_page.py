"""The form as bytes: the same whether filled in, kept blank or compressed; made once per edition."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.ballot.questionnaire import Block, QuestionLine, Section
from portal.core.web import Portal
from survey_forms.page import Rules, form_class, minutes, page_of
from tests.survey_forms.surveys import QUESTIONNAIRE, TWO

RULES = Rules(detail=10, total=3, first_digits="12345678", demo=False)
SLOTS = {"agency": "เทศบาลตำบลเกาะคา", "lead": "2 ข้อ", "token": "1.2.3"}


@pytest.fixture(autouse=True)
def _request(app: Portal) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_a_blank_form_is_the_same_however_it_is_kept() -> None:
    page = page_of(QUESTIONNAIRE, RULES)
    blank = page.blank(SLOTS)
    assert blank == page.filled(SLOTS)
    assert gzip.decompress(page.blank_gzip(SLOTS)) == blank
    assert all(words.encode() in blank for words in SLOTS.values())
    assert page.blank(SLOTS | {"agency": "อื่น"}) != blank


def test_no_slot_is_left_open_and_no_other_than_a_choice_is_marked() -> None:
    page = page_of(QUESTIONNAIRE, RULES)
    text = page.filled(SLOTS | {"c0.3": " checked", "c9.9": " checked"}).decode()
    assert not set(text) & {"\ue000", "\ue001"}
    assert text.count(" checked") == 1


def test_a_form_is_made_anew_for_another_wording_or_another_rule_only() -> None:
    page = page_of(QUESTIONNAIRE, RULES)
    assert page_of(QUESTIONNAIRE, RULES) is page
    assert page_of(replace(QUESTIONNAIRE, edition=2), RULES) is not page
    assert page_of(QUESTIONNAIRE, replace(RULES, detail=12)) is not page
    again = replace(QUESTIONNAIRE)
    assert page_of(again, RULES).questionnaire is again, "what was read anew is shown"


def test_a_demonstration_says_who_could_open_answers() -> None:
    words = "นี่คือระบบสาธิต ผู้ที่ถือกุญแจของเครื่องนี้อาจเปิดคำตอบได้"
    for demo in (False, True):
        page = page_of(QUESTIONNAIRE, replace(RULES, demo=demo)).blank(SLOTS).decode()
        assert (words in page) is demo


def test_choices_are_numbered_from_1_in_their_order() -> None:
    form = form_class(QUESTIONNAIRE, "12345678")()
    assert list(form._fields) == ["id", "q0", "q1"]
    assert form._fields["q1"].choices == [("1", "มี"), ("2", "ไม่มี")]


@pytest.mark.parametrize(("lines", "took"), [(1, 1), (4, 1), (5, 2), (51, 13)])
def test_a_begun_minute_counts_whole(lines: int, took: int) -> None:
    asked = tuple(QuestionLine(slot, slot + 1, "E", "", TWO) for slot in range(lines))
    assert minutes(replace(QUESTIONNAIRE, sections=(Section("", (Block("", "", TWO, asked),)),))) == took
