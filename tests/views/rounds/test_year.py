"""A round's lists: wording that may change until a moment, and the assessors' assignments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from models.assessor import AssessorBody, Assignment
from models.audit import AuditEvent
from models.instrument import Instrument, InstrumentKind, OitItem, Question
from models.round import Round, RoundState
from models.zone import BANGKOK
from portal.content.year import load_year
from portal.core.database.session import privileged, writing
from portal.rounds import setup
from tests.support import world as worlds
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


def test_items_change_until_the_stage_opens(
    app: Any, client_as: Any, draft: int, world: worlds.World
) -> None:
    item = first(app, OitItem, draft, "O1")
    page = f"/rounds/{draft}/oit-items/edit/?id={item.id}"
    for person, title in (("dla", "โครงสร้างใหม่"), ("nacc", "โครงสร้างใหม่กว่า")):
        assert client_as(person).get(page).status_code == 200
        sent = {"title": title, "criterion": "แสดงแผนผัง"}
        assert client_as(person).submit(page, sent).status_code == 302
    changed = first(app, OitItem, draft, "O1")
    assert changed.title == "โครงสร้างใหม่กว่า"
    assert changed.instrument.edition == item.instrument.edition + 2
    running = first(app, OitItem, world.round_id, "O1")
    locked = f"/rounds/{world.round_id}/oit-items"
    assert client_as("dla").get(f"{locked}/edit/?id={running.id}").status_code == 409
    assert client_as("dla").submit(f"{locked}/edit/?id={running.id}", {"title": "x"}).status_code == 409
    page = client_as("dla").get(f"{locked}/").text
    assert "อ่านได้อย่างเดียว" in page and "/edit/?id=" not in page


def test_an_item_of_another_round_is_not_found_here(
    app: Any, client_as: Any, draft: int, world: worlds.World
) -> None:
    item = first(app, OitItem, world.round_id, "O1")
    assert client_as("nacc").get(f"/rounds/{draft}/oit-items/edit/?id={item.id}").status_code == 404
    assert client_as("nacc").get("/rounds/999/oit-items/").status_code == 404


def test_items_of_an_open_round_change_before_its_oit_stage(
    app: Any, client_as: Any, clock: Any, world: worlds.World
) -> None:
    clock(datetime(2018, 10, 20, tzinfo=BANGKOK))
    item = first(app, OitItem, world.round_id, "O2")
    page = f"/rounds/{world.round_id}/oit-items/edit/?id={item.id}"
    sent = {"title": "ทำเนียบผู้บริหาร (แก้ไข)", "criterion": ""}
    assert client_as("dla").submit(page, sent).status_code == 302


def test_questions_change_while_the_round_is_a_draft(
    app: Any, client_as: Any, draft: int, world: worlds.World
) -> None:
    client = client_as("nacc")
    question = first(app, Question, draft, "I1")
    page = f"/rounds/{draft}/questions/edit/?id={question.id}"
    lines = [f"ข้อย่อยที่ {line.position}" for line in question.sub_items]
    sent = {"text": "ข้อความทางการ", "note": "", "lines": "\r\n".join(lines)}
    assert all(line.text in client.get(page).text for line in question.sub_items)
    assert client.submit(page, sent).status_code == 302
    changed = first(app, Question, draft, "I1")
    assert [line.text for line in changed.sub_items] == lines
    assert changed.instrument.edition == question.instrument.edition + 1
    short = client.submit(page, sent | {"lines": lines[0], "text": "ข้อความที่พิมพ์ไว้"})
    assert short.status_code == 422 and "ข้อความที่พิมพ์ไว้" in short.text
    running = first(app, Question, world.round_id, "I1")
    locked = f"/rounds/{world.round_id}/questions/edit/?id={running.id}"
    assert client.submit(locked, sent).status_code == 409
    assert client_as("dla").get(page).status_code == 404


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
