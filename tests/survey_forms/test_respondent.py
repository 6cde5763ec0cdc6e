"""The form as it is shown: blank, or filled with what was sent and what is to be mended."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Response

from portal.ballot.questionnaire import Block, QuestionLine, Section
from portal.core.web import Portal
from survey_forms import respondent
from survey_forms.submission import Errors, Submission
from survey_forms.token import Opened
from tests.support.world import NOW
from tests.survey_forms.surveys import DAY, EIT, QUESTIONNAIRE, TWO, span, survey

OPENED = Opened(NOW, bytes(16))
NOTHING = Submission({}, "", {})


@pytest.fixture(autouse=True)
def _request(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(respondent, "_heads", {})  # made-up questionnaires share an edition
    with app.test_request_context():
        yield


def shown(sent: Submission = NOTHING, opened: Opened = OPENED, **options: Any) -> tuple[Response, str]:
    own = options.pop("own", None) or survey()
    response = respondent.filled_form(own, sent, opened, status=422, **options)
    return response, html.unescape(response.get_data(as_text=True)).replace("\u00a0", " ")


def test_a_blank_form_says_how_long_it_takes_and_until_when() -> None:
    page = respondent.blank_form(survey()).get_data(as_text=True).replace("\u00a0", " ")
    assert "2 ข้อ ใช้เวลาประมาณ 1 นาที" in page
    assert "ตอบได้ถึงวันที่ 10 พฤศจิกายน 2561 เวลา 10:00 น." in page
    assert " checked" not in page and "ยังไม่ได้ส่ง" not in page


def test_what_was_chosen_and_typed_stands_in_the_form_again() -> None:
    _response, page = shown(Submission({}, '1"2', {0: 3}))
    assert page.count(" checked") == 1
    assert 'value="1"2"' in page, "the quotation mark is escaped in the page itself"
    assert 'role="alert"' not in page, "nothing is wrong with it"


def test_each_error_stands_at_its_place_and_in_the_summary() -> None:
    _response, page = shown(errors=Errors("กรอกเลขบัตร", (1,)))
    assert "ยังไม่ได้ส่ง เหลืออีก 2 ที่" in page
    assert '<a href="#id">กรอกเลขบัตร</a>' in page
    assert '<a href="#q1">ข้อ 2 ยังไม่ได้เลือกคำตอบ</a>' in page
    assert 'id="ide">กรอกเลขบัตร<' in page and 'id="e1"' in page and 'id="e0"' not in page


def test_of_many_unanswered_questions_the_first_are_named_and_the_rest_counted() -> None:
    lines = tuple(QuestionLine(slot, slot + 1, f"E{slot}", f"ข้อที่ {slot}", TWO) for slot in range(13))
    long = replace(QUESTIONNAIRE, instrument_id=2, sections=(Section("ยาว", (Block("", "", TWO, lines),)),))
    own = survey(questionnaires={EIT: long})
    _response, page = shown(own=own, errors=Errors("", tuple(range(13))))
    assert page.count('<li><a href="#q') == respondent.MOST_IN_SUMMARY
    assert "และอีก 3 ข้อ" in page


def test_a_form_that_waits_tells_browsers_and_scripts_how_long() -> None:
    response, page = shown(message="มีผู้ใช้งานมาก", retry_seconds=20)
    assert response.headers["Retry-After"] == "20"
    assert 'data-r="20"' in page and "มีผู้ใช้งานมาก" in page


def test_a_form_from_before_its_window_was_moved_names_no_end() -> None:
    """It was opened when another window stood there: what was announced then is not known."""
    own = survey(span(timedelta(hours=-1), DAY))
    _response, page = shown(opened=Opened(NOW - DAY, bytes(16)), own=own)
    assert "2 ข้อ ใช้เวลาประมาณ 1 นาที" in page
    assert "ตอบได้ถึงวันที่" not in page


def test_the_heads_of_many_links_are_forgotten_at_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(respondent, "MOST_LINKS", 1)
    for name in ("หนึ่ง", "สอง"):
        page = respondent.blank_form(survey(agency_full_name=name)).get_data(as_text=True)
        assert name in page
    assert len(respondent._heads) == 1
