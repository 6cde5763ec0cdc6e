"""What is wrong with a text is told whole, each fault at its line and column, and in Thai."""

from __future__ import annotations

import re

import pytest
from flask_babel import gettext

from portal.core.web import Portal
from portal.letters.words.faults import MOST_FAULTS, FaultyText, Reason
from portal.letters.words.fields import FIELDS, Scope, field_named
from portal.letters.words.reading import read_text
from portal.letters.words.writing import write_text
from tests.portal.letters.words.samples import END, HEAD, VALUES, faults_of, text_of

#: the line of the body's first word
FIRST = HEAD.count("\n") + 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("ก {จังหวัด", (FIRST, 3, "STRAY")),
        ("ก\nข }", (FIRST + 1, 3, "STRAY")),
        ("{ }", (FIRST, 1, "EMPTY")),
        ("{ถ้า ยังไม่ครบ}ก{มิฉะนั้นว่า}ข{จบ}", (FIRST, 17, "UNKNOWN")),
        ("{{จังหวัด}}", (FIRST, 1, "DOUBLED")),
        ("{{ ถ้า ยังไม่ครบ }}", (FIRST, 1, "DOUBLED")),
        ("{จังวัด}", (FIRST, 1, "UNKNOWN_NEAR")),
        ("{ฟหกด}", (FIRST, 1, "UNKNOWN")),
        ("{จังหวัด.__class__}", (FIRST, 1, "UNKNOWN_NEAR")),
        ("{7*7}", (FIRST, 1, "UNKNOWN")),
        ("{หน่วยงาน}", (FIRST, 1, "ELSEWHERE")),
        ("{ถ้า หน่วยงาน}ก{จบ}", (FIRST, 6, "ELSEWHERE")),
        ("{ยังเตรียมการได้}", (FIRST, 1, "FACT_PRINTED")),
        ("{สิ่งที่ส่งมาด้วย:แผนที่}", (FIRST, 1, "UNKNOWN_ENCLOSURE")),
        ("ก{ถ้า ยังไม่ครบ}ข", (FIRST, 2, "UNCLOSED")),
        ("ก{จบ}", (FIRST, 2, "NOTHING_OPEN")),
        ("{มิฉะนั้น}ก", (FIRST, 1, "NOTHING_OPEN")),
        ("{ถ้า ยังไม่ครบ}{มิฉะนั้น}{มิฉะนั้น}{จบ}ก", (FIRST, 26, "SECOND_ELSE")),
        ("{ถ้า }ก{จบ}", (FIRST, 5, "NO_CONDITION")),
        ("{ถ้า ยังไม่ครบ และ}ก{จบ}", (FIRST, 5, "NO_CONDITION")),
        ("{ถ้า > 5}ก{จบ}", (FIRST, 6, "NO_CONDITION")),
        ("{ถ้า จังหวัด > 5}ก{จบ}", (FIRST, 6, "NO_NUMBER")),
        ("{ถ้า ยังไม่ครบ > มาก}ก{จบ}", (FIRST, 16, "NOT_A_NUMBER")),
        ("{ถ้า ยังไม่ครบ == 5}ก{จบ}", (FIRST, 16, "NOT_A_NUMBER")),
        ("{ถ้า ยังไม่ครบ > 5 6}ก{จบ}", (FIRST, 16, "NOT_A_NUMBER")),
        ("{ถ้า ยังไม่คบ}ก{จบ}", (FIRST, 6, "UNKNOWN_NEAR")),
        ("ก\0", (FIRST, 2, "UNPRINTABLE")),
    ],
)
def test_a_fault_of_the_body_is_told_at_its_place(body: str, fault: tuple[int, int, str]) -> None:
    assert faults_of(HEAD + body + END) == [fault]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("ก\n" + HEAD, (1, 1, "NO_HEAD")),
        ("เรื่องที่: ก\n" + HEAD, (1, 1, "UNKNOWN_HEAD")),
        ("เรื่อง: ก\n" + HEAD, (2, 1, "HEAD_TWICE")),
        ("กราบเรียน: ก\n" + HEAD, (3, 1, "HEAD_TWICE")),
        ("เรียน: ก\n\n", (1, 1, "HEAD_MISSING")),
        ("เรื่อง: ก\n\n", (1, 1, "HEAD_MISSING")),
        ("แบบ: จดหมาย\n" + HEAD, (1, 6, "WRONG_CHOICE")),
        ("เวียน: บ้าง\n" + HEAD, (1, 8, "WRONG_CHOICE")),
        ("แบบ: หนังสือประทับตรา\n" + HEAD, (3, 1, "WRONG_SALUTATION")),
        ("สิ่งที่ส่งมาด้วย: สรุปสถานะ\n" + HEAD, (4, 19, "ENCLOSED_TWICE")),
        ("สิ่งที่ส่งมาด้วย: แผนที่\n" + HEAD, (1, 19, "UNKNOWN_ENCLOSURE")),
    ],
)
def test_a_fault_of_the_head_is_told_at_its_place(source: str, fault: tuple[int, int, str]) -> None:
    assert faults_of(source + "ก" + END) == [fault]


def test_an_enclosure_that_is_not_listed_has_no_number() -> None:
    source = "เรื่อง: ก\nเรียน: ข\n\n{สิ่งที่ส่งมาด้วย:สรุปสถานะ}" + END
    assert faults_of(source) == [(4, 1, "NOT_ENCLOSED")]


def test_conditions_nest_eight_deep_and_no_deeper() -> None:
    nested = "{ถ้า ยังไม่ครบ}" * 8 + "ก" + "{จบ}" * 8
    assert faults_of(HEAD + nested + END) == []
    (fault,) = faults_of(HEAD + "{ถ้า ยังไม่ครบ}" + nested + "{จบ}" + END)
    assert fault[2] == "TOO_DEEP"


