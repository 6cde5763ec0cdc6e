"""The desk of incoming letters as people see it: list, one letter, receipt, passing on, and who has not."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO

import pytest
from sqlalchemy import select

from models.delivery import Delivery
from models.dispatch import Dispatch
from models.job import Job, JobState
from portal.core.database.session import db, privileged, writing
from portal.core.web import Portal
from portal.letters import dispatches
from tests.support.client import PortalClient
from tests.support.inbox import PAPER, opened, passed_on, sent
from tests.support.letters import Order
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]


def at(world: World, person: str) -> int:
    """The id of the newest letter at a person's desk."""
    with privileged("a test looks") as session:
        actor = world.actor(person)
        here = Delivery.agency_id == actor.agency_id if actor.agency_id else Delivery.agency_id.is_(None)
        place = Delivery.province_id == actor.province_id if actor.province_id else here
        query = select(Delivery.id).where(here, place).order_by(Delivery.id.desc())
        return session.scalars(query.limit(1)).one()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("person", "words"),
    [("province", "หนังสือจาก สถ."), ("agency_admin", "หนังสือที่จังหวัดส่งต่อ"), ("dla", "หนังสือจากสำนักงาน ป.ป.ช.")],
)
def test_an_empty_desk_says_what_will_come(client_as: ClientAs, person: str, words: str) -> None:
    assert words in client_as(person).get("/inbox").text


