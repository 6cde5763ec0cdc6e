"""Slips at the desks: what is said before, the passphrase shown once, the file that goes, whose it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.job import Job
from portal.core.database.session import privileged
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.people.slips import strongbox
from tests.support.slip_orders import codes_of, not_activated, stored, unpacked
from tests.support.slips import activated
from tests.support.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("printing_here")]
PASSPHRASE = re.compile(r'name="passphrase" value="([A-Z2-9-]+)"')


def order(client: Any, url: str = "/admin/slips/order?role=agency_admin") -> tuple[str, str]:
    """Order as a person does; gives the order's page and its passphrase."""
    page = client.get(url)
    assert page.status_code == 200, page.text
    (passphrase,) = PASSPHRASE.findall(page.text)
    answer = client.submit(url, {"passphrase": passphrase, "confirm": "1"})
    assert answer.status_code == 302, answer.text
    return answer.location, passphrase


@pytest.fixture
def waiting(app: Portal, world: World) -> None:
    with app.app_context():
        not_activated(world, "agency_admin", "executive", "agency_admin_other")


@pytest.mark.usefixtures("waiting")
def test_from_the_order_to_the_activation(app: Portal, client_as: Any, world: World, tmp_path: Path) -> None:
    client = client_as("dla")
    assert "ซองรหัสเปิดใช้งาน" in client.get("/admin/slips").text
    page, passphrase = order(client)
    assert "กำลังพิมพ์" in client.get(page).text
    early = client.submit(f"{page}/fetch", {"passphrase": passphrase, "role": "agency_admin"})
    assert early.status_code == 422 and "ยังพิมพ์ซองรหัสไม่เสร็จ" in early.text
    worker.work(app, until_idle=True)
    shown = client.get(page).text
    assert "รอดาวน์โหลด" in shown and passphrase not in shown
    answer = client.submit(f"{page}/fetch", {"passphrase": passphrase.lower(), "role": "agency_admin"})
    assert answer.headers["Content-Type"] == "application/zip"
    files = unpacked(answer.data)
    (code,) = codes_of(files["ลำปาง.pdf"], tmp_path)
    assert activated(client_as(""), code).status_code == 302
    assert "ดาวน์โหลดแล้ว" in client.get(page).text, "the file is gone"
    again = client.submit(f"{page}/fetch", {"passphrase": passphrase, "role": "agency_admin"})
    assert again.status_code == 422 and "ไม่มีไฟล์นี้แล้ว" in again.text


@pytest.mark.usefixtures("waiting")
def test_before_it_is_done_it_is_said_what_will_happen(client_as: Any) -> None:
    page = client_as("dla").get("/admin/slips/order").text
    assert "พิมพ์ซองพร้อมรหัสใหม่ 3 คน" in page
    assert "1 บัญชีไม่พิมพ์ เพราะเปิดใช้งานแล้ว" in page
    assert "รหัสเดิมของคนเหล่านี้ใช้ไม่ได้อีก" in page
    assert "รหัสใช้ได้ถึงวันที่" in page


@pytest.mark.usefixtures("waiting")
def test_the_passphrase_is_written_down_first(app: Portal, client_as: Any) -> None:
    client = client_as("dla")
    url = "/admin/slips/order"
    (passphrase,) = PASSPHRASE.findall(client.get(url).text)
    answer = client.submit(url, {"passphrase": passphrase})
    assert answer.status_code == 422 and "จดวลีเปิดไฟล์แล้วทำเครื่องหมาย" in answer.text
    assert passphrase in answer.text, "the one that was perhaps written down already"
    with app.app_context(), privileged("a test counts") as session:
        assert session.scalars(select(Job)).all() == []


@pytest.mark.usefixtures("waiting")
def test_an_order_sent_twice_is_one(app: Portal, client_as: Any) -> None:
    client = client_as("dla")
    url = "/admin/slips/order"
    (passphrase,) = PASSPHRASE.findall(client.get(url).text)
    form = {"passphrase": passphrase, "confirm": "1", **client.page()}
    first, second = client.post(url, data=form), client.post(url, data=form)
    assert first.location == second.location
    with app.app_context(), privileged("a test counts") as session:
        assert len(session.scalars(select(Job)).all()) == 1


@pytest.mark.usefixtures("waiting")
def test_another_passphrase_opens_nothing_and_makes_the_next_one_wait(app: Portal, client_as: Any) -> None:
    client = client_as("dla")
    page, passphrase = order(client)
    worker.work(app, until_idle=True)
    wrong = {"passphrase": strongbox.new_passphrase(), "role": "agency_admin"}
    for _attempt in range(5):
        answer = client.submit(f"{page}/fetch", wrong)
        assert answer.status_code == 422 and "วลีนี้เปิดไฟล์ไม่ได้" in answer.text
        assert wrong["passphrase"] in answer.text, "a slip of the pen can be mended"
    answer = client.submit(f"{page}/fetch", {"passphrase": passphrase, "role": "agency_admin"})
    assert answer.status_code == 422 and "ลองวลีเปิดไฟล์หลายครั้งเกินไป" in answer.text


