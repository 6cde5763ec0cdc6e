"""At the end of the last call: record which agencies cannot be assessed (the state itself is computed)."""

from __future__ import annotations

from models.job import Job
from models.round import Round
from portal.core.access import Actor
from portal.core.database.session import privileged, writing
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.preparation.desk import record_deadline

KIND = "preparation.deadline"


def enqueue_deadline(round: Round, *, actor: Actor) -> Job:
    """Queue the recording for a round; before its deadline the job changes nothing."""
    title = _("Deadline of the preparation stage · %(round)s", round=round.name)
    return queue.enqueue(KIND, title=title, arguments={"round": round.id}, actor=actor)


@job_kind(KIND)
def run(context: JobContext) -> None:
    """Record the deadline of the round ``arguments["round"]``; running again changes nothing."""
    with writing(), privileged("recording the deadline of preparation") as session:
        round = session.get(Round, context.arguments["round"])
        if round is None:
            raise JobFailed("This round no longer exists")
        marked = record_deadline(session, round)
    context.finish({"not_assessable": marked})
