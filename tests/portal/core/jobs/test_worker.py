"""The worker beside a database that fails, and beside other workers."""

from __future__ import annotations

import datetime
import logging
import sqlite3
import time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models.agency import Agency
from models.job import Job, JobState
from portal.core.database.session import db
from portal.core.jobs import periodic, queue, worker
from portal.core.jobs.kinds import JobContext, Kind
from portal.core.web import Portal
from tests.support.faults import failing
from tests.support.jobs import ask, left_by
from tests.support.world import World, row

Kinds = dict[str, Kind]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for pauses of half a second."""
    monkeypatch.setattr(worker, "PAUSE", 0.01)


@pytest.fixture
def quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat many times a second."""
    monkeypatch.setattr(worker, "BEAT", 0.01)


def heartbeat(job_id: int) -> object:
    return row(Job, job_id).heartbeat


def until(seconds: float, what: object) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.usefixtures("quick_heart")
def test_a_job_that_takes_long_shows_that_its_worker_lives(app: Portal, world: World, kinds: Kinds) -> None:
    def long(context: JobContext) -> None:
        begun = heartbeat(context.job_id)
        until(10, lambda: heartbeat(context.job_id) != begun)

    kinds["test.long"] = Kind(long)
    with app.app_context():
        job_id = ask(world, "dla", "test.long")
    worker.work(app, until_idle=True)
    with app.app_context():
        assert row(Job, job_id).state is JobState.DONE


@pytest.mark.usefixtures("quick_heart")
def test_a_heartbeat_that_fails_is_said_and_the_job_goes_on(
    app: Portal, world: World, kinds: Kinds, caplog: pytest.LogCaptureFixture
) -> None:
    def long(_context: JobContext) -> None:
        with failing("SET heartbeat") as failed:
            until(10, lambda: len(failed) > 1)

    kinds["test.long"] = Kind(long)
    with app.app_context():
        job_id = ask(world, "dla", "test.long")
    worker.work(app, until_idle=True)
    assert f"no heartbeat of job {job_id}" in caplog.text
    with app.app_context():
        assert row(Job, job_id).state is JobState.DONE


def test_a_job_that_loses_the_database_is_taken_up_when_it_is_back(
    app: Portal, world: World, kinds: Kinds, caplog: pytest.LogCaptureFixture
) -> None:
    found: list[str] = []

    def look(_context: JobContext) -> None:
        found.extend(db.session.scalars(select(Agency.name)))

    kinds["test.look"] = Kind(look)
    with app.app_context():
        job_id = ask(world, "province", "test.look")
        with failing("FROM agency"):
            assert worker.work(app, until_idle=True) == 0
        assert f"job {job_id} (test.look) lost the database" in caplog.text
        assert row(Job, job_id).state is JobState.RUNNING, "nobody said that it failed"
        left_by(job_id, seconds=31)
    assert worker.work(app, until_idle=True) == 1
    assert len(found) == 2


def test_a_mistake_of_ours_is_not_waited_out(app: Portal) -> None:
    """Until idle (as commands work) it is raised; a worker that serves goes on and says it."""
    with failing("FROM job", code=sqlite3.SQLITE_ERROR), pytest.raises(OperationalError):
        worker.work(app, until_idle=True)


def test_a_job_that_another_worker_took_is_left_to_it(
    app: Portal, world: World, kinds: Kinds, caplog: pytest.LogCaptureFixture
) -> None:
    holders: list[str] = []

    def lose(context: JobContext) -> None:
        left_by(context.job_id, seconds=31)
        other = queue.claim()
        assert other is not None
        holders.append(other.holder)
        context.progress(1, 2)

    kinds["test.lose"] = Kind(lose)
    with app.app_context():
        job_id = ask(world, "dla", "test.lose")
    worker.work(app, until_idle=True)
    assert "is held by another worker: this one leaves it" in caplog.text
    with app.app_context():
        job = row(Job, job_id)
        assert (job.state, [job.holder]) == (JobState.RUNNING, holders)


def test_the_end_of_a_job_that_was_lost_is_not_noted(
    app: Portal, world: World, kinds: Kinds, caplog: pytest.LogCaptureFixture
) -> None:
    def lose(context: JobContext) -> None:
        left_by(context.job_id, seconds=31)
        assert queue.claim() is not None

    kinds["test.lose"] = Kind(lose)
    with app.app_context():
        job_id = ask(world, "dla", "test.lose")
    worker.work(app, until_idle=True)
    assert "its end is not noted" in caplog.text
    with app.app_context():
        assert row(Job, job_id).state is JobState.RUNNING


def test_a_job_of_an_older_version_fails_in_plain_words(app: Portal, world: World, kinds: Kinds) -> None:
    kinds["test.old"] = Kind(lambda _context: None)
    with app.app_context():
        job_id = ask(world, "dla", "test.old")
    del kinds["test.old"]
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert (job.state, job.message) == (JobState.FAILED, "ระบบขัดข้อง")


def test_the_total_of_a_finished_job_is_full(app: Portal, world: World, kinds: Kinds) -> None:
    """A last step that nobody told would leave the bar at nine of ten for ever."""
    kinds["test.steps"] = Kind(lambda context: context.progress(9, 10))
    with app.app_context():
        job_id = ask(world, "dla", "test.steps")
    worker.work(app, until_idle=True)
    with app.app_context():
        assert (row(Job, job_id).done, row(Job, job_id).total) == (10, 10)


def test_duties_are_seen_to_once_where_nobody_waits(
    app: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[int] = []
    monkeypatch.setattr(periodic, "DUTIES", [])
    periodic.duty("test.once", daily=datetime.time(0))(lambda: ran.append(1))
    with caplog.at_level(logging.ERROR):
        worker.keep_duties(app, until_idle=True)
        worker.keep_duties(app, until_idle=True)
    assert ran == [1] and not caplog.records
