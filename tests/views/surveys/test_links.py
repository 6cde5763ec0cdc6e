"""The links room: both links with their windows, QR codes, posters and replacing a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models.instrument import InstrumentKind
from models.job import Job, JobState
from models.letter import StoredFile
from models.participation import Participation, PreparationState
from models.round import Round, RoundState
from models.survey import AnswerCount, Channel, SurveyLink
from portal.ballot.links import make_links
from portal.core.database.session import privileged, writing
from portal.core.jobs import worker
from tests.support.client import PortalClient
from tests.support.counts import a_quarter_begins
from tests.support.forms import form_with
from tests.support.on_site import office_codes
from tests.support.world import NOW, World

ClientAs = Callable[[str], PortalClient]
BEFORE = "2018-10-12T10:00:00+07:00"


@pytest.fixture
def room(world: World) -> str:
    return f"/rounds/{world.round_id}/links"


@pytest.fixture
def confirmed(app: Any, world: World) -> None:
    """Two agencies confirmed, with links and some answers."""
    with app.app_context(), writing(), privileged("a test confirms") as session:
        for key in ("a1", "b1"):
            row = session.get_one(Participation, world.participation[key])
            row.headcount, row.roster_count, row.activated_at = 52, 40, NOW
            row.state, row.confirmed_at = PreparationState.CONFIRMED, NOW
            make_links(row)
        counts = {"agency_id": world.agency["a1"], "province_id": world.province["52"], "count": 18}
        session.add(
            AnswerCount(
                participation_id=world.participation["a1"],
                instrument=InstrumentKind.IIT,
                channel=Channel.SELF,
                **counts,
            )
        )
    a_quarter_begins(app)


def codes(app: Any, world: World, key: str = "a1") -> dict[str, str]:
    """The living codes of an agency."""
    with app.app_context(), privileged("a test looks") as session:
        query = select(SurveyLink).where(
            SurveyLink.participation_id == world.participation[key], SurveyLink.revoked_at.is_(None)
        )
        return {link.instrument.value: link.code for link in session.scalars(query)}


def test_before_the_confirmation_the_room_says_what_to_do(client_as: ClientAs, room: str) -> None:
    page = client_as("agency_admin").get(room)
    assert page.status_code == 200
    assert "ระบบสร้างลิงก์เมื่อผู้บริหารยืนยันข้อมูล" in page.text
    assert "/s/" not in page.text
    assert client_as("agency_admin").get(f"{room}/iit.svg").status_code == 404


@pytest.mark.postgres
@pytest.mark.usefixtures("confirmed")
def test_both_links_stand_with_channel_window_and_answers(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    page = client_as("agency_admin").get(room).text
    for code in codes(app, world).values():
        assert page.count(f'data-copy="http://127.0.0.1:8000/s/{code}"') == 1
    for code in codes(app, world, "b1").values():
        assert code not in page
    assert "ใช้ช่องทางภายในเท่านั้น" in page
    assert "ใช้ช่องทางภายนอกเท่านั้น" in page
    assert "ขาด 12" in page, "18 of at least 30 for 52 people"


@pytest.mark.usefixtures("confirmed")
def test_outside_its_window_a_survey_says_when_it_opens(
    client_as: ClientAs, room: str, clock: Callable[[object], None]
) -> None:
    clock(BEFORE)
    page = client_as("agency_admin").get(room).text
    assert "ปิดอยู่" in page
    assert "ใช้ลิงก์เดิมนี้ได้เมื่อถึงเวลา" in page


@pytest.mark.usefixtures("confirmed")
@pytest.mark.parametrize(("name", "starts"), [("iit.svg", b"<svg"), ("eit.png", b"\x89PNG")])
def test_a_qr_code_is_a_file(client_as: ClientAs, room: str, name: str, starts: bytes) -> None:
    answer = client_as("agency_admin").get(f"{room}/{name}")
    assert answer.status_code == 200
    assert answer.data.startswith(starts)
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("confirmed")
@pytest.mark.parametrize("path", ["oit.svg", "iit.gif", "xxx.png", "oit/replace"])
def test_there_is_no_other_survey(client_as: ClientAs, room: str, path: str) -> None:
    assert client_as("agency_admin").get(f"{room}/{path}").status_code == 404


@pytest.mark.postgres
@pytest.mark.usefixtures("confirmed")
def test_replacing_a_link_asks_for_a_tick_and_kills_the_old_one(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    admin = client_as("agency_admin")
    before = codes(app, world)
    assert "ใช้ไม่ได้ภายใน 10 วินาที" in admin.get(f"{room}/iit/replace").text
    assert admin.submit(f"{room}/iit/replace").status_code == 422
    assert codes(app, world) == before
    shown = form_with(admin.get(f"{room}/iit/replace").text, "link")
    assert admin.submit(f"{room}/iit/replace", {**shown, "confirm": "1"}).status_code == 302
    after = codes(app, world)
    assert after["iit"] != before["iit"]
    assert after["eit"] == before["eit"]
    assert before["iit"] not in admin.get(room).text


@pytest.mark.usefixtures("confirmed")
@pytest.mark.parametrize("person", ["dla", "nacc", "province", "assessor", "interviewer", "executive"])
def test_the_room_is_the_admins(client_as: ClientAs, room: str, person: str) -> None:
    someone = client_as(person)
    assert someone.get(room).status_code == 404
    assert someone.get(f"{room}/iit.svg").status_code == 404
    assert someone.submit(f"{room}/iit/replace", {"confirm": "1"}).status_code == 404
    assert someone.submit(f"{room}/iit/poster").status_code == 404


@pytest.mark.usefixtures("confirmed")
def test_a_poster_is_made_by_a_job(client_as: ClientAs, room: str, app: Any) -> None:
    admin = client_as("agency_admin")
    answer = admin.submit(f"{room}/eit/poster")
    assert "/jobs/" in answer.headers["Location"]
    assert worker.work(app, until_idle=True) == 1
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.DONE, job.message
        stored = session.get_one(StoredFile, job.file_id)
        assert stored.content.startswith(b"%PDF")
    assert admin.get(f"{answer.headers['Location']}/file").data.startswith(b"%PDF")
    assert client_as("agency_admin_other").get(answer.headers["Location"]).status_code == 404


@pytest.mark.usefixtures("confirmed")
def test_texts_stand_ready_and_other_sheets_are_asked_for(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    admin = client_as("agency_admin")
    page = admin.get(room).text
    assert page.count("<textarea") == 4 and page.count("คัดลอกข้อความ") == 4
    for sheet in ("a3", "cards"):
        assert admin.submit(f"{room}/eit/poster", {"sheet": sheet}).status_code == 302
    assert admin.submit(f"{room}/eit/poster", {"sheet": "b1"}).status_code == 404
    with app.app_context(), privileged("a test looks") as session:
        sheets = [job.arguments["sheet"] for job in session.scalars(select(Job).order_by(Job.id))]
        assert sheets == ["a3", "cards"]


@pytest.mark.usefixtures("confirmed")
def test_a_survey_that_is_over_leaves_nothing_to_spread(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    with app.app_context(), writing(), privileged("the round closes") as session:
        session.get_one(Round, world.round_id).state = RoundState.CLOSED
    admin = client_as("agency_admin")
    page = admin.get(room).text
    for left in ("data-copy", "/poster", "/replace", ".png"):
        assert left not in page, left
    assert page.count("แบบสำรวจนี้สิ้นสุดแล้ว ลิงก์ไม่รับคำตอบ") == 2
    assert admin.submit(f"{room}/iit/poster").status_code == 409
    assert admin.submit(f"{room}/iit/replace", {"confirm": "1"}).status_code == 409


@pytest.mark.postgres
@pytest.mark.usefixtures("confirmed")
def test_more_answers_than_people_are_flagged_to_agency_dla_and_nacc(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    country = f"/rounds/{world.round_id}/status?tab=iit"
    agency = f"/rounds/{world.round_id}/status/agencies/{world.participation['a1']}"
    province = f"/rounds/{world.round_id}/status/provinces/{world.province['52']}"
    places = [
        ("agency_admin", room),
        *((one, page) for one in ("dla", "nacc") for page in (agency, province)),
    ]
    for person, page in places:
        answer = client_as(person).get(page)
        assert answer.status_code == 200, (person, page)
        assert "เกิน" not in answer.text and "มากกว่าจำนวนคน" not in answer.text
    with app.app_context(), writing(), privileged("made-up IDs") as session:
        session.scalars(select(AnswerCount)).one().count = 60
    assert "มากกว่าจำนวนคน" not in client_as("agency_admin").get(room).text, "as of the quarter of an hour"
    a_quarter_begins(app)
    assert "คำตอบมากกว่าจำนวนคนที่ทราบ 8 ชุด" in client_as("agency_admin").get(room).text
    for person in ("dla", "nacc"):
        home = client_as(person).get(f"/rounds/{world.round_id}/home").text
        assert "1 แห่งมีคำตอบ IIT มากกว่าจำนวนคน" in home
        assert "คำตอบมากกว่าจำนวนคนที่ทราบ 8 ชุด" in client_as(person).get(agency).text
        assert "เกิน 8" in client_as(person).get(province).text
        assert "คำตอบเกินจำนวนคน" in client_as(person).get(country).text


@pytest.mark.usefixtures("confirmed")
def test_the_link_of_the_office_is_there_once_the_assessor_asks(
    client_as: ClientAs, room: str, app: Any, world: World
) -> None:
    admin, assessor = client_as("agency_admin"), client_as("assessor")
    assert "เก็บคำตอบที่ที่ทำการได้เมื่อผู้ประเมินขอ" in admin.get(room).text
    judged_at = f"/rounds/{world.round_id}/assessor/{world.participation['a1']}"
    answer = assessor.submit(f"{judged_at}/judgement", {"verdict": "collect_on_site"})
    assert answer.status_code == 302
    with app.app_context():
        (code,) = office_codes()
    shown = admin.get(room).text
    assert f'data-copy="http://127.0.0.1:8000/s/{code}"' in shown and "ยังไม่มีผู้ตอบที่ที่ทำการ" in shown
    assert "เปลี่ยนผลพิจารณาได้จนกว่าจะมีคำตอบแรก" in assessor.get(f"{judged_at}/roster").text
