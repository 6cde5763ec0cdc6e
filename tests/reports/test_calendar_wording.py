"""A letter tells the round's calendar as it stands on the letter's own date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.thai import letter_digits
from portal.letters.words.composing import circular_for, nacc_letter_for
from reports.calendar_wording import (
    INSTRUMENTS,
    Period,
    RoundFacts,
    without_breaks,
)
from reports.letter_data import CountryRow, CountryStatus
from tests.reports.sample import OFFICE, province

MAIN = Period(date(2018, 10, 16), date(2018, 10, 31))
SECOND = Period(date(2018, 11, 1), date(2018, 11, 7), "รอบเสริม")
LAST = Period(date(2018, 11, 20), date(2018, 11, 30), "รอบสุดท้าย")
SURVEY = Period(date(2018, 11, 16), date(2018, 12, 15))
FACTS = RoundFacts(
    2561, (MAIN, SECOND, LAST), LAST.last, tuple(replace(one, periods=(SURVEY,)) for one in INSTRUMENTS)
)
COUNTRY = CountryStatus(2561, date(2018, 11, 5), (CountryRow("ลำปาง", 100, (90, 80, 70, 60), 60),))
EARLY, IN_THE_SECOND, BETWEEN, IN_THE_LAST, LATE, VERY_LATE = (
    date(2018, 10, 10),
    date(2018, 11, 5),
    date(2018, 11, 17),
    date(2018, 11, 30),
    date(2018, 12, 1),
    date(2018, 12, 16),
)


def circular_text(dated: date, *, done: int = 2) -> str:
    letter = circular_for(province(done=done), office=OFFICE, facts=FACTS, number="1", dated=dated).letter
    parts = [text for paragraph in letter.paragraphs for text in (paragraph.text, *paragraph.points)]
    return "\n".join(parts).replace("\u00a0", " ")


def nacc_text(dated: date, status: CountryStatus = COUNTRY, facts: RoundFacts = FACTS) -> str:
    letter = nacc_letter_for(status, office=OFFICE, facts=facts, number="1", dated=dated).letter
    return "\n".join(paragraph.text for paragraph in letter.paragraphs).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        (
            EARLY,
            "โดยจะเปิดระบบวันที่ 16 - 31 ตุลาคม 2561 รอบเสริม วันที่ 1 - 7 พฤศจิกายน 2561 "
            "และรอบสุดท้าย วันที่ 20 - 30 พฤศจิกายน 2561",
        ),
        (
            IN_THE_SECOND,
            "โดยได้เปิดระบบให้หน่วยงานดำเนินการเมื่อวันที่ 16 - 31 ตุลาคม 2561 "
            "ขณะนี้อยู่ในช่วงเปิดระบบรอบเสริม วันที่ 1 - 7 พฤศจิกายน 2561 "
            "และจะเปิดระบบรอบสุดท้าย วันที่ 20 - 30 พฤศจิกายน 2561",
        ),
        (
            BETWEEN,
            "โดยได้เปิดระบบให้หน่วยงานดำเนินการเมื่อวันที่ 16 - 31 ตุลาคม 2561 และรอบเสริม วันที่ 1 - 7 พฤศจิกายน 2561 "
            "และจะเปิดระบบรอบสุดท้าย วันที่ 20 - 30 พฤศจิกายน 2561",
        ),
        (
            LATE,
            "โดยได้เปิดระบบให้หน่วยงานดำเนินการเมื่อวันที่ 16 - 31 ตุลาคม 2561 รอบเสริม วันที่ 1 - 7 พฤศจิกายน 2561 "
            "และรอบสุดท้าย วันที่ 20 - 30 พฤศจิกายน 2561",
        ),
    ],
)
def test_each_window_is_told_as_past_running_or_to_come(dated: date, words: str) -> None:
    for text in (circular_text(dated), nacc_text(dated)):
        assert words in text


def test_a_running_survey_is_not_called_next() -> None:
    for text in (circular_text, nacc_text):
        assert "ลำดับต่อไปเป็นขั้นตอนการเก็บข้อมูล" in text(IN_THE_SECOND)
        assert "ขณะนี้อยู่ในขั้นตอนการเก็บข้อมูล" in text(BETWEEN)
        assert "ส่วนขั้นตอนการเก็บข้อมูล" in text(VERY_LATE)
        assert "ได้สิ้นสุดแล้วเมื่อวันที่ 15 ธันวาคม 2561" in text(VERY_LATE)


def test_instruments_with_days_of_their_own_are_told_with_them() -> None:
    two = (Period(date(2018, 11, 16), date(2018, 11, 30)), Period(date(2018, 12, 5), date(2018, 12, 25)))
    facts = replace(FACTS, collections=(*FACTS.collections[:2], replace(INSTRUMENTS[2], periods=two)))
    words = nacc_text(IN_THE_SECOND, facts=facts)
    assert "(IIT) วันที่ 16 พฤศจิกายน - 15 ธันวาคม 2561 แบบวัด" in words
    assert "(OIT) วันที่ 16 - 30 พฤศจิกายน 2561 และวันที่ 5 - 25 ธันวาคม 2561 ตามรายละเอียด" in words
    assert facts.collecting_ends() == date(2018, 12, 25)
    assert "(OIT) ตามรายละเอียด" in nacc_text(LATE, facts=replace(facts, collections=INSTRUMENTS))


def test_windows_without_a_break_between_them_are_one_period() -> None:
    assert without_breaks((SECOND, MAIN, LAST)) == (
        Period(MAIN.first, SECOND.last),
        Period(LAST.first, LAST.last),
    )


@pytest.mark.parametrize("dated", [EARLY, IN_THE_SECOND, BETWEEN, IN_THE_LAST])
def test_both_letters_name_the_same_last_day_while_there_is_time(dated: date) -> None:
    for text in (circular_text(dated), nacc_text(dated)):
        assert "ภายในวันที่ 30 พฤศจิกายน 2561 ซึ่งเป็นวันสุดท้าย" in text
        assert "เร่ง" in text


def test_nobody_is_urged_after_the_last_day() -> None:
    for text in (circular_text(LATE), nacc_text(LATE)):
        assert "เร่ง" not in text and "หากพ้นกำหนด" not in text
        assert "30 พฤศจิกายน 2561 ซึ่งเป็นวันสุดท้าย" in text


def test_a_circular_asks_only_for_what_can_still_be_done() -> None:
    assert circular_text(BETWEEN).count("ภายในวันที่ 15 ธันวาคม 2561") == 2
    assert "เผยแพร่ช่องทาง" not in circular_text(VERY_LATE)
    assert "เพื่อทราบผล" in circular_text(VERY_LATE, done=4)
    assert "เตรียมการไม่ครบ" not in circular_text(BETWEEN, done=4)


@pytest.mark.parametrize(
    ("entered", "number"),
    [
        ("1234", "มท 0817.2/ว 1234"),
        ("ว 1234", "มท 0817.2/ว 1234"),
        ("ว1234", "มท 0817.2/ว 1234"),
        ("มท 0817.2/1234", "มท 0817.2/ว 1234"),
        ("มท 0817.2/ว 1234", "มท 0817.2/ว 1234"),
    ],
)
def test_a_circular_carries_its_sign_however_its_number_is_entered(entered: str, number: str) -> None:
    for prefix in ("มท 0817.2", "มท 0817.2/", "มท 0817.2/ว"):
        assert replace(OFFICE, number_prefix=prefix).circular_number_of(entered) == number
    letter = nacc_letter_for(COUNTRY, office=OFFICE, facts=FACTS, number="7", dated=LATE).letter
    assert letter.number == "7", "a letter to one office is no circular"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("โทร. 0 2241 9000 ต่อ 12", "โทร. ๐ ๒๒๔๑ ๙๐๐๐ ต่อ ๑๒"),
        ("saraban05@dla.go.th", "saraban05@dla.go.th"),
        ("อีเมล saraban๐๕@dla.go.th โทร 02", "อีเมล saraban05@dla.go.th โทร ๐๒"),
        (
            "ดู https://ita.go.th/เอกสาร/2561?p=3 หน้า 4",
            "ดู https://ita.go.th/เอกสาร/2561?p=3 หน้า ๔",
        ),
        ("เว็บไซต์www.dla61.go.th ข้อ 2", "เว็บไซต์www.dla61.go.th ข้อ ๒"),
        ("ข้อ O13 ร้อยละ 87.50 (12)", "ข้อ O13 ร้อยละ ๘๗.๕๐ (๑๒)"),
        ("พ.ศ.\u00a02561 จำนวน 1,234 แห่ง", "พ.ศ.\u00a0๒๕๖๑ จำนวน ๑,๒๓๔ แห่ง"),
    ],
)
def test_addresses_keep_the_digits_that_people_type(text: str, printed: str) -> None:
    assert letter_digits(text) == printed


def test_dla_is_not_urged_about_agencies_that_are_all_complete() -> None:
    complete = replace(COUNTRY, rows=(CountryRow("ลำปาง", 100, (100,) * 4, 100),))
    text = nacc_text(IN_THE_SECOND, complete)
    assert "คิดเป็นร้อยละ 100.00 ครบทุกแห่งตามสิ่งที่ส่งมาด้วย 2" in text
    assert "คงเหลือ" not in text and "เร่งรัด" not in text
    assert "คงเหลือ 40 แห่ง" in nacc_text(IN_THE_SECOND) and "เร่งรัด" in nacc_text(IN_THE_SECOND)
