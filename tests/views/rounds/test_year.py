"""A round's lists: wording that may change while it is a draft, and the assessors' assignments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from models.assessor import AssessorBody, Assignment
from models.audit import AuditEvent
from models.instrument import Instrument, InstrumentKind, OitItem, Question
from models.round import Round, RoundState
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.rounds import setup
from tests.support import world as worlds
from tests.support.forms import form_with
from tests.support.statements import asked

pytestmark = pytest.mark.postgres


@pytest.fixture
def draft(app: Any) -> int:
    """A second round, still a draft; gives its id."""
    with app.app_context(), writing(), privileged("a test's draft") as session:
        content = replace(load_year(2561), fiscal_year=2562)
        return setup.make_round(session, content, name="ร่าง", windows={}).id


def first(app: Any, model: Any, round_id: int, code: str) -> Any:
    """A question or item of a round, detached, with its instrument and lines loaded."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(model).join(Instrument, Instrument.id == model.instrument_id)
        row = session.scalars(query.where(Instrument.round_id == round_id, model.code == code)).one()
        assert row.instrument.edition
        if model is Question:
            assert row.sub_items
        session.expunge_all()
        return row


def words_page(draft: int, code: str) -> str:
    return f"/rounds/{draft}/oit-items/words/{code}"


def saved(client: Any, page: str, **typed: str) -> Any:
    form = form_with(client.get(page).text, "title")
    return client.submit(page, form | typed | {"csrf_token": client.csrf_token()})


def test_items_of_a_draft_are_worded_by_both_offices_as_steps_of_the_builder(
    app: Any, client_as: Any, draft: int
) -> None:
    page = words_page(draft, "O1")
    for person, title in (("dla", "โครงสร้างใหม่"), ("nacc", "โครงสร้างใหม่กว่า")):
        assert saved(client_as(person), page, title=title, criterion="แสดงแผนผัง").status_code == 302
    assert first(app, OitItem, draft, "O1").title == "โครงสร้างใหม่กว่า"
    tree = client_as("nacc").get(f"/rounds/{draft}/build/oit").text
    assert "ขั้นล่าสุด: บันทึกข้อ OIT O1" in tree
    empty = saved(client_as("dla"), page, title=" ", criterion="ที่พิมพ์ไว้")
    assert empty.status_code == 422 and "ที่พิมพ์ไว้" in empty.text
    assert client_as("province").get(page).status_code == 404
    assert client_as("dla").get(words_page(draft, "O99")).status_code == 404


def test_a_wording_stays_when_the_step_before_it_would_be_taken_back(
    app: Any, client_as: Any, draft: int
) -> None:
    nacc = client_as("nacc")
    tree = f"/rounds/{draft}/build/oit"
    shown = nacc.get(tree).text
    version = form_with(shown, "version")["version"]
    nacc.submit(f"{tree}/act", {"act": "copy", "thing": "item", "code": "O2", "version": version})
    number = form_with(nacc.get(tree).text, "number")["number"]
    saved(client_as("dla"), words_page(draft, "O1"), title="โครงสร้างใหม่")
    late = nacc.submit(f"/rounds/{draft}/build/take-back", {"number": number, "kind": "oit"})
    assert late.status_code == 409
    assert first(app, OitItem, draft, "O1").title == "โครงสร้างใหม่"


def test_who_worded_an_item_takes_it_back_and_nobody_elses_step(app: Any, client_as: Any, draft: int) -> None:
    dla, listed = client_as("dla"), f"/rounds/{draft}/oit-items/"
    title = first(app, OitItem, draft, "O1").title
    saved(dla, words_page(draft, "O1"), title="โครงสร้างใหม่")
    number = form_with(dla.get(listed).text, "number")["number"]
    assert "เรียกคืนขั้นนี้" not in client_as("nacc").get(listed).text
    assert client_as("nacc").submit(f"{listed}take-back", {"number": number}).status_code == 409
    assert dla.submit(f"{listed}take-back", {"number": number}).status_code == 302
    assert first(app, OitItem, draft, "O1").title == title
    assert "เรียกคืนขั้นนี้" not in dla.get(listed).text


