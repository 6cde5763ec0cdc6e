"""The job table as a queue: enqueue, claim, cancel, and take back what a dead worker left."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.job import Job, JobState, Lane
from portal.core import audit, clock
from portal.core.access import Actor
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs.kinds import KINDS
from portal.core.texts import _

#: a running job without a heartbeat for so long was left by a killed worker
LOST_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 5
EVERY_LANE = frozenset(Lane)


@dataclass(frozen=True)
class Claim:
    """A job that a worker has taken, and the token by which it holds it."""

    job_id: int
    holder: str


def enqueue(kind: str, *, title: str, arguments: dict[str, Any], actor: Actor) -> Job:
    """Queue a job in the door's transaction. An equal one that still waits or runs is given instead.

    Raises LookupError for a kind that is not there.
    """
    if kind not in KINDS:
        raise LookupError(f"no such kind of job: {kind}")
    key = _open_key(kind, arguments, actor.account_id)
    for _look in range(3):  # an equal one may begin or end between two looks
        equal = db.session.scalar(select(Job).where(Job.open_key == key))
        if equal is not None:
            return equal
        job = Job(
            kind=kind,
            title=title,
            arguments=arguments,
            lane=KINDS[kind].lane.value,
            open_key=key,
            account_id=actor.account_id,
            grant_id=actor.grant_id,
            created_at=clock.now(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(job)
            return job
        except IntegrityError as error:
            conflict = error
    raise conflict


def cancel(job: Job) -> None:
    """Ask a job to stop; one that waits is stopped at once. Raises Refused for a finished one."""
    stopped = {"state": JobState.CANCELLED, "finished_at": clock.now(), "open_key": None}
    asked = {"cancel_asked": True}
    if not _change(job, JobState.WAITING, stopped) and not _change(job, JobState.RUNNING, asked):
        raise Refused("This job has finished already")
    audit.record(db.session(), act="job.stop", thing="job", row=job.id, after={"title": job.title})


def again(job: Job, *, actor: Actor) -> None:
    """Queue a failed or stopped job again, as the job of who asks now; it goes on from its checkpoint.

    Raises Refused for others, and where an equal one is open.
    """
    before = {"state": job.state.value, "account_id": job.account_id}
    fresh = {
        "state": JobState.WAITING,
        "cancel_asked": False,
        "attempts": 0,
        "finished_at": None,
        "message": "",
        "account_id": actor.account_id,
        "grant_id": actor.grant_id,
        "open_key": _open_key(job.kind, job.arguments, actor.account_id),
    }
    try:
        with db.session.begin_nested():
            done = _change(job, JobState.FAILED, fresh) or _change(job, JobState.CANCELLED, fresh)
    except IntegrityError as error:
        raise Refused("The same work waits or runs already") from error
    if not done:
        raise Refused("This job cannot be started again")
    after = {"title": job.title, "account_id": actor.account_id}
    audit.record(db.session(), act="job.again", thing="job", row=job.id, before=before, after=after)


def claim(lanes: Collection[Lane] = EVERY_LANE, besides: Collection[int] = ()) -> Claim | None:
    """Take the first waiting or lost job of these lanes; None where there is none.

    ``besides``: ids of jobs that are left alone, because they run in this very process.
    """
    while True:
        now = clock.machine()
        with writing(), privileged("claiming a job") as session:
            query = select(Job).where(_takeable(lanes, besides)).order_by(Job.lane, Job.id).limit(1)
            job = session.scalar(query.with_for_update(skip_locked=True))
            if job is None:
                return None
            if job.attempts < MOST_ATTEMPTS:
                job.state, job.attempts, job.heartbeat = JobState.RUNNING, job.attempts + 1, now
                job.holder, job.started_at = secrets.token_hex(16), job.started_at or clock.now()
                return Claim(job.id, job.holder)
            job.state, job.finished_at, job.open_key, job.holder = JobState.FAILED, clock.now(), None, ""
            job.message = _("The job was started too often without reaching its end")


def anything_waits(lanes: Collection[Lane] = EVERY_LANE, besides: Collection[int] = ()) -> bool:
    """A cheap look before claiming takes the write lock."""
    with privileged("looking for jobs") as session:
        return session.scalar(select(Job.id).where(_takeable(lanes, besides)).limit(1)) is not None


def _takeable(lanes: Collection[Lane], besides: Collection[int]) -> ColumnElement[bool]:
    lost = (Job.state == JobState.RUNNING) & (Job.heartbeat < clock.machine() - LOST_AFTER)
    mine = Job.lane.in_([lane.value for lane in lanes]) & Job.id.not_in(besides)
    return mine & or_(Job.state == JobState.WAITING, lost)


def _change(job: Job, state: JobState, values: dict[str, Any]) -> bool:
    """Change a job that is still in this state; False where a worker or a person was faster."""
    done = update(Job).where(Job.id == job.id, Job.state == state).values(values)
    result: Any = db.session.execute(done, execution_options={"synchronize_session": False})
    db.session.refresh(job)
    return bool(result.rowcount == 1)


def _open_key(kind: str, arguments: dict[str, Any], account_id: int | None) -> str:
    text = json.dumps([kind, account_id, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
