"""At the end of the last call: record which agencies cannot be assessed (the state itself is computed)."""

from __future__ import annotations

from models.round import Round
from portal.database.session import privileged, writing
from portal.jobs.kinds import JobContext, JobFailed, job_kind
from portal.services.preparation import record_deadline

KIND = "preparation.deadline"


@job_kind(KIND)
def run(context: JobContext) -> None:
    """Record the deadline of the round ``arguments["round"]``; running again changes nothing."""
    with writing(), privileged("recording the deadline of preparation") as session:
        round = session.get(Round, context.arguments["round"])
        if round is None:
            raise JobFailed("This round no longer exists")
        marked = record_deadline(session, round)
    context.progress(marked, marked)
    context.finish({"not_assessable": marked})
