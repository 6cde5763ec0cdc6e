"""Letters from the order to the kept file: NACC's letter, circulars, a province's summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.job import Job, JobState
from models.letter import Letter, LetterKind, StoredFile
from models.round import Round
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.letters import orders
from portal.letters.offices import REQUIRED, save_texts
from portal.letters.orders import LetterOrder
from reports.printing import Paper, RenderingFailed, print_papers
from tests.reports.sample import text_of
from tests.support.respondents import confirm
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
ORDER = LetterOrder("ว 1", date(2018, 11, 9), ("หนังสืออ้างถึงทดลอง",))
OFFICES = {
    "nacc": LetterKind.NACC_TO_DLA,
    "dla": LetterKind.CIRCULAR,
    "province": LetterKind.PROVINCE_SUMMARY,
}


def set_up(world: World, person: str) -> None:
    """The person's office fills in its settings."""
    with acting_as(world.actor(person)) as actor:
        kind = OFFICES[person]
        texts = {name: f"ทดลอง {name}" for name in REQUIRED[kind]}
        save_texts(kind, texts, province_id=actor.province_id)


def ordered(world: World, person: str) -> int:
    """The person orders what its office makes; gives the job's id."""
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, world.round_id)
        job = {
            "nacc": lambda: orders.order_nacc_letter(round, ORDER, actor=actor),
            "dla": lambda: orders.order_circulars(round, ORDER, actor=actor),
            "province": lambda: orders.order_summary(
                round, prepared_by="ผู้จัดทำทดลอง", checked_by="ผู้ตรวจทดลอง", actor=actor
            ),
        }[person]()
        return job.id


def made(world: World, job_id: int) -> tuple[Job, list[Letter], StoredFile]:
    """The finished job, the letters that were kept, and the job's own file."""
    with privileged("a test looks") as session:
        job = session.get_one(Job, job_id)
        assert job.state is JobState.DONE, job.message
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        file = session.scalars(
            select(StoredFile).where(StoredFile.id == job.file_id).options(undefer(StoredFile.content))
        ).one()
        for one in (job, file, *letters):
            session.refresh(one)
        assert file.content is not None
        session.expunge_all()
        return job, letters, file


@pytest.mark.parametrize("person", list(OFFICES))
def test_a_letter_is_not_ordered_before_its_office_is_known(app: Portal, world: World, person: str) -> None:
    with app.app_context(), pytest.raises(Refused, match="settings are filled in"):
        ordered(world, person)


def test_nacc_s_letter_encloses_the_country(app: Portal, world: World, tmp_path: Path) -> None:
    confirm(app, world, "a1", "b1")
    with app.app_context():
        set_up(world, "nacc")
        job_id = ordered(world, "nacc")
        assert worker.work(app, until_idle=True) == 1
        _job, (letter,), file = made(world, job_id)
        assert (letter.kind, letter.province_id) == (LetterKind.NACC_TO_DLA, None)
        assert letter.number == "ทดลอง number_prefix/ว 1"
        assert letter.data["references"] == list(ORDER.references)
        text = text_of(file.content, tmp_path)
    assert "ลำปาง" in text and "กระบี่" in text
    assert "หนังสืออ้างถึงทดลอง" in text


def test_every_province_gets_its_circular_and_the_desk_a_zip(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla")
        worker.work(app, until_idle=True)
        _job, letters, file = made(world, job_id)
        assert {letter.province_id for letter in letters} == set(world.province.values())
        with ZipFile(BytesIO(file.content)) as archive:
            names = archive.namelist()
            texts = {name: text_of(archive.read(name), tmp_path) for name in names}
    assert len(names) == len(world.province)
    lampang = next(text for name, text in texts.items() if "ลำปาง" in name)
    assert "เกาะคา" in lampang and "กระบี่" not in lampang


def test_a_province_s_summary_holds_its_own_agencies_only(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        set_up(world, "province")
        job_id = ordered(world, "province")
        worker.work(app, until_idle=True)
        _job, (letter,), file = made(world, job_id)
        assert (letter.kind, letter.province_id) == (LetterKind.PROVINCE_SUMMARY, world.province["52"])
        text = text_of(file.content, tmp_path)
    assert "เกาะคา" in text and "ผู้จัดทำทดลอง" in text and "กระบี่" not in text


def test_letters_that_were_finished_before_a_kill_are_not_made_again(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the first letter: it is kept with its checkpoint, the next worker goes on."""

    class Killed(BaseException):
        """Nobody catches it, as nobody catches a kill."""

    asked: list[set[str]] = []

    def die_after_one(papers: dict[str, Paper], **rest: Any) -> Iterator[tuple[str, bytes]]:
        asked.append(set(papers))
        for number, made in enumerate(print_papers(papers, **rest)):
            if number == 1 and len(asked) == 1:
                raise Killed
            yield made

    monkeypatch.setattr(orders, "print_papers", die_after_one)
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla")
        claim = queue.claim()
        assert claim is not None
        with pytest.raises(Killed):
            worker.run(claim)
        with writing(), privileged("half a minute later") as session:
            session.get_one(Job, job_id).state = JobState.WAITING
        worker.work(app, until_idle=True)
        _job, letters, _file = made(world, job_id)
    assert [len(keys) for keys in asked] == [2, 1], "only the missing one is made"
    assert len(letters) == 2


def test_a_letter_that_cannot_be_printed_says_so(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_papers: object) -> bytes:
        raise RenderingFailed("secret words of a printer")

    monkeypatch.setattr(orders, "print_paper", fail)
    with app.app_context():
        set_up(world, "nacc")
        job_id = ordered(world, "nacc")
        worker.work(app, until_idle=True)
        with privileged("a test looks") as session:
            job = session.get_one(Job, job_id)
            assert job.state is JobState.FAILED
            assert "secret" not in job.message
            assert session.scalar(select(Letter.id)) is None
