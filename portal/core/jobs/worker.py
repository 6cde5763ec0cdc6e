"""The worker: takes one job after the other and runs it under the grant stored in its row."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask, current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.job import Job, JobState, Lane
from portal.core import audit, clock, sign_in
from portal.core.access import SYSTEM_ACTOR, Actor, can
from portal.core.acting import seated
from portal.core.database.session import AWAY, db, is_away, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import periodic, queue
from portal.core.jobs.kinds import (
    KINDS,
    NO_RIGHT,
    Cancelled,
    Interrupted,
    JobContext,
    JobFailed,
    Kind,
    Taken,
)
from portal.core.texts import _

log = logging.getLogger(__name__)
PAUSE = 0.5
LONGEST_PAUSE = 10.0
BEAT = 5.0
#: the jobs that run in this process: where a lock kept their heartbeat back, no thread of it takes one again
_running: set[int] = set()


def work(
    app: Flask,
    *,
    stop: threading.Event | None = None,
    until_idle: bool = False,
    lanes: Collection[Lane] = queue.EVERY_LANE,
) -> int:
    """Run jobs of these lanes until told to stop (or until none waits); gives how many ran.

    Where the database is away it waits and looks again: a job it could not end is taken up by its heartbeat.
    """
    ran = 0
    stop = stop or threading.Event()

    def one() -> bool:
        nonlocal ran
        with app.app_context():
            besides = frozenset(_running)
            claim = queue.claim(lanes, besides) if queue.anything_waits(lanes, besides) else None
            if claim is None:
                return False
            _running.add(claim.job_id)
            try:
                run(claim, stop=stop)
            finally:
                _running.discard(claim.job_id)
        ran += 1
        return True

    _again_and_again(one, stop, until_idle=until_idle)
    return ran


def keep_duties(app: Flask, *, stop: threading.Event | None = None, until_idle: bool = False) -> None:
    """See to the duties of the system until told to stop (or once), also while long jobs run."""

    def one() -> bool:
        with app.app_context():
            periodic.run_due()
        return False

    _again_and_again(one, stop or threading.Event(), until_idle=until_idle)


def _again_and_again(one: Any, stop: threading.Event, *, until_idle: bool) -> None:
    """Do one thing after the other, with a pause where there was none and longer ones after an error."""
    pause = PAUSE
    while not stop.is_set():
        try:
            if one():
                continue
            pause = PAUSE
        except Exception as error:  # whatever it is, the next job does not wait for a person
            away = is_away(error)
            if until_idle and not away:
                raise
            words = "the database is away" if away else "the worker has a fault"
            mistake = None if away else error
            log.error("%s (%s): looking again in %g s", words, type(error).__name__, pause, exc_info=mistake)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            if until_idle:
                return
        stop.wait(pause)


def run(claim: queue.Claim, *, stop: threading.Event | None = None) -> None:
    """Run one claimed job to its end, whatever that is. Raises what a database says that is away."""
    with privileged("reading a job") as session:
        job = session.get_one(Job, claim.job_id)
        name, actor = job.kind, _asker(session, job)
        context = JobContext(
            claim.job_id,
            dict(job.arguments),
            dict(job.checkpoint),
            actor,
            claim.holder,
            stop or threading.Event(),
        )
        owned, only_to_end = job.grant_id is not None, bool(job.result)
    begun = time.monotonic()
    try:
        if not only_to_end:  # a run before kept its result and was killed at the door
            kind = _kind_for(name, actor, owned=owned)
            with seated(actor or SYSTEM_ACTOR), _heartbeat(context), audit.act(f"job:{name}"):
                kind.run(context)
                db.session.commit()
        _end(context, JobState.DONE)
    except Cancelled:
        _end(context, JobState.CANCELLED)
    except Interrupted:
        _put_back(context)
    except Taken:
        log.error("job %s (%s) is held by another worker: this one leaves it", claim.job_id, name)
    except (JobFailed, Refused) as refused:
        _end(context, JobState.FAILED, _(refused.message_id, **refused.values))
    except Exception as error:  # the worker outlives any job
        if is_away(error):
            log.error("job %s (%s) lost the database (%s)", claim.job_id, name, type(error).__name__)
            raise
        log.error("job %s (%s) failed", claim.job_id, name, exc_info=error)
        _end(context, JobState.FAILED, _("The system has a fault"))
    finally:
        db.session.remove()
    log.info("job %s (%s) took %.1f s", claim.job_id, name, time.monotonic() - begun)


def _asker(session: Session, job: Job) -> Actor | None:
    """Who asked, as the grant stands now; None for the system's own work, and where the grant has ended."""
    try:
        return sign_in.actor_for_grant(session, job.grant_id) if job.grant_id else None
    except LookupError:
        return None


def _kind_for(name: str, actor: Actor | None, *, owned: bool) -> Kind:
    """The kind to run. Raises JobFailed where who asked has lost the right to it."""
    kind = KINDS[name]
    lost = owned and actor is None
    if lost or (actor is not None and kind.permission is not None and not can(actor, kind.permission)):
        raise JobFailed(NO_RIGHT)
    return kind


@contextmanager
def _heartbeat(context: JobContext) -> Iterator[None]:
    """Say every few seconds that the worker lives, also while one step takes long."""
    ended = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    mine = update(Job).where(Job.id == context.job_id, Job.holder == context.holder)

    def beat() -> None:
        while not ended.wait(BEAT):
            try:
                with app.app_context(), writing(), privileged("job heartbeat") as session:
                    session.execute(mine.values(heartbeat=clock.machine()))
            except AWAY as error:  # the next beat tries again
                log.error("no heartbeat of job %s (%s)", context.job_id, type(error).__name__)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _put_back(context: JobContext) -> None:
    """Let another worker go on: an orderly end is no attempt that failed."""
    db.session.rollback()
    with suppress(Taken), writing(), privileged("putting a job back") as session:
        job = context.held(session)
        job.state, job.holder, job.attempts = JobState.WAITING, "", job.attempts - 1


def _end(context: JobContext, state: JobState, message: str = "") -> None:
    """Note how a job ended, where this worker still holds it."""
    db.session.rollback()
    with writing(), privileged("ending a job") as session:
        try:
            job = context.held(session)
        except Taken:
            log.error("job %s is held by another worker: its end is not noted", context.job_id)
            return
        job.state, job.finished_at, job.message = state, clock.now(), message
        job.open_key, job.holder = None, ""
        if state is JobState.DONE and job.total is not None:
            job.done = job.total
