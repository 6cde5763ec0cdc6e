"""Several hands on one roster: a person stands on it once, an import is applied once, a count is right."""

from __future__ import annotations

import io
import re

from sqlalchemy import func, select

from models.participation import Participation
from models.roster import RosterEntry
from portal.core.database.session import privileged
from portal.core.web import Portal
from tests.support.races import AT_ONCE, pressed, statuses, visitors
from tests.support.world import World

PERSON = {"name": "นายสมมติ เดียว", "organisation": "", "group": "1", "phone": "081-234-5678", "email": ""}
FILE = """ลำดับ,ชื่อ-สกุล,หน่วยงาน,กลุ่ม,โทรศัพท์,อีเมล
1,นายสมมติ หนึ่ง,,ผู้เสียภาษีหรือค่าธรรมเนียม,081-234-5678,
2,บริษัท ตัวอย่าง จำกัด,,ผู้เสนอราคางานซื้อหรือจ้าง,0 5428 0000,a@b.th
"""


def numbers(app: Portal, world: World) -> tuple[list[int], int]:
    """The numbers on a1's roster, and how many rows its participation counts."""
    with app.app_context(), privileged("a test looks") as session:
        rows = session.scalars(select(RosterEntry.number).order_by(RosterEntry.number))
        return list(rows), session.get_one(Participation, world.participation["a1"]).roster_count


def test_the_same_person_added_by_several_stands_once(app: Portal, world: World) -> None:
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    answers = pressed(people, f"/rounds/{world.round_id}/preparation/roster/new", PERSON)
    assert statuses(answers) == [302] + [422] * (AT_ONCE - 1)
    assert all("มีผู้นี้ในรายชื่อแล้ว" in answer.text for answer in answers if answer.status_code == 422)
    assert numbers(app, world) == ([1], 1)


def test_different_people_added_at_once_all_stand(app: Portal, world: World) -> None:
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    forms = [{**PERSON, "name": f"นายสมมติ ลำดับ{place}"} for place in range(AT_ONCE)]
    answers = pressed(people, f"/rounds/{world.round_id}/preparation/roster/new", *forms)
    assert statuses(answers) == [302] * AT_ONCE
    assert numbers(app, world) == (list(range(1, AT_ONCE + 1)), AT_ONCE)


def test_an_import_sent_several_times_is_applied_once(app: Portal, world: World) -> None:
    people = visitors(app, world, *["agency_admin"] * AT_ONCE)
    sent = {**people[0].page(), "file": (io.BytesIO(FILE.encode()), "r.csv")}
    room = f"/rounds/{world.round_id}/preparation/roster/import"
    dry_run = people[0].post(room, data=sent)
    assert dry_run.status_code == 302, dry_run.text
    assert re.search(r"/import/\d+$", dry_run.location)
    answers = pressed(people, dry_run.location, {"mode": "add"})
    assert statuses(answers) == [302] * AT_ONCE
    done = [answer for answer in answers if answer.location.endswith("/preparation/roster")]
    assert len(done) == 1, "the others are told that the file was imported already"
    assert numbers(app, world) == ([1, 2], 2)
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 2
