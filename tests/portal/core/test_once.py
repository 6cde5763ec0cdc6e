"""An act sent twice is one act with one answer; a page of one desk never acts at another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from models.account import Account
from models.assessor import AssessorBody
from models.roster import RosterEntry
from models.sent_form import SentForm
from portal.core import clock, once
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
Count = Callable[[Any], int]
NEW_BODY = "/admin/assessor-bodies/new/"


@pytest.fixture
def rows(app: Portal) -> Count:
    """How many rows of a class there are."""

    def count(model: Any) -> int:
        with app.app_context(), privileged("a test counts") as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    return count


def person(client: PortalClient, name: str = "นายสมมติ ใหม่") -> dict[str, str]:
    """A form of the roster as its page carries it."""
    return {"name": name, "group": "1", "sent_from": client.sent_from()}


def flashes(client: PortalClient) -> list[str]:
    with client.session_transaction() as stored:
        return [text for _kind, text in stored.pop("_flashes", [])]


def test_a_person_added_twice_by_one_page_stands_once_on_the_roster(
    client_as: ClientAs, world: World, rows: Count
) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{world.round_id}/preparation/roster/new"
    form = person(admin)
    first = admin.submit(url, form)
    said = flashes(admin)
    again = admin.submit(url, form)
    assert rows(RosterEntry) == 1
    assert (again.status_code, again.headers["Location"]) == (first.status_code, first.headers["Location"])
    assert said and flashes(admin) == said


def test_other_words_or_a_fresh_page_are_another_act(client_as: ClientAs, world: World) -> None:
    """Somebody who goes back in the browser and types another name adds another body."""
    nacc = client_as("nacc")
    page = nacc.sent_from()
    for name in ("คณะ ก", "คณะ ก", "คณะ ข"):
        assert nacc.submit(NEW_BODY, {"name": name, "sent_from": page}).status_code == 302
    assert nacc.submit(NEW_BODY, {"name": "คณะ ข"}).status_code == 422, "a fresh page, the same name"
    assert sorted(name for name in names(nacc, AssessorBody) if len(name) == 5) == ["คณะ ก", "คณะ ข"]


def names(client: PortalClient, model: Any) -> list[str]:
    with client.application.app_context(), privileged("a test looks") as session:
        return list(session.scalars(select(model.name)))


def test_what_was_refused_is_not_used_up(client_as: ClientAs, world: World, rows: Count) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{world.round_id}/preparation/roster/new"
    page = admin.sent_from()
    assert admin.submit(url, {"name": "", "group": "1", "sent_from": page}).status_code == 422
    assert rows(SentForm) == 0
    assert admin.submit(url, {"name": "นายสมมติ", "group": "1", "sent_from": page}).status_code == 302
    assert rows(RosterEntry) == 1


def test_an_account_made_twice_is_not_already_taken(client_as: ClientAs, world: World, rows: Count) -> None:
    dla = client_as("dla")
    form = {
        "username": "new.person",
        "name": "นางใหม่ ทดลอง",
        "role": "province",
        "province": str(world.province["52"]),
        "sent_from": dla.sent_from(),
    }
    before = rows(Account)
    first, again = (dla.submit("/admin/accounts/new/", form) for _time in range(2))
    assert first.status_code == 302, first.text
    assert again.headers["Location"] == first.headers["Location"]
    assert rows(Account) == before + 1


def test_a_file_sent_twice_is_read_once_and_another_file_is_another_act(
    client_as: ClientAs, world: World
) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{world.round_id}/preparation/roster/import"
    page = admin.sent_from()

    def upload(name: str) -> str:
        content = f"ชื่อ-สกุล,กลุ่ม\n{name},1\n".encode()
        sent = {"sent_from": page, "file": (BytesIO(content), "roster.csv")}
        return admin.submit(url, sent, content_type="multipart/form-data").headers["Location"]

    assert upload("นาย ก") == upload("นาย ก")
    assert upload("นาย ก") != upload("นาย ข")


def test_signing_somebody_out_twice_says_the_same_and_a_changed_password_is_changed(
    client_as: ClientAs, world: World
) -> None:
    dla = client_as("dla")
    client_as("executive")
    form = {"sent_from": dla.sent_from()}
    url = f"/admin/accounts/{world.account['executive']}/sessions"
    dla.submit(url, form)
    said = flashes(dla)
    dla.submit(url, form)
    assert said and flashes(dla) == said


def test_a_late_repetition_says_that_nothing_was_done(
    app: Portal, client_as: ClientAs, world: World, rows: Count
) -> None:
    admin, url = client_as("agency_admin"), f"/rounds/{world.round_id}/preparation/roster/new"
    form = person(admin)
    admin.submit(url, form)
    flashes(admin)
    with app.app_context(), writing(), privileged("a test waits") as session:
        for row in session.scalars(select(SentForm)):
            row.sent_at = clock.machine() - timedelta(hours=2)
    admin.submit(url, form)
    assert any("ไม่ได้ทำซ้ำ" in line for line in flashes(admin))
    assert rows(RosterEntry) == 1


def test_sendings_are_forgotten_after_some_hours_and_hold_no_words(
    app: Portal, client_as: ClientAs, world: World, rows: Count
) -> None:
    admin = client_as("agency_admin")
    admin.submit(f"/rounds/{world.round_id}/preparation/roster/new", person(admin, "นายสมมติ ลับ"))
    with app.app_context(), privileged("a test looks") as session:
        row = session.scalars(select(SentForm)).one()
        assert row.answer and "สมมติ".encode() not in row.answer
    with app.app_context():
        once.clear()
        assert rows(SentForm) == 1
        with writing(), privileged("a test waits") as session:
            session.scalars(select(SentForm)).one().sent_at -= once.KEPT_FOR
        once.clear()
    assert rows(SentForm) == 0
