"""The job table as a queue: enqueue, claim, cancel, and take back what a dead worker left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from models.job import Job, JobState
from portal.core import clock
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs.kinds import KINDS, OPEN_STATES
from portal.core.texts import _

#: a running job without a heartbeat for so long was left by a killed worker
LOST_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 5


def enqueue(kind: str, *, title: str, arguments: dict[str, Any], actor: Actor) -> Job:
    """Queue a job in the door's transaction. An equal one that still waits or runs is given instead."""
    if kind not in KINDS:
        raise LookupError(f"no such kind of job: {kind}")
    query = select(Job).where(
        Job.kind == kind, Job.state.in_(OPEN_STATES), Job.account_id == actor.account_id
    )
    for job in db.session.scalars(query):
        if job.arguments == arguments:
            return job
    job = Job(
        kind=kind,
        title=title,
        arguments=arguments,
        account_id=actor.account_id,
        grant_id=actor.grant_id,
        created_at=clock.now(),
    )
    db.session.add(job)
    db.session.flush()
    return job


def cancel(job: Job) -> None:
    """Ask a job to stop; one that waits is stopped at once. Raises Refused for a finished one."""
    if job.state is JobState.WAITING:
        job.state, job.finished_at = JobState.CANCELLED, clock.now()
    elif job.state is JobState.RUNNING:
        job.cancel_asked = True
    else:
        raise Refused("This job has finished already")
    db.session.flush()


def again(job: Job) -> None:
    """Queue a failed or stopped job again; it goes on from its checkpoint. Raises Refused for others."""
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise Refused("This job cannot be started again")
    job.state, job.cancel_asked, job.attempts = JobState.WAITING, False, 0
    job.finished_at, job.message = None, ""
    db.session.flush()


def claim() -> int | None:
    """Take the oldest waiting or lost job for this worker; gives its id, None where there is none."""
    now = clock.now()
    with writing(), privileged("claiming a job") as session:
        lost = (Job.state == JobState.RUNNING) & (Job.heartbeat < now - LOST_AFTER)
        query = select(Job).where(or_(Job.state == JobState.WAITING, lost)).order_by(Job.id).limit(1)
        job = session.scalar(query.with_for_update(skip_locked=True))
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = JobState.FAILED, now
            job.message = _("The job was started too often without reaching its end")
            return None
        job.state, job.attempts, job.heartbeat = JobState.RUNNING, job.attempts + 1, now
        job.started_at = job.started_at or now
        return job.id


def anything_waits() -> bool:
    """A cheap look before claiming takes the write lock."""
    now = clock.now()
    with privileged("looking for jobs") as session:
        lost = (Job.state == JobState.RUNNING) & (Job.heartbeat < now - LOST_AFTER)
        query = select(Job.id).where(or_(Job.state == JobState.WAITING, lost)).limit(1)
        return session.scalar(query) is not None
