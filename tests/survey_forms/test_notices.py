"""Every reason for which a survey takes no answers, in the words that a respondent reads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Response

from models.contact import AgencyContact
from models.round import RoundState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from survey_forms import notices
from survey_forms.context import Availability, Survey
from survey_forms.response import agency
from survey_forms.submission import Submission
from tests.support.world import NOW, World
from tests.survey_forms.surveys import DAY, EIT, span, survey

PAST, AHEAD = span(-2 * DAY, -DAY), span(DAY, 2 * DAY)
ASK = "สอบถามได้ที่ผู้ดูแลของหน่วยงาน"
SAME_LINK = "ใช้ลิงก์เดิมนี้ได้เมื่อถึงเวลา ไม่ต้องขอลิงก์ใหม่"
SENT = Submission({}, "1234567890123", {0: 3, 1: 2})


def words(response: Response) -> str:
    """A page as it is read."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("own", "status", "read"),
    [
        (survey(revoked=True), 410, ["ลิงก์นี้เลิกใช้แล้ว", "หน่วยงานเปลี่ยนลิงก์แล้ว ขอลิงก์ใหม่ได้จากหน่วยงาน"]),
        (
            survey(AHEAD),
            200,
            [
                "แบบสำรวจยังไม่เปิด",
                "เปิด 10 พฤศจิกายน 2561 เวลา 10:00 น. ปิด 11 พฤศจิกายน 2561 เวลา 10:00 น.",
                SAME_LINK,
            ],
        ),
        (survey(PAST, AHEAD), 200, ["แบบสำรวจยังไม่เปิด", "เปิด 10 พฤศจิกายน 2561 เวลา 10:00 น.", SAME_LINK]),
        (
            survey(PAST),
            200,
            ["แบบสำรวจปิดแล้ว", "ปิด 8 พฤศจิกายน 2561 เวลา 10:00 น.", "คำตอบที่ส่งก่อนหน้านี้ยังอยู่ครบ"],
        ),
        (survey(state=RoundState.CLOSED, spans={EIT: ()}), 200, ["แบบสำรวจปิดแล้ว", "ไม่รับคำตอบแล้ว"]),
        (survey(confirmed=False), 200, ["ผู้บริหารของหน่วยงานยังไม่ได้ยืนยันข้อมูล", SAME_LINK]),
        (survey(urn_ready=False), 200, ["แบบสำรวจกำลังเตรียมการ หน่วยงานจะแจ้งวันเปิดให้ทราบ", SAME_LINK]),
        (survey(spans={EIT: ()}), 200, ["แบบสำรวจกำลังเตรียมการ", SAME_LINK]),
    ],
)
def test_a_survey_that_is_not_open_says_why(app: Portal, own: Survey, status: int, read: list[str]) -> None:
    with app.test_request_context():
        page = notices.not_open(own, own.availability(NOW))
        text = words(page)
    assert page.status_code == status
    assert [piece for piece in read if piece not in text] == []
    assert "เทศบาลตำบล เกาะคา จังหวัดลำปาง" in text and "2561" in text
    assert (ASK in text) is (own.availability(NOW) is not Availability.OVER)


def test_a_survey_that_is_over_names_no_day_where_it_had_none(app: Portal) -> None:
    with app.test_request_context():
        own = survey(state=RoundState.CLOSED, spans={EIT: ()})
        page = notices.not_open(own, own.availability(NOW)).get_data(as_text=True)
        lost = notices.not_sent(own, own.availability(NOW), SENT).get_data(as_text=True)
    assert "<dl>" not in page and "<dl>" not in lost


@pytest.mark.parametrize(
    ("own", "status", "read"),
    [
        (survey(revoked=True), 410, ["ขอลิงก์ใหม่จากหน่วยงาน เปิดลิงก์ใหม่ แล้วเลือกคำตอบตามรายการข้างล่างอีกครั้ง"]),
        (survey(PAST), 409, ["เพราะส่งมาถึงหลังแบบสำรวจปิดแล้ว", "ปิด 8 พฤศจิกายน 2561 เวลา 10:00 น."]),
        (survey(AHEAD), 409, ["ขณะนี้แบบสำรวจไม่รับคำตอบ ใช้ลิงก์เดิมนี้ได้เมื่อเปิดรับอีกครั้ง"]),
        (survey(confirmed=False), 409, ["ขณะนี้แบบสำรวจไม่รับคำตอบ"]),
        (survey(urn_ready=False), 409, ["ขณะนี้แบบสำรวจไม่รับคำตอบ"]),
    ],
)
def test_a_form_that_was_not_taken_says_so_and_shows_what_was_chosen(
    app: Portal, own: Survey, status: int, read: list[str]
) -> None:
    with app.test_request_context():
        page = notices.not_sent(own, own.availability(NOW), SENT)
        text = words(page)
    assert page.status_code == status
    expected = ["คำตอบของท่านยังไม่ได้ส่ง", "คำตอบชุดนี้ไม่ได้ส่ง และไม่ถูกนับ", *read, ASK]
    assert [piece for piece in expected if piece not in text] == []
    assert "บริการรวดเร็วเพียงใด มาก มีป้ายบอกทางหรือไม่ ไม่มี" in text
    assert "1234567890123" not in page.get_data(as_text=True), "the ID is never shown"


@pytest.mark.postgres
def test_who_was_not_in_time_reads_whom_to_call(app: Portal, world: World) -> None:
    owner = {"agency_id": world.agency["a1"], "province_id": world.province["52"]}
    with app.app_context(), writing(), privileged("a test") as session:
        session.add(AgencyContact(phone="054281500", **owner))
    with app.test_request_context():
        own = survey(PAST, agency_id=world.agency["a1"])
        page = notices.not_sent(own, own.availability(NOW), SENT)
        text = words(page)
    assert "โทร. 0 5428 1500" in text
    assert "data-end" in page.get_data(as_text=True), "what was kept of them on a device goes"


def test_nothing_chosen_is_no_list(app: Portal) -> None:
    with app.test_request_context():
        own = survey(PAST)
        page = notices.not_sent(own, own.availability(NOW), Submission({}, "", {})).get_data(as_text=True)
    assert "<li value" not in page


def test_the_moment_of_two_windows_that_follow_each_other_is_the_end_of_both(app: Portal) -> None:
    own = survey(AHEAD, span(2 * DAY, 5 * DAY - timedelta(hours=10)))
    with app.test_request_context():
        text = words(notices.not_open(own, own.availability(NOW)))
    assert "ปิด 13 พฤศจิกายน 2561 เวลา 24:00 น." in text


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("เทศบาลตำบลเกาะคา", '<span class="w">เทศบาลตำบล</span><span class="w">เกาะคา</span>'),
        ("เมืองพัทยา", "เมืองพัทยา"),
        ("อบต. <เกาะคา>", "อบต. &lt;เกาะคา&gt;"),
    ],
)
def test_a_name_that_is_not_kind_and_name_is_shown_as_it_is(name: str, read: str) -> None:
    assert str(agency(survey(agency_full_name=name))) == read