def test_a_letter_is_opened_read_received_and_passed_on(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        sent(world)
        key = at(world, "province")
    province, home = client_as("province"), f"/rounds/{world.round_id}/home"
    assert "หนังสือเข้าที่ยังไม่เปิดอ่าน 1 ฉบับ" in province.get(home).text
    page = province.get(f"/inbox/{key}").text
    assert "ยังไม่มีใครในสำนักงานของท่านเปิดอ่าน" in page and "letter.pdf" not in page
    assert province.get(f"/inbox/{key}/letter.pdf").status_code == 409, "a GET does not open it"
    assert province.submit(f"/inbox/{key}/open").status_code == 302
    assert province.get(f"/inbox/{key}/letter.pdf").data == PAPER
    assert "หนังสือเข้าที่ยังไม่เปิดอ่าน" not in province.get(home).text
    assert "นี่คือเลขรับแรกของปี" in province.get(f"/inbox/{key}/receive").text
    assert province.submit(f"/inbox/{key}/stamped").status_code == 409, "no receipt, no stamp"
    assert province.submit(f"/inbox/{key}/receive").status_code == 302
    page = province.get(f"/inbox/{key}").text
    assert "๑/๒๕๖๑" in page and "ตรารับ" in page and "๙ พฤศจิกายน ๒๕๖๑" in page.replace("\u00a0", " ")
    assert "สำเนาพร้อมตรารับ" in page
    job = province.submit(f"/inbox/{key}/stamped").headers["Location"]
    with app.app_context(), writing(), privileged("a test ends a job") as session:
        ended = session.get_one(Job, int(job.rpartition("/")[2]))
        ended.state, ended.open_key = JobState.FAILED, None
    assert f'href="/inbox/{key}"' in province.get(job).text, "the way back to the letter"
    assert "ลงเลขรับไว้แล้ว" in province.get(f"/inbox/{key}/receive").text
    assert province.submit(f"/inbox/{key}/receive").status_code == 422


def test_a_province_passes_on_to_chosen_agencies_and_sees_who_has_not(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        sent(world)
        key = opened(world, "province")
    province, url = client_as("province"), f"/inbox/{key}/pass-on"
    refused = province.submit(url, {"which": "chosen", "note": "รายงานภายในวันศุกร์"})
    assert refused.status_code == 422 and "เลือกอย่างน้อยหนึ่งหน่วยงาน" in refused.text
    assert "รายงานภายในวันศุกร์" in refused.text, "what was typed stays"
    form = {"which": "chosen", "agencies": str(world.agency["a1"]), "note": "รายงานภายในวันศุกร์"}
    assert province.submit(url, form).headers["Location"].endswith(f"/inbox/{key}/receivers")
    admin = client_as("agency_admin")
    with app.app_context():
        mine = at(world, "agency_admin")
    assert "รายงานภายในวันศุกร์" in admin.get(f"/inbox/{mine}").text
    assert "หนังสือเข้าที่ยังไม่เปิดอ่าน 1 ฉบับ" in admin.get(f"/rounds/{world.round_id}/home").text
    assert admin.submit(f"/inbox/{mine}/acknowledge").status_code == 409, "unread"
    admin.submit(f"/inbox/{mine}/open")
    assert "เปิดอ่านแล้ว ยังไม่รับทราบ" in province.get(f"/inbox/{key}/receivers").text
    assert admin.submit(f"/inbox/{mine}/acknowledge").status_code == 302
    assert admin.get(f"/inbox/{mine}/letter.pdf").data == PAPER
    assert "รับทราบแล้ว 1 จาก 1 หน่วยงาน" in province.get(f"/inbox/{key}").text
    assert province.submit(url, {"which": "all", "note": ""}).status_code == 302
    assert "ทุกหน่วยงานในจังหวัดได้รับ" in province.get(url).text
    assert "ท่าผา" in province.get(f"/inbox/{key}/receivers?state=unread").text
    assert "ไม่พบผู้รับ" in province.get(f"/inbox/{key}/receivers?q=ไม่มี").text


def test_nobody_opens_a_letter_of_another_desk(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        sent(world)
        key = passed_on(world, "a1")
        agency = at(world, "agency_admin")
    acts = ("open", "receive", "stamped", "acknowledge", "pass-on", "receivers/mail")
    for desk, people in (
        (key, ("dla", "nacc", "province_other", "agency_admin", "assessor")),
        (agency, ("dla", "nacc", "province", "province_other", "agency_admin_other", "assessor")),
    ):
        for person in people:
            client = client_as(person)
            pages = ("", "/letter.pdf", "/receive", "/pass-on", "/receivers", "/receivers.csv")
            answers = [client.get(f"/inbox/{desk}{page}") for page in pages]
            answers += [client.submit(f"/inbox/{desk}/{act}", {"which": "all"}) for act in acts]
            assert {answer.status_code for answer in answers} == {404}, (person, desk)
    for person in ("nacc", "assessor"):
        assert client_as(person).get("/inbox").status_code == 404
    for page in ("/pass-on", "/receivers"):
        assert client_as("agency_admin").get(f"/inbox/{agency}{page}").status_code == 404


def test_a_withdrawn_letter_says_so_and_leads_nowhere(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        letter = sent(world)
        key = opened(world, "province")
        with acting_as(world.actor("dla")) as actor:
            dispatches.withdraw(db.session.get_one(Dispatch, letter), "วันที่ผิด", actor=actor)
    province = client_as("province")
    page = province.get(f"/inbox/{key}").text
    assert "วันที่ผิด" in page and "ไม่ต้องดำเนินการตามหนังสือฉบับนี้อีก" in page and "ลงเลขรับ" not in page
    assert "ยกเลิก" in province.get("/inbox?state=gone").text
    assert "ไม่พบหนังสือ" in province.get("/inbox?state=unread").text
    assert province.get(f"/inbox/{key}/pass-on").status_code == 409


def test_the_desk_keeps_its_register_here_or_elsewhere(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        sent(world)
        key = opened(world, "province")
    province = client_as("province")
    assert "ตั้งค่าก่อน" in province.get(f"/inbox/{key}/receive").text
    form = {"kept": "elsewhere", "first": "", "version": "0"}
    assert province.submit("/inbox/register", form).status_code == 302
    refused = province.submit(f"/inbox/{key}/receive", {"number": "", "moment": ""})
    assert refused.status_code == 422 and "กรอกเลขรับตามทะเบียนหนังสือรับของท่าน" in refused.text
    typed = {"number": "๘๑๒", "moment": "9 พ.ย. 2561 10:00"}
    assert province.submit(f"/inbox/{key}/receive", typed).status_code == 302
    assert "812/2561" in province.get("/inbox").text
    assert 'value="813"' in province.get("/inbox/register").text, "where the portal would go on"
    wrong = province.submit("/inbox/register", {"kept": "here", "first": "0", "version": "1"})
    assert wrong.status_code == 422 and 'value="0"' in wrong.text
    assert province.submit("/inbox/register", form | {"kept": "here", "version": "1"}).status_code == 302
    assert "ลงเลขรับไปแล้ว 1 เลข" in province.get("/inbox/register").text


def test_the_files_follow_their_lists(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context():
        letter = sent(world)
        sent(world, order=Order(number="ว 52"))
        key = passed_on(world, "a1", "a2")
    province, dla = client_as("province"), client_as("dla")
    for query in ("", "?q=52", "?state=read", "?state=unread", "?q=ไม่มี"):
        shown = re.findall(r'href="/inbox/(\d+)"', province.get(f"/inbox{query}").text)
        _header, *found = rows(province.get(f"/inbox/list.csv{query}").data)
        assert len(found) == len(set(shown)), query
    for client, url, whole in (
        (province, f"/inbox/{key}/receivers", 2),
        (dla, f"/letters/{letter}/receivers", 2),
    ):
        for query, expected in (("", whole), ("?state=taken", 0), ("?q=ลำปาง", 1 if client is dla else 2)):
            page = client.get(f"{url}{query}").text
            _header, *found = rows(client.get(f"{url}.csv{query}").data)
            assert len(found) == expected == page.count('<th scope="row"'), (url, query)
            assert all(row[0] in page for row in found)
        assert client.get(f"{url}.xlsx").data[:2] == b"PK"


def test_who_has_not_is_asked_of_a_letter_that_was_sent(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    with app.app_context():
        key = sent(world)
        received = opened(world, "province")
    dla = client_as("dla")
    page = dla.get(f"/letters/{key}").text
    assert "เปิดอ่านแล้ว 1 จาก 2 แห่ง ลงรับแล้ว 0 แห่ง" in page
    assert "ผู้ใช้ทดลอง province" in dla.get(f"/letters/{key}/receivers").text
    assert dla.submit(f"/letters/{key}/receivers/mail").status_code == 302
    assert client_as("province").get(f"/letters/{key}/receivers").status_code == 404
    assert client_as("province").submit(f"/inbox/{received}/receivers/mail").status_code == 302
