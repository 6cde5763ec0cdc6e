"""Jobs for tests: asked for by a person of the world, and left behind by a worker that died."""

from __future__ import annotations

from datetime import timedelta

from models.job import Job
from portal.core import clock
from portal.core.database.session import privileged, writing
from portal.core.jobs import queue
from tests.support.world import World, acting_as


def ask(world: World, person: str, kind: str, **arguments: object) -> int:
    """Somebody asks for a job; gives its id."""
    with acting_as(world.actor(person)) as actor:
        return queue.enqueue(kind, title="งานทดลอง", arguments=arguments, actor=actor).id


def left_by(job_id: int, seconds: float) -> None:
    """As if the worker of a job had been killed so many seconds ago."""
    with writing(), privileged("a test kills a worker") as session:
        session.get_one(Job, job_id).heartbeat = clock.machine() - timedelta(seconds=seconds)
