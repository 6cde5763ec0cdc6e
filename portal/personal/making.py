"""The work that prints the certificate of erased rosters; its first print is kept with it."""

from __future__ import annotations

from sqlalchemy import select

from models.job import Job, Lane
from models.personal import RosterErasure
from models.round import Round
from portal.core import audit
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.files import first_print
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.letters.printing import printed_or_failed
from portal.personal import papers

PRINT = "personal.print"
FAILED = "The certificate could not be printed: order it again"
GONE = "This certificate is not there any more"


def order_print(round: Round, *, actor: Actor) -> Job:
    """Print the certificate; the first print is kept, and given to whoever asks again."""
    title = _("Certificate of erased rosters %(year)s", year=round.year_and_scheme)
    return queue.enqueue(PRINT, title=title, arguments={"round_id": round.id}, actor=actor)


@job_kind(PRINT, permission=P.ROSTERS_KEEP, lane=Lane.SHORT)
def print_certificate(context: JobContext) -> None:
    """Print a certificate, only once; whoever orders it again gets that print."""
    round_id = context.arguments["round_id"]
    erasure = db.session.scalar(select(RosterErasure).where(RosterErasure.round_id == round_id))
    if erasure is None or erasure.finished_at is None:
        raise JobFailed(GONE)
    paper, name = papers.paper_of(erasure), papers.file_name(erasure)
    printed = erasure.file_id is not None
    db.session.rollback()  # nothing is held while it is printed
    content = b"" if printed else printed_or_failed(paper, FAILED)
    with writing(), privileged("keeping a certificate of erased rosters") as session:
        erasures = select(RosterErasure).where(RosterErasure.round_id == round_id)
        with audit.act("rosters.certificate"):
            kept = first_print(session, erasures, name, PDF, content)
        context.keep_file(name, PDF, kept.content, session=session)
        context.finish({"certificates": 1}, session=session)
