"""The queue: what may be asked for, what a stop and a restart do to a job in each state."""

from __future__ import annotations

import pytest

from models.job import Job, JobState
from portal.core.access import Actor
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.jobs import queue
from portal.core.web import Portal
from portal.record.check import VERIFY
from tests.factories.base import Make
from tests.factories.letters import JobFactory
from tests.support.jobs import ask, left_by
from tests.support.world import NOW, World, acting_as, row

pytestmark = pytest.mark.postgres
W, R, D, F, C = JobState.WAITING, JobState.RUNNING, JobState.DONE, JobState.FAILED, JobState.CANCELLED


def job_in(make: Make, world: World, state: JobState) -> int:
    finished = None if state.is_open else NOW
    person = {"account_id": world.account["nacc"], "grant_id": world.grant["nacc"]}
    made = make(JobFactory, kind=VERIFY, state=state, finished_at=finished, message="เดิม", **person)
    return int(made.id)


def pressed(world: World, job_id: int, button: str) -> None:
    def press(job: Job, actor: Actor) -> None:
        queue.cancel(job) if button == "stop" else queue.again(job, actor=actor)

    with acting_as(world.actor("nacc")) as actor:
        press(db.session.get_one(Job, job_id), actor)


def test_work_that_nobody_can_do_is_not_queued(app: Portal, world: World) -> None:
    with app.app_context(), pytest.raises(LookupError, match="no such kind"):
        ask(world, "nacc", "no.such.kind")


@pytest.mark.parametrize(
    ("state", "after", "asked", "ended"),
    [(W, C, False, True), (R, R, True, False)],
    ids=["a waiting one at once", "a running one is asked to"],
)
def test_a_stop_ends(
    app: Portal, world: World, make: Make, state: JobState, after: JobState, asked: bool, ended: bool
) -> None:
    job_id = job_in(make, world, state)
    with app.app_context():
        pressed(world, job_id, "stop")
        job = row(Job, job_id)
        assert (job.state, job.cancel_asked, job.finished_at is not None) == (after, asked, ended)


@pytest.mark.parametrize("state", [D, F, C])
def test_what_has_ended_cannot_be_stopped(app: Portal, world: World, make: Make, state: JobState) -> None:
    job_id = job_in(make, world, state)
    with app.app_context():
        with pytest.raises(Refused, match="finished already"):
            pressed(world, job_id, "stop")
        assert row(Job, job_id).state is state


@pytest.mark.parametrize("state", [F, C])
def test_what_failed_or_was_stopped_waits_again_without_its_trouble(
    app: Portal, world: World, make: Make, state: JobState
) -> None:
    job_id = job_in(make, world, state)
    with app.app_context():
        pressed(world, job_id, "again")
        job = row(Job, job_id)
        assert (job.state, job.attempts, job.message, job.finished_at) == (W, 0, "", None)


@pytest.mark.parametrize("state", [W, R, D])
def test_what_is_open_or_done_is_not_started_again(
    app: Portal, world: World, make: Make, state: JobState
) -> None:
    job_id = job_in(make, world, state)
    with app.app_context():
        with pytest.raises(Refused, match="cannot be started again"):
            pressed(world, job_id, "again")
        assert row(Job, job_id).state is state


def test_a_restart_waits_for_its_equal_to_end(app: Portal, world: World, make: Make) -> None:
    failed = job_in(make, world, F)
    with app.app_context():
        equal = ask(world, "nacc", VERIFY)
        with pytest.raises(Refused, match="waits or runs already"):
            pressed(world, failed, "again")
        assert row(Job, failed).state is F
        pressed(world, equal, "stop")
        pressed(world, failed, "again")
        assert row(Job, failed).state is W


def test_a_job_is_given_to_nobody_while_its_worker_lives(app: Portal, world: World) -> None:
    with app.app_context():
        job_id = ask(world, "nacc", VERIFY)
        assert queue.anything_waits()
        assert queue.claim() is not None
        assert not queue.anything_waits()
        left_by(job_id, seconds=31)
        assert queue.anything_waits()
        assert not queue.anything_waits(besides=[job_id]), "this process runs it"
