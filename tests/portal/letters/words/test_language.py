"""The language of letters: fields, conditions, points, and what they come out as."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.letters.words.faults import FaultyText
from portal.letters.words.fields import Scope
from portal.letters.words.reading import read_text
from portal.letters.words.values import LetterFacts, of_agency, of_country, of_province
from portal.letters.words.writing import write_text
from reports.calendar_wording import INSTRUMENTS, Period
from reports.letter_data import (
    AgencyStatus,
    CountryRow,
    CountryStatus,
    EnclosedPart,
    LetterForm,
    Paragraph,
    StepState,
)
from tests.portal.letters.words.samples import END, HEAD, VALUES, faults_of, said, text_of, written
from tests.reports.sample import FACTS, province


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{จำนวนหน่วยงาน} แห่งในจังหวัด{จังหวัด}", "12 แห่งในจังหวัดลำปาง"),
        ("{ จำนวน หน่วยงาน }", "12"),
        ("{วันที่ของข้อมูล} ปี {ปีงบประมาณ} ร้อยละ {ร้อยละที่ครบ}", "8 พฤศจิกายน 2561 ปี 2561 ร้อยละ 0.00"),
        ("{{เช่นนี้}} {{ }}", "{เช่นนี้} { }"),
        ("{{{จังหวัด}}}", "{ลำปาง}"),
        ("สิ่งที่ส่งมาด้วย {สิ่งที่ส่งมาด้วย:วิธีการเก็บข้อมูล}", "สิ่งที่ส่งมาด้วย 2"),
        ("{ถ้า ยังไม่ครบ}มี{มิฉะนั้น}ไม่มี{จบ}", "มี"),
        ("{ถ้า ครบแล้ว}มี{มิฉะนั้น}ไม่มี{จบ}", "ไม่มี"),
        ("{ถ้าครบแล้ว}มี{มิฉะนั้นถ้า ยังเตรียมการได้}ทัน{มิฉะนั้น}ไม่ทัน{จบ}", "ทัน"),
        ("ก{ถ้า ครบแล้ว}ข{จบ}ค", "กค"),
        ("{ถ้า ไม่ ครบแล้ว}ก{จบ}{ถ้า ไม่ครบแล้ว}ข{จบ}{ถ้า ไม่ ไม่ ครบแล้ว}ค{จบ}", "กข"),
        ("{ถ้า ยังไม่ครบ > 11}ก{จบ}{ถ้า ยังไม่ครบ > 12}ข{จบ}{ถ้า ยังไม่ครบ >= ๑๒}ค{จบ}", "กค"),
        ("{ถ้า ยังไม่ครบ<13}ก{จบ}{ถ้า ยังไม่ครบ = 12}ข{จบ}{ถ้า ยังไม่ครบ <= 1,000}ค{จบ}", "กขค"),
        ("{ถ้า ไม่ยังไม่ครบ > 20}ก{จบ}{ถ้า ไม่ยังไม่ครบ > 5}ข{จบ}", "ก"),
        ("{ถ้า ร้อยละที่ครบ < 0.5}ก{จบ}{ถ้า ไม่ ร้อยละที่ครบ < 0.5}ข{จบ}", "ก"),
        ("{ถ้า ครบแล้ว และ ยังไม่ครบ หรือ ยังตอบ OIT ได้}ก{จบ}", "ก"),
        ("{ถ้า ครบแล้ว และ ยังไม่ครบ หรือ มีหนังสืออ้างถึง}ก{มิฉะนั้น}ข{จบ}", "ข"),
        ("{ถ้า ยังไม่ครบ}{ถ้า ครบแล้ว}ก{มิฉะนั้น}ข{จบ}{จบ}", "ข"),
        ("{ถ้า ช่วงเตรียมการที่จะมาถึง}ก{มิฉะนั้น}ข{จบ}", "ข"),
        ("สอง\nบรรทัด   ติดกัน", "สอง บรรทัด ติดกัน"),
        ("ก\n{ถ้า ยังไม่ครบ}\nข\n{มิฉะนั้น}\nค\n{จบ}\nง", "ก ข ง"),
    ],
)
def test_a_body_comes_out_as(body: str, words: str) -> None:
    assert said(body) == words


def test_a_body_has_paragraphs_with_their_points_and_ends_in_the_conclusion() -> None:
    letter = written("หนึ่ง\n\nสอง ดังนี้\n- ก\n  ต่อ\n{ถ้า ครบแล้ว}\n- ไม่พิมพ์\n{จบ}\n\n- ข\n\nสาม")
    assert letter.paragraphs == (
        Paragraph("หนึ่ง"),
        Paragraph("สอง ดังนี้", ("ก ต่อ", "ข")),
        Paragraph("สาม"),
    )
    assert letter.conclusion == "จึงเรียนมาเพื่อโปรดทราบ"
    assert (letter.subject, letter.addressee) == ("แจ้งสถานะ", "ผู้ว่าราชการจังหวัดลำปาง")


def test_a_paragraph_that_a_condition_leaves_out_leaves_no_gap() -> None:
    assert written("ก\n\n{ถ้า ครบแล้ว}\nข\n\n{จบ}\nค").paragraphs == (Paragraph("ก"), Paragraph("ค"))


def test_enclosures_are_numbered_as_they_are_listed_and_a_lone_one_is_not() -> None:
    both = written("ก")
    assert [one.part for one in both.enclosures] == [EnclosedPart.STATUS, EnclosedPart.PROCEDURE]
    assert both.enclosures[0].title.endswith("ในเขตจังหวัดลำปาง")
    head = "เรื่อง: ก\nเรียน: ข\nสิ่งที่ส่งมาด้วย: สรุปสถานะ\n\n"
    lone = write_text(text_of("ตามสิ่งที่ส่งมาด้วย {สิ่งที่ส่งมาด้วย:สรุปสถานะ} นั้น", head=head), VALUES)
    assert lone.paragraphs == (Paragraph("ตามสิ่งที่ส่งมาด้วย นั้น"),)


def test_the_head_says_the_form_and_goes_on_with_a_space() -> None:
    head = "แบบ: หนังสือประทับตรา\nเวียน: ใช่\nเรื่อง: แจ้ง\n  สถานะ\nถึง: จังหวัด{จังหวัด}\nอ้างถึง: หนังสือ ก\n\n"
    text = text_of("ก", head=head)
    letter = write_text(text, VALUES)
    assert (text.form, text.circular, text.salutation) == (LetterForm.STAMPED, True, "ถึง")
    assert (letter.subject, letter.references, letter.closing) == ("แจ้ง สถานะ", ("หนังสือ ก",), "")


def test_only_an_external_letter_has_a_closing() -> None:
    assert written("ก").closing == "ขอแสดงความนับถือ"
    own = text_of("ก", head="คำลงท้าย: ขอแสดงความนับถืออย่างยิ่ง\n" + HEAD)
    assert write_text(own, VALUES).closing == "ขอแสดงความนับถืออย่างยิ่ง"
    assert faults_of("แบบ: บันทึกข้อความ\nคำลงท้าย: ก\n" + HEAD + "ก" + END) == [(2, 1, "NO_CLOSING")]


@pytest.mark.parametrize("typed", ["\r\n", "\r", "\u2028"])
def test_a_text_may_come_with_the_lines_of_any_machine(typed: str) -> None:
    source = (HEAD + "ก\n\nข" + END).replace("\n", typed)
    assert len(write_text(read_text(source, Scope.PROVINCE), VALUES).paragraphs) == 2


def test_thai_is_read_in_the_house_s_one_form() -> None:
    """A name typed with nikhahit and sara aa, and with an invisible sign, is the same name."""
    typed = "{จ\u0e4d\u0e32นวนหน่วย\u200bงาน}"
    assert said(typed) == "12"


@pytest.mark.parametrize("name", ["{จังหวัด}", "{จบ}", "{ถ้า ครบแล้ว}", "}", "{{", "ก\n\n- ข", "- ก", "<b>"])
def test_what_a_value_holds_is_never_language(name: str) -> None:
    letter = written("{จังหวัด}\n{จังหวัด}", {**VALUES, "จังหวัด": name})
    plain = " ".join(name.split())
    assert letter.paragraphs == (Paragraph(f"{plain} {plain}"),)


@pytest.mark.parametrize("size", [5_000, 100_000])
def test_a_value_of_any_size_is_bounded(size: int) -> None:
    assert len(said("{จังหวัด}", {**VALUES, "จังหวัด": "ก" * size})) == 4000


def test_the_names_that_are_left_are_told_up_to_a_bound() -> None:
    words = said("{รายชื่อหน่วยงานที่ยังไม่ครบ}")
    assert words.endswith("และอบต.คูบางหลวง") and words.count(" ") == 11


def test_more_names_than_a_letter_holds_are_told_as_a_number() -> None:
    status = province(done=2)
    many = replace(status, districts=status.districts * 3)
    words = said("{รายชื่อหน่วยงานที่ยังไม่ครบ}", of_province(many, LetterFacts(FACTS, date(2018, 11, 9))))
    assert words.endswith(" และอีก 6 แห่ง") and words.count("อบต.") == 12


def test_a_letter_about_the_country_and_one_to_an_agency_have_their_own_fields() -> None:
    facts = LetterFacts(FACTS, date(2018, 11, 9), references=1)
    rows = (CountryRow("ลำปาง", 100, (90, 80, 70, 60), 60), CountryRow("ลำพูน", 1200, (1200,) * 4, 1200))
    country = of_country(CountryStatus(2561, date(2018, 11, 8), rows), facts)
    head = "เรื่อง: ก\nเรียน: ข\n\n"
    body = "{จำนวนจังหวัด} {จำนวนจังหวัดที่ครบทุกแห่ง} {จำนวนหน่วยงาน} {ร้อยละที่ครบ} {จำนวนหนังสืออ้างถึง}"
    read = read_text(head + body + END, Scope.COUNTRY)
    assert write_text(read, country).paragraphs == (Paragraph("2 1 1,300 96.92 1"),)
    agency = of_agency(
        AgencyStatus("ทต.ก", (StepState(True), StepState(False), StepState(True), StepState(False))),
        facts,
        district="แม่ทะ",
        province="ลำปาง",
        as_of=date(2018, 11, 8),
    )
    body = "{หน่วยงาน} {อำเภอ} {จังหวัด} {ขั้นตอนที่ยังไม่ได้ทำ}{ถ้า หน่วยงานเตรียมการครบแล้ว}ครบ{จบ}"
    read = read_text(head + body + END, Scope.AGENCY)
    (paragraph,) = write_text(read, agency).paragraphs
    assert paragraph.text == "ทต.ก แม่ทะ ลำปาง จำนวนผู้มีส่วนได้ส่วนเสียภายใน และผู้บริหารยืนยันข้อมูล"


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_letter_grows_no_longer_than_its_bound(more: int, fits: bool) -> None:
    """What is counted: the body with its empty lines, the head and the titles of its enclosures."""
    head = "เรื่อง: ก\nเรียน: ข\n\n"
    body = "{จังหวัด}" * 4 + "ค" * (4000 - len("กข\n\n" + END) + more)
    text = text_of(body, head=head)
    values = {**VALUES, "จังหวัด": "ก" * 4000}
    if fits:
        assert len(write_text(text, values).paragraphs[0].text) > 19_900
        return
    with pytest.raises(FaultyText) as told:
        write_text(text, values)
    assert [one.reason.name for one in told.value.faults] == ["LETTER_TOO_LONG"]


COLLECTING = "{ถ้า อยู่ในช่วงเก็บข้อมูล}ก{จบ}{ถ้า ยังตอบแบบสำรวจได้}ข{จบ}{ถ้า ยังตอบ OIT ได้}ค{จบ}"


@pytest.mark.parametrize(
    ("dated", "body", "words"),
    [
        (
            date(2018, 12, 14),
            COLLECTING,
            "กขค",
        ),
        (
            date(2018, 12, 15),
            COLLECTING,
            "กขค",
        ),
        (date(2018, 12, 16), "ก{ถ้า สิ้นสุดการเก็บข้อมูลแล้ว}ข{จบ}{ถ้า ยังตอบแบบสำรวจได้ หรือ ยังตอบ OIT ได้}ค{จบ}", "กข"),
        (date(2018, 11, 15), "ก{ถ้า ยังไม่ถึงช่วงเก็บข้อมูล}ข{จบ}{ถ้า ยังเตรียมการได้}ค{จบ}", "กขค"),
        (date(2018, 11, 16), "ก{ถ้า ยังไม่ถึงช่วงเก็บข้อมูล}ข{จบ}{ถ้า ยังเตรียมการได้}ค{จบ}", "ก"),
    ],
)
def test_the_calendar_turns_on_the_day_itself(dated: date, body: str, words: str) -> None:
    survey = Period(date(2018, 11, 16), date(2018, 12, 15))
    facts = replace(FACTS, collections=tuple(replace(one, periods=(survey,)) for one in INSTRUMENTS))
    assert said(body, of_province(province(done=2), LetterFacts(facts, dated))) == words
