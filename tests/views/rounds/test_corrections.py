"""Corrections of spelling on screen: typed, looked at, made final; listed, shown where the words are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.instrument import OitItem, Question
from models.year import WordingCorrection
from portal.core.database.session import privileged
from portal.core.web import Portal
from survey_forms import context
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


@pytest.fixture
def nacc(client_as: ClientAs) -> PortalClient:
    return client_as("nacc")


@pytest.fixture
def page(app: Portal, world: World) -> str:
    """The page on which the first item is corrected."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(OitItem.id).where(
            OitItem.instrument.has(round_id=world.round_id), OitItem.code == "O1"
        )
        return f"/rounds/{world.round_id}/correct/oit_item/{session.scalars(query).one()}"


def title_of(app: Portal, page: str) -> str:
    with app.app_context(), privileged("a test looks") as session:
        return session.get_one(OitItem, int(page.rpartition("/")[2])).title


def sent(client: PortalClient, page: str, form: dict[str, str], **more: str) -> Any:
    return client.submit(page, form | more | {"csrf_token": client.csrf_token()})


def typed(client: PortalClient, page: str, *, more: str = "ๆ", reason: str = "ตกไม้ยมก") -> dict[str, str]:
    form = form_with(client.get(page).text, "title")
    return form | {"title": form["title"] + more, "reason": reason}


def test_a_correction_is_looked_at_before_it_is_final(app: Portal, nacc: PortalClient, page: str) -> None:
    before = title_of(app, page)
    form = typed(nacc, page)
    look = sent(nacc, page, form)
    assert look.status_code == 200 and "<ins>ๆ</ins>" in look.text
    assert "ลบไม่ได้ แต่แก้กลับได้" in look.text
    assert title_of(app, page) == before, "nothing is saved by looking"
    hidden = form_with(look.text, "title")
    back = sent(nacc, page, hidden, edit="1")
    assert form_with(back.text, "title")["title"] == before + "ๆ"
    done = sent(nacc, page, hidden, confirm="1")
    assert done.status_code == 302 and done.location.endswith("/build/oit#item-O1")
    assert title_of(app, page) == before + "ๆ"
    tree = nacc.get(done.location).text
    assert "แก้คำผิดแล้ว ทุกคนจะเห็นข้อความใหม่ตั้งแต่บัดนี้" in tree and ">แก้คำผิดแล้ว<" in tree


def test_sent_twice_it_is_one_correction(app: Portal, nacc: PortalClient, page: str) -> None:
    hidden = form_with(sent(nacc, page, typed(nacc, page)).text, "title") | {"confirm": "1"}
    form = hidden | {"csrf_token": nacc.csrf_token()}
    assert [nacc.submit(page, form).status_code for _time in range(2)] == [302, 302]
    with app.app_context(), privileged("a test counts") as session:
        assert len(session.scalars(select(WordingCorrection)).all()) == 1


@pytest.mark.parametrize(
    ("more", "reason", "words"),
    [
        (" ที่ไม่ถูกต้อง", "x", "มีคำที่ทำให้ความหมายเปลี่ยน"),
        (" 5", "x", "ตัวเลขเปลี่ยนไป"),
        ("และข้อมูลอื่นที่เกี่ยวข้อง", "x", "กลายเป็นคนละคำถาม"),
        ("", "x", "ยังไม่มีคำใดเปลี่ยน"),
        ("ๆ", "", "กรอกเหตุผล"),
    ],
)
def test_what_is_no_correction_is_said_at_its_field_and_stays_typed(
    nacc: PortalClient, page: str, more: str, reason: str, words: str
) -> None:
    form = typed(nacc, page, more=more, reason=reason)
    for confirm in ("", "1"):
        answer = sent(nacc, page, form, confirm=confirm)
        assert answer.status_code == 422 and words in answer.text
        assert form_with(answer.text, "title")["title"] == form["title"]


def test_of_two_officers_the_second_is_told_and_keeps_what_was_typed(
    app: Portal, client_as: ClientAs, page: str
) -> None:
    one, other = client_as("nacc"), client_as("nacc")
    before = title_of(app, page)
    first, second = typed(one, page), typed(other, page, more="ฯ")
    assert sent(one, page, first, confirm="1").status_code == 302
    for confirm in ("", "1"):
        told = sent(other, page, second, confirm=confirm)
        assert told.status_code == 409 and "มีผู้อื่นแก้ไขหน้านี้ก่อนท่าน" in told.text
        again = form_with(told.text, "title")
        assert again["title"] == before + "ฯ", "what was typed"
        assert before + "ๆ" in told.text, "what is stored now"
    assert sent(other, page, again | {"reason": "ตรวจแล้ว"}, confirm="1").status_code == 302


