"""The texts that spread a survey: for whom, until when, and which of them must stay inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from models.instrument import InstrumentKind
from models.participation import Participation
from models.windows import StageState, WindowSpan
from portal.ballot.links import make_links
from portal.core.database.session import db
from portal.core.web import Portal
from portal.surveys.links import OwnSurvey, surveys_of
from portal.surveys.spreading import days_left, texts_of
from tests.support.world import NOW, World, acting_as

IIT, EIT = InstrumentKind.IIT, InstrumentKind.EIT
INSIDE = "ช่องทางภายในเท่านั้น"
Own = tuple[Participation, dict[InstrumentKind, OwnSurvey]]


@pytest.fixture
def own(app: Portal, world: World) -> Iterator[Own]:
    with app.app_context(), acting_as(world.actor("agency_admin")):
        row = db.session.get_one(Participation, world.participation["a1"])
        make_links(row)
        yield row, {survey.instrument: survey for survey in surveys_of(row)}


def test_every_text_has_its_link_its_agency_and_the_days_left(own: Own) -> None:
    row, surveys = own
    for survey in surveys.values():
        texts = texts_of(row, survey)
        assert len(texts) == 2
        for text in texts:
            assert survey.url in text.words and row.full_name in text.words
            left = f"เหลืออีก {days_left(survey)} วัน"
            assert (left in text.words) is ("<a " not in text.words), "a web page does not count days"
            assert "ตอบได้ถึงวันที่ 23 ธันวาคม 2561" in text.words


def test_what_is_internal_says_so_and_only_that(own: Own) -> None:
    row, surveys = own
    assert all(INSIDE in text.words for text in texts_of(row, surveys[IIT]))
    assert not any(INSIDE in text.words for text in texts_of(row, surveys[EIT]))
    assert not any("<a " in text.words for text in texts_of(row, surveys[IIT])), (
        "no site of an agency has IIT"
    )


def test_the_snippet_is_plain_html_and_a_name_stays_a_name(own: Own) -> None:
    row, surveys = own
    row.full_name = "อบต. <เกาะคา>"
    snippet = texts_of(row, surveys[EIT])[1].words
    assert snippet.startswith(f'<p><a href="{surveys[EIT].url}" rel="noopener">')
    assert "&lt;เกาะคา&gt;" in snippet
    assert not {"<script", "<img", "style="} & set(snippet.split(" "))
    db.session.rollback()


def test_the_last_day_no_window_and_the_end(own: Own) -> None:
    row, surveys = own
    survey = surveys[EIT]
    today = StageState.at([WindowSpan(NOW - timedelta(days=1), NOW + timedelta(hours=2), "main")], NOW)
    assert "วันนี้เป็นวันสุดท้าย" in texts_of(row, replace(survey, stage=today))[0].words
    without = replace(survey, stage=StageState.at([], NOW))
    assert days_left(without) is None
    assert "ตอบได้ถึง" not in texts_of(row, without)[0].words
    assert texts_of(row, replace(survey, over=True)) == []
    assert texts_of(row, replace(survey, link=None)) == []
