"""The list of late agencies and the page of one, as people at each desk see and use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.chasing import ChaseNote
from models.participation import Participation, PreparationState
from portal.core.database.session import privileged, writing
from portal.core.web import Portal
from tests.factories.base import Make
from tests.factories.outlook import OutlookFactory
from tests.factories.work import AnswerCountFactory
from tests.support.client import PortalClient
from tests.support.country import IIT
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]


def names_in(page: str) -> list[str]:
    return re.findall(r'class="ita-keep"\s*href="[^"]*">([^<]*)</a>', page)


@pytest.fixture
def behind(app: Portal, world: World, make: Make) -> None:
    """The first agency lacks answers of IIT and its OIT, the second has sent its data, the others nothing."""
    with app.app_context(), writing(), privileged("a test's agencies") as session:
        session.info["unrecorded"] = True
        for key, state in (("a1", PreparationState.CONFIRMED), ("a2", PreparationState.SUBMITTED)):
            row = session.get_one(Participation, world.participation[key])
            row.activated_at = row.headcount_at = row.roster_at = NOW
            row.headcount, row.roster_count, row.state = 40, 30, state
        first = session.get_one(Participation, world.participation["a1"])
        session.flush()
        session.refresh(first)
        session.expunge_all()
    make(AnswerCountFactory, participation=first, instrument=IIT, count=12)


def test_dla_sees_the_country_by_the_step_at_which_agencies_hang(
    client_as: ClientAs, world: World, behind: None
) -> None:
    client, room = client_as("dla"), f"/rounds/{world.round_id}/chasing"
    page = client.get(room).text
    assert names_in(page) == ["ทต.เขาพนม", "อบต.ไสไทย", "อบต.ท่าผา", "ทต.เกาะคา"]
    assert "IIT ขาด 18 ชุด" in page and "รหัสผ่าน" in page
    assert names_in(client.get(f"{room}?at=confirming").text) == ["อบต.ท่าผา"]
    assert names_in(client.get(f"{room}?province={world.province['81']}").text) == ["ทต.เขาพนม", "อบต.ไสไทย"]
    assert "ไม่มีหน่วยงานค้างในรายการนี้" in client.get(f"{room}?at=roster").text
    for strange in ("at=nothing", "stage=x", "province=x", "noted=?", "kind=none", "page=99"):
        assert client.get(f"{room}?{strange}").status_code == 200


def test_a_province_sees_its_own_and_others_nothing(client_as: ClientAs, world: World, behind: None) -> None:
    room = f"/rounds/{world.round_id}/chasing"
    assert names_in(client_as("province").get(room).text) == ["อบต.ท่าผา", "ทต.เกาะคา"]
    for person in ("agency_admin", "executive", "assessor"):
        assert client_as(person).get(room).status_code == 404
    foreign = client_as("province").get(f"{room}/{world.participation['b1']}")
    assert foreign.status_code == 404


def test_a_call_is_noted_and_seen_in_the_list_and_taken_back(
    app: Portal, client_as: ClientAs, world: World, behind: None
) -> None:
    province, room = client_as("province"), f"/rounds/{world.round_id}/chasing"
    page = f"{room}/{world.participation['a2']}"
    form = {"reached": "called", "promised_until": "12 พ.ย. 2561", "text": "ปลัดรับเรื่อง"}
    assert province.submit(page, form).status_code == 302
    listed = client_as("dla").get(room).text
    assert "รับปากภายใน 12\u00a0พ.ย.\u00a02561" in listed
    assert names_in(client_as("dla").get(f"{room}?noted=promised").text) == ["อบต.ท่าผา"]
    with app.app_context(), privileged("a test looks") as session:
        note = session.scalars(select(ChaseNote)).one()
        assert note.promised_until == date(2018, 11, 12)
        back = f"{page}/notes/{note.id}/take-back"
    assert "ปลัดรับเรื่อง" in client_as("dla").get(page).text and back not in client_as("dla").get(page).text
    assert client_as("dla").submit(back, {}).status_code == 404
    assert province.submit(back, {}).status_code == 302
    assert "ยังไม่มีบันทึกการติดตาม" in province.get(page).text


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    client_as: ClientAs, world: World, behind: None
) -> None:
    province, page = client_as("province"), f"/rounds/{world.round_id}/chasing/{world.participation['a2']}"
    answer = province.submit(
        page, {"reached": "no_answer", "promised_until": "12/11/2561", "text": "โทรสามครั้ง"}
    )
    assert answer.status_code == 422
    assert "ยังไม่ได้คุยกับใคร" in answer.text and "โทรสามครั้ง" in answer.text and "อบต.ท่าผา" not in answer.text[:0]
    assert "เลือกวิธีที่ใช้ติดตามหน่วยงาน" in province.submit(page, {"text": "x"}).text


def test_nacc_reads_and_writes_no_note(client_as: ClientAs, world: World, behind: None) -> None:
    page = client_as("nacc").get(f"/rounds/{world.round_id}/chasing/{world.participation['a2']}").text
    assert "ประวัติการติดตาม" in page and 'name="reached"' not in page


def test_the_file_has_numbers_as_numbers(client_as: ClientAs, world: World, behind: None) -> None:
    data = client_as("dla").get(f"/rounds/{world.round_id}/chasing.xlsx").data
    rows = list(load_workbook(BytesIO(data)).worksheets[0].values)
    first = next(place for place, row in enumerate(rows) if row[0] == "หน่วยงาน")
    listed = {row[0]: row for row in rows[first + 1 :]}
    assert len(listed) == 4
    assert listed["เทศบาลตำบลเกาะคา"][6:8] == (18, 30) and isinstance(listed["เทศบาลตำบลเกาะคา"][5], int)
    assert listed["องค์การบริหารส่วนตำบลท่าผา"][6] is None


def test_who_is_likely_to_miss_is_marked_on_the_page_and_in_its_files(
    app: Portal, client_as: ClientAs, world: World, behind: None, make: Make
) -> None:
    with app.app_context(), privileged("a test reads") as session:
        first = session.get_one(Participation, world.participation["a1"])
        session.expunge_all()
    make(OutlookFactory, participation=first)
    for person in ("dla", "province"):
        client, room = client_as(person), f"/rounds/{world.round_id}/chasing"
        page = client.get(f"{room}?miss=likely").text
        assert names_in(page) == ["ทต.เกาะคา"]
        assert "คาดว่าไม่ทัน: แบบ IIT" in page and "คาดว่าได้ 9 จาก 30" in page
        file = client.get(f"{room}.csv?miss=likely").data.decode("utf-8-sig")
        assert "คาดว่าได้ 9 จาก 30" in file and "ท่าผา" not in file
        assert len(names_in(client.get(f"{room}?miss=nobody").text)) > 1
        assert client.get(f"{room}?miss=likely&stage=oit").text.count("ita-keep") == 0


def test_an_agency_that_lacks_nothing_has_no_texts(
    app: Portal, client_as: ClientAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.chasing.lacks.CHASED", ())
    page = client_as("dla").get(f"/rounds/{world.round_id}/chasing/{world.participation['a1']}").text
    assert "หน่วยงานนี้ดำเนินการครบแล้ว" in page and "ข้อความพร้อมใช้" not in page
    assert "ขณะนี้ยังไม่มีขั้นตอนที่ต้องติดตาม" in client_as("dla").get(f"/rounds/{world.round_id}/chasing").text
