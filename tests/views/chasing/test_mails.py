"""E-mails from the list, the outbox and the rules of reminders, as people at each desk see and use them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from sqlalchemy import select, update

from models.reminder import ChaseMail, MailState, ReminderRule, ReminderStop
from models.round import Round, Stage
from portal.chasing import posting, reminders
from portal.core.database.session import privileged, writing
from portal.core.stages import stage_state
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.mail import do_jobs
from tests.support.reminders import addressed, all_mails, ordered, served, stand
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
A1, A2 = "a1@example.go.th", "a2@example.go.th"


@pytest.fixture
def room(app: Portal, world: World) -> str:
    """Where late agencies are listed; two of them have an address."""
    with app.app_context():
        addressed(world, "a1", "a2")
    return f"/rounds/{world.round_id}/chasing"


def test_a_list_is_looked_at_then_sent_and_each_agency_shows_it(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    dla = client_as("dla")
    listed = dla.get(f"{room}?province={world.province['52']}").text
    assert f"{room}/mails/new?province={world.province['52']}" in listed.replace("&amp;", "&")
    page = dla.get(f"{room}/mails/new").text
    assert "ส่งอีเมล 2 ฉบับ" in page and "ไม่มีอีเมลในระบบ" in page and A1 in page
    assert "อบต.ไสไทย" in page, "who has no address is named"
    answer = dla.submit(f"{room}/mails/new", {})
    assert answer.status_code == 302 and "/jobs/" in answer.headers["Location"]
    with app.app_context():
        do_jobs()
        assert stand() == {A1: MailState.SENT, A2: MailState.SENT}
        mail_id = all_mails()[0].id
    assert "ส่งอีเมลแล้ว 2 ฉบับ" in dla.get(answer.headers["Location"]).text
    assert "ขณะนี้ไม่มีหน่วยงานในรายการนี้ที่จะได้รับอีเมล" in dla.get(f"{room}/mails/new").text
    assert dla.submit(f"{room}/mails/new", {}).status_code == 422
    province = client_as("province")
    assert "ส่งอีเมลเตือนเมื่อ 9\u00a0พ.ย.\u00a02561" in province.get(room).text
    agency = province.get(f"{room}/{world.participation['a1']}").text
    assert "อีเมลเตือน" in agency and f"{room}/mails/{mail_id}" in agency
    assert A1 in province.get(f"{room}/mails/{mail_id}").text
    assert client_as("province_other").get(f"{room}/mails/{mail_id}").status_code == 404


def test_the_ticked_rows_alone_are_written_to(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    province = client_as("province")
    ticked = f"{room}/mails/new?pick={world.participation['a2']}&pick={world.participation['b1']}"
    assert "ส่งอีเมล 1 ฉบับ" in province.get(ticked).text
    assert province.submit(ticked, {}).status_code == 302
    with app.app_context():
        do_jobs()
        assert stand() == {A2: MailState.SENT}
    for strange in ("pick=x", "pick=99999999999", "&".join(["pick=1"] * 51)):
        assert province.get(f"{room}/mails/new?{strange}").status_code == 404
    assert "ส่งอีเมลถึง" not in client_as("nacc").get(room).text
    assert client_as("nacc").get(f"{room}/mails/new").status_code == 404


def test_the_outbox_is_searched_and_seen_by_those_who_chase(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    assert "ยังไม่มีอีเมล" in client_as("dla").get(f"{room}/mails").text
    client_as("dla").submit(f"{room}/mails/new", {})
    with app.app_context():
        do_jobs()
    for person, seen in (("dla", True), ("nacc", True), ("province", True), ("province_other", False)):
        page = client_as(person).get(f"{room}/mails").text
        assert ("ทต.เกาะคา" in page, "อบต.ท่าผา" in page) == (seen, seen), person
    found = client_as("dla").get(f"{room}/mails?q=ท่าผา").text
    assert "อบต.ท่าผา" in found and "ทต.เกาะคา" not in found
    assert "ไม่พบอีเมลที่ตรงกับเงื่อนไข" in client_as("dla").get(f"{room}/mails?state=refused").text
    for person in ("agency_admin", "executive", "assessor"):
        assert client_as(person).get(f"{room}/mails").status_code == 404


def test_a_refused_mail_is_ticked_looked_at_and_sent_again(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    with app.app_context():
        with served(app) as server:
            server.answers = {A1: "550 no such mailbox"}
            ordered(world)
            do_jobs()
        refused = next(one.id for one in all_mails() if one.state is MailState.REFUSED)
        unsure = next(one.id for one in all_mails() if one.state is MailState.SENT)
        with writing(), privileged("the line broke") as session:
            broken = update(ChaseMail).where(ChaseMail.id == unsure)
            session.execute(broken.values(state=MailState.UNSURE, sent_at=None))
    dla, again = client_as("dla"), f"{room}/mails/again"
    assert f'name="pick" value="{refused}"' in dla.get(f"{room}/mails").text
    assert f"{again}?pick={refused}" in dla.get(f"{room}/mails/{refused}").text
    page = dla.get(f"{again}?pick={refused}").text
    assert "ส่งอีเมลอีกครั้ง 1 ฉบับ" in page and "อาจได้รับสองฉบับ" not in page
    assert "อาจได้รับสองฉบับ" in dla.get(f"{again}?pick={refused}&pick={unsure}").text
    assert dla.submit(f"{again}?pick={refused}", {}).status_code == 302
    with app.app_context():
        do_jobs()
        assert stand() == {A1: MailState.SENT, A2: MailState.UNSURE}
    assert dla.submit(f"{again}?pick={refused}", {}).status_code == 422
    assert "ไม่มีฉบับใดที่ส่งอีกครั้งได้" in dla.get(f"{again}?pick={refused}").text
    assert "ในกล่องขาออก" in dla.get(again).text and dla.get(f"{again}?pick=x").status_code == 404
    for person, status in (("nacc", 404), ("province_other", 200)):
        assert client_as(person).get(f"{again}?pick={unsure}").status_code == status
    assert 'name="pick"' not in client_as("nacc").get(f"{room}/mails").text
    assert "ส่งอีเมลอีกครั้ง 1" not in client_as("province_other").get(f"{again}?pick={unsure}").text


def test_the_file_has_what_the_outbox_shows(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    client_as("dla").submit(f"{room}/mails/new", {})
    with app.app_context():
        do_jobs()
    dla = client_as("dla")
    rows = list(csv.reader(StringIO(dla.get(f"{room}/mails.csv").data.decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == [A2, A1] and rows[1][5] == "ส่งแล้ว" and rows[1][9] == "1"
    assert len(rows) == 3 and "ข้อความ" not in rows[0], "without the texts"
    assert "mails.xlsx?q=" in dla.get(f"{room}/mails?q=ท่าผา").text
    searched = dla.get(f"{room}/mails.csv?q=ท่าผา&state=sent").data.decode("utf-8-sig")
    assert A2 in searched and A1 not in searched
    assert A1 not in client_as("province_other").get(f"{room}/mails.csv").data.decode("utf-8-sig")
    assert client_as("agency_admin").get(f"{room}/mails.csv").status_code == 404


def test_dla_sets_rules_sees_what_goes_out_and_stops_it_by_a_click(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    dla, page = client_as("dla"), f"{room}/reminders"
    assert "ยังไม่มีกติกา" in dla.get(page).text
    assert dla.submit(f"{page}/add", {"stage": "oit", "days": "๐"}).status_code == 302
    again = dla.submit(f"{page}/add", {"stage": "oit", "days": "0"})
    assert again.status_code == 422 and "มีกติกานี้อยู่แล้ว" in again.text
    wrong = dla.submit(f"{page}/add", {"stage": "oit", "days": "90"})
    assert wrong.status_code == 422 and "ตั้งแต่ 0 ถึง 60" in wrong.text and 'value="90"' in wrong.text
    assert dla.submit(f"{page}/add", {"stage": "oit", "days": ""}).status_code == 422
    with app.app_context(), privileged("a test looks") as session:
        rule = session.scalars(select(ReminderRule.id)).one()
    assert dla.submit(f"{page}/{rule}/turn", {"on": "0"}).status_code == 302
    assert "ปิด" in dla.get(page).text
    assert client_as("nacc").get(page).status_code == 200
    assert client_as("nacc").post(f"{page}/{rule}/turn", data={"on": "1"}).status_code in (400, 404)
    assert client_as("province").get(page).status_code == 404
    assert dla.submit(f"{page}/{rule}/remove", {}).status_code == 302
    assert "ยังไม่มีกติกา" in dla.get(page).text


def test_what_went_out_by_a_rule_is_shown_and_an_agency_is_taken_out(
    app: Portal, client_as: ClientAs, world: World, room: str
) -> None:
    dla, page = client_as("dla"), f"{room}/reminders"
    days = str(days_left(app, world))
    dla.submit(f"{page}/add", {"stage": "preparation", "days": days})
    assert "วันนี้ ตั้งแต่ 08:00" in dla.get(page).text
    province, agency = client_as("province"), f"{room}/{world.participation['a1']}"
    assert province.submit(f"{agency}/reminders", {"out": "1"}).status_code == 302
    assert "หน่วยงานนี้ไม่รับอีเมลเตือนตามกติกา" in dla.get(agency).text
    with app.app_context():
        reminders.write_due()
        posting.look_after()
        do_jobs()
        assert stand() == {A2: MailState.SENT}
        rule = all_mails()[0].rule_id
    assert "ส่งแล้ว 1 จาก 1 ฉบับ" in dla.get(page).text
    assert "ปิดกติกาแทนการลบ" in dla.submit(f"{page}/{rule}/remove", {}, follow_redirects=True).text
    assert "อัตโนมัติตามกติกา" in province.get(f"{room}/mails").text
    assert province.submit(f"{agency}/reminders", {"out": "0"}).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(ReminderStop)).all() == []


def days_left(app: Portal, world: World) -> int:
    with app.app_context(), privileged("a test looks") as session:
        last_day = stage_state(session.get_one(Round, world.round_id), Stage.PREPARATION, NOW).last_day
    assert last_day is not None
    return (last_day - NOW.date()).days
