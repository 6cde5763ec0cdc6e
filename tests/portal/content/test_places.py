"""Translations that name a question by its code alone speak of both surveys, unless one is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.content.places import told_apart
from portal.content.year import ContentTranslation, YearContent, load_year


@pytest.fixture
def year() -> YearContent:
    """The shipped year, whose surveys both have a question Q1."""
    content = load_year(2561)
    iit, eit, oit = content.instruments
    both = [
        replace(one, questions=(replace(one.questions[0], code="Q1"), *one.questions[1:]))
        for one in (iit, eit)
    ]
    return replace(content, instruments=(*both, oit))


def english(thing: str, code: str, words: str) -> ContentTranslation:
    return ContentTranslation("en", thing, code, "text", words)


def test_a_bare_code_is_said_of_each_survey_that_has_it(year: YearContent) -> None:
    rows = (
        english("question", "Q1", "one"),
        english("question", "I2", "two"),
        english("line", "Q1.1", "line"),
    )
    after = told_apart(replace(year, translations=rows))
    assert [(row.thing, row.code, row.words) for row in after.translations] == [
        ("question", "iit:Q1", "one"),
        ("question", "eit:Q1", "one"),
        ("question", "iit:I2", "two"),
        ("line", "iit:Q1.1", "line"),
        ("line", "eit:Q1.1", "line"),
    ]
    assert told_apart(after) == after


def test_what_names_its_survey_counts_more_than_a_bare_code(year: YearContent) -> None:
    rows = (english("question", "Q1", "both"), english("question", "eit:Q1", "mine"))
    after = told_apart(replace(year, translations=rows))
    assert {row.code: row.words for row in after.translations} == {"iit:Q1": "both", "eit:Q1": "mine"}


def test_other_things_and_codes_of_no_question_stay_as_they_are(year: YearContent) -> None:
    rows = (english("item", "O1", "x"), english("question", "Z9", "y"), english("indicator", "iit:1", "z"))
    content = replace(year, translations=rows)
    assert told_apart(content) == content
