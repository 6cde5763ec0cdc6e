"""The jobs that make letters, where something comes between: a kill, a stop, a fault, a change meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select

from models.account import Grant
from models.dispatch import Dispatch
from models.job import Job, JobState
from models.letter_office import LetterOffice
from models.participation import Participation
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import kinds, queue, worker
from portal.core.web import Portal
from portal.letters import making
from reports.printing import Paper, print_papers
from tests.factories.base import Make
from tests.factories.letters import LetterFactory
from tests.support.letters import OFFICES, made, ordered, set_up
from tests.support.presses import printers_end_at_once
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
#: is told the number of the letter that comes next
Before = Callable[[int], None]


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@pytest.fixture
def before_each(monkeypatch: pytest.MonkeyPatch) -> Callable[[Before], list[set[str]]]:
    """Do something before each letter of the first printing; gives which provinces each one was asked for."""

    def arrange(before: Before) -> list[set[str]]:
        asked: list[set[str]] = []

        def printing(papers: dict[str, Paper], **rest: Any) -> Iterator[tuple[str, bytes]]:
            asked.append(set(papers))
            for number, paper in enumerate(print_papers(papers, **rest), start=1):
                if len(asked) == 1:
                    before(number)
                yield paper

        monkeypatch.setattr(making, "print_papers", printing)
        return asked

    return arrange


def test_letters_that_were_finished_before_a_kill_are_not_made_again(
    app: Portal, world: World, before_each: Callable[[Before], list[set[str]]]
) -> None:
    """The worker dies after the first letter: it is kept with its checkpoint, the next worker goes on."""

    def kill(number: int) -> None:
        if number == 2:
            raise Killed

    asked = before_each(kill)
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla")
        claim = queue.claim()
        assert claim is not None
        with pytest.raises(Killed):
            worker.run(claim)
        assert len(made(job_id).letters) == 1
        with writing(), privileged("half a minute later") as session:
            session.get_one(Job, job_id).state = JobState.WAITING
        worker.work(app, until_idle=True)
        done = made(job_id)
    assert [len(keys) for keys in asked] == [2, 1], "only the missing one is made"
    assert {letter.province_id for letter in done.letters} == set(world.province.values())
    assert done.content[:2] == b"PK", "the file holds both"


def test_a_stopped_job_makes_no_more_letters_and_keeps_where_to_go_on(
    app: Portal,
    world: World,
    before_each: Callable[[Before], list[set[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kinds, "EVERY", 0.0)  # a warm printer is quicker than two looks at who wants a stop

    def stop(_number: int) -> None:
        with writing(), privileged("the person presses stop") as session:
            session.get_one(Job, job_id).cancel_asked = True

    before_each(stop)
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla")
        worker.work(app, until_idle=True)
        stopped = made(job_id)
        assert (stopped.job.state, stopped.file) == (JobState.CANCELLED, None)
        assert len(stopped.letters) == 1, "what was finished is kept"
        with acting_as(world.actor("dla")) as actor:
            queue.again(db.session.get_one(Job, job_id), actor=actor)
        waiting = made(job_id).job
        assert waiting.state is JobState.WAITING
        worker.work(app, until_idle=True)
        assert made(job_id).letters[0].id == stopped.letters[0].id
        assert len(made(job_id).letters) == 2, "the missing one is made"


def test_a_job_that_was_killed_after_its_last_letter_only_hands_them_over(
    app: Portal, world: World, make: Make
) -> None:
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla")
        with privileged("a test looks") as session:
            dispatch_id = session.scalars(select(Dispatch.id)).one()
    letters = {
        place: make(
            LetterFactory,
            round_id=world.round_id,
            province_id=place,
            dispatch_id=dispatch_id,
            file__name=f"{place}.pdf",
        ).id
        for place in world.province.values()
    }
    with app.app_context():
        worker.work(app, until_idle=True)
        done = made(job_id)
    assert ZipFile(BytesIO(done.content)).namelist() == [f"{place}.pdf" for place in sorted(letters)]
    assert len(done.letters) == 2 and done.job.result == {"letters": 2}


@pytest.mark.parametrize("person", OFFICES)
def test_a_letter_that_cannot_be_printed_says_so(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch, person: str
) -> None:
    """The printer does not even start: its own words are for the log."""
    printers_end_at_once(monkeypatch)
    with app.app_context():
        set_up(world, person)
        job_id = ordered(world, person)
        worker.work(app, until_idle=True)
        failed = made(job_id)
    assert failed.job.state is JobState.FAILED
    assert "ทำหนังสือฉบับหนึ่งไม่สำเร็จ" in failed.job.message and "printer" not in failed.job.message
    assert failed.letters == []


def settings_gone() -> None:
    with writing(), privileged("settings are emptied") as session:
        for setting in session.scalars(select(LetterOffice)):
            setting.texts = {**setting.texts, "name": " "}


def font_gone() -> None:
    with writing(), privileged("the server has lost a font") as session:
        for setting in session.scalars(select(LetterOffice)):
            setting.texts = {**setting.texts, "typeface": "psk"}


def rights_gone() -> None:
    with writing(), privileged("every right ends") as session:
        for grant in session.scalars(select(Grant)):
            grant.valid_until = NOW


def nobody_takes_part() -> None:
    with writing(), privileged("nobody takes part") as session:
        session.execute(delete(Participation))


#: what happens, and what the job says then; an issued letter tells what it told when it was issued
MEANWHILE = [
    (nobody_takes_part, "รอบนี้ยังไม่มีหน่วยงาน", ("province",)),
    (settings_gone, "ชื่อส่วนราชการ", ("province",)),
    (font_gone, "TH SarabunPSK", ("province",)),
    (rights_gone, "ผู้สั่งงานนี้ไม่มีสิทธิแล้ว", tuple(OFFICES)),
]


@pytest.mark.parametrize(
    ("person", "meanwhile", "words"),
    [(person, act, words) for act, words, people in MEANWHILE for person in people],
)
def test_what_changed_between_order_and_job_is_said(
    app: Portal, world: World, person: str, meanwhile: Callable[[], None], words: str
) -> None:
    with app.app_context():
        set_up(world, person)
        job_id = ordered(world, person)
        meanwhile()
        worker.work(app, until_idle=True)
        failed = made(job_id)
    assert failed.job.state is JobState.FAILED
    assert words in failed.job.message
    assert (failed.letters, failed.file) == ([], None)
