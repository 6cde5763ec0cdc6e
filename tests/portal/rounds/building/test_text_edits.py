"""What a round's pages say and what it says in further languages: worded, translated, counted, refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.ballot.languages import LANGUAGES, Place
from portal.ballot.public_texts import PARTS, PUBLIC
from portal.ballot.public_words import fits, placeholders
from portal.content.year import ContentText, ContentTranslation, YearContent, load_year
from portal.core.errors import NotFound, Refused
from portal.core.web import Portal
from portal.rounds.building.edits import questions, texts
from portal.rounds.building.edits.common import things_with_words, without_words
from portal.rounds.content.assembly import content_of_sheets
from portal.rounds.content.given import Faulty, numbered
from portal.rounds.content.sheets import kept
from portal.rounds.content.texts import languages_of, missing_in, texts_of
from tests.support.years import contents, words

QUESTION: Place = ("question", "iit:I1", "text")
THANKS: Place = ("page", "survey.thanks", "words")


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def year() -> YearContent:
    return load_year(2561)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data(), content=contents())
def test_whatever_is_translated_belongs_to_something_and_goes_through_sheets(
    data: st.DataObject, content: YearContent
) -> None:
    rows = [text.place for text in texts_of(content) if text.thing != "page"]
    assert len(set(rows)) == len(rows)
    chosen = data.draw(st.dictionaries(st.sampled_from(rows), words(), max_size=8))
    language = data.draw(st.sampled_from(list(LANGUAGES)))
    before = len(missing_in(content, language))
    after = texts.translate(content, language, chosen)
    assert without_words(after) == after
    assert content_of_sheets(numbered(kept(after))) == after
    there = {(row.thing, row.code) for row in after.translations}
    assert there <= set(things_with_words(after))
    new = [place for place in chosen if place in {text.place for text in missing_in(content, language)}]
    assert len(missing_in(after, language)) == before - len(new)
    emptied = texts.translate(after, language, dict.fromkeys(chosen, ""))
    assert not [
        row
        for row in emptied.translations
        if (row.thing, row.code, row.field) in chosen and row.language == language
    ]


def test_every_text_of_the_shipped_year_may_be_translated(year: YearContent) -> None:
    rows = texts_of(year)
    assert {row.part for row in rows} == {"iit", "eit", "oit", "scales", "pages"}
    assert sum(row.thing == "item" and row.field == "title" for row in rows) == 48
    assert all(row.thai for row in rows)
    assert len(missing_in(year, "my")) == len(rows)


def test_in_english_the_product_s_own_pages_are_not_missing_until_the_round_words_them(
    year: YearContent,
) -> None:
    assert not [row for row in missing_in(year, "en") if row.part == "pages"]
    worded = texts.word_pages(year, {"survey.thanks": "ขอบพระคุณ"})
    assert [row.place for row in missing_in(worded, "en") if row.part == "pages"] == [THANKS]
    done = texts.translate(worded, "en", {THANKS: "Many thanks"})
    assert not [row for row in missing_in(done, "en") if row.part == "pages"]


def test_a_worded_page_is_taken_back_by_emptying_it_and_a_notice_takes_its_translation_along(
    year: YearContent,
) -> None:
    notice = texts.word_pages(year, {"survey.notice_iit": "ประกาศ", "survey.thanks": "ขอบพระคุณ"})
    assert [text.key for text in notice.texts] == ["survey.notice_iit", "survey.thanks"], "in their order"
    said = texts.translate(notice, "en", {("page", "survey.notice_iit", "words"): "Notice", THANKS: "Thanks"})
    emptied = texts.word_pages(said, {"survey.notice_iit": "", "survey.thanks": ""})
    assert emptied.texts == ()
    assert [row.code for row in emptied.translations] == ["survey.thanks"], "the product still says thanks"


def test_languages_stand_in_the_order_in_which_they_are_offered(year: YearContent) -> None:
    both = texts.translate(texts.translate(year, "lo", {QUESTION: "ລາວ"}), "en", {QUESTION: "English"})
    assert [row.language for row in both.translations] == ["en", "lo"] == languages_of(both)
    odd = replace(both, translations=(*both.translations, ContentTranslation("xx", *QUESTION, "?")))
    assert languages_of(odd) == ["en", "lo", "xx"]
    assert languages_of(texts.remove_language(odd, "en")) == ["lo", "xx"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("survey.not_kept", "เราเก็บเลขไว้"),
        ("survey.until", "ตอบได้ถึงวันศุกร์"),
        ("survey.until", "ถึง %(when)s แล้ว %(who)s"),
        ("survey.until", "ถึง %(when)s 100 %"),
        ("survey.left", "เหลืออีก"),
        ("survey.left", "# จาก #"),
    ],
)
def test_a_promise_and_what_is_filled_in_cannot_be_worded_away(
    year: YearContent, key: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        texts.word_pages(year, {key: said})
    assert refused.value.field == key
    with pytest.raises(Faulty) as faulty:
        content_of_sheets(numbered(kept(replace(year, texts=(ContentText(key, said),)))))
    assert [(fault.sheet, fault.column) for fault in faulty.value.faults] == [("texts", "words")]


def test_a_promise_may_be_translated_and_a_translation_keeps_what_is_filled_in(year: YearContent) -> None:
    after = texts.translate(year, "en", {("page", "survey.not_kept", "words"): "Your ID is not kept"})
    assert after.translations[0].words == "Your ID is not kept"
    wrong = ContentTranslation("en", "page", "survey.until", "words", "Until Friday")
    with pytest.raises(Refused) as refused:
        texts.translate(year, "en", {("page", "survey.until", "words"): wrong.words})
    assert refused.value.field == "survey.until"
    with pytest.raises(Faulty):
        content_of_sheets(numbered(kept(replace(year, translations=(wrong,)))))


def test_what_is_not_there_is_not_found(year: YearContent) -> None:
    with pytest.raises(NotFound):
        texts.word_pages(year, {"survey.nothing": "x"})
    with pytest.raises(NotFound):
        texts.translate(year, "en", {("question", "iit:I99", "text"): "x"})
    with pytest.raises(NotFound):
        texts.translate(year, "th", {QUESTION: "x"})
    with pytest.raises(NotFound):
        texts.remove_language(year, "en")
    with pytest.raises(Faulty):
        content_of_sheets(numbered(kept(replace(year, texts=(ContentText("survey.nothing", "x"),)))))


def test_a_code_that_both_surveys_have_is_translated_in_each_by_itself(year: YearContent) -> None:
    both = _renamed(year, "eit", "E1", "I1")
    said = {QUESTION: "How often?", ("question", "eit:I1", "text"): "How fast?"}
    after = texts.translate(both, "en", said)
    assert {row.code: row.words for row in after.translations} == {
        "iit:I1": "How often?",
        "eit:I1": "How fast?",
    }
    again = _renamed(after, "eit", "I1", "E99")
    assert {row.code: row.words for row in again.translations} == {
        "iit:I1": "How often?",
        "eit:E99": "How fast?",
    }
    left = questions.remove_question(after, "iit", "I1")
    assert [row.code for row in left.translations] == ["eit:I1"]
    copied = questions.copy_question(after, "eit", "I1")
    new = copied.instrument("eit").questions[1].code
    assert sorted(row.code for row in copied.translations) == sorted(["iit:I1", "eit:I1", f"eit:{new}"])


def _renamed(content: YearContent, instrument: str, code: str, new_code: str) -> YearContent:
    old = next(row for row in content.instrument(instrument).questions if row.code == code)
    return questions.change_question(
        content,
        instrument,
        code,
        new_code=new_code,
        indicator=old.indicator,
        text=old.text,
        scale=old.scale,
        note=old.note,
        lines=(),
    )


def test_every_public_text_fits_itself_in_thai_and_english() -> None:
    assert {text.part for text in PUBLIC.values()} == set(PARTS)
    for key, text in PUBLIC.items():
        assert len(key) <= 40
        assert fits(text.product, text.product) and fits(text.thai, text.product), key
        assert placeholders(text.thai) == placeholders(text.product)
