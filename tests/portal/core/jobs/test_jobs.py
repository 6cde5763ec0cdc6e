"""Long work: it runs under its person's grant, tells its progress, stops, resumes and fails in the open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.account import Grant
from models.agency import Agency
from models.audit import AuditEvent
from models.job import Job, JobState, Lane
from portal.core.access import Permission as P
from portal.core.access import current_actor
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import queue, worker
from portal.core.jobs.kinds import JobContext, JobFailed, Kind, Taken
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.jobs import ask, left_by
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


def test_a_job_sees_what_its_person_sees(app: Portal, world: World, kinds: dict) -> None:
    seen: list[object] = []

    def look(context: JobContext) -> None:
        seen.extend([current_actor(), sorted(db.session.scalars(select(Agency.name)))])

    kinds["test.look"] = Kind(look)
    with app.app_context():
        job_id = ask(world, "province", "test.look")
    assert worker.work(app, until_idle=True) == 1
    with app.app_context():
        assert seen == [world.actor("province"), ["ท่าผา", "เกาะคา"]]
        assert row(Job, job_id).state is JobState.DONE


def test_progress_and_file_end_where_the_person_looks(
    app: Portal, world: World, kinds: dict, client_as: Callable[[str], PortalClient]
) -> None:
    def make(context: JobContext) -> None:
        context.progress(1, 2, "กำลังทำ")
        context.keep_file("ผล.txt", "text/plain", b"content")
        context.progress(2, 2)

    kinds["test.make"] = Kind(make)
    with app.app_context():
        job_id = ask(world, "agency_admin", "test.make")
    worker.work(app, until_idle=True)
    client = client_as("agency_admin")
    assert "ดาวน์โหลดไฟล์" in client.get(f"/jobs/{job_id}").text
    assert client.get(f"/jobs/{job_id}/file").data == b"content"
    assert client_as("agency_admin_other").get(f"/jobs/{job_id}/file").status_code == 404


def test_a_stopped_job_goes_on_from_its_checkpoint(app: Portal, world: World, kinds: dict) -> None:
    visited: list[int] = []

    def count(context: JobContext) -> None:
        for number in range(int(context.checkpoint.get("next", 0)), 4):
            visited.append(number)
            context.checkpoint["next"] = number + 1
            context.save()
            if number == 1 and len(visited) == 2:
                with writing(), privileged("somebody presses stop") as session:
                    queue_stop(session, context.job_id)
            context.progress(number + 1, 4 if number else number + 1)

    def queue_stop(session: object, job_id: int) -> None:
        session.get_one(Job, job_id).cancel_asked = True  # type: ignore[attr-defined]

    kinds["test.count"] = Kind(count)
    with app.app_context():
        job_id = ask(world, "dla", "test.count")
    worker.work(app, until_idle=True)
    with app.app_context():
        if row(Job, job_id).state is JobState.CANCELLED:
            with acting_as(world.actor("dla")) as actor:
                queue.again(db.session.get_one(Job, job_id), actor=actor)
            worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.DONE
    assert sorted(set(visited)) == [0, 1, 2, 3] and len(visited) == 4


def test_a_killed_workers_job_is_taken_again_whatever_the_clock_says(
    app: Portal, world: World, kinds: dict, clock: Callable[[object], None]
) -> None:
    kinds["test.nothing"] = Kind(lambda context: None)
    with app.app_context():
        job_id = ask(world, "dla", "test.nothing")
        first = queue.claim()
        assert first is not None and first.job_id == job_id, "a worker takes it"
        clock(NOW + timedelta(days=1))
        assert queue.claim() is None, "a clock that jumps gives it to nobody else"
        left_by(job_id, 31)
        second = queue.claim()
        assert second is not None and second.job_id == job_id
        assert second.holder != first.holder


def test_a_worker_never_takes_the_job_it_runs(app: Portal, world: World, kinds: dict) -> None:
    """A lock that keeps the heartbeat back for long makes no second run beside the first in one process."""
    runs: list[int] = []

    def held_up(context: JobContext) -> None:
        runs.append(context.job_id)
        left_by(context.job_id, 300)
        if len(runs) == 1:
            assert worker.work(context_app, until_idle=True, lanes=(Lane.SHORT,)) == 0

    context_app = app
    kinds["test.held_up"] = Kind(held_up, lane=Lane.SHORT)
    with app.app_context():
        ask(world, "dla", "test.held_up")
    assert worker.work(app, until_idle=True) == 1
    assert len(runs) == 1


def test_a_fault_between_jobs_does_not_end_the_worker(
    app: Portal, world: World, kinds: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, real = threading.Event(), queue.anything_waits
    kinds["test.last"] = Kind(lambda context: stop.set())
    faults = [ValueError("not of the database")]

    def faulty(*args: Any) -> bool:
        if faults:
            raise faults.pop()
        return real(*args)

    monkeypatch.setattr(queue, "anything_waits", faulty)
    with app.app_context():
        job_id = ask(world, "dla", "test.last")
    assert worker.work(app, stop=stop) == 1
    with app.app_context():
        assert row(Job, job_id).state is JobState.DONE


def test_who_lost_a_job_writes_no_more(app: Portal, world: World, kinds: dict) -> None:
    late: list[str] = []

    def lose(context: JobContext) -> None:
        left_by(context.job_id, 31)
        assert queue.claim() is not None, "another worker has it now"
        for write in (
            lambda: context.progress(1, 2),
            context.save,
            lambda: context.finish({"words": "late"}),
        ):
            try:
                write()
            except Taken:
                late.append("refused")

    kinds["test.lose"] = Kind(lose)
    with app.app_context():
        job_id = ask(world, "dla", "test.lose")
        claim = queue.claim()
        assert claim is not None
        worker.run(claim)
        job = row(Job, job_id)
    assert late == ["refused"] * 3
    assert (job.state, job.done, job.result) == (JobState.RUNNING, 0, {})


def test_what_was_finished_and_its_checkpoint_are_kept_together(
    app: Portal, world: World, kinds: dict
) -> None:
    def half(context: JobContext) -> None:
        context.checkpoint["step"] = 1
        with writing(), privileged("a step") as session:
            context.save(session)
            raise JobFailed("The system has a fault")

    kinds["test.half"] = Kind(half)
    with app.app_context():
        job_id = ask(world, "dla", "test.half")
    worker.work(app, until_idle=True)
    with app.app_context():
        assert row(Job, job_id).checkpoint == {}


def test_stop_is_seen_while_the_clock_stands_still(app: Portal, world: World, kinds: dict) -> None:
    def long(context: JobContext) -> None:
        for number in range(100):
            context.progress(number, 1000)
            if number == 1:
                with writing(), privileged("somebody presses stop") as session:
                    session.get_one(Job, context.job_id).cancel_asked = True
            time.sleep(0.02)

    kinds["test.long"] = Kind(long)
    with app.app_context():
        job_id = ask(world, "dla", "test.long")
    worker.work(app, until_idle=True)
    with app.app_context():
        assert row(Job, job_id).state is JobState.CANCELLED


def test_a_stop_and_a_claim_are_one_or_the_other(app: Portal, world: World, kinds: dict) -> None:
    """The page was made while the job waited; a worker took it before the button was pressed."""
    kinds["test.nothing"] = Kind(lambda context: None)
    with app.app_context():
        job_id = ask(world, "dla", "test.nothing")
        with acting_as(world.actor("dla")):
            job = db.session.get_one(Job, job_id)
            db.session.commit()
            assert queue.claim() is not None
            queue.cancel(job)
        job = row(Job, job_id)
        assert (job.state, job.cancel_asked) == (JobState.RUNNING, True)


def test_a_right_that_ends_while_a_job_runs_ends_the_job(app: Portal, world: World, kinds: dict) -> None:
    def long(context: JobContext) -> None:
        context.progress(0, 2)
        with writing(), privileged("ending a grant") as session:
            session.get_one(Grant, world.grant["dla"]).valid_until = NOW
        context.progress(2, 2)

    kinds["test.long"] = Kind(long)
    with app.app_context():
        job_id = ask(world, "dla", "test.long")
    worker.work(app, until_idle=True)
    with app.app_context():
        job = row(Job, job_id)
        assert (job.state, "ไม่มีสิทธิ" in job.message) == (JobState.FAILED, True), job.message


def test_a_worker_that_is_told_to_end_gives_its_job_back(app: Portal, world: World, kinds: dict) -> None:
    stop = threading.Event()

    def long(context: JobContext) -> None:
        context.checkpoint["step"] = 1
        context.save()
        stop.set()
        context.progress(1, 2)

    kinds["test.long"] = Kind(long)
    with app.app_context():
        job_id = ask(world, "dla", "test.long")
    assert worker.work(app, stop=stop) == 1
    with app.app_context():
        job = row(Job, job_id)
        assert (job.state, job.attempts, job.checkpoint) == (JobState.WAITING, 0, {"step": 1})


def test_short_work_does_not_wait_for_long_work(app: Portal, world: World, kinds: dict) -> None:
    kinds["test.long"] = Kind(lambda context: None)
    kinds["test.short"] = Kind(lambda context: None, lane=Lane.SHORT)
    with app.app_context():
        long, short = ask(world, "dla", "test.long"), ask(world, "dla", "test.short")
        assert queue.claim([Lane.SHORT]) == queue.Claim(short, row(Job, short).holder)
        assert queue.claim([Lane.SHORT]) is None
        taken = queue.claim()
        assert taken is not None and taken.job_id == long


def test_a_job_started_too_often_fails_and_the_next_one_runs(app: Portal, world: World, kinds: dict) -> None:
    kinds["test.nothing"] = Kind(lambda context: None)
    with app.app_context():
        worn, fresh = ask(world, "dla", "test.nothing"), ask(world, "dla", "test.nothing", round=2)
        with writing(), privileged("a test") as session:
            session.get_one(Job, worn).attempts = queue.MOST_ATTEMPTS
        taken = queue.claim()
        assert taken is not None and taken.job_id == fresh
        assert row(Job, worn).state is JobState.FAILED


def test_a_restart_runs_as_who_restarts_and_is_recorded(
    app: Portal, world: World, kinds: dict, client_as: Callable[[str], PortalClient]
) -> None:
    def fail(context: JobContext) -> None:
        raise JobFailed("The system has a fault")

    kinds["test.fail"] = Kind(fail, permission=P.RECORD_READ)
    with app.app_context():
        job_id = ask(world, "nacc", "test.fail")
    worker.work(app, until_idle=True)
    assert client_as("dla").submit(f"/jobs/{job_id}/again").status_code == 302
    with app.app_context():
        job = row(Job, job_id)
        assert (job.account_id, job.grant_id) == (world.account["dla"], world.grant["dla"])
        with privileged("a test looks") as session:
            event = session.scalars(select(AuditEvent).where(AuditEvent.act == "job.again")).one()
            assert (event.row, event.account_id) == (str(job_id), world.account["dla"])
            assert event.before["account_id"] == world.account["nacc"]


def test_a_job_belongs_to_those_who_may_do_what_it_did(
    app: Portal, world: World, kinds: dict, client_as: Callable[[str], PortalClient]
) -> None:
    """A job, its file, a stop or a restart is for whoever may ask for that work."""

    def make(context: JobContext) -> None:
        context.keep_file("โปสเตอร์.pdf", "application/pdf", b"%PDF secret link")

    kinds["test.poster"] = Kind(make, permission=P.LINKS_READ)
    kinds["test.own"] = Kind(make)
    with app.app_context():
        poster, own = ask(world, "agency_admin", "test.poster"), ask(world, "nacc", "test.own")
    worker.work(app, until_idle=True)
    for job_id in (poster, own):
        assert client_as("dla").get(f"/jobs/{job_id}").status_code == 404
        assert client_as("dla").get(f"/jobs/{job_id}/file").status_code == 404
        for act in ("stop", "again"):
            assert client_as("dla").submit(f"/jobs/{job_id}/{act}").status_code == 404
    assert client_as("agency_admin").get(f"/jobs/{poster}/file").status_code == 200
    assert client_as("nacc").get(f"/jobs/{own}/file").status_code == 200


def test_a_failing_job_tells_what_to_mend_and_no_more(app: Portal, world: World, kinds: dict) -> None:
    def fail(context: JobContext) -> None:
        raise JobFailed("The system has a fault")

    def crash(context: JobContext) -> None:
        raise ValueError("secret words of an exception")

    kinds["test.fail"], kinds["test.crash"] = Kind(fail), Kind(crash)
    with app.app_context():
        failed, crashed = ask(world, "dla", "test.fail"), ask(world, "dla", "test.crash")
    worker.work(app, until_idle=True)
    with app.app_context():
        for job_id in (failed, crashed):
            job = row(Job, job_id)
            assert job.state is JobState.FAILED and job.message == "ระบบขัดข้อง"


def test_an_equal_job_is_not_queued_twice(app: Portal, world: World, kinds: dict) -> None:
    kinds["test.nothing"] = Kind(lambda context: None)
    with app.app_context():
        first = ask(world, "dla", "test.nothing", round=1)
        assert ask(world, "dla", "test.nothing", round=1) == first
        assert ask(world, "dla", "test.nothing", round=2) != first
        assert ask(world, "nacc", "test.nothing", round=1) != first


def test_a_job_of_a_person_who_lost_the_right_does_not_run(
    app: Portal, world: World, kinds: dict, clock: Callable[[object], None]
) -> None:
    ran: list[int] = []
    kinds["test.run"] = Kind(lambda context: ran.append(1))
    with app.app_context():
        job_id = ask(world, "dla", "test.run")
        with writing(), privileged("ending a grant") as session:
            session.get_one(Grant, world.grant["dla"]).valid_until = NOW
        worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.FAILED
    assert ran == []
