"""The page on which an office sees how the system fares."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.job import JobState
from models.round import Stage
from portal.backup.state import FILE
from portal.core import clock
from portal.core.database.session import privileged
from portal.core.web import Portal
from portal.record import anchors
from portal.watch import figures
from portal.watch.figures import Disk
from tests.factories.base import Make
from tests.factories.letters import JobFactory
from tests.support.client import PortalClient
from tests.support.world import NOW, World


@pytest.fixture
def state(app: Portal) -> Iterator[Path]:
    """The folder in which it is noted what was done last, empty."""
    folder = (app.settings.instance_dir / FILE).parent
    folder.mkdir(exist_ok=True)
    yield folder
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


@pytest.mark.parametrize("person", ["dla", "nacc"])
def test_the_offices_find_the_page_in_their_menu(
    client_as: Callable[[str], PortalClient], person: str
) -> None:
    client = client_as(person)
    assert 'href="/system"' in client.get("/").text or 'href="/system"' in client.get("/jobs").text
    assert "สถานะของระบบ" in client.get("/system").text


@pytest.mark.parametrize("person", ["province", "agency_admin", "executive", "assessor"])
def test_for_others_it_is_not_there(client_as: Callable[[str], PortalClient], person: str) -> None:
    client = client_as(person)
    assert client.get("/system").status_code == 404
    assert 'href="/system"' not in client.get("/jobs").text


def test_a_fresh_system_says_calmly_what_there_is_not_yet(client_as: Callable[[str], PortalClient]) -> None:
    page = client_as("dla").get("/system").text
    assert "ไม่มีงานค้าง" in page
    assert "ยังไม่มีข้อมูลการสำรอง" in page and "ยังไม่เคยตรึงบันทึกไว้ภายนอก" in page
    assert "นานกว่าที่กำหนดไว้" not in page


def test_what_waits_and_since_when(client_as: Callable[[str], PortalClient], make: Make) -> None:
    make(JobFactory, state=JobState.WAITING, created_at=NOW - timedelta(hours=2))
    make(JobFactory, state=JobState.FAILED)
    page = client_as("dla").get("/system").text
    assert "ไม่มีงานค้าง" not in page
    assert "งานที่รอ</dt><dd>1</dd>" in page and "งานที่ไม่สำเร็จ</dt><dd>1</dd>" in page
    assert "9 พฤศจิกายน 2561 เวลา 08:00 น." in page.replace("\u00a0", " ")


def test_a_backup_of_today_is_well_and_one_of_yesterday_is_asked_about(
    client_as: Callable[[str], PortalClient], state: Path
) -> None:
    client, now = client_as("dla"), clock.machine()
    for hours, is_late in ((1, False), (27, True)):
        (state / Path(FILE).name).write_text(json.dumps({"at": (now - timedelta(hours=hours)).isoformat()}))
        page = client.get("/system").text
        assert ("นานกว่าที่กำหนดไว้" in page) is is_late and "ยังไม่มีข้อมูลการสำรอง" not in page


def test_an_anchor_that_was_made_is_known_of_until_the_next_is_late(
    app: Portal, client_as: Callable[[str], PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("dla")
    with app.app_context():
        anchors.write()
    try:
        page = client.get("/system").text
        assert "ยังไม่เคยตรึง" not in page and "นานกว่าที่กำหนดไว้" not in page
        monkeypatch.setattr("portal.watch.figures.ANCHOR_EVERY", timedelta(seconds=-1))
        assert "นานกว่าที่กำหนดไว้" in client.get("/system").text
    finally:
        for file in app.settings.anchors.iterdir():
            file.unlink()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"at": 5}', '{"at": "yesterday"}'])
def test_a_note_that_cannot_be_read_is_none(app: Portal, state: Path, text: str) -> None:
    (state / Path(FILE).name).write_text(text)
    assert figures.last_backup(app.settings) is None


def test_the_windows_that_end_within_a_week_are_those_of_open_rounds(app: Portal, world: World) -> None:
    with app.app_context(), privileged("a test looks at windows") as session:
        far = figures.ending(session, NOW - timedelta(days=900))
        soon = [one for day in range(400) for one in figures.ending(session, NOW + timedelta(days=day))]
    assert far == [] and {one.stage for one in soon} == set(Stage)
    assert {one.round_id for one in soon} == {world.round_id}


def test_mail_is_said_as_it_is_set(
    app: Portal, client_as: Callable[[str], PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("dla")
    for demo, url, words in (
        (True, "", "ถูกเขียนลงแฟ้ม"),
        (False, "smtp://post.example:587", "ระบบส่งอีเมลได้"),
        (False, "", "ยังไม่ได้ตั้งค่าเครื่องส่งอีเมล"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(app, "settings", replace(app.settings, demo=demo, mail_url=url))
            page = client.get("/system").text
        assert words in page and "post.example" not in page


def test_a_disk_with_little_room_is_told(
    client_as: Callable[[str], PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    giga = 1024**3
    assert Disk("data", giga, 10 * giga).is_little and Disk("data", 9 * giga, 100 * giga).is_little
    assert not Disk("data", 50 * giga, 100 * giga).is_little
    monkeypatch.setattr(figures, "disks", lambda _settings: [Disk("data", giga, 10 * giga)])
    page = client_as("dla").get("/system").text
    assert "ว่าง 1.0 จาก 10.0 กิกะไบต์" in page and "is-warn" in page