@pytest.mark.parametrize("source", ["", "เรื่อง: ก", HEAD, HEAD.strip()])
def test_a_text_without_a_body_is_none(source: str) -> None:
    assert "NO_BODY" in {name for _line, _column, name in faults_of(source)}


def test_a_text_has_an_end() -> None:
    assert faults_of(HEAD + "ก" * 20_000) == [(1, 1, "SOURCE_TOO_LONG")]
    assert faults_of(HEAD + "ก" * (20_000 - len(HEAD + END)) + END) == []
    assert len(faults_of(HEAD + "{ " * 9_000 + END)) == MOST_FAULTS


def test_all_faults_are_told_in_the_order_of_the_text() -> None:
    source = "เรื่อง: {ปีงบ}\nเรียน: ข\n\n{จังวัด}\n{ถ้า ยังไม่คบ > ก}{\n" + END
    told = faults_of(source)
    assert [name for _line, _column, name in told] == [
        "UNKNOWN_NEAR",
        "UNKNOWN_NEAR",
        "UNCLOSED",
        "UNKNOWN_NEAR",
        "NOT_A_NUMBER",
        "STRAY",
    ]
    assert told == sorted(told, key=lambda one: one[:2])


@pytest.mark.parametrize(
    ("typed", "nearest"), [("จังวัด", "จังหวัด"), ("ยังไม่คบ", "ยังไม่ครบ"), ("วันที่ข้อมูล", "วันที่ของข้อมูล")]
)
def test_the_nearest_name_is_offered(typed: str, nearest: str) -> None:
    with pytest.raises(FaultyText) as told:
        text_of(f"{{{typed}}}")
    assert told.value.faults[0].values == {"name": typed, "nearest": nearest}


@pytest.mark.parametrize(
    ("body", "end", "fault"),
    [
        ("{ช่วงเตรียมการที่จะมาถึง}", END, (FIRST, 1, "NO_VALUE")),
        ("ก {วันสุดท้ายของแบบสำรวจ}", END, (FIRST, 3, "NO_VALUE")),
        ("{ถ้า ครบแล้ว}ก{จบ}", END, (FIRST + 2, 1, "NO_BODY")),
        ("- ก", END, (FIRST, 1, "LONE_POINT")),
        ("ก\n\nข\n- ค", "", (FIRST + 2, 1, "POINTS_LAST")),
        ("ก", "", (FIRST, 1, "NO_BODY")),
    ],
)
def test_what_one_letter_lacks_is_told_before_it_is_made(
    body: str, end: str, fault: tuple[int, int, str]
) -> None:
    text = text_of(body, end=end)
    with pytest.raises(FaultyText) as told:
        write_text(text, VALUES)
    assert fault in [(one.line, one.column, one.reason.name) for one in told.value.faults]


def test_a_comparison_without_a_value_is_told() -> None:
    with pytest.raises(FaultyText) as told:
        write_text(text_of("ก{ถ้า ยังไม่ครบ > 3}ข{จบ}"), {"จังหวัด": "ลำปาง"})
    assert [(one.column, one.reason.name) for one in told.value.faults] == [(7, "NO_VALUE")]


def test_a_field_behind_a_condition_is_not_missed_where_the_condition_does_not_hold() -> None:
    text = text_of("ก{ถ้า วันสุดท้ายของแบบสำรวจ}{วันสุดท้ายของแบบสำรวจ}{จบ}")
    assert write_text(text, VALUES).paragraphs[0].text == "ก"


def test_a_part_that_comes_out_empty_is_told() -> None:
    head = "เรื่อง: {ถ้า ครบแล้ว}ก{จบ}\nเรียน: ข\n\n"
    with pytest.raises(FaultyText) as told:
        write_text(text_of("ก", head=head), VALUES)
    assert [(one.line, one.reason.name) for one in told.value.faults] == [(1, "NOTHING_LEFT")]


def test_a_subject_is_as_long_as_what_is_kept_of_it() -> None:
    def subject(length: int) -> str:
        return "เรื่อง: " + "ก" * length + "\nเรียน: ข\n\n"

    assert len(write_text(text_of("ก", head=subject(500)), VALUES).subject) == 500
    with pytest.raises(FaultyText) as told:
        write_text(text_of("ก", head=subject(501)), VALUES)
    assert [(one.line, one.column, one.reason.name) for one in told.value.faults] == [
        (1, 9, "SUBJECT_TOO_LONG")
    ]


def test_every_fault_has_its_thai(app: Portal) -> None:
    with app.test_request_context():
        for reason in Reason:
            names = dict.fromkeys(re.findall(r"%\((\w+)\)s", reason), "ค่า")
            words = gettext(reason.value, **names)
            assert re.search("[ก-ฮ]", words) and words != reason, reason
            assert words.count("ค่า") >= len(names)


def test_every_field_is_found_by_its_name_and_explained() -> None:
    for field in FIELDS:
        assert field_named(field.name) is field
        assert field.meaning and field.scopes and bool(field.example) is (field.kind.value != "fact")
        assert not field.name.startswith(("ไม่", "ถ้า", "จบ", "มิฉะนั้น"))


def test_a_text_for_the_country_knows_no_province() -> None:
    assert faults_of("เรื่อง: ก\nเรียน: {จังหวัด}\n\nก" + END, Scope.COUNTRY) == [(2, 8, "ELSEWHERE")]
    with pytest.raises(FaultyText, match="1 faults, line 2"):
        read_text("เรื่อง: ก\nเรียน: {จังหวัด}\n\nก" + END, Scope.COUNTRY)
