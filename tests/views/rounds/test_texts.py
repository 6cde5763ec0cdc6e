"""Texts of the round's pages and further languages on screen: side by side, what is missing, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.round import Round
from portal.content.year import ContentText, YearContent
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from portal.rounds.content.reading import content_of
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.rooms import add_draft
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        return add_draft(session).id


@pytest.fixture
def nacc(client_as: ClientAs) -> PortalClient:
    return client_as("nacc")


def content(app: Portal, round_id: int) -> YearContent:
    with app.app_context(), privileged("a test looks") as session:
        return content_of(session, session.get_one(Round, round_id))


def fill(nacc: PortalClient, url: str, field: str, words: str) -> str:
    """Send the page's form with one text of it; gives where it led, or the page that came back."""
    answer = nacc.post(url, data=form_with(nacc.get(url).text, field) | {field: words})
    return str(answer.headers.get("Location", answer.text))


def test_a_language_is_begun_translated_counted_and_taken_back(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    before, home = content(app, draft), f"/rounds/{draft}/build/texts"
    page = nacc.get(home).text
    assert "รอบนี้มีเฉพาะภาษาไทย" in page and "รอบนี้เขียนเอง 0 จาก" in page
    begun = nacc.get(f"{home}/language?add=en")
    assert begun.headers["Location"] == f"{home}/en"
    rows = nacc.get(f"{home}/en?show=missing").text
    assert "เฉพาะข้อความที่ยังไม่แปล" in rows and 'lang="en"' in rows
    led = fill(nacc, f"{home}/en?part=iit&show=missing", "question.iit:I1.text", " How often?\r\nEver? ")
    assert led == f"{home}/en?part=iit&show=missing"
    assert [(row.code, row.words) for row in content(app, draft).translations] == [
        ("iit:I1", "How often?\nEver?")
    ]
    assert 'name="question.iit:I1.text"' not in nacc.get(f"{home}/en?part=iit&show=missing").text
    page = nacc.get(home).text
    assert "English" in page and "ยังเป็นภาษาไทย" in page and "ขั้นล่าสุด: แปลข้อความของรอบ English" in page
    number = page.split('name="number" value="')[1].split('"')[0]
    back = nacc.submit(f"/rounds/{draft}/build/take-back", {"number": number, "kind": "texts"})
    assert back.headers["Location"] == home
    assert content(app, draft) == before


def test_a_page_is_worded_by_the_round_and_a_promise_is_not(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    url = f"/rounds/{draft}/build/texts/th?part=form"
    page = nacc.get(url).text
    assert "ระบบไม่เก็บเลขบัตรของท่าน" in page and 'name="page.survey.not_kept.words"' not in page
    fill(nacc, url, "page.survey.notice_eit.words", "ตอบได้ทุกวัน")
    assert content(app, draft).texts == (ContentText("survey.notice_eit", "ตอบได้ทุกวัน"),)
    missing = nacc.get(f"{url}&show=missing").text
    assert 'name="page.survey.notice_eit.words"' not in missing and "survey.notice_iit" in missing


def test_what_is_filled_in_is_kept_and_what_was_typed_stays(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    for language, what in (("th", "form"), ("en", "pages")):
        url = f"/rounds/{draft}/build/texts/{language}?part={what}"
        page = fill(nacc, url, "page.survey.until.words", "ตอบได้ถึงวันศุกร์")
        assert "ต้องคงส่วนที่ระบบเติมให้ไว้ตามเดิม" in page and "ตอบได้ถึงวันศุกร์</textarea>" in page
        assert 'aria-describedby="from-' in page and "page.survey.until.words-e" in page
    assert content(app, draft).texts == () == content(app, draft).translations


def test_a_notice_is_worded_with_what_the_system_fills_in(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    url, field = f"/rounds/{draft}/build/texts/th?part=home", "page.notice.oit.words"
    page = nacc.get(url).text
    assert "ระบบเติมให้ได้: %(until)s, %(year)s" in page
    wrong = fill(nacc, url, field, "ส่งภายใน %(when)s")
    assert "ข้อความนี้ไม่มี %(when)s ให้เติม ส่วนที่ระบบเติมให้ได้คือ %(until)s, %(year)s" in wrong
    assert "ส่งภายใน %(when)s</textarea>" in wrong and "page.notice.oit.words-e" in wrong
    assert "เครื่องหมายเปอร์เซ็นต์ให้พิมพ์เป็น %%" in fill(nacc, url, field, "ครบ 100 %")
    fill(nacc, url, field, "ส่งภายใน %(until)s ให้ครบ 100 %%")
    assert content(app, draft).texts == (ContentText("notice.oit", "ส่งภายใน %(until)s ให้ครบ 100 %%"),)
    english = nacc.get(f"/rounds/{draft}/build/texts/en?part=pages").text
    assert "notice.oit" not in english, "notices at home are Thai"
    last = nacc.get(f"/rounds/{draft}/build/texts/en?part=pages&page=5").text
    assert 'name="page.interview.first.words"' in last, "what is said to respondents may be translated"


def test_a_language_is_taken_out(app: Portal, nacc: PortalClient, draft: int) -> None:
    home = f"/rounds/{draft}/build/texts"
    fill(nacc, f"{home}/lo?part=eit", "question.eit:E1.text", "ລາວ")
    form = form_with(nacc.get(home).text, "version")
    assert nacc.post(f"{home}/lo/remove", data=form).headers["Location"] == home
    assert content(app, draft).translations == ()


def test_a_filter_without_rows_says_so(nacc: PortalClient, draft: int) -> None:
    page = nacc.get(f"/rounds/{draft}/build/texts/en?part=pages&show=missing").text
    assert "หมวดนี้ครบแล้ว" in page and "แสดงทุกข้อความ" in page


def test_languages_that_are_not_offered_are_not_found(nacc: PortalClient, draft: int) -> None:
    home = f"/rounds/{draft}/build/texts"
    for url in (f"{home}/xx", f"{home}/language?add=xx"):
        assert nacc.get(url).status_code == 404, url
    assert nacc.get(f"{home}/language").headers["Location"] == home


def test_an_opened_round_is_read_only(nacc: PortalClient, world: World) -> None:
    home = f"/rounds/{world.round_id}/build/texts"
    page = nacc.get(f"{home}/th").text
    assert "<textarea" not in page and "รอบนี้เปิดแล้ว" in page
    assert "เพิ่มภาษา" not in nacc.get(home).text
