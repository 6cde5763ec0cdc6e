"""The worker: takes one job after the other and runs it under the grant stored in its row."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g

from models.job import Job, JobState
from portal.core import audit, clock, sign_in
from portal.core.access import SYSTEM_ACTOR, Actor, scope_of
from portal.core.database.session import AWAY, db, privileged, set_scope, writing
from portal.core.jobs import periodic, queue
from portal.core.jobs.kinds import KINDS, Cancelled, JobContext, JobFailed
from portal.core.texts import _

log = logging.getLogger(__name__)
PAUSE = 0.5
LONGEST_PAUSE = 10.0
BEAT = 5.0


def work(app: Flask, *, stop: threading.Event | None = None, until_idle: bool = False) -> int:
    """Run jobs until told to stop (or until none waits); gives how many ran.

    Where the database is away it waits and looks again: a job it could not end is taken up by its heartbeat.
    """
    ran = 0
    stop = stop or threading.Event()
    away = PAUSE
    while not stop.is_set():
        try:
            worked = _one(app)
            away = PAUSE
        except AWAY as error:
            log.error("the database is away (%s): looking again in %g s", type(error).__name__, away)
            stop.wait(away)
            away = min(2 * away, LONGEST_PAUSE)
            continue
        ran += worked
        if worked:
            continue
        if until_idle:
            break
        stop.wait(PAUSE)
    return ran


def _one(app: Flask) -> bool:
    """See to the duties, then run the next job; False where none waits."""
    with app.app_context():
        periodic.run_due()
        job_id = queue.claim() if queue.anything_waits() else None
        if job_id is None:
            return False
        run(job_id)
        return True


def run(job_id: int) -> None:
    """Run one claimed job to its end, whatever that is."""
    with privileged("reading a job") as session:
        job = session.get_one(Job, job_id)
        kind, arguments, checkpoint = job.kind, dict(job.arguments), dict(job.checkpoint)
        try:
            actor = sign_in.actor_for_grant(session, job.grant_id) if job.grant_id else None
        except LookupError:
            actor = None
            kind = ""
    context = JobContext(job_id, arguments, checkpoint, actor)
    begun = time.monotonic()
    try:
        if not kind:
            raise JobFailed("The person who asked for this no longer has the right to it")
        with _desk_of(actor), _heartbeat(job_id), audit.act(f"job:{kind}"):
            KINDS[kind](context)
            db.session.commit()
        _end(job_id, JobState.DONE, "")
    except Cancelled:
        _end(job_id, JobState.CANCELLED, "")
    except JobFailed as trouble:
        _end(job_id, JobState.FAILED, _(trouble.message_id, **trouble.values))
    except Exception as error:  # the worker outlives any job
        log.error("job %s (%s) failed", job_id, kind, exc_info=error)
        _end(job_id, JobState.FAILED, _("The system has a fault"))
    finally:
        db.session.remove()
    log.info("job %s (%s) took %.1f s", job_id, kind, time.monotonic() - begun)


@contextmanager
def _desk_of(actor: Actor | None) -> Iterator[None]:
    """The scoped session sees what the person sees; without a person, the system."""
    g.actor = actor or SYSTEM_ACTOR
    set_scope(db.session(), scope_of(g.actor))
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    finally:
        g.pop("actor", None)


@contextmanager
def _heartbeat(job_id: int) -> Iterator[None]:
    """Say every few seconds that the worker lives, also while one step takes long."""
    ended = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def beat() -> None:
        while not ended.wait(BEAT):
            try:
                with app.app_context(), writing(), privileged("job heartbeat") as session:
                    session.get_one(Job, job_id).heartbeat = clock.now()
            except AWAY as error:  # the next beat tries again
                log.error("no heartbeat of job %s (%s)", job_id, type(error).__name__)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _end(job_id: int, state: JobState, message: str) -> None:
    db.session.rollback()
    with writing(), privileged("ending a job") as session:
        job = session.get_one(Job, job_id)
        job.state, job.finished_at, job.heartbeat = state, clock.now(), clock.now()
        job.message = message
        if state is JobState.DONE and job.total is not None:
            job.done = job.total