@pytest.mark.usefixtures("waiting")
def test_an_order_is_of_who_ordered_alone(app: Portal, client_as: Any) -> None:
    page, passphrase = order(client_as("dla"))
    worker.work(app, until_idle=True)
    for person in ("nacc", "province", "agency_admin"):
        other = client_as(person)
        assert other.get(page).status_code == 404
        form = {"passphrase": passphrase, "role": "agency_admin"}
        assert other.submit(f"{page}/fetch", form).status_code == 404
        assert other.submit(f"{page}/lists").status_code == 404


@pytest.mark.usefixtures("waiting")
def test_a_province_orders_for_its_own_agencies(app: Portal, client_as: Any, world: World) -> None:
    client = client_as("province")
    page = client.get(f"/admin/slips/order?province={world.province['81']}").text
    assert "จังหวัดลำปาง" in page and "พิมพ์ซองพร้อมรหัสใหม่ 2 คน" in page
    order(client, f"/admin/slips/order?province={world.province['81']}")
    worker.work(app, until_idle=True)
    with app.app_context():
        assert stored(world.account["agency_admin"]) is not None
        assert stored(world.account["agency_admin_other"]) is None
    elsewhere = world.account["agency_admin_other"]
    assert client.get(f"/admin/slips/order?account={elsewhere}").status_code == 404


@pytest.mark.usefixtures("waiting")
def test_slips_for_what_a_list_shows_and_for_one_person(client_as: Any, world: World) -> None:
    client = client_as("dla")
    listed = client.get("/admin/accounts/?search=executive").text
    (url,) = re.findall(r'href="(/admin/slips/order[^"]+)"', listed)
    assert "พิมพ์ซองพร้อมรหัสใหม่ 1 คน" in client.get(url.replace("&amp;", "&")).text
    one = client.get(f"/admin/slips/order?account={world.account['executive_other']}").text
    assert "พิมพ์ซองพร้อมรหัสใหม่ 1 คน" in one and "การยืนยันตัวขั้นที่สองไม่หายไป" in one


@pytest.mark.usefixtures("waiting")
def test_slips_for_the_work_that_is_left(client_as: Any) -> None:
    client = client_as("province")
    listed = client.get("/admin/people?state=no_code&role=executive").text
    (url,) = re.findall(r'href="(/admin/slips/order[^"]+)"', listed)
    url = url.replace("&amp;", "&")
    page = client.get(url).text
    assert "พิมพ์ซองพร้อมรหัสใหม่ 1 คน" in page and "ผู้บริหาร ตามรายการที่เลือก" in page
    assert client.get(order(client, url)[0]).status_code == 200


@pytest.mark.usefixtures("waiting")
def test_hand_over_lists_can_be_ordered_on_their_own(app: Portal, client_as: Any, tmp_path: Path) -> None:
    client = client_as("dla")
    page, _passphrase = order(client, "/admin/slips/order")
    worker.work(app, until_idle=True)
    job = client.submit(f"{page}/lists")
    worker.work(app, until_idle=True)
    files = unpacked(client.get(f"{job.location}/file").data)
    assert sorted(files) == [
        "บัญชีส่งมอบซอง กระบี่ Admin ของหน่วยงาน.pdf",
        "บัญชีส่งมอบซอง ลำปาง Admin ของหน่วยงาน.pdf",
        "บัญชีส่งมอบซอง ลำปาง ผู้บริหาร.pdf",
    ]
    assert all(codes_of(pdf, tmp_path) == [] for pdf in files.values())


@pytest.mark.usefixtures("waiting")
def test_fetching_is_recorded(app: Portal, client_as: Any) -> None:
    client = client_as("dla")
    page, passphrase = order(client)
    worker.work(app, until_idle=True)
    assert client.submit(f"{page}/fetch", {"passphrase": passphrase, "role": "agency_admin"}).data
    with app.app_context(), privileged("a test looks") as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {"slips.order", "slips.issue", "slips.fetch"} <= acts


def test_what_is_not_there_is_not_found(client_as: Any) -> None:
    client = client_as("dla")
    for url in ("/admin/slips/order?role=dla", "/admin/slips/order?province=999", "/admin/slips/99"):
        assert client.get(url).status_code == 404, url


def test_nobody_to_write_to_says_what_to_do(client_as: Any) -> None:
    page = client_as("dla").get("/admin/slips/order").text
    assert "ไม่มีผู้ที่จะได้ซองรหัสตามที่เลือก" in page and PASSPHRASE.findall(page) == []
