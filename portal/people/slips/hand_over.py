"""Hand-over lists on their own: who received which envelope. They hold no secret: made any time."""

from __future__ import annotations

from collections.abc import Sequence

from models.job import Job, Lane
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.downloads import PDF
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.people.slips import choosing, ends, pages
from reports.archive import zip_files
from reports.printing import RenderingFailed, print_papers

KIND = "people.hand_over"
ZIP = "application/zip"


@job_kind(KIND, permission=P.CODES_ISSUE, lane=Lane.SHORT)
def make_lists(context: JobContext) -> None:
    """The lists of the envelopes that an order has finished: one PDF, or a ZIP of several."""
    actor = context.asker
    job = db.session.get(Job, int(context.arguments["job_id"]))
    parts = job.checkpoint.get("parts", {}) if job is not None else {}
    round = ends.running_round()
    around = pages.surroundings(round.fiscal_year if round else None, actor)
    found = (choosing.numbered(key, part["accounts"], actor) for key, part in parts.items())
    lists = [pages.list_of(people, around) for people in found if people]
    papers = {f"บัญชีส่งมอบซอง {paper.province} {paper.role}.pdf": paper for paper in lists}
    db.session.rollback()  # nothing is held while lists are laid out
    context.progress(0, len(papers))
    try:
        files = list(print_papers(papers))
    except RenderingFailed as error:
        raise JobFailed("A list could not be printed: start again") from error
    if not files:
        raise JobFailed("No file of this order is finished: there is nothing to hand over")
    name, kind, content = (files[0][0], PDF, files[0][1]) if len(files) == 1 else _packed(files)
    with writing(), privileged("keeping hand-over lists") as session:
        context.keep_file(name, kind, content, session=session)
        context.finish({"lists": len(files)}, session=session)


def _packed(files: Sequence[tuple[str, bytes]]) -> tuple[str, str, bytes]:
    return _("Hand-over lists") + ".zip", ZIP, zip_files(files)
