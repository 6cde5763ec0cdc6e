"""Accounts in bulk at the desks: the list by state, what will happen, the order, taking back, settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select

from models.account import Account
from models.agency import Agency
from models.job import Job, JobState
from models.onboarding import AccountBatch, PeopleSetting
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.people import settings
from tests.factories.base import Make
from tests.factories.onboarding import PeopleSettingFactory
from tests.factories.people import AccountFactory, GrantFactory
from tests.support.client import PortalClient
from tests.support.statements import asked
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
LIST, MAKE, BATCHES = "/admin/people", "/admin/people/make/", "/admin/people/batches/"
SETTINGS, WORKBOOK = "/admin/people/settings", "/admin/people/workbook/"


def run_waiting(app: Portal) -> None:
    with app.app_context():
        claim = queue.claim()
        assert claim is not None
        worker.run(claim)
        db.session.remove()


def made(app: Portal) -> set[str]:
    """User names of accounts without a person."""
    with app.app_context(), privileged("a test looks") as session:
        return set(session.scalars(select(Account.username).where(Account.name == "")))


def test_the_list_counts_the_work_that_is_left_and_narrows_to_it(client_as: ClientAs, world: World) -> None:
    client = client_as("dla")
    page = client.get(LIST).text
    for name in ("ทต.เกาะคา", "อบต.ท่าผา", "อบต.ไสไทย", "ทต.เขาพนม"):
        assert name in page
    assert re.search(r'ยังไม่มีบัญชี <span class="ita-count">4</span>', page)
    lacking = client.get(f"{LIST}?state=none&role=executive&province={world.province['52']}").text
    assert "อบต.ท่าผา" in lacking and "ทต.เกาะคา" not in lacking and "อบต.ไสไทย" not in lacking
    assert "ทต.เกาะคา" in client.get(f"{LIST}?q=เกาะคา").text
    assert "ไม่พบ" in client.get(f"{LIST}?q=ไม่มีที่นี่").text
    assert "ไม่มีรายการในสถานะนี้แล้ว" in client.get(f"{LIST}?state=code_ended").text


def test_a_province_sees_its_own_whatever_it_asks_for(client_as: ClientAs, world: World) -> None:
    page = client_as("province").get(f"{LIST}?province={world.province['81']}").text
    assert "ทต.เกาะคา" in page and "อบต.ไสไทย" not in page
    file = client_as("province").get(f"{LIST}.csv?province={world.province['81']}").text
    assert "เทศบาลตำบลเกาะคา" in file and "ไสไทย" not in file


def test_a_code_is_offered_for_whom_the_desk_may_issue_one(
    client_as: ClientAs, world: World, make: Make
) -> None:
    person = make(AccountFactory, name="นางทดลอง สองแห่ง")
    for agency in ("a2", "b2"):
        make(GrantFactory, account=person, role="agency_admin", agency_id=world.agency[agency])
    own, elsewhere = (f"/admin/accounts/{key}/code" for key in (world.account["executive"], person.id))
    province, office = client_as("province").get(LIST).text, client_as("dla").get(LIST).text
    assert own in province and elsewhere not in province and "นางทดลอง สองแห่ง" in province
    assert own in office and elsewhere in office


def test_what_will_happen_is_shown_before_it_does_and_the_job_does_that(
    app: Portal, client_as: ClientAs
) -> None:
    client = client_as("dla")
    page = client.get(MAKE).text
    assert "สร้าง 4 บัญชี" in page and "06520402-admin" in page
    assert made(app) == set()
    first = client.submit(MAKE)
    assert first.status_code == 302 and "/jobs/" in first.location
    assert client.submit(MAKE).location == first.location, "the same work is one job"
    run_waiting(app)
    assert made(app) == {f"{code}-{end}" for code in ("06520402", "05810201") for end in ("admin", "exec")}
    assert "4" in client.get(first.location).text
    assert "ไม่มีบัญชีที่ขาด" in client.get(MAKE).text
    assert re.search(r'รอพิมพ์ซองรหัส <span class="ita-count">4</span>', client.get(LIST).text)


def test_a_province_makes_and_takes_back_its_own(app: Portal, client_as: ClientAs) -> None:
    client = client_as("province")
    assert "สร้าง 2 บัญชี" in client.get(MAKE).text
    client.submit(f"{MAKE}?role=executive")
    run_waiting(app)
    assert made(app) == {"06520402-exec"}
    (undo,) = re.findall(rf"{BATCHES}\d+/undo", client.get(BATCHES).text)
    assert client_as("province_other").get(undo).status_code == 404
    asked = client.get(undo).text
    assert "ลบ 1 บัญชี" in asked
    assert client.submit(undo).status_code == 302
    run_waiting(app)
    assert made(app) == set()
    assert "ถอน" in client.get(BATCHES).text
    assert client.submit(undo).status_code == 409


def test_a_list_that_is_sent_says_what_of_it_is_nobody_here(app: Portal, client_as: ClientAs) -> None:
    client = client_as("province")
    sent = "รหัส อปท.,หน่วยงาน\n6520402,\n06810101,\n,เทศบาลตำบลเกาะคา\n,ไม่มีที่นี่\n".encode()
    answer = client.submit(f"{MAKE}list", {"file": (BytesIO(sent), "list.csv")})

    page = client.get(answer.location).text
    assert "ไม่พบหน่วยงานของ 2 แถว" in page and "06810101" in page and "สร้าง 2 บัญชี" in page
    assert client_as("province_other").get(answer.location).status_code == 404
    client.submit(answer.location)
    run_waiting(app)
    assert made(app) == {"06520402-admin", "06520402-exec"}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "ว่าง"), ("ชื่ออื่น\nก\n".encode(), "รหัส อปท."), (None, "เลือกไฟล์")],
    ids=["empty", "no heading", "no file"],
)
def test_a_file_that_is_no_list_is_refused_at_its_field(
    client_as: ClientAs, content: bytes | None, words: str
) -> None:
    file = {} if content is None else {"file": (BytesIO(content), "list.csv")}
    answer = client_as("dla").submit(f"{MAKE}list", file)
    assert answer.status_code == 422 and words in answer.text and "aria-invalid" in answer.text


def test_a_workbook_is_looked_through_read_in_and_taken_back(app: Portal, client_as: ClientAs) -> None:
    client = client_as("province")
    taken = client.get(f"{WORKBOOK}accounts.xlsx")
    assert taken.status_code == 200 and taken.headers["Cache-Control"] == "private, no-store"
    sent = (
        "รหัส อปท.,หน้าที่,ชื่อ-สกุล,โทรศัพท์\n06520402,admin,นางทดลอง ใหม่,081 234 5678\n"
        "06520402,ผู้บริหาร,นายทดลอง สอง,-\n06810101,admin,นายทดลอง สาม,\n05520401,admin,นายทดลอง สี่,\n"
    )
    answer = client.submit(WORKBOOK, {"file": (BytesIO(sent.encode()), "filled.csv")})
    page = client.get(answer.location).text
    assert "นำเข้า 2 แถว" in page and "ไม่พบหน่วยงานที่มีรหัสนี้" in page
    assert "เจ้าของบัญชีเป็นผู้แก้ไขเอง" in page
    assert client_as("province_other").get(answer.location).status_code == 404
    assert client.get(f"{answer.location}/faults.xlsx").status_code == 200
    assert made(app) == set()
    client.submit(answer.location)
    run_waiting(app)
    with app.app_context(), privileged("a test looks") as session:
        named = session.scalars(select(Account.name).where(Account.username.startswith("06520402-")))
        assert set(named) == {"นางทดลอง ใหม่", "นายทดลอง สอง"}
    batches = client.get(BATCHES).text
    assert "filled.csv" in batches
    (undo,) = re.findall(rf"{BATCHES}\d+/undo", batches)
    client.submit(undo)
    run_waiting(app)
    with app.app_context(), privileged("a test looks") as session:
        left = session.scalars(select(Account.id).where(Account.username.startswith("06520402-"))).all()
        assert left == []


@pytest.mark.parametrize("content", [b"", None], ids=["empty", "no file"])
def test_a_file_that_is_no_workbook_is_refused_at_its_field(
    client_as: ClientAs, content: bytes | None
) -> None:
    file = {} if content is None else {"file": (BytesIO(content), "a.xlsx")}
    answer = client_as("province").submit(WORKBOOK, file)
    assert answer.status_code == 422 and "aria-invalid" in answer.text


def test_where_the_back_office_makes_accounts_itself_a_province_is_told_so(
    client_as: ClientAs, make: Make
) -> None:
    make(PeopleSettingFactory, provinces_make_accounts=False)
    client = client_as("province")
    assert "สร้างบัญชีที่ยังขาด" not in client.get(LIST).text
    answer = client.get(MAKE)
    assert answer.status_code == 409 and "สถ. เป็นผู้สร้างบัญชี" in answer.text
    assert client_as("dla").get(MAKE).status_code == 200


def test_the_settings_are_saved_by_the_back_office_alone(app: Portal, client_as: ClientAs) -> None:
    client = client_as("dla")
    assert "checked" in client.get(SETTINGS).text, "provinces make accounts until somebody decides otherwise"
    sent = {"help_name": "กองทดลอง", "help_phone": "๐๒ ๑๒๓ ๔๕๖๗", "factor_roles": "dla", "version": "0"}
    assert client.submit(SETTINGS, sent).status_code == 302
    with app.app_context(), privileged("a test looks") as session:
        kept = session.scalars(select(PeopleSetting)).one()
        assert (kept.provinces_make_accounts, kept.factor_roles) == (False, ["dla"])
        assert (kept.help_name, kept.help_phone) == ("กองทดลอง", "021234567")
        assert session.scalars(select(AccountBatch)).all() == []
    assert client.submit(SETTINGS, sent).status_code in {302, 409}, (
        "what was made meanwhile is not written over"
    )
    for person in ("province", "nacc", "agency_admin"):
        assert client_as(person).get(SETTINGS).status_code == 404


@pytest.mark.parametrize("person", ["nacc", "agency_admin", "executive", "assessor"])
def test_nobody_else_makes_accounts(client_as: ClientAs, person: str) -> None:
    for url in (LIST, MAKE, BATCHES, WORKBOOK):
        assert client_as(person).get(url).status_code == 404


def test_the_list_asks_the_database_no_more_for_more_rows(
    app: Portal, client_as: ClientAs, world: World, make: Make
) -> None:
    client = client_as("dla")
    client.get(LIST)
    with asked(app) as few:
        client.get(f"{LIST}?q=เกาะคา&role=admin")
    for agency in world.agency.values():
        make(GrantFactory, account=make(AccountFactory), role="executive", agency_id=agency)
    with asked(app) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_settings_are_changed_where_they_stand_and_say_who_makes_accounts(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    client = client_as("dla")
    for version, lets in (("0", ""), ("1", "1")):
        sent = {"provinces_make_accounts": lets, "version": version} if lets else {"version": version}
        assert client.submit(SETTINGS, sent).status_code == 302
        with app.app_context(), acting_as(world.actor("province")) as actor:
            assert settings.makes_accounts(actor) is bool(lets)
    with app.app_context():
        for person, makes in (("dla", True), ("nacc", False), ("executive", False)):
            with acting_as(world.actor(person)) as actor:
                assert settings.makes_accounts(actor) is makes


def test_a_list_of_nothing_and_agencies_without_a_code(
    app: Portal, client_as: ClientAs, world: World
) -> None:
    with app.app_context(), writing(), privileged("a test takes a code away") as session:
        session.get_one(Agency, world.agency["a2"]).code = None
    client = client_as("province")
    empty = client.submit(f"{MAKE}list", {"file": (BytesIO("รหัส อปท.\n".encode()), "list.csv")})
    assert empty.status_code == 422 and "ไม่มีแถว" in empty.text
    sent = "หน่วยงาน\nองค์การบริหารส่วนตำบลท่าผา\n".encode()
    answer = client.submit(f"{MAKE}list", {"file": (BytesIO(sent), "list.csv")})
    assert "สร้าง 2 บัญชี" in client.get(answer.location).text


def test_a_workbook_whose_person_lost_the_right_meanwhile_is_not_read_in(
    app: Portal, client_as: ClientAs, make: Make
) -> None:
    client = client_as("province")
    sent = "รหัส อปท.,หน้าที่,ชื่อ-สกุล\n06520402,admin,นางทดลอง ใหม่\n".encode()
    client.submit(client.submit(WORKBOOK, {"file": (BytesIO(sent), "filled.csv")}).location)
    make(PeopleSettingFactory, provinces_make_accounts=False, factor_roles=[])
    run_waiting(app)
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalars(select(Job.state)).all() == [JobState.FAILED]
    assert made(app) == set()


def test_what_a_workbook_filled_in_is_emptied_again(app: Portal, client_as: ClientAs) -> None:
    client = client_as("province")
    client.submit(MAKE)
    run_waiting(app)
    sent = "รหัส อปท.,หน้าที่,ชื่อ-สกุล\n06520402,admin,นางทดลอง ใหม่\n".encode()
    client.submit(client.submit(WORKBOOK, {"file": (BytesIO(sent), "filled.csv")}).location)
    run_waiting(app)

    def name() -> str | None:
        with app.app_context(), privileged("a test looks") as session:
            return session.scalar(select(Account.name).where(Account.username == "06520402-admin"))

    assert name() == "นางทดลอง ใหม่"
    undo = re.findall(rf"{BATCHES}\d+/undo", client.get(BATCHES).text)
    client.submit(undo[0])
    run_waiting(app)
    assert name() == "", "the account stays, without its person"
