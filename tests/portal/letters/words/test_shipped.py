"""The shipped texts make letters of every state of a round, on every day of it, and say what holds then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.letters.words.composing import circular_for, compose, nacc_letter_for, results_letter_for
from portal.letters.words.fields import Scope
from portal.letters.words.reading import read_text
from portal.letters.words.shipped import FOLDER, ShippedText, shipped
from portal.letters.words.values import LetterFacts, of_agency
from reports.calendar_wording import INSTRUMENTS, Period, RoundFacts
from reports.letter_data import CountryRow, CountryStatus, LetterForm, OfficialLetter
from tests.reports.sample import FACTS, GRADING, OFFICE, country_results, province, province_results

SURVEY = Period(date(2018, 11, 16), date(2018, 12, 15))
CHECKLIST = Period(date(2018, 11, 20), date(2018, 11, 30))
ROUNDS = (
    FACTS,
    replace(FACTS, preparation=FACTS.preparation[:1]),
    replace(FACTS, collections=tuple(replace(one, periods=(SURVEY,)) for one in INSTRUMENTS)),
    replace(
        FACTS,
        collections=(
            *(replace(one, periods=(SURVEY,)) for one in INSTRUMENTS[:2]),
            replace(INSTRUMENTS[2], periods=(CHECKLIST,)),
        ),
    ),
)
#: results of places with a mark and without, and of a place where nobody has any
RESULTS: dict[Scope, list[Any]] = {
    Scope.PROVINCE_RESULTS: [
        province_results(),
        replace(province_results(), grading=replace(GRADING, pass_score=None)),
        replace(province_results(), districts=()),
    ],
    Scope.COUNTRY_RESULTS: [country_results(), replace(country_results(), rows=country_results().rows[-1:])],
}
DAYS = [date(2018, 10, 10) + timedelta(days=step) for step in range(0, 75, 3)]
REFERENCES: tuple[tuple[str, ...], ...] = ((), ("หนังสือ ก",))


def letters(
    text: ShippedText, facts: RoundFacts, dated: date, cited: tuple[str, ...]
) -> list[OfficialLetter]:
    """What the text makes: of a province or a country that is complete, and of one that is not."""
    read = shipped(text)
    made: list[OfficialLetter] = []
    if text.scope.of_results:
        told: dict[str, Any] = {"office": OFFICE, "facts": facts, "number": "1", "dated": dated}
        return [
            results_letter_for(one, text=read, references=cited, **told).letter for one in RESULTS[text.scope]
        ]
    for done in (2, 4):
        status = province(done=done)
        if text.scope is Scope.PROVINCE:
            paper = circular_for(
                status, office=OFFICE, facts=facts, number="1", dated=dated, references=cited, text=read
            )
            made.append(paper.letter)
        elif text.scope is Scope.COUNTRY:
            rows = (CountryRow("ลำปาง", 12, status.steps_done, status.complete),)
            country = CountryStatus(2561, date(2018, 11, 8), rows)
            made.append(
                nacc_letter_for(
                    country, office=OFFICE, facts=facts, number="1", dated=dated, references=cited, text=read
                ).letter
            )
        else:
            agency = status.districts[0].agencies[0]
            values = of_agency(
                agency,
                LetterFacts(facts, dated, len(cited)),
                district="แม่ทะ",
                province="ลำปาง",
                as_of=status.as_of,
            )
            made.append(
                compose(read, values, office=OFFICE, number="1", dated=dated, references=cited, urgency="")
            )
    return made


def words_of(letter: OfficialLetter) -> str:
    """All that the text says in a letter."""
    texts = [part for one in letter.paragraphs for part in (one.text, *one.points)]
    return "\n".join([letter.subject, letter.addressee, *texts, letter.conclusion])


@pytest.mark.parametrize("text", ShippedText, ids=lambda text: text.name)
def test_a_shipped_text_makes_a_letter_on_every_day(text: ShippedText) -> None:
    for facts in ROUNDS:
        for dated in DAYS:
            for cited in REFERENCES:
                for letter in letters(text, facts, dated, cited):
                    words = words_of(letter)
                    assert not set("{}") & set(words) and "  " not in words
                    assert "None" not in words and " นั้น นั้น" not in words
                    assert letter.references == cited


@pytest.mark.parametrize("text", ShippedText, ids=lambda text: text.name)
def test_nobody_is_urged_on_a_day_after_the_last_one(text: ShippedText) -> None:
    for letter in letters(text, ROUNDS[2], date(2018, 12, 20), ()):
        words = words_of(letter)
        assert "เร่ง" not in words and "ให้ดำเนินการให้แล้วเสร็จ" not in words and "ติดตามหน่วยงานที่ยัง" not in words


@pytest.mark.parametrize("text", ShippedText, ids=lambda text: text.name)
def test_a_letter_has_what_its_form_has(text: ShippedText) -> None:
    for letter in letters(text, FACTS, date(2018, 11, 9), ()):
        external = letter.form is LetterForm.EXTERNAL
        assert bool(letter.closing) is external
        assert (letter.salutation == "ถึง") is (letter.form is LetterForm.STAMPED)
        assert ("ว 1" in letter.number) is shipped(text).circular
        assert letter.conclusion.startswith("จึงแจ้งมา" if letter.form is LetterForm.STAMPED else "จึงเรียนมา")


def test_every_form_is_there_as_one_letter_and_as_a_circular() -> None:
    forms = {(shipped(text).form, shipped(text).circular) for text in ShippedText}
    assert forms == {(form, circular) for form in LetterForm for circular in (True, False)}


def test_every_file_is_a_shipped_text() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {text.value[0] for text in ShippedText}


def test_a_letter_that_refers_to_nothing_begins_with_its_cause() -> None:
    alone, citing = (
        letters(ShippedText.CIRCULAR, FACTS, date(2018, 11, 9), cited)[0].paragraphs[0].text
        for cited in REFERENCES
    )
    assert alone.startswith("ด้วยสำนักงาน") and not alone.endswith("นั้น")
    assert citing.startswith("ตามหนังสือที่อ้างถึง สำนักงาน") and citing.endswith(" นั้น")


def test_the_references_of_a_text_stand_before_those_of_an_order_and_count() -> None:
    source = "เรื่อง: ก\nเรียน: ข\nอ้างถึง: หนังสือ ข\n\n{จำนวนหนังสืออ้างถึง} ฉบับ\n\nจึงเรียนมา"
    letter = circular_for(
        province(),
        office=OFFICE,
        facts=FACTS,
        number="1",
        dated=date(2018, 11, 9),
        references=("หนังสือ ก",),
        text=read_text(source, Scope.PROVINCE),
    ).letter
    assert letter.references == ("หนังสือ ข", "หนังสือ ก")
    assert letter.paragraphs[0].text == "2 ฉบับ"
