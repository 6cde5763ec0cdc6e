"""The preview of a draft: real pages in every role, nothing that acts, and only who makes rounds sees it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.citizen_id import check
from models.round import Round
from models.sent_form import SentForm
from models.year import RoundStep
from portal.content.year import YearContent
from portal.core.database.session import privileged, writing
from portal.core.preview import harmless
from portal.core.web import Portal
from portal.rounds.building.edits import items, texts
from portal.rounds.content.reading import content_of
from portal.rounds.content.writing import write_content
from portal.rounds.preview import example_id
from tests.support.client import PortalClient
from tests.support.rooms import add_draft

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
PAGES = ("sao/iit", "sao/eit", "pao/eit?lang=en", "sao/review", "sao/interview", "sao/scoring")


def edited(it: YearContent) -> YearContent:
    """The shipped year with an item of one kind, a notice and English."""
    it = texts.word_pages(it, {"survey.notice_iit": "ประกาศของรอบ"})
    it = texts.translate(it, "en", {("question", "eit:E1", "text"): "How fast?"})
    one = it.instrument("oit").items[0]
    return items.change_item(
        it, "O1", new_code="O1", indicator=one.indicator, title="เฉพาะ อบจ.", criterion="", example="เช่น แผน",
        kinds=("pao",),
    )  # fmt: skip


@pytest.fixture
def draft(app: Portal) -> int:
    with app.app_context(), writing(), privileged("a test's draft") as session:
        round = add_draft(session)
        write_content(session, round, edited(content_of(session, round)))
        return round.id


@pytest.fixture
def nacc(client_as: ClientAs) -> PortalClient:
    return client_as("nacc")


def rows(app: Portal) -> list[int]:
    with app.app_context(), privileged("a test counts") as session:
        return [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (AuditEvent, SentForm, RoundStep)
        ]


def test_the_page_has_a_frame_of_the_chosen_role_kind_language_and_width(
    nacc: PortalClient, draft: int
) -> None:
    page = nacc.get(f"/rounds/{draft}/preview")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert f'class="ita-frame is-phone" src="/rounds/{draft}/preview/sao/iit"' in page.text
    asked = f"/rounds/{draft}/preview?view=eit&agency=pao&language=en&width=desk"
    assert f'class="ita-frame" src="/rounds/{draft}/preview/pao/eit?lang=en"' in nacc.get(asked).text
    odd = nacc.get(f"/rounds/{draft}/preview?view=x&agency=x&language=xx&width=0").text
    assert f'src="/rounds/{draft}/preview/sao/iit"' in odd


@pytest.mark.parametrize("page", PAGES)
def test_every_preview_says_so_acts_nowhere_and_stands_in_our_frame_only(
    nacc: PortalClient, draft: int, page: str
) -> None:
    answer = nacc.get(f"/rounds/{draft}/preview/{page}")
    assert answer.status_code == 200 and "ตัวอย่างจากฉบับร่าง" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    actions = re.findall(r"<form\b[^>]*>", answer.text)
    assert all('action="/preview/nothing"' in form for form in actions)
    links = set(re.findall(r'<a\b[^>]*?\shref="([^"]*)"', answer.text))
    kind = page.partition("/")[0]
    # the public page on the citizen ID is the same for all, and opens beside the form
    beginnings = ("#", "?lang=", "/preview/nothing", f"/rounds/{draft}/preview/{kind}/", "/citizen-id")
    assert all(link.startswith(beginnings) for link in links), links


def test_a_respondent_s_form_is_the_draft_s_with_notice_language_and_a_number_to_try(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    page = html.unescape(nacc.get(f"/rounds/{draft}/preview/sao/iit").text)
    assert "ประกาศของรอบ" in page and "องค์การบริหารส่วนตำบล" in page
    assert "<main><div" in page
    number = re.search(r"เลขสมมุติ (\d{13})", page)
    assert number and check(number[1], first_digits="12345678") == number[1]
    assert "How fast?" in nacc.get(f"/rounds/{draft}/preview/sao/eit?lang=en").text
    with app.app_context(), writing(), privileged("a step") as session:
        round = session.get_one(Round, draft)
        after = texts.word_pages(content_of(session, round), {"survey.notice_iit": "ประกาศใหม่"})
        round.touch()
        write_content(session, round, after)
    assert "ประกาศใหม่" in nacc.get(f"/rounds/{draft}/preview/sao/iit").text, "what the draft is now"


def test_items_are_those_of_the_kind_with_their_criterion_and_example(nacc: PortalClient, draft: int) -> None:
    sao, pao = (nacc.get(f"/rounds/{draft}/preview/{kind}/review").text for kind in ("sao", "pao"))
    assert "เฉพาะ อบจ." in pao and "เฉพาะ อบจ." not in sao
    item = re.findall(rf'href="(/rounds/{draft}/preview/pao/review/\d+)"', pao)[0]
    page = nacc.get(item).text
    assert "เช่น แผน" in page and f'{item}?fail=1#reason"' in page
    assert "เหตุผล" in nacc.get(f"{item}?fail=1").text
    scoring = nacc.get(f"/rounds/{draft}/preview/pao/scoring").text
    points = re.findall(rf'href="(/rounds/{draft}/preview/pao/scoring/\d+)"', scoring)[0]
    assert 'name="points"' in nacc.get(points).text
    assert 'name="q0"' in nacc.get(f"/rounds/{draft}/preview/sao/interview").text
    english = nacc.get(f"/rounds/{draft}/preview/sao/interview?lang=en").text
    assert '<span lang="en">How fast?</span>' in english and "ita-in-thai" in english
    framed = nacc.get(f"/rounds/{draft}/preview?view=interview&language=en").text
    assert f"/rounds/{draft}/preview/sao/interview?lang=en" in framed


def test_what_is_sent_is_stored_nowhere_and_sending_says_so(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    page = nacc.get(f"/rounds/{draft}/preview/sao/eit").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    before = rows(app)
    sent = nacc.post("/preview/nothing", data={"csrf_token": token, "id": "1", "q0": "1"})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/preview/nothing")
    assert "ไม่มีการบันทึก" in nacc.get("/preview/nothing").text
    assert rows(app) == before


def test_nobody_else_sees_a_draft(client_as: ClientAs, draft: int) -> None:
    for person in ("executive", "assessor", "province", "dla"):
        client = client_as(person)
        for page in ("", *(f"/{page}" for page in PAGES)):
            assert client.get(f"/rounds/{draft}/preview{page}").status_code == 404, (person, page)


def test_a_draft_without_questions_and_items_is_shown_too(
    app: Portal, nacc: PortalClient, draft: int
) -> None:
    with app.app_context(), writing(), privileged("an empty draft") as session:
        round = session.get_one(Round, draft)
        content = content_of(session, round)
        bare = tuple(replace(one, indicators=(), questions=(), items=()) for one in content.instruments)
        round.touch()
        write_content(session, round, replace(content, instruments=bare, translations=(), roster_groups=()))
    for page in PAGES:
        assert nacc.get(f"/rounds/{draft}/preview/{page}").status_code == 200, page


@pytest.mark.parametrize("digits", ["12345678", "0", "9", "0123456789"])
def test_the_number_to_try_is_one_that_the_form_takes(digits: str) -> None:
    assert check(example_id(digits), first_digits=digits)


def test_a_page_made_harmless_keeps_its_words(app: Portal) -> None:
    page = (
        '<script type="module" src="/a.js"></script><form method="post" novalidate action="/x" class="c">'
        '<a class="b" href="/known/1?x">1</a><a href="#here">2</a><a href="https://ita.example">3</a></form>'
    )
    with app.test_request_context():
        made = harmless(page, {"/known": "/new"})
    assert made == (
        '<form novalidate class="c" method="post" action="/preview/nothing">'
        '<a class="b" href="/new/1?x">1</a><a href="#here">2</a><a href="/preview/nothing">3</a></form>'
    )
