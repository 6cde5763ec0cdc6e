"""More time for one agency: it works after the round's end and reads its own day on every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.audit import AuditEvent
from models.participation import Extension, Participation, PreparationState
from models.round import Round, RoundState
from models.zone import BANGKOK
from portal.core.acting import seated
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters.figures import province_statuses
from portal.people.slips.ends import ends_of
from portal.preparation.desk import record_deadline
from tests.support.client import PortalClient
from tests.support.forms import form_with
from tests.support.rosters import fill_roster
from tests.support.world import NOW, World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
Clock = Callable[[object], None]
#: preparation of the world's round ends with the 8th of December, its surveys with the 23rd
AFTER_THE_END = datetime(2018, 12, 10, 9, 0, tzinfo=BANGKOK)
AFTER_THE_EXTENSION = datetime(2018, 12, 16, 9, 0, tzinfo=BANGKOK)
OWN_DAY = "15\u00a0ธ.ค.\u00a02561"
REASON = "น้ำท่วมสำนักงานตลอดสัปดาห์สุดท้าย"


@pytest.fixture
def two_late(app: Portal, world: World) -> None:
    """Two agencies of two provinces with everything entered, and nothing sent."""
    for key in ("a1", "b1"):
        fill_roster(app, world, key, people=3, confirmed=False)
        with app.app_context(), writing(), privileged("a test enters") as session:
            session.info["unrecorded"] = True
            one = session.get_one(Participation, world.participation[key])
            one.activated_at = one.headcount_at = NOW
            one.headcount = 40


def ask(world: World, key: str = "a1", stage: str = "preparation") -> str:
    return f"/rounds/{world.round_id}/extensions/new/{stage}?pick={world.participation[key]}"


def given(client: PortalClient, url: str, until: str = "15 ธ.ค. 2561") -> None:
    """Ask, look at the preview, and give."""
    shown = client.submit(url, {"until": until, "reason": REASON})
    assert shown.status_code == 200, shown.text
    sent = form_with(shown.text, "whom")
    assert (
        client.submit(url, {name: sent[name] for name in ("until", "reason", "whom", "confirm")}).status_code
        == 302
    )


def stored(app: Portal, world: World, key: str) -> Participation:
    with app.app_context(), privileged("a test looks") as session:
        one = session.get_one(Participation, world.participation[key])
        session.expunge_all()
        return one


def extensions(app: Portal) -> list[Extension]:
    with app.app_context(), privileged("a test looks") as session:
        found = list(session.scalars(select(Extension).order_by(Extension.id)))
        session.expunge_all()
        return found


def test_an_agency_with_more_time_finishes_after_the_end_and_its_neighbour_does_not(
    app: Portal, client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    given(client_as("dla"), ask(world))
    clock(AFTER_THE_END)
    room, home = f"/rounds/{world.round_id}/preparation", f"/rounds/{world.round_id}/home"
    for person, works in (("agency_admin", True), ("agency_admin_other", False)):
        client = client_as(person)
        client.submit(f"{room}/submit", {})
        state = stored(app, world, "a1" if works else "b1").state
        assert (state is PreparationState.SUBMITTED) is works
    with app.app_context(), writing(), privileged("a test notes the deadline") as session:
        assert record_deadline(session, session.get_one(Round, world.round_id)) == 3
    executive = client_as("executive")
    shown = form_with(executive.get(f"{room}/confirm").text, "version")
    assert executive.submit(f"{room}/confirm", {**shown, "confirm": "1"}).status_code == 302
    assert stored(app, world, "a1").state is PreparationState.CONFIRMED
    assert stored(app, world, "b1").state is PreparationState.ENTERING
    assert "ประเมินในรอบนี้ไม่ได้" not in executive.get(home).text


@pytest.mark.parametrize("person", ["agency_admin", "executive", "province", "dla", "nacc"])
def test_every_page_of_the_agency_says_its_own_day(
    client_as: ClientAs, world: World, clock: Clock, two_late: None, person: str
) -> None:
    given(client_as("nacc"), ask(world))
    clock(AFTER_THE_END)
    client, one = client_as(person), world.participation["a1"]
    pages = [f"/rounds/{world.round_id}/status/agencies/{one}"]
    if person in ("agency_admin", "executive"):
        pages += [f"/rounds/{world.round_id}/home"]
        pages += [f"/rounds/{world.round_id}/preparation{'/confirm' if person == 'executive' else ''}"]
    else:
        pages += [f"/rounds/{world.round_id}/chasing/{one}", f"/rounds/{world.round_id}/chasing"]
    for page in pages:
        text = client.get(page, follow_redirects=True).text
        said = text.replace("\u00a0", " ")
        assert re.search(r"15 (ธ\.ค\.|ธันวาคม)", said), (page, text)
        assert not re.search(r"(?<!\d)8 (ธ\.ค\.|ธันวาคม)", said), page


def test_what_is_wrong_is_said_at_its_field(client_as: ClientAs, world: World, two_late: None) -> None:
    client = client_as("dla")
    for until, words in (
        ("8 ธ.ค. 2561", "วันสุดท้ายของขั้นตอนนี้ตามกำหนดของรอบคือ"),
        ("23 ธ.ค. 2561", "เลือกได้ไม่เกินวันที่"),
        ("1 พ.ย. 2561", "วันนี้ผ่านไปแล้ว"),
        ("", "กรอกวันสุดท้ายใหม่"),
        ("เมื่อพร้อม", "เมื่อพร้อม"),
    ):
        answer = client.submit(ask(world), {"until": until, "reason": REASON})
        assert answer.status_code == 422 and words in answer.text and REASON in answer.text
    assert client.submit(ask(world), {"until": "15 ธ.ค. 2561", "reason": " "}).status_code == 422
    assert (
        client.submit(
            ask(world), {"until": "15 ธ.ค. 2561", "reason": "x", "confirm": "1", "whom": "x"}
        ).status_code
        == 404
    )
    assert client.get(ask(world, stage="iit")).status_code == 404
    for person in ("province", "agency_admin", "executive", "assessor"):
        assert client_as(person).get(ask(world)).status_code in (403, 404)


def test_from_the_preview_one_goes_back_to_what_was_typed(
    app: Portal, client_as: ClientAs, world: World, two_late: None
) -> None:
    sent = {"until": "15 ธ.ค. 2561", "reason": REASON, "whom": "1", "confirm": "1", "change": "1"}
    page = client_as("dla").submit(ask(world), sent)
    assert page.status_code == 200 and REASON in page.text
    assert OWN_DAY in page.text.replace(" ", "\u00a0")
    assert extensions(app) == []


def test_more_than_one_act_holds_is_given_by_a_job_whose_page_is_shown(
    app: Portal, client_as: ClientAs, world: World, two_late: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.chasing.extending.AT_ONCE", 1)
    client, sent = client_as("dla"), {"until": "15 ธ.ค. 2561", "reason": REASON}
    url = f"{ask(world)}&pick={world.participation['b1']}"
    shown = client.submit(url, sent)
    assert "ระบบจะทยอยขยายเวลาให้" in shown.text
    whom = form_with(shown.text, "whom")["whom"]
    answers = [client.submit(url, {**sent, "whom": whom, "confirm": "1"}) for _press in "12"]
    assert answers[0].status_code == 302 and answers[0].location == answers[1].location
    assert extensions(app) == [], "it is ordered"
    worker.work(app, until_idle=True)
    page = client.get(answers[0].location)
    assert "ขยายเวลาให้ 2 หน่วยงาน" in page.text and f"/rounds/{world.round_id}/extensions" in page.text
    assert {one.participation_id for one in extensions(app)} == {
        world.participation["a1"],
        world.participation["b1"],
    }


def test_a_second_extension_outlasts_the_first_and_one_taken_back_leaves_the_other(
    app: Portal, client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    client = client_as("dla")
    given(client, ask(world), "12 ธ.ค. 2561")
    assert (
        "มีเวลาถึงวันนี้หรือนานกว่าอยู่แล้ว"
        in client.submit(ask(world), {"until": "12 ธ.ค. 2561", "reason": REASON}).text
    )
    given(client, ask(world), "15 ธ.ค. 2561")
    first, second = extensions(app)
    assert second.extends_from == first.until
    back = f"/rounds/{world.round_id}/extensions/{second.id}/take-back"
    assert "12 ธันวาคม" in client.get(back).text.replace("\u00a0", " ")
    assert client.submit(back, {"reason": ""}).status_code == 422
    assert client.submit(back, {"reason": "บันทึกผิดหน่วยงาน"}).status_code == 302
    assert "ถูกยกเลิกไปแล้ว" in client.submit(back, {"reason": "อีกครั้ง"}).text
    clock(datetime(2018, 12, 12, 9, 0, tzinfo=BANGKOK))
    assert (
        client_as("agency_admin").submit(f"/rounds/{world.round_id}/preparation/submit", {}).status_code
        == 302
    )
    with app.app_context(), privileged("a test looks") as session:
        query = select(AuditEvent.act).where(AuditEvent.thing == "extension").order_by(AuditEvent.id)
        assert list(session.scalars(query)) == ["extension.give", "extension.give", "extension.take_back"]


def test_what_is_used_up_is_not_taken_back(
    app: Portal, client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    given(client_as("dla"), ask(world))
    given(client_as("dla"), ask(world, "b1"))
    with app.app_context(), writing(), privileged("a test confirms") as session:
        session.info["unrecorded"] = True
        session.get_one(Participation, world.participation["b1"]).state = PreparationState.CONFIRMED
    first, second = extensions(app)
    room = f"/rounds/{world.round_id}/extensions"
    assert "เสร็จภายในเวลาแล้ว" in client_as("dla").get(f"{room}/{second.id}/take-back").text
    clock(AFTER_THE_EXTENSION)
    client = client_as("dla")
    assert client.submit(f"{room}/{first.id}/take-back", {"reason": "ช้าไป"}).status_code == 422
    assert "พ้นเวลาที่ขยาย" in client.get(room).text


def test_that_it_cannot_be_assessed_is_taken_back_with_a_reason(
    app: Portal, client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    clock(AFTER_THE_END)
    with app.app_context(), writing(), privileged("a test notes the deadline") as session:
        assert record_deadline(session, session.get_one(Round, world.round_id)) == 4
    client, page = client_as("nacc"), f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}"
    assert "ประเมินในรอบนี้ไม่ได้" in client.get(page).text and ask(world).split("?")[0] in client.get(page).text
    shown = client.submit(ask(world), {"until": "15 ธ.ค. 2561", "reason": REASON}).text
    assert "แบบสำรวจของหน่วยงานเหล่านี้เริ่มเมื่อผู้บริหารยืนยันข้อมูล" in shown and "23" in shown
    given(client, ask(world))
    assert stored(app, world, "a1").not_assessable_at is None
    assert stored(app, world, "b1").not_assessable_at is not None
    assert re.search("15.(ธ.ค.|ธันวาคม)", client.get(page).text)
    clock(AFTER_THE_EXTENSION)
    with app.app_context(), writing(), privileged("a test notes the deadline") as session:
        assert record_deadline(session, session.get_one(Round, world.round_id)) == 1


def test_all_who_are_late_in_a_province_get_it_at_once_and_the_list_finds_them(
    app: Portal, client_as: ClientAs, world: World, two_late: None
) -> None:
    client, room = client_as("dla"), f"/rounds/{world.round_id}/extensions"
    assert "ยังไม่มีการขยายเวลา" in client.get(room).text
    given(client, f"{room}/new/preparation?province={world.province['52']}")
    assert {one.participation_id for one in extensions(app)} == {
        world.participation["a1"],
        world.participation["a2"],
    }
    page = client.get(room).text
    assert page.count(REASON) == 2 and "สถานะ" in page
    assert client.get(f"{room}?q=ท่าผา&stage=preparation&course=running").text.count(REASON) == 1
    for nothing in ("stage=oit", "course=over", "course=taken_back", f"province={world.province['81']}"):
        assert "ไม่พบการขยายเวลา" in client.get(f"{room}?{nothing}").text
    assert client_as("province").get(room).text.count(REASON) == 2
    assert client_as("province_other").get(room).text.count(REASON) == 0
    rows = list(load_workbook(BytesIO(client.get(f"{room}.xlsx").data)).worksheets[0].values)
    assert sum(REASON in line for line in rows) == 2


def test_a_ticked_agency_that_is_not_late_is_left_out(
    client_as: ClientAs, world: World, app: Portal, two_late: None
) -> None:
    fill_roster(app, world, "a2", people=3)
    client = client_as("dla")
    page = client.get(f"{ask(world)}&pick={world.participation['a2']}&pick=x").text
    assert "1 แห่งไม่ได้ค้างในขั้นตอนนี้" in page
    assert "ไม่มีหน่วยงานที่ค้าง" in client.get(ask(world, "a2")).text


def test_oit_is_extended_for_who_has_not_finished_also_after_the_round_was_closed(
    app: Portal, client_as: ClientAs, world: World, clock: Clock
) -> None:
    """Its own day stands on the agency's pages, and only there the stage runs on."""
    for key in ("a1", "b1"):
        fill_roster(app, world, key, people=3)
    given(client_as("nacc"), ask(world, stage="oit"), "5 ม.ค. 2562")
    clock(datetime(2018, 12, 27, 9, 0, tzinfo=BANGKOK))
    with app.app_context(), writing(), privileged("a test closes the round") as session:
        session.info["unrecorded"] = True
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    for person, runs in (("agency_admin", True), ("agency_admin_other", False)):
        client = client_as(person)
        home = client.get(f"/rounds/{world.round_id}/home").text.replace("\u00a0", " ")
        assert bool(re.search(r"5 (ม\.ค\.|มกราคม)", home)) is runs, home
        answers = client.get(f"/rounds/{world.round_id}/oit").text
        assert ("ปิดแล้ว" in answers or "เปิดถึง" in answers) is not runs, answers
    late = client_as("dla").submit(ask(world, "b1", "oit"), {"until": "23 ม.ค. 2562", "reason": REASON})
    assert "เลือกได้ไม่เกินวันที่" in late.text
    given(client_as("dla"), ask(world, "b1", "oit"), "20 ม.ค. 2562")
    gone = client_as("dla").get(ask(world, stage="preparation")).text
    assert "รอบนี้ไม่ได้เปิดอยู่" in gone


