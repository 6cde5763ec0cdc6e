"""Two people at once, two workers at once: one job, one holder, one run of a duty."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from models.job import Job, JobState
from portal.core.database.session import db, privileged
from portal.core.jobs import periodic, queue
from portal.core.web import Portal
from portal.record.check import VERIFY
from tests.support.world import World, acting_as

AT_ONCE = 6


def at_once(app: Portal, act: Callable[[], Any]) -> list[Any]:
    """Do the same in several threads that begin together; what each gave."""
    begin = threading.Barrier(AT_ONCE)

    def one() -> Any:
        with app.app_context():
            begin.wait(timeout=30)
            return act()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one) for _ in range(AT_ONCE)]]


def test_equal_requests_at_once_are_one_job(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("nacc")

    def ask() -> int:
        with acting_as(actor):
            return queue.enqueue(VERIFY, title="ตรวจ", arguments={}, actor=actor).id

    ids = at_once(app, ask)
    assert len(set(ids)) == 1
    with app.app_context(), privileged("a test looks") as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_job_has_one_holder(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        queue.enqueue(VERIFY, title="ตรวจ", arguments={}, actor=actor)
    claims = [claim for claim in at_once(app, queue.claim) if claim is not None]
    assert len(claims) == 1


def test_a_stop_beside_a_claim_stops_the_job_either_way(app: Portal, world: World) -> None:
    with app.app_context():
        actor = world.actor("nacc")
        with acting_as(actor):
            job_id = queue.enqueue(VERIFY, title="ตรวจ", arguments={}, actor=actor).id
    turn = iter(range(AT_ONCE))
    lock = threading.Lock()

    def stop_or_claim() -> None:
        with lock:
            mine = next(turn)
        if mine:
            queue.claim()
            return
        with acting_as(actor):
            queue.cancel(db.session.get_one(Job, job_id))

    at_once(app, stop_or_claim)
    with app.app_context(), privileged("a test looks") as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.cancel_asked) in {(JobState.CANCELLED, False), (JobState.RUNNING, True)}


def test_a_duty_of_several_workers_runs_once(app: Portal) -> None:
    begun = [began for began in at_once(app, lambda: periodic._begin("test.once", "2018-11-09")) if began]
    assert len(begun) == 1
