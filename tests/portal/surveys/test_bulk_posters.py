"""Posters of many agencies: external links alone, each agency once, and those without a link by name."""

from __future__ import annotations

import re
import subprocess
import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from models.instrument import InstrumentKind
from models.job import Job, JobState
from models.letter import StoredFile
from models.participation import Participation
from models.place import Province
from models.round import Round, RoundState
from portal.ballot.links import make_links, rotate_link
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.files import BOOK_OF_POSTERS
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.surveys import bulk_posters
from reports.letter_data import PosterSheet
from reports.poster_data import PosterBook
from reports.printing import RenderingFailed
from tests.support.presses import print_here
from tests.support.world import World, acting_as

EIT = InstrumentKind.EIT


@pytest.fixture(autouse=True)
def printed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_posters, "print_papers", print_here)


@pytest.fixture
def linked(app: Portal, world: World) -> dict[tuple[str, str], str]:
    """Three of the four agencies have their links; gives the codes by agency and survey."""
    codes = {}
    with app.app_context(), writing(), privileged("a test makes links") as session:
        for key in ("a1", "a2", "b1"):
            for kind, link in make_links(session.get_one(Participation, world.participation[key])).items():
                codes[key, kind.value] = link.code
    return codes


def ordered(world: World, person: str, province: str | None = None, sheet: str = "a4") -> int:
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        place = db.session.get_one(Province, world.province[province]) if province else None
        return bulk_posters.order(round, place, PosterSheet(sheet), actor=actor).id


def made(app: Portal, job_id: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the page of the finished work says, and what its ZIP holds."""
    worker.work(app, until_idle=True)
    with privileged("a test looks") as session:
        job = session.get_one(Job, job_id)
        assert job.state is JobState.DONE, job.message
        file = session.get_one(StoredFile, job.file_id, options=[undefer(StoredFile.content)])
        with zipfile.ZipFile(BytesIO(file.content)) as archive:
            return job.result, {name: archive.read(name) for name in archive.namelist()}


def books() -> int:
    with privileged("a test counts") as session:
        query = select(func.count()).where(StoredFile.content_type == BOOK_OF_POSTERS)
        return session.scalar(query) or 0


def codes_of(content: bytes) -> list[str]:
    """The codes of links that stand in print, a page after the other."""
    if not content.startswith(b"%PDF"):
        return []
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return re.findall(r"/s/\s*([0-9a-z]{21})", text)


def test_a_province_gets_its_own_external_links_alone_and_each_once(
    app: Portal, world: World, linked: dict[tuple[str, str], str]
) -> None:
    with app.app_context():
        said, files = made(app, ordered(world, "province", "52"))
        assert books() == 0, "the books go with the hand-over"
    merged, first, second = sorted(files, key=lambda name: ("สำหรับพิมพ์" not in name, name))
    assert merged == "จังหวัดลำปาง รวมทุกหน่วยงานสำหรับพิมพ์.pdf"
    assert (first, second) == (
        "จังหวัดลำปาง 001 เทศบาลตำบลเกาะคา อ.เกาะคา.pdf",
        "จังหวัดลำปาง 002 องค์การบริหารส่วนตำบลท่าผา อ.เกาะคา.pdf",
    )
    assert codes_of(files[merged]) == [linked["a1", "eit"], linked["a2", "eit"]]
    assert codes_of(files[first]) == [linked["a1", "eit"]]
    assert codes_of(files[second]) == [linked["a2", "eit"]]
    assert len(files[second]) < len(files[merged])
    assert said["posters"] == 2 and "ยังไม่มีลิงก์" not in said["words"]


def test_the_country_gets_a_file_per_province_and_the_names_without_a_link(
    app: Portal, world: World, linked: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_posters, "BOOK", 1)
    with app.app_context():
        said, files = made(app, ordered(world, "nacc", sheet="cards"))
    assert sorted(files) == [
        "จังหวัดกระบี่ รวมทุกหน่วยงานสำหรับพิมพ์.pdf",
        "จังหวัดลำปาง รวมทุกหน่วยงานสำหรับพิมพ์.pdf",
        "หน่วยงานที่ยังไม่มีลิงก์.txt",
    ]
    on_paper = {code for content in files.values() for code in codes_of(content)}
    assert on_paper == {linked[key, "eit"] for key in ("a1", "a2", "b1")}, "no internal link among them"
    assert "เทศบาลตำบลเขาพนม" in files["หน่วยงานที่ยังไม่มีลิงก์.txt"].decode("utf-8-sig")
    assert "ยังไม่มีลิงก์ 1 หน่วยงาน ได้แก่ เทศบาลตำบลเขาพนม จ.กระบี่" in said["words"]


def test_a_province_that_asks_for_another_gets_nothing(
    app: Portal, world: World, linked: dict[tuple[str, str], str]
) -> None:
    with app.app_context(), pytest.raises(Refused, match="No agency has its link"):
        ordered(world, "province", "81")


def test_a_failed_order_goes_on_without_what_was_printed_and_with_what_was_replaced(
    app: Portal, world: World, linked: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_posters, "BOOK", 1)
    papers: list[PosterBook] = []

    def breaks_after(number: int) -> Any:
        def printing(wanted: Any) -> Any:
            for place, (key, content) in enumerate(print_here(wanted)):
                if place == number:
                    raise RenderingFailed("the printer ended")
                papers.append(wanted[key])
                yield key, content

        return printing

    monkeypatch.setattr(bulk_posters, "print_papers", breaks_after(2))
    with app.app_context():
        job_id = ordered(world, "dla")
        worker.work(app, until_idle=True)
        assert books() == 2
        with acting_as(world.actor("agency_admin_other")):
            new = rotate_link(db.session.get_one(Participation, world.participation["b1"]), EIT).code
        with acting_as(world.actor("dla")) as actor:
            queue.again(db.session.get_one(Job, job_id), actor=actor)
        monkeypatch.setattr(bulk_posters, "print_papers", breaks_after(9))
        said, files = made(app, job_id)
        assert books() == 0
    urls = [poster.url[-21:] for book in papers for poster in book.posters]
    expected = [linked["b1", "eit"], linked["a1", "eit"], new, linked["a2", "eit"]]
    assert urls == expected, "a book that was kept is not printed again, one with a dead link is"
    on_paper = {code for content in files.values() for code in codes_of(content)}
    assert on_paper == {linked["a1", "eit"], linked["a2", "eit"], new}
    assert said["posters"] == 3


@pytest.mark.parametrize(
    ("state", "now", "words"),
    [
        (RoundState.OPEN, None, "No agency has its link yet"),
        (RoundState.CLOSED, None, "This round is not open"),
        (RoundState.OPEN, "2019-10-12T10:00:00+07:00", "This stage has closed"),
    ],
)
def test_nothing_is_ordered_where_nothing_can_be_spread(
    app: Portal, world: World, clock: Any, state: RoundState, now: str | None, words: str
) -> None:
    if now:
        clock(now)
    with app.app_context():
        with privileged("a test sets the round") as session:
            session.info["unrecorded"] = True
            session.get_one(Round, world.round_id).state = state
        with pytest.raises(Refused, match=words):
            ordered(world, "dla")


def test_links_that_went_while_the_job_waited_are_said(
    app: Portal, world: World, linked: dict[tuple[str, str], str], clock: Any
) -> None:
    with app.app_context():
        job_id = ordered(world, "dla")
        clock("2019-10-12T10:00:00+07:00")
        worker.work(app, until_idle=True)
        with privileged("a test looks") as session:
            job = session.get_one(Job, job_id)
            assert job.state is JobState.FAILED and "ปิดแล้ว" in job.message
