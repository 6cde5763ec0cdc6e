"""Long work: it runs under its person's grant, tells its progress, stops, resumes and fails in the open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.account import Grant
from models.agency import Agency
from models.job import Job, JobState
from portal.core.access import current_actor
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import queue, worker
from portal.core.jobs.kinds import KINDS, JobContext, JobFailed
from portal.core.web import Portal
from tests.support.client import PortalClient
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres


@pytest.fixture
def kinds() -> Iterator[dict[str, Callable[[JobContext], None]]]:
    """Kinds of this test, forgotten afterwards."""
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


def ask(world: World, person: str, kind: str, **arguments: object) -> int:
    with acting_as(world.actor(person)) as actor:
        return queue.enqueue(kind, title="งานทดลอง", arguments=arguments, actor=actor).id


def test_a_job_sees_what_its_person_sees(app: Portal, world: World, kinds: dict) -> None:
    seen: list[object] = []

    def look(context: JobContext) -> None:
        seen.extend([current_actor(), sorted(db.session.scalars(select(Agency.name)))])

    kinds["test.look"] = look
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

    kinds["test.make"] = make
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

    kinds["test.count"] = count
    with app.app_context():
        job_id = ask(world, "dla", "test.count")
    worker.work(app, until_idle=True)
    with app.app_context():
        if row(Job, job_id).state is JobState.CANCELLED:
            with acting_as(world.actor("dla")):
                queue.again(db.session.get_one(Job, job_id))
            worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.DONE
    assert sorted(set(visited)) == [0, 1, 2, 3] and len(visited) == 4


def test_a_killed_workers_job_is_taken_again(
    app: Portal, world: World, kinds: dict, clock: Callable[[object], None]
) -> None:
    kinds["test.nothing"] = lambda context: None
    with app.app_context():
        job_id = ask(world, "dla", "test.nothing")
        assert queue.claim() == job_id, "a worker takes it and is killed"
        assert queue.claim() is None
        clock(NOW + queue.LOST_AFTER + timedelta(seconds=1))
        assert queue.claim() == job_id


def test_a_failing_job_tells_what_to_mend_and_no_more(app: Portal, world: World, kinds: dict) -> None:
    def fail(context: JobContext) -> None:
        raise JobFailed("The system has a fault")

    def crash(context: JobContext) -> None:
        raise ValueError("secret words of an exception")

    kinds["test.fail"], kinds["test.crash"] = fail, crash
    with app.app_context():
        failed, crashed = ask(world, "dla", "test.fail"), ask(world, "dla", "test.crash")
    worker.work(app, until_idle=True)
    with app.app_context():
        for job_id in (failed, crashed):
            job = row(Job, job_id)
            assert job.state is JobState.FAILED and job.message == "ระบบขัดข้อง"


def test_an_equal_job_is_not_queued_twice(app: Portal, world: World, kinds: dict) -> None:
    kinds["test.nothing"] = lambda context: None
    with app.app_context():
        first = ask(world, "dla", "test.nothing", round=1)
        assert ask(world, "dla", "test.nothing", round=1) == first
        assert ask(world, "dla", "test.nothing", round=2) != first
        assert ask(world, "nacc", "test.nothing", round=1) != first


def test_a_job_of_a_person_who_lost_the_right_does_not_run(
    app: Portal, world: World, kinds: dict, clock: Callable[[object], None]
) -> None:
    ran: list[int] = []
    kinds["test.run"] = lambda context: ran.append(1)
    with app.app_context():
        job_id = ask(world, "dla", "test.run")
        with writing(), privileged("ending a grant") as session:
            session.get_one(Grant, world.grant["dla"]).valid_until = NOW
        worker.work(app, until_idle=True)
        assert row(Job, job_id).state is JobState.FAILED
    assert ran == []
