"""Lists on paper: groups and sums are made of the list's own rows; a job prints them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.job import Job, JobState
from models.letter import StoredFile
from portal.core import list_files
from portal.core.jobs import worker
from portal.core.list_papers import Plan, Row, Sheet, paper_of, printed
from portal.core.web import Portal
from reports.printing import RenderingFailed
from reports.table_data import Bar, PaperColumn, TablePaper
from tests.support.client import PortalClient
from tests.support.jobs import ask
from tests.support.world import World, row

ClientAs = Callable[[str], PortalClient]
HEADER = ("หน่วยงาน", "อำเภอ", "คำตอบ", "วันที่")
ROWS: list[Row] = [
    ("ข", "เมือง", 1500, date(2018, 11, 9)),
    ("ก", "เกาะคา", 2, None),
    ("ค", "เมือง", 3, None),
    ("ง", None, 4, None),
]


def sums(rows: Any) -> Row:
    return "รวม", None, sum(line[2] for line in rows), None


def made(plan: Plan, rows: list[Row] | None = None) -> TablePaper:
    now = datetime(2018, 11, 9, 18, tzinfo=UTC)
    return paper_of(Sheet("รายการ", ["เรื่อง"], HEADER, ROWS if rows is None else rows, "สำนักงาน", now), plan)


def test_rows_lie_under_their_groups_in_their_own_order() -> None:
    paper = made(
        Plan(
            columns=[(0, 3), (2, 1), (3, 1)],
            numbers=frozenset({2}),
            group=1,
            entitled=lambda name: f"อำเภอ{name}" if name else "ทั้งจังหวัด",
            sums=sums,
            bars=lambda rows: [Bar("มี", len(rows), 9)],
        )
    )
    assert paper.columns == (
        PaperColumn("หน่วยงาน", 3),
        PaperColumn("คำตอบ", 1, numbers=True),
        PaperColumn("วันที่", 1),
    )
    assert [(group.title, group.lines, group.sums) for group in paper.groups] == [
        ("ทั้งจังหวัด", (("ง", "4", "–"),), None),
        ("อำเภอเกาะคา", (("ก", "2", "–"),), None),
        (
            "อำเภอเมือง",
            (("ข", "1,500", "9\u00a0พ.ย.\u00a02561"), ("ค", "3", "–")),
            ("รวม", "1,503", ""),
        ),
    ]
    assert paper.sums == ("รวม", "1,509", "") and paper.bars == (Bar("มี", 4, 9),) and paper.count == 4
    assert paper.printed == date(2018, 11, 10), "the day in Thailand"
    assert paper.data.decode("utf-8-sig").splitlines()[0] == ",".join(HEADER)


def test_parts_of_a_whole_stand_as_they_come_and_are_not_counted() -> None:
    paper = made(Plan(columns=[(0, 1)], group=1, parts=True), [ROWS[0], ROWS[2], ROWS[1]])
    assert [(group.title, len(group.lines), group.counted) for group in paper.groups] == [
        ("เมือง", 2, False),
        ("เกาะคา", 1, False),
    ]


def test_a_list_without_groups_or_rows_has_no_titles_and_no_sums() -> None:
    plain = made(Plan(columns=[(0, 1)], sums=sums))
    assert [(group.title, group.sums) for group in plain.groups] == [("", None)]
    nothing = made(Plan(columns=[(0, 1)], group=1, sums=sums), [])
    assert nothing.groups == () and nothing.sums is None and nothing.bars == ()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (7850, "7,850"),
        (Decimal("99.50"), "99.50"),
        (datetime(2018, 11, 9, 3, tzinfo=UTC), "9 พ.ย. 2561"),
        ("ก", "ก"),
    ],
)
def test_cells_are_said_as_people_write_them(cell: Any, words: str) -> None:
    assert printed(cell).replace("\u00a0", " ") == words


# -- as a job ---------------------------------------------------------------------------------------------


def order(client: PortalClient, url: str) -> int:
    """Press "print": the job that it leads to."""
    return int(re.findall(r"/jobs/(\d+)", client.submit(url).location)[0])


@pytest.mark.proof
def test_the_country_is_printed(app: Portal, world: World, client_as: ClientAs) -> None:
    client, url = client_as("dla"), f"/rounds/{world.round_id}/status/country.pdf?tab=iit"
    offer = client.get(url)
    assert offer.status_code == 200 and "พิมพ์เป็น PDF" in offer.text, "typed, it asks"
    job_id = order(client, url)
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert (job.state, job.result) == (JobState.DONE, {"rows": 2}), job.message
        assert job.file_id and row(StoredFile, job.file_id).name == "สถานะทั้งประเทศ แบบ IIT.pdf"
    assert client.get(f"/jobs/{job_id}/file").data.startswith(b"%PDF-1.7")
    assert client_as("province").get(f"/jobs/{job_id}/file").status_code == 404


def test_a_list_that_is_too_long_is_no_paper(
    app: Portal, world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = client_as("dla"), f"/rounds/{world.round_id}/status/country.pdf"
    job_id = order(client, url)
    monkeypatch.setattr(list_files, "MOST_ON_PAPER", 1)
    for answer, status in ((client.get(url), 200), (client.submit(url), 422)):
        assert answer.status_code == status and "ยาวเกินกว่าจะพิมพ์" in answer.text
        assert "</button>" not in answer.text.partition("<main")[2]
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert job.state is JobState.FAILED and "ยาวเกินกว่าจะพิมพ์" in job.message


def test_a_press_that_fails_is_said(
    app: Portal, world: World, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_paper: object) -> bytes:
        raise RenderingFailed("of a test")

    monkeypatch.setattr(list_files, "print_paper", fail)
    job_id = order(client_as("dla"), f"/rounds/{world.round_id}/status/country.pdf?tab=oit")
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert job.state is JobState.FAILED and "สั่งพิมพ์อีกครั้ง" in job.message


def test_who_may_not_see_a_list_gets_no_paper_of_it(app: Portal, world: World, client_as: ClientAs) -> None:
    assert client_as("province").get(f"/rounds/{world.round_id}/status/country.pdf").status_code == 404
    assert client_as("dla").get("/admin/people.pdf").status_code == 404, "a list without a plan"
    arguments = {"round_id": world.round_id, "args": {}}
    with app.app_context():
        job_id = ask(world, "agency_admin", list_files.PAPER, list="none", arguments=arguments, ext="pdf")
        worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.FAILED