def test_more_time_comes_too_late_once_the_surveys_are_over(
    client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    clock(datetime(2018, 12, 24, 9, 0, tzinfo=BANGKOK))
    client = client_as("nacc")
    assert "การขยายเวลาจึงไม่ทัน" in client.get(ask(world)).text
    assert "การขยายเวลาจึงไม่ทัน" in client.submit(ask(world), {"until": "31 ธ.ค. 2561", "reason": REASON}).text
    assert (
        "ถอนผลนี้"
        not in client.get(f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}").text
    )
    clock(datetime(2018, 10, 1, 9, 0, tzinfo=BANGKOK))
    assert "ขั้นตอนนี้ยังไม่เริ่ม" in client_as("nacc").get(ask(world)).text


def test_lists_and_letters_of_a_province_say_who_has_more_time(
    app: Portal, client_as: ClientAs, world: World, clock: Clock, two_late: None
) -> None:
    given(client_as("dla"), ask(world))
    clock(AFTER_THE_END)
    client = client_as("province")
    page = client.get(f"/rounds/{world.round_id}/status/provinces/{world.province['52']}").text
    assert OWN_DAY in page and "1 แห่งไม่ได้ยืนยันภายในกำหนด" in page
    home = client.get(f"/rounds/{world.round_id}/home").text
    assert "ประเมินไม่ได้ในรอบนี้ 1 แห่ง" in home
    with app.app_context(), seated(world.actor("province")):
        status = province_statuses(db.session.get_one(Round, world.round_id))[world.province["52"]]
    names = [agency.name for district in status.districts for agency in district.agencies]
    assert f"ทต.เกาะคา (ขยายเวลาถึง {OWN_DAY})" in names and "อบต.ท่าผา" in names
    page = client.get(f"/rounds/{world.round_id}/chasing").text
    assert "ทต.เกาะคา" in page and "อบต.ท่าผา" not in page
    assert client.get(f"/rounds/{world.round_id}/chasing.xlsx").status_code == 200


def test_a_code_works_until_the_agency_s_own_day(
    app: Portal, client_as: ClientAs, world: World, two_late: None
) -> None:
    given(client_as("dla"), ask(world))
    with app.app_context(), seated(world.actor("dla")):
        ends = ends_of(db.session.get_one(Round, world.round_id), world.agency.values())
    days = {ends[world.agency[key]].last_day for key in ("a2", "b1")}
    assert days == {date(2018, 12, 8)} and ends[world.agency["a1"]].last_day == date(2018, 12, 15)
