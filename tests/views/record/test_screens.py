"""The record on its screen: events in words, what stood before and after, and the check of its chains."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.job import Job, JobState
from portal.core.database.session import privileged, writing
from portal.core.jobs import worker
from tests.support import world as worlds
from tests.support.statements import asked

pytestmark = pytest.mark.postgres


def changed_body(client: Any, world: worlds.World) -> None:
    page = f"/admin/assessor-bodies/edit/?id={world.body['body1']}"
    assert client.submit(page, {"name": "คณะใหม่"}).status_code == 302


def event_of(app: Any, act: str) -> int:
    with app.app_context(), privileged("a test looks") as session:
        return session.scalars(select(AuditEvent.id).where(AuditEvent.act == act)).one()


def test_an_event_shows_before_and_after(app: Any, client_as: Any, world: worlds.World) -> None:
    changed_body(client_as("nacc"), world)
    client = client_as("dla")
    listed = client.get("/admin/record/", query_string={"flt_act": "assessor_bodies.edit"}).text
    assert "แก้ไขหน่วยงานผู้ประเมิน" in listed
    page = client.get(f"/admin/record/details/?id={event_of(app, 'assessor_bodies.edit')}").text
    assert "คณะผู้ประเมินทดลอง 1" in page and "คณะใหม่" in page and "ผู้ใช้ทดลอง nacc" in page


def test_events_are_found_by_person_and_day(client_as: Any, world: worlds.World) -> None:
    changed_body(client_as("nacc"), world)
    client = client_as("dla")
    for query, found in (
        ({"flt_person": "nacc"}, True),
        ({"flt_person": "nobody"}, False),
        ({"flt_at_from": "9 พ.ย. 2561"}, True),
        ({"flt_at_from": "10 พ.ย. 2561"}, False),
        ({"flt_at_to": "8 พ.ย. 2561"}, False),
        ({"flt_thing": "assessor_body"}, True),
    ):
        page = client.get("/admin/record/", query_string=query).text
        assert ("<td" in page) is found, query


def test_a_search_asks_the_record_by_keys_and_never_inside_its_texts(
    app: Any, client_as: Any, world: worlds.World
) -> None:
    """Each word is an act, a row's number, a person or a place, looked up where names are few."""
    changed_body(client_as("nacc"), world)
    client = client_as("dla")
    for words, found in (
        ("ผู้ใช้ทดลอง nacc", True),
        ("แก้ไขหน่วยงานผู้ประเมิน", True),
        ("assessor_bodies.edit", True),
        (str(world.body["body1"]), True),
        ("ไม่มีใครชื่อนี้", False),
    ):
        with asked(app) as statements:
            page = client.get("/admin/record/", query_string={"search": words}).text
        assert ("<td" in page) is found, words
        mine = [text.lower() for text in statements if "from audit_event" in text.lower()]
        assert mine
        for text in mine:
            assert not re.search(r"audit_event\.\w+\)? (i?like|\|\|)", text), text


def test_the_record_cannot_be_written_from_its_screen(app: Any, client_as: Any, world: worlds.World) -> None:
    changed_body(client_as("nacc"), world)
    key = event_of(app, "assessor_bodies.edit")
    client = client_as("dla")
    for address in (f"/admin/record/edit/?id={key}", f"/admin/record/delete/?id={key}", "/admin/record/new/"):
        assert client.get(address).status_code == 404
        assert client.submit(address, {"id": str(key), "confirm": "1"}).status_code == 404
    assert client_as("province").get("/admin/record/").status_code == 404


def test_the_check_walks_every_chain(app: Any, client_as: Any, world: worlds.World) -> None:
    changed_body(client_as("nacc"), world)
    client = client_as("dla")
    answer = client.submit("/admin/record/check/")
    assert answer.status_code == 302
    assert worker.work(app, until_idle=True) == 1
    assert "บันทึกครบถ้วน" in client.get(answer.location).text


def test_the_check_names_the_place_that_was_changed(
    app: Any, client_as: Any, world: worlds.World, engine: str
) -> None:
    if engine == "postgres":
        pytest.skip("nothing to do: there the application's role cannot change an event at all: tests/access")
    changed_body(client_as("nacc"), world)
    with app.app_context(), writing(), privileged("a test forges") as session:
        session.get_one(AuditEvent, event_of(app, "assessor_bodies.edit")).after = {"name": "x"}
    client = client_as("dla")
    job_page = client.submit("/admin/record/check/").location
    worker.work(app, until_idle=True)
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.FAILED and "system" in job.message
    assert "ขาดตอน" in client.get(job_page).text
