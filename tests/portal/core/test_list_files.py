"""Lists as files: typed cells for paper, names, and large ones as jobs of who asked."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.account import Grant
from models.job import Job, JobState
from models.letter import StoredFile
from portal.core import files, list_files
from portal.core.access import Permission
from portal.core.database.session import privileged, writing
from portal.core.downloads import disposition
from portal.core.jobs import kinds, worker
from portal.core.list_files import MAKERS, ListFile, Maker
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.jobs import ask
from tests.support.world import World

pytestmark = pytest.mark.postgres
ClientAs = Callable[[str], PortalClient]
AGENCIES = "/admin/agencies/export/"


@pytest.fixture
def low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files, "AT_ONCE", 2)
    monkeypatch.setattr(files, "PIECE", 100)  # a file is kept and sent in several


def the_job(app: Portal) -> tuple[Job, bytes, str]:
    with app.app_context(), privileged("a test looks") as session:
        job = session.scalars(select(Job).where(Job.kind == list_files.KIND)).one()
        query = select(StoredFile).where(StoredFile.id == job.file_id).options(undefer(StoredFile.content))
        file = session.scalars(query).one_or_none()
        session.expunge_all()
        return job, file.content if file else b"", file.name if file else ""


def file_hash(app: Portal, job: Job) -> str:
    with app.app_context(), privileged("a test looks") as session:
        return session.scalars(select(StoredFile.sha256).where(StoredFile.id == job.file_id)).one()


@pytest.mark.usefixtures("low_limit")
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_large_list_is_offered_as_a_job_and_made_by_the_worker(
    app: Portal, world: World, client_as: ClientAs, kind: str
) -> None:
    client, url = client_as("dla"), f"{AGENCIES}{kind}/?flt_kind=sao&sort=name"
    small = client.get(url)
    assert "attachment" in small.headers["Content-Disposition"], "two rows go out at once"
    url = f"{AGENCIES}{kind}/?sort=full_name&desc=1"
    shown = re.findall(
        r'ita-title"><a[^>]*>([^<]+)</a>', client.get("/admin/agencies/?sort=full_name&desc=1").text
    )
    offer = client.get(url)
    assert offer.status_code == 200 and "สร้างไฟล์" in offer.get_data(as_text=True)
    assert "Content-Disposition" not in offer.headers
    assert "/jobs/" in client.submit(url).location
    assert client.submit(url).location == client.submit(url).location, "asked twice is asked once"
    worker.work(app, until_idle=True)
    job, content, name = the_job(app)
    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4), job.message
    if kind == "xlsx":
        cells = list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].values)
        order = [str(row[1]) for row in cells if row[1]][1:]
    else:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            lines = archive.read(archive.namelist()[0]).decode("utf-8-sig").splitlines()[1:]
        order = [line.split(",")[1] for line in lines]
    assert order == shown and len(order) == 4, "in the order of the page"
    assert name.endswith("xlsx" if kind == "xlsx" else "zip")
    answer = client.get(f"/jobs/{job.id}/file")
    assert answer.data == content and len(content) > 3 * files.PIECE
    assert (int(answer.headers["Content-Length"]), file_hash(app, job)) == (
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert f'filename="lists-file-{job.id}.' in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("low_limit")
def test_the_file_of_a_job_is_its_asker_s_alone(app: Portal, world: World, client_as: ClientAs) -> None:
    client_as("dla").submit(f"{AGENCIES}xlsx/")
    worker.work(app, until_idle=True)
    job, content, _name = the_job(app)
    assert content
    for person in ("nacc", "province", "agency_admin"):
        assert client_as(person).get(f"/jobs/{job.id}/file").status_code == 404, person


@pytest.mark.usefixtures("low_limit")
def test_a_province_s_job_holds_its_own_rows(app: Portal, world: World, client_as: ClientAs) -> None:
    with app.app_context(), writing(), privileged("a test looks") as session:
        assert session.get_one(Grant, world.grant["province"]).province_id == world.province["52"]
    client = client_as("province")
    url = f"/rounds/{world.round_id}/status/provinces/{world.province['52']}.xlsx"
    assert "/jobs/" in client.submit(url).location
    worker.work(app, until_idle=True)
    _job, content, _name = the_job(app)
    text = str(list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].values))
    assert "เกาะคา" in text and "ไสไทย" not in text


def test_what_no_sheet_can_hold_becomes_csv(
    app: Portal, world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_files, "LARGEST_SHEET", 10)
    client_as("dla").submit(f"{AGENCIES}xlsx/")
    worker.work(app, until_idle=True)
    _job, content, name = the_job(app)
    assert name.endswith(".zip") and zipfile.is_zipfile(BytesIO(content))


def test_cells_are_true_numbers_and_dates_and_the_sheet_is_for_paper(
    app: Portal, world: World, client_as: ClientAs
) -> None:
    answer = client_as("dla").get("/admin/record/export/xlsx/?search=sign_in")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.values)
    assert rows[0][0] == "บันทึกการเปลี่ยนแปลง"
    assert any("กรองด้วย" in str(row[0]) for row in rows), "the filter is said"
    assert any("ข้อมูล" in str(row[0]) and "2561" in str(row[0]) for row in rows), "and when it was made"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows and sheet.freeze_panes
    assert getattr(sheet.sheet_properties.pageSetUpPr, "fitToPage", False)
    country = client_as("dla").get(f"/rounds/{world.round_id}/status/country.xlsx")
    cells = [
        cell for row in openpyxl.load_workbook(BytesIO(country.data)).worksheets[0].values for cell in row
    ]
    assert {type(cell) for cell in cells if cell is not None} >= {int, str}
    assert "ร้อยละที่ครบ" in cells
    assert any(type(cell) is datetime for row in rows for cell in row)


@pytest.mark.parametrize(
    ("name", "plain", "header"),
    [
        (
            "สถานะ 9:30/ลำปาง.xlsx",
            "status-52",
            r'attachment; filename="status-52\.xlsx"; filename\*=UTF-8\'\'.*\.xlsx',
        ),
        ("../../รายการ.pdf", "../x", r'attachment; filename="x\.pdf"; .*'),
        ("a.csv", "a", r'attachment; filename="a\.csv"'),
        ("ไม่มี", "", r'attachment; filename="file"; .*'),
    ],
)
def test_a_file_has_a_name_for_people_and_one_for_programs(name: str, plain: str, header: str) -> None:
    found = disposition(name, plain=plain)
    assert re.fullmatch(header, found), found
    assert ":" not in found and ".." not in found and "/" not in found and "%2F" not in found


def test_no_file_of_the_room_of_lists_has_a_bare_name(app: Flask, world: World, client_as: ClientAs) -> None:
    for url in (f"{AGENCIES}xlsx/", f"/rounds/{world.round_id}/status/country.xlsx"):
        header: Any = client_as("dla").get(url).headers["Content-Disposition"]
        assert re.search(r'filename="[a-z-]+[a-z0-9-]*\.xlsx"; filename\*=UTF-8', header), header


@pytest.mark.parametrize("arguments", [{"list": "no.such.list"}, {"list": "generated.agencies"}])
def test_a_large_file_is_made_for_who_may_have_the_list(
    app: Portal, world: World, arguments: dict[str, str]
) -> None:
    """A list of an older version, or a person who has lost the right meanwhile: no file, and words."""
    with app.app_context():
        job_id = ask(world, "agency_admin", list_files.KIND, arguments={"args": {}}, ext="csv", **arguments)
    worker.work(app, until_idle=True)
    job, content, _name = the_job(app)
    assert (job.id, job.state, content) == (job_id, JobState.FAILED, b"")
    assert "ไม่มีสิทธิ" in job.message


def test_a_long_file_tells_how_far_it_is(app: Portal, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 500 rows, so that a page of it moves and a stop is heard."""
    told: list[int] = []

    def make(_arguments: Mapping[str, Any]) -> ListFile:
        def rows() -> Iterator[tuple[int]]:
            for number in range(1, 1202):
                with privileged("a test looks") as session:
                    told.append(session.scalars(select(Job.done)).one())
                yield (number,)

        return ListFile("ยาว", "long", ["n"], rows, count=1201, total=lambda: 1201)

    monkeypatch.setattr(kinds, "EVERY", 0.0)
    monkeypatch.setitem(MAKERS, "test.long", Maker(make, Permission.JOBS_READ))
    with app.app_context():
        ask(world, "dla", list_files.KIND, list="test.long", arguments={}, ext="csv")
    worker.work(app, until_idle=True)
    job, content, name = the_job(app)
    assert (job.state, job.done, job.result, name) == (JobState.DONE, 1201, {"rows": 1201}, "ยาว.zip")
    assert sorted(set(told)) == [0, 500, 1000]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert len(archive.read(archive.namelist()[0]).splitlines()) == 1202


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ([], []),
        ([("ค้นหา", "")], []),
        ([("ค้นหา", "เกาะ"), ("ขนาด", ""), ("จังหวัด", "ลำปาง")], ["กรองด้วย ค้นหา: เกาะ · จังหวัด: ลำปาง"]),
    ],
)
def test_a_file_says_how_its_list_was_narrowed(
    app: Portal, pairs: list[tuple[str, str]], line: list[str]
) -> None:
    with app.test_request_context():
        assert list_files.filters_said(pairs) == line


def test_a_file_of_an_ending_that_is_none_is_not_found(client_as: ClientAs) -> None:
    assert client_as("dla").get(f"{AGENCIES}pdf/").status_code == 404
