"""A worker that dies in the middle of a job, and the one that goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from models.job import Job, JobState
from portal.core.database.session import db, privileged, writing
from portal.core.jobs import queue, worker


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@contextmanager
def dying_at(commit: int) -> Iterator[None]:
    """What runs inside dies before so many transactions (1: the first) of this thread are committed."""
    seen = 0
    mine = threading.get_ident()

    def count(connection: Connection) -> None:
        nonlocal seen
        seen += threading.get_ident() == mine
        if seen == commit and threading.get_ident() == mine:
            driver: Any = connection.connection
            driver.rollback()  # what a database does where a client is gone
            raise Killed

    event.listen(Engine, "commit", count)
    try:
        yield
    finally:
        event.remove(Engine, "commit", count)


def killed_at_each_commit(job_id: int) -> int:
    """Run a job that is killed at its first commit, again and killed at its second, and so on to its end.

    Gives how often it was killed; needs an application context.
    """
    for kills in range(100):
        _left_by_the_dead(job_id)
        claim = queue.claim()
        assert claim is not None and claim.job_id == job_id
        try:
            with dying_at(kills + 1):
                worker.run(claim)
        except Killed:
            db.session.remove()
            continue
        return kills
    raise AssertionError("it never comes to its end")


def _left_by_the_dead(job_id: int) -> None:
    """As if half a minute had passed; how often it was tried is not what this is about."""
    with writing(), privileged("half a minute later") as session:
        job = session.get_one(Job, job_id)
        job.attempts = 0
        if job.state is JobState.RUNNING:
            job.state, job.open_key = JobState.WAITING, None
