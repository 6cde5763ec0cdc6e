"""The screen that imports the register: look first, then import as a job, then the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from models.agency import Agency
from models.job import Job, JobState
from models.letter import StoredFile
from portal.content import local
from portal.core.database.session import privileged, writing
from portal.core.jobs import worker
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import World

pytestmark = pytest.mark.postgres

URL = "/admin/registry/import"
HEADER = "lao_code8,type,name_th,full_name_th,size,province_code,province_th,district_code,district_th"
UNCHANGED = "06810101,TAO,ไสไทย,องค์การบริหารส่วนตำบลไสไทย,M,81,กระบี่,8101,เมืองกระบี่"
CHANGED = "05520401,SUBDIST_MUN,เกาะคา,เทศบาลตำบลเกาะคา,L,52,ลำปาง,5204,เกาะคา"
NEW = "06520403,TAO,หนองใหม่,องค์การบริหารส่วนตำบลหนองใหม่,S,52,ลำปาง,5204,เกาะคา"
WRONG = "12,TAO,=1+1,องค์การบริหารส่วนตำบลพิมพ์ผิด,S,52,ลำปาง,5204,เกาะคา"


def send(client: PortalClient, content: bytes, name: str = "agencies.csv") -> TestResponse:
    return client.submit(URL, {"file": (BytesIO(content), name)}, content_type="multipart/form-data")


def text(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def report_of(client: PortalClient, *lines: str) -> str:
    answer = send(client, text(*lines))
    assert answer.status_code == 302
    return answer.location


@pytest.fixture
def dla(client_as: Callable[[str], PortalClient]) -> PortalClient:
    return client_as("dla")


def test_the_report_counts_and_lists_each_sort_of_row(dla: PortalClient) -> None:
    url = report_of(dla, UNCHANGED, CHANGED, NEW, WRONG)
    page = dla.get(url).get_data(as_text=True)
    assert [int(n) for n in re.findall(r'ita-count">(\d+)<', page)[-5:]] == [1, 1, 1, 1, 2]
    assert "องค์การบริหารส่วนตำบลพิมพ์ผิด" in page, "what must be mended is shown first"
    assert "แถว 5" in page
    assert "หนองใหม่" in dla.get(f"{url}?show=new").get_data(as_text=True)
    assert "M → L" in dla.get(f"{url}?show=changed").get_data(as_text=True)
    assert "ไสไทย" in dla.get(f"{url}?show=unchanged").get_data(as_text=True)
    assert dla.get(f"{url}?show=nothing").status_code == 404


def test_looking_changes_nothing_and_importing_is_a_job(app: Portal, dla: PortalClient, world: World) -> None:
    url = report_of(dla, UNCHANGED, CHANGED, NEW, WRONG)
    assert code_exists(app, "06520403") is False
    answer = dla.submit(url)
    assert answer.status_code == 302
    assert re.search(r"/jobs/\d+$", answer.location)
    assert worker.work(app, until_idle=True) == 1
    assert code_exists(app, "06520403") is True
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.account_id) == (JobState.DONE, world.account["dla"])
        counts = {sort: job.result[sort] for sort in ("new", "changed", "unchanged", "wrong")}
        assert counts == {"new": 1, "changed": 1, "unchanged": 1, "wrong": 1}
        result = job.result["url"]
    page = dla.get(result)
    assert page.status_code == 200
    assert "agencies.csv" in page.get_data(as_text=True)


def test_a_second_import_of_the_same_file_is_refused_with_words(app: Portal, dla: PortalClient) -> None:
    dla.submit(report_of(dla, NEW))
    worker.work(app, until_idle=True)
    url = report_of(dla, NEW)
    assert 'method="post" action="' + url not in dla.get(url).get_data(as_text=True)
    assert dla.submit(url).status_code == 409


def test_wrong_rows_come_back_as_files_with_their_reason(dla: PortalClient) -> None:
    url = report_of(dla, NEW, WRONG)
    plain = dla.get(f"{url}/wrong.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert len(plain) == 2
    assert plain[1].startswith("3,12,")
    assert "'=1+1" in plain[1], "no cell becomes a formula"
    book = openpyxl.load_workbook(BytesIO(dla.get(f"{url}/wrong.xlsx").get_data()))
    header, row = list(book.worksheets[0].iter_rows(values_only=True))
    assert row[header.index("ชื่อ")] == "=1+1"
    assert "8 หลัก" in str(row[-1])
    book.close()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", "ไม่มี,หัว\n1,2\n".encode()])
def test_an_unreadable_file_is_told_on_the_form(dla: PortalClient, content: bytes) -> None:
    answer = send(dla, content)
    assert answer.status_code == 422
    assert 'id="summary"' in answer.get_data(as_text=True)


def test_no_file_at_all_is_told_on_the_form(dla: PortalClient) -> None:
    assert dla.submit(URL, {}, content_type="multipart/form-data").status_code == 422


def test_only_the_back_office_comes_in(client_as: Callable[[str], PortalClient], dla: PortalClient) -> None:
    url = report_of(dla, NEW)
    for person in ("nacc", "province", "agency_admin", "assessor"):
        client = client_as(person)
        for page in (URL, url, f"{url}/wrong.csv"):
            assert client.get(page).status_code in (403, 404)
        assert client.submit(url).status_code in (403, 404)


def test_another_stored_file_is_no_report(app: Portal, dla: PortalClient, world: World) -> None:
    with app.app_context(), privileged("a test keeps a file") as session:
        from portal.core.jobs.kinds import stored_file

        other = stored_file("letter.pdf", "application/pdf", b"%PDF")
        session.add(other)
        session.flush()
        key = other.id
        assert session.get(StoredFile, key) is not None
    answer = dla.get(f"{URL}/{key}")
    assert answer.status_code == 302 and answer.headers["Location"] == URL


def code_exists(app: Portal, code: str) -> bool:
    with app.app_context(), privileged("a test looks") as session:
        return session.scalar(select(Agency.id).where(Agency.code == code)) is not None


# -- past imports --------------------------------------------------------------------------------------------


def test_a_past_import_is_listed_and_comes_as_a_file_and_is_taken_back(
    app: Portal, dla: PortalClient
) -> None:
    empty = dla.get("/admin/registry/imports").text
    assert "ยังไม่มีการนำเข้าไฟล์" in empty
    dla.submit(report_of(dla, CHANGED, NEW))
    worker.work(app, until_idle=True)
    page = dla.get("/admin/registry/imports").text
    assert "agencies.csv" in page and "ผู้ใช้ทดลอง dla" in page
    (file,) = re.findall(r'href="(/admin/registry/imports/\d+\.xlsx)"', page)
    book = openpyxl.load_workbook(BytesIO(dla.get(file).get_data()))
    cells = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "M" in cells and "L" in cells and "องค์การบริหารส่วนตำบลหนองใหม่" in cells
    book.close()
    assert "หนองใหม่" in dla.get(file.replace("xlsx", "csv")).text
    (undo,) = re.findall(r'href="(/admin/registry/imports/\d+/undo)"', page)
    assert "ลบหน่วยงาน 1 แห่ง" in dla.get(undo).text
    assert code_exists(app, "06520403")
    answer = dla.submit(undo, follow_redirects=True)
    assert "คืนข้อมูลเดิม 1 แห่ง ลบ 1 แห่ง" in answer.text and "ยกเลิกแล้ว" in answer.text
    assert not code_exists(app, "06520403")
    assert dla.submit(undo).status_code == 409


def test_the_report_names_columns_that_are_not_used_or_missing(dla: PortalClient) -> None:
    answer = send(dla, "รหัส อปท.,ประเภท,ชื่อ,รหัสอำเภอ,นายก\n05520401,ทต.,เกาะคา,5204,ก\n".encode())
    page = dla.get(answer.location).text
    assert "E นายก" in page and "ขนาด" in page


def test_a_heading_alone_is_told_on_the_form(dla: PortalClient) -> None:
    answer = send(dla, text())
    assert answer.status_code == 422
    assert "ไม่มีแถว" in answer.text


def test_a_result_is_read_at_its_own_file_once_the_job_has_one(app: Portal, dla: PortalClient) -> None:
    url = report_of(dla, NEW)
    job = dla.submit(url).location.rsplit("/", 1)[1]
    assert dla.get(f"{url}/result?job={job}").status_code == 404, "still waiting"
    worker.work(app, until_idle=True)
    assert dla.get(f"{url}/result?job={job}").status_code == 200
    other = report_of(dla, CHANGED)
    for address in (f"{other}/result?job={job}", f"{url}/result?job=9999", f"{url}/result"):
        assert dla.get(address).status_code == 404, address


def test_what_stays_when_an_import_is_taken_back_is_named(app: Portal, dla: PortalClient) -> None:
    dla.submit(report_of(dla, CHANGED, NEW))
    worker.work(app, until_idle=True)
    with app.app_context(), writing(), privileged("a test changes an agency by hand") as session:
        session.scalars(select(Agency).where(Agency.code == "05520401")).one().size = local.S
    (undo,) = re.findall(
        r'href="(/admin/registry/imports/\d+/undo)"', dla.get("/admin/registry/imports").text
    )
    page = dla.submit(undo, follow_redirects=True).text
    assert "คืนข้อมูลเดิม 0 แห่ง ลบ 1 แห่ง" in page
    assert "คงไว้ตามเดิม 1 แห่ง" in page and "เทศบาลตำบลเกาะคา" in page


# -- agencies that a file lacks ----------------------------------------------------------------------------


def test_agencies_that_the_file_lacks_are_listed_and_taken_out_of_use(
    app: Portal, dla: PortalClient, world: World
) -> None:
    """Those in use of the provinces that it names alone: the file says nothing of Lampang."""
    at = report_of(dla, UNCHANGED)
    page = dla.get(f"{at}?show=absent").text
    assert "เทศบาลตำบลเขาพนม" in page and "ท่าผา" not in page and "องค์การบริหารส่วนตำบลไสไทย" not in page
    file = dla.get(f"{at}/absent.csv").get_data(as_text=True)
    assert len(file.strip().splitlines()) == 2 and "05810201" in file
    book = openpyxl.load_workbook(BytesIO(dla.get(f"{at}/absent.xlsx").get_data()))
    assert any("เทศบาลตำบลเขาพนม" in row for row in book.worksheets[0].iter_rows(values_only=True))
    assert dla.submit(f"{at}/absent").status_code == 409, "nothing is ticked"
    foreign = {"agency": [str(world.agency["b2"]), str(world.agency["a1"])]}
    assert dla.submit(f"{at}/absent", foreign).status_code == 409
    assert in_use(app, world, "b2")
    answer = dla.submit(f"{at}/absent", {"agency": [str(world.agency["b2"]), "²", "x"]})
    assert answer.status_code == 302
    assert not in_use(app, world, "b2") and in_use(app, world, "a1")
    assert "เทศบาลตำบลเขาพนม" not in dla.get(f"{at}?show=absent").text


def in_use(app: Portal, world: World, key: str) -> bool:
    with app.app_context(), privileged("a test looks") as session:
        return session.get_one(Agency, world.agency[key]).active