def test_it_is_corrected_back_from_the_corrections_of_the_row(
    app: Portal, nacc: PortalClient, page: str
) -> None:
    before = title_of(app, page)
    sent(nacc, page, typed(nacc, page), confirm="1")
    shown = nacc.get(page).text
    assert "เคยแก้มาแล้ว" in shown and "?back=1" in shown
    form = form_with(nacc.get(f"{page}?back=1").text, "title")
    assert form["title"] == before
    assert sent(nacc, page, form | {"reason": "แก้กลับ"}, confirm="1").status_code == 302
    assert title_of(app, page) == before


def test_corrections_are_listed_searched_and_taken_as_a_file(
    nacc: PortalClient, client_as: ClientAs, world: World, page: str
) -> None:
    listed = f"/rounds/{world.round_id}/corrections/"
    assert "รอบนี้ยังไม่มีการแก้คำผิด" in nacc.get(listed).text
    assert listed in nacc.get(f"/rounds/{world.round_id}").text
    sent(nacc, page, typed(nacc, page, reason="พิมพ์ตกท้ายคำ"), confirm="1")
    for person in ("nacc", "dla", "province", "agency_admin", "executive", "assessor"):
        shown = client_as(person).get(listed).text
        assert "ข้อ OIT O1" in shown and "พิมพ์ตกท้ายคำ" in shown
    assert "ข้อ OIT O1" in nacc.get(f"{listed}?search=ตกท้าย").text
    assert "ข้อ OIT O1" not in nacc.get(f"{listed}?flt_thing=question").text
    assert "พิมพ์ตกท้ายคำ" in nacc.get(f"{listed}export/csv/").get_data(as_text=True)


def test_a_long_text_is_listed_by_what_changed(app: Portal, nacc: PortalClient, page: str) -> None:
    form = form_with(nacc.get(page).text, "title")
    middle = len(form["criterion"]) // 2
    longer = form["criterion"][:middle] + "ฯ" + form["criterion"][middle:]
    assert sent(nacc, page, form | {"criterion": longer, "reason": "x"}, confirm="1").status_code == 302
    shown = nacc.get(f"{page.partition('/correct')[0]}/corrections/").text
    assert longer not in shown and longer[middle - 5 : middle + 5] in shown and "…" in shown


def test_who_reads_an_item_sees_quietly_that_it_was_corrected(
    app: Portal, nacc: PortalClient, client_as: ClientAs, world: World, page: str
) -> None:
    before, item = title_of(app, page), page.rpartition("/")[2]
    reading = f"/rounds/{world.round_id}/oit/{item}"
    assert "แก้คำผิดเมื่อ" not in client_as("agency_admin").get(reading).text
    sent(nacc, page, typed(nacc, page), confirm="1")
    shown = client_as("agency_admin").get(reading).text
    assert f'<h2 id="item" class="ita-big-title">{before}ๆ</h2>' in shown
    assert "แก้คำผิดเมื่อ" in shown and f"<del>{before}</del>" in shown


def test_nobody_else_corrects_and_a_draft_has_none(client_as: ClientAs, world: World, page: str) -> None:
    for person in ("dla", "province", "agency_admin", "executive", "assessor"):
        assert client_as(person).get(page).status_code == 404
    nacc = client_as("nacc")
    assert nacc.get(page.replace("oit_item", "grade_band")).status_code == 404
    assert nacc.get(f"/rounds/{world.round_id}/correct/oit_item/99999").status_code == 404


@pytest.mark.parametrize(
    ("part", "thing"),
    [
        ("oit", "oit_item"),
        ("iit", "question"),
        ("iit", "sub_item"),
        ("iit", "indicator"),
        ("eit", "instrument"),
        ("scales", "choice"),
        ("rules", "roster_group"),
    ],
)
def test_the_builder_of_an_opened_round_offers_it_beside_the_words(
    nacc: PortalClient, world: World, part: str, thing: str
) -> None:
    place = f"/rounds/{world.round_id}/" + ("rules" if part == "rules" else f"build/{part}")
    assert f"/rounds/{world.round_id}/correct/{thing}/" in nacc.get(place).text


def test_a_form_that_is_being_filled_in_is_taken_after_a_correction(
    app: Portal, nacc: PortalClient, client_as: ClientAs, world: World
) -> None:
    with app.app_context(), privileged("a test looks") as session:
        query = select(Question).where(
            Question.instrument.has(round_id=world.round_id), Question.code == "I1"
        )
        question = session.scalars(query).one()
        page, words = f"/rounds/{world.round_id}/correct/question/{question.id}", question.text
    form = form_with(nacc.get(page).text, "text")
    facts = context.facts_of
    with app.app_context():
        before = facts(world.round_id).questionnaires
    done = sent(nacc, page, form | {"text": words + "ฯ", "reason": "x"}, confirm="1")
    assert done.status_code == 302
    with app.app_context():
        after = facts(world.round_id).questionnaires
    kind = next(iter(before))
    assert words + "ฯ" in str(after[kind].sections)
    assert [line.slot for line in after[kind].lines] == [line.slot for line in before[kind].lines]
