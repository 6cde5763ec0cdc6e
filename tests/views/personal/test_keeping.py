"""The day until which rosters are kept, as NACC sets it, and the certificate that they were erased."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from models.job import Job, JobState
from models.letter import StoredFile
from models.personal import RosterErasure
from portal.core.database.session import privileged, writing
from portal.core.files import stored_file
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.personal import erasing, making
from tests.support.client import PortalClient
from tests.support.jobs import ask
from tests.support.personal import LATER, boxes_opened
from tests.support.rosters import fill_roster
from tests.support.world import World

ClientAs = Callable[[str], PortalClient]


def seen(nacc: PortalClient, at: str) -> str:
    """The version that the page shows."""
    found = re.search(r'name="version" type="hidden" value="(\d+)"', nacc.get(at).text)
    assert found is not None
    return found[1]


def test_from_the_day_to_the_certificate(
    app: Portal, world: World, client_as: ClientAs, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world, people=3)
    at, nacc = f"/rounds/{world.round_id}/personal/keeping", client_as("nacc")
    assert at in nacc.get(f"/rounds/{world.round_id}").text
    assert "180 วัน" in nacc.get(at).text and client_as("dla").get(at).status_code == 404
    early = nacc.submit(at, {"version": seen(nacc, at), "day": "1/1/2561"})
    assert early.status_code == 422 and "1/1/2561" in early.text
    assert nacc.submit(at, {"version": "77", "day": "30/9/2563"}).status_code == 409
    assert nacc.submit(at, {"version": seen(nacc, at), "day": "30/9/2563"}).status_code == 302
    assert "30 กันยายน 2563" in nacc.get(at).text
    assert nacc.submit(f"{at}/print", {}).status_code == 404
    with app.app_context():
        boxes_opened(world)
        clock(LATER)
    nacc = client_as("nacc")
    version = seen(nacc, at)
    asks = nacc.submit(at, {"version": version, "day": ""})
    assert asks.status_code == 200 and "เรียกคืนไม่ได้" in asks.text
    assert nacc.submit(at, {"version": version, "day": "", "confirm": "1"}).status_code == 302
    assert "ระบบจะลบในคืนนี้" in nacc.get(at).text
    with app.app_context():
        erasing.erase(world.round_id)
    page = nacc.get(at).text
    assert "3 แถว ของ 1 หน่วยงาน" in page and "พิมพ์หนังสือรับรอง" in page
    assert nacc.get(f"{at}/certificate.pdf").status_code == 404
    assert nacc.submit(f"{at}/print", {}).status_code == 302
    with app.app_context(), writing(), privileged("a test prints") as session:
        assert session.scalars(select(Job.kind)).all() == [making.PRINT]
        session.info["unrecorded"] = True
        file = stored_file("c.pdf", "application/pdf", b"%PDF-")
        session.add(file)
        session.flush()
        session.scalars(select(RosterErasure)).one().file_id = file.id
    assert nacc.get(f"{at}/certificate.pdf").data == b"%PDF-"
    refused = nacc.submit(at, {"version": version, "day": "30/9/2564"})
    assert refused.status_code == 422


def test_the_certificate_is_printed_once_and_not_before(
    app: Portal, world: World, clock: Callable[[object], None]
) -> None:
    fill_roster(app, world, people=3)
    with app.app_context():
        boxes_opened(world)
        clock(LATER)
        early = ask(world, "nacc", making.PRINT, round_id=world.round_id)
        worker.work(app, until_idle=True)
        erasing.erase(world.round_id)
        first = ask(world, "nacc", making.PRINT, round_id=world.round_id)
        worker.work(app, until_idle=True)
        second = ask(world, "nacc", making.PRINT, round_id=world.round_id)
        worker.work(app, until_idle=True)
        with privileged("a test looks") as session:
            states = [session.get_one(Job, key).state for key in (early, first, second)]
            kept = session.get_one(StoredFile, session.scalars(select(RosterErasure.file_id)).one())
            assert kept.content.startswith(b"%PDF-")
    assert states == [JobState.FAILED, JobState.DONE, JobState.DONE]
