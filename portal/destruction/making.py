"""The work that prints a certificate of key destruction; its first print is kept with it."""

from __future__ import annotations

from sqlalchemy import select

from models.destruction import KeyDestruction
from models.job import Lane
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.files import first_print
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.destruction import papers
from portal.destruction import writing as writing_down
from portal.letters.printing import printed_or_failed

FAILED = "The certificate could not be printed: order it again"
GONE = "This certificate is not there any more"


@job_kind(writing_down.PRINT, permission=P.BOXES_CLOSE, lane=Lane.SHORT)
def print_certificate(context: JobContext) -> None:
    """Print a certificate, only once; whoever orders it again gets that print."""
    key = context.arguments["certificate_id"]
    certificate = db.session.get(KeyDestruction, key)
    if certificate is None:
        raise JobFailed(GONE)
    paper, name = papers.paper_of(certificate), papers.file_name(certificate)
    printed = certificate.file_id is not None
    db.session.rollback()  # nothing is held while it is printed
    content = b"" if printed else printed_or_failed(paper, FAILED)
    with writing(), privileged("keeping a certificate of key destruction") as session:
        certificates = select(KeyDestruction).where(KeyDestruction.id == key)
        kept = first_print(session, certificates, name, PDF, content)
        context.keep_file(name, PDF, kept.content, session=session)
        context.finish({"certificates": 1}, session=session)
