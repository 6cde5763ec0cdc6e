"""What a round says in each language, and the questionnaire in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.instrument import InstrumentKind
from models.year import RoundTranslation
from portal.ballot.languages import Wording, in_thai, offered, wordings_of
from portal.ballot.public_words import own_notice, say, say_in_page, speak
from portal.ballot.questionnaire import load_questionnaire
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds import setup
from portal.rounds.building.edits import texts
from portal.rounds.content.reading import content_of

IIT = InstrumentKind.IIT


@pytest.fixture(autouse=True)
def in_app(app: Portal) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.postgres
def test_a_questionnaire_is_read_in_a_language_and_each_text_falls_back_to_thai() -> None:
    content = replace(load_year(2561), fiscal_year=2562)
    question = content.instrument("iit").questions[0]
    words = {
        ("question", "iit:I1", "text"): "How often?",
        ("choice", f"{question.scale}.1", "label"): "Never",
        ("indicator", "iit:1", "name"): "Doing one's duty",
    }
    said = texts.word_pages(texts.translate(content, "en", words), {"survey.notice_iit": "ประกาศ"})
    with writing(), privileged("a round with two languages") as session:
        round = setup.make_round(session, said, name="รอบสองภาษา")
        session.flush()
        wordings = wordings_of(session, round.id)
        thai = load_questionnaire(session, round.id, IIT)
        english = load_questionnaire(session, round.id, IIT, wording=wordings["en"])
    assert list(wordings) == ["th", "en"] and wordings["th"].texts == {"survey.notice_iit": "ประกาศ"}
    assert offered(wordings, "iit", thai.codes) == ["en"] and offered(wordings, "eit", {"E1", "I1"}) == []
    assert (thai.language, english.language) == ("th", "en")
    assert english.sections[0].title == "Doing one's duty"
    assert [line.slot for line in english.lines] == [line.slot for line in thai.lines]
    assert english.limits == thai.limits
    heard = [block.lead or block.lines[0].text for section in english.sections for block in section.blocks]
    assert heard[0] == "How often?" and in_thai(heard[-1])
    assert english.lines[0].choices[0] == "Never" and in_thai(english.lines[0].choices[1])


def test_pages_say_the_round_s_words_else_the_product_s() -> None:
    assert say("Answers sent, thank you") == "ส่งคำตอบแล้ว ขอบคุณ"
    speak(Wording("th", {"survey.thanks": "ขอบ<พระคุณ"}))
    assert say("Answers sent, thank you") == "ขอบ<พระคุณ"
    assert say_in_page("Answers sent, thank you") == "ขอบ&lt;พระคุณ"
    assert own_notice("survey.notice_iit") == ""
    speak(Wording("en", {"survey.thanks": "ขอบพระคุณ"}))
    assert say("Answers sent, thank you") == "ขอบพระคุณ", (
        "the round's Thai, which the product's English is not"
    )
    assert say("Send the answers") == "Send the answers"
    speak(Wording("my", {}, {("page", "survey.thanks", "words"): "ကျေးဇူး"}))
    assert say("Answers sent, thank you") == "ကျေးဇူး"
    assert say("Send the answers") == "ส่งคำตอบ"


def test_words_that_would_not_be_filled_in_are_not_shown() -> None:
    speak(Wording("th", {"survey.until": "ถึง %(who)s"}))
    assert say("Answers are taken until %(when)s", when="พรุ่งนี้") == "ตอบได้ถึงวันที่ พรุ่งนี้"
    speak(Wording("th", {"survey.helps": "ช่วย %(agency)s"}))
    assert say_in_page("Your opinion helps %(agency)s to work better", agency="<ก>") == "ช่วย &lt;ก&gt;"


def test_a_digest_tells_wordings_apart() -> None:
    one = Wording("en", {"a": "b"})
    assert one.digest == Wording("en", {"a": "b"}).digest
    assert len({one.digest, Wording("en").digest, Wording("th", {"a": "b"}).digest}) == 3


@pytest.mark.postgres
def test_rows_that_name_a_question_by_its_code_alone_are_read_for_both_surveys() -> None:
    """An opened round of before keeps such rows: they are frozen."""
    with writing(), privileged("a round of before") as session:
        round = setup.make_round(session, replace(load_year(2561), fiscal_year=2562), name="รอบเดิม")
        session.flush()
        for code, words in (("eit:E1", "mine"), ("E1", "older"), ("I1", "How often?"), ("E1.1", "A line")):
            thing = "line" if "." in code else "question"
            row = {"language": "en", "thing": thing, "code": code, "field": "text", "words": words}
            session.add(RoundTranslation(round_id=round.id, **row))
        session.flush()
        wordings = wordings_of(session, round.id)
        english = load_questionnaire(session, round.id, IIT, wording=wordings["en"])
        read = {(row.code, row.words) for row in content_of(session, round).translations}
    said = wordings["en"].translated
    assert said["question", "eit:E1", "text"] == "mine" and said["line", "eit:E1.1", "text"] == "A line"
    assert "How often?" in [block.lead or block.lines[0].text for block in english.sections[0].blocks]
    assert read == {("eit:E1", "mine"), ("iit:I1", "How often?"), ("eit:E1.1", "A line")}
