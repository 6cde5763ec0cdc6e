"""The kinds of long work, and what a job's function is given.

A kind's function runs in the worker, under the grant of the person who asked, and may be run again after a
kill: it reads its checkpoint first, and keeps what it finished together with its checkpoint.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from models.account import Grant
from models.job import Job, Lane
from models.letter import StoredFile
from portal.core import clock
from portal.core.access import Actor, Permission, can
from portal.core.database.session import privileged, writing
from portal.core.files import fill, stored_file

#: progress is written at most so often (seconds of the machine)
EVERY = 0.4


class Cancelled(Exception):
    """The person asked the job to stop."""


class Interrupted(Exception):
    """The worker is told to end: another one goes on from the checkpoint."""


class Taken(Exception):
    """Another worker holds the job now: this one writes no more."""


class JobFailed(Exception):
    """The job cannot be done; ``message_id`` (English, with values) says what to mend."""

    def __init__(self, message_id: str, **values: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values


NO_RIGHT = "The person who asked for this no longer has the right to it"


@dataclass
class JobContext:
    """What a job's function works with. ``actor`` is None for work of the system itself."""

    job_id: int
    arguments: dict[str, Any]
    checkpoint: dict[str, Any]
    actor: Actor | None
    holder: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    _told: float | None = None

    @property
    def asker(self) -> Actor:
        """Who asked, for a kind that is never the system's own work. Raises JobFailed for that."""
        if self.actor is None:
            raise JobFailed(NO_RIGHT)
        return self.actor

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far it is.

        Raises Cancelled where the person asked to stop, Interrupted where the worker is to end, JobFailed
        where the person's right has ended meanwhile, Taken where another worker has the job.
        """
        if self.stop.is_set():
            raise Interrupted
        now = time.monotonic()
        if self._told is not None and now - self._told < EVERY and done != total:
            return
        self._told = now
        with writing(), privileged("job progress") as session:
            job = self.held(session)
            job.done, job.heartbeat = done, clock.machine()
            job.total = total if total is not None else job.total
            job.message = message or job.message
            cancelled = job.cancel_asked
            grant = session.get(Grant, self.actor.grant_id) if self.actor and self.actor.grant_id else None
            has_right = grant is None or grant.valid_at(clock.now())
        if cancelled:
            raise Cancelled
        if not has_right:
            raise JobFailed(NO_RIGHT)

    def save(self, session: Session | None = None) -> None:
        """Keep the checkpoint, so that a killed job goes on from here.

        With a ``session`` it is kept in its transaction, together with what was finished: both or neither.
        """
        if session is not None:
            self.held(session).checkpoint = dict(self.checkpoint)
            return
        with writing(), privileged("job checkpoint") as own:
            self.held(own).checkpoint = dict(self.checkpoint)

    def finish(self, result: dict[str, Any], *, session: Session | None = None) -> None:
        """Keep what the job's page shows at the end: the last thing a kind does, and never done again.

        With a ``session`` it is kept in its transaction, together with the work: both or neither.
        """
        if session is not None:
            self.held(session).result = result
            return
        with writing(), privileged("job result") as own:
            self.held(own).result = result

    def keep_file(
        self,
        name: str,
        content_type: str,
        content: bytes | IO[bytes],
        *,
        province_id: int | None = None,
        internal: bool = False,
        session: Session | None = None,
    ) -> int:
        """Store the file that the job's page offers; gives its id. With a ``session``, in its transaction.

        One that was written to a disk is taken by the piece, and never held whole.

        It takes the place of one that an earlier run stored before it was killed. An ``internal`` one is seen
        by the asker alone.
        """
        if session is None:
            with writing(), privileged("job file") as own:
                return self.keep_file(
                    name, content_type, content, province_id=province_id, internal=internal, session=own
                )
        whole = content if isinstance(content, bytes) else b""
        stored = stored_file(name, content_type, whole, province_id=province_id)
        stored.internal = internal
        stored.account_id = self.actor.account_id if self.actor else None
        if isinstance(content, bytes):
            session.add(stored)
            session.flush()
        else:
            fill(session, stored, content)
        job = self.held(session)
        before, job.file_id = job.file_id, stored.id
        session.flush()
        session.execute(delete(StoredFile).where(StoredFile.id == before))
        return stored.id

    def held(self, session: Session) -> Job:
        """The job's row, locked, for as long as this worker holds it. Raises Taken."""
        query = select(Job).where(Job.id == self.job_id, Job.holder == self.holder).with_for_update()
        job = session.scalar(query)
        if job is None:
            raise Taken
        return job


Run = Callable[[JobContext], None]


@dataclass(frozen=True)
class Kind:
    """A kind of job: its function, who may ask for it and open what it made, and its lane.

    Without a permission a job is its asker's alone: nobody else stops it, starts it again or opens its file.
    """

    run: Run
    permission: Permission | None = None
    lane: Lane = Lane.LONG


KINDS: dict[str, Kind] = {}


def job_kind(
    name: str, *, permission: Permission | None = None, lane: Lane = Lane.LONG
) -> Callable[[Run], Run]:
    """Register the function of a kind of job."""

    def register(run: Run) -> Run:
        KINDS[name] = Kind(run, permission, lane)
        return run

    return register


def handled_by(actor: Actor) -> ColumnElement[bool]:
    """The jobs that a person sees, stops, starts again and opens, as a condition (``may_handle`` for one)."""
    own = [name for name, kind in KINDS.items() if kind.permission is None]
    may = [name for name, kind in KINDS.items() if kind.permission and can(actor, kind.permission)]
    unknown = Job.kind.not_in(KINDS)  # of an older version: its asker still sees what came of it
    return Job.kind.in_(may) | ((Job.kind.in_(own) | unknown) & (Job.account_id == actor.account_id))


def may_handle(actor: Actor, job: Job) -> bool:
    """True for who may see a job, stop it, start it again and open its file: who may do what it did."""
    kind = KINDS.get(job.kind)
    if kind is None or kind.permission is None:
        return job.account_id is not None and job.account_id == actor.account_id
    return can(actor, kind.permission)
