"""The kinds of long work, and what a job's function is given.

A kind's function runs in the worker, under the grant of the person who asked, and may be run again after a
kill: it reads its checkpoint first. Each ``progress`` commits what was done so far.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models.job import Job, JobState
from portal.core import clock
from portal.core.access import Actor
from portal.core.database.session import privileged, writing
from portal.core.files import stored_file

log = logging.getLogger(__name__)
#: progress is written at most so often
EVERY = timedelta(milliseconds=400)


class Cancelled(Exception):
    """The person asked the job to stop."""


class JobFailed(Exception):
    """The job cannot be done; ``message_id`` (English, with values) says what to mend."""

    def __init__(self, message_id: str, **values: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values


@dataclass
class JobContext:
    """What a job's function works with. ``actor`` is None for work of the system itself."""

    job_id: int
    arguments: dict[str, Any]
    checkpoint: dict[str, Any]
    actor: Actor | None
    _told: Any = None

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far it is; also the heartbeat. Raises Cancelled where the person asked to stop."""
        now = clock.now()
        if self._told is not None and now - self._told < EVERY and done != total:
            return
        self._told = now
        with writing(), privileged("job progress") as session:
            job = session.get_one(Job, self.job_id)
            job.done, job.heartbeat = done, now
            job.total = total if total is not None else job.total
            job.message = message or job.message
            cancelled = job.cancel_asked
        if cancelled:
            raise Cancelled

    def save(self) -> None:
        """Keep the checkpoint, so that a killed job goes on from here."""
        with writing(), privileged("job checkpoint") as session:
            job = session.get_one(Job, self.job_id)
            job.checkpoint, job.heartbeat = dict(self.checkpoint), clock.now()

    def finish(self, result: dict[str, Any]) -> None:
        """Keep what the job's page shows at the end."""
        with writing(), privileged("job result") as session:
            session.get_one(Job, self.job_id).result = result

    def keep_file(
        self, name: str, content_type: str, content: bytes, *, province_id: int | None = None
    ) -> int:
        """Store the file that the job's page offers; gives its id."""
        with writing(), privileged("job file") as session:
            stored = stored_file(name, content_type, content, province_id=province_id)
            stored.account_id = self.actor.account_id if self.actor else None
            session.add(stored)
            session.flush()
            session.get_one(Job, self.job_id).file_id = stored.id
            return stored.id


Run = Callable[[JobContext], None]
KINDS: dict[str, Run] = {}


def job_kind(name: str) -> Callable[[Run], Run]:
    """Register the function of a kind of job."""

    def register(run: Run) -> Run:
        KINDS[name] = run
        return run

    return register


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)