def test_words_of_an_opened_round_are_corrected_by_the_nacc_only(client_as: Any, world: worlds.World) -> None:
    listed = f"/rounds/{world.round_id}/oit-items/"
    assert client_as("dla").get(words_page(world.round_id, "O1")).status_code == 409
    assert client_as("dla").submit(words_page(world.round_id, "O1"), {"title": "x"}).status_code == 409
    page = client_as("dla").get(listed).text
    assert "หากพบคำผิด สำนักงาน ป.ป.ช. แก้คำผิดได้" in page and "/correct/" not in page
    for room in ("oit-items", "questions"):
        page = client_as("nacc").get(f"/rounds/{world.round_id}/{room}/").text
        assert "อ่านได้อย่างเดียว" in page and "/correct/" in page


def test_questions_of_a_draft_are_changed_in_the_builder(client_as: Any, draft: int) -> None:
    page = client_as("nacc").get(f"/rounds/{draft}/questions/").text
    assert f"/rounds/{draft}/build/iit/questions/I1" in page
    assert client_as("dla").get(f"/rounds/{draft}/questions/").status_code == 404
    assert client_as("nacc").get("/rounds/999/oit-items/").status_code == 404


def test_the_agencies_of_a_province_are_given_to_a_body(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    client, page = client_as("nacc"), f"/rounds/{world.round_id}/assignments/new/"
    shown = client.get(page).text
    assert "กระบี่ (1 แห่ง)" in shown and "ลำปาง" not in shown.partition("<form")[2]
    empty = client.submit(page, {"body": str(world.body["body2"])})
    assert empty.status_code == 422
    sent = {"body": str(world.body["body2"]), "provinces": [str(world.province["81"])]}
    assert client.submit(page, sent).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        rows = session.scalars(
            select(Assignment).where(Assignment.participation_id == world.participation["b2"])
        ).all()
        assert [(row.body_id, row.agency_id) for row in rows] == [(world.body["body2"], world.agency["b2"])]
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "assignment.assign")).one()
        assert event.chain == f"province:{world.province['81']}" and event.after["count"] == 1
        assignment = rows[0].id
    home = f"/rounds/{world.round_id}/assignments"
    ticked = {"action": "take_back", "rowid": [str(assignment)]}
    assert client.submit(f"{home}/action/", ticked).status_code == 200
    assert client.submit(f"{home}/action/", ticked | {"confirm": "1"}).status_code == 302
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 3


def test_nothing_is_assigned_once_results_stand(app: Any, client_as: Any, world: worlds.World) -> None:
    with app.app_context(), writing(), privileged("a test opens the boxes") as session:
        session.get_one(Round, world.round_id).state = RoundState.OPENED
    page = f"/rounds/{world.round_id}/assignments/new/"
    assert client_as("nacc").get(page).status_code == 409


def test_bodies_are_kept(app: Any, client_as: Any, world: worlds.World) -> None:
    client = client_as("nacc")
    assert client.submit("/admin/assessor-bodies/new/", {"name": "มหาวิทยาลัยทดลอง"}).status_code == 302
    taken = client.submit("/admin/assessor-bodies/new/", {"name": "มหาวิทยาลัยทดลอง"})
    assert taken.status_code == 422
    used = {"id": str(world.body["body1"]), "confirm": "1"}
    assert client.submit("/admin/assessor-bodies/delete/", used).status_code == 409
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(AssessorBody)) == 3


def test_agencies_are_found_by_the_step_they_are_stuck_at(client_as: Any, world: worlds.World) -> None:
    client, page = client_as("nacc"), f"/rounds/{world.round_id}/participations/"
    assert "เทศบาลตำบลเกาะคา" in client.get(page, query_string={"flt_step": "1"}).text
    for step in ("2", "3", "4", "0"):
        assert "เทศบาลตำบลเกาะคา" not in client.get(page, query_string={"flt_step": step}).text
    narrowed = client.get(page, query_string={"flt_province": str(world.province["81"])}).text
    assert "ไสไทย" in narrowed and "เทศบาลตำบลเกาะคา" not in narrowed


def test_instruments_keep_their_kinds(app: Any, world: worlds.World) -> None:
    assert first(app, OitItem, world.round_id, "O1").instrument.kind is InstrumentKind.OIT


@pytest.mark.parametrize("room", ["oit-items", "questions"])
def test_a_list_of_wording_asks_a_fixed_number_of_questions(
    app: Any, world: worlds.World, client_as: Any, room: str
) -> None:
    client = client_as("nacc")
    client.get(f"/rounds/{world.round_id}/{room}/")
    with asked(app) as statements:
        assert client.get(f"/rounds/{world.round_id}/{room}/").status_code == 200
    assert len(statements) < 35, len(statements)
