"""Opening the boxes of a closed round, computing its results, and marking it opened.

With the private key this is an act of its holder on the command line; only the embedded demonstration, which
keeps the key itself, opens by itself once the marks are gone.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from sqlalchemy import select

from models.job import Job
from models.round import Round
from portal.ballot import keys
from portal.ballot.opening import Opening, open_boxes
from portal.core import audit, clock
from portal.core.access import SYSTEM_ACTOR
from portal.core.access import Permission as P
from portal.core.acting import acting
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.core.workflow import fire
from portal.results.computing import compute_results
from portal.rounds.workflow import ROUND

BY_ITSELF = "round.open_by_itself"
Progress = Callable[[int, int], None]


def open_round_boxes(
    round_id: int, *, private_key: bytes, progress: Progress | None = None
) -> tuple[Opening, dict[str, int]]:
    """Open every box, compute the results, and mark the round opened; gives both reports.

    May be killed and run again. Raises Refused while the round is not closed or marks are left, and for a
    foreign key. Answers that cannot be read stay set aside and are counted in the report.
    """
    report = open_boxes(round_id, private_key=private_key, progress=progress)
    grades = compute_results(round_id)
    with writing(), privileged("marking a round opened") as session:
        round = session.get_one(Round, round_id)
        after = {"boxes": report.boxes, "answers": report.opened, "set_aside": report.set_aside}
        audit.record(session, act="round.open_boxes", thing="round", row=round.id, after=after)
    _mark_opened(round_id)
    return report, grades


def _mark_opened(round_id: int) -> None:
    """Take the last step of the round, as the system."""
    with acting(SYSTEM_ACTOR) as actor:
        fire(ROUND, db.session.get_one(Round, round_id), "open_boxes", actor=actor)


def open_by_itself(round_id: int) -> bool:
    """Queue the opening in demonstration mode, once the marks are gone and where the key lies here.

    Once per round: a failed opening is started again on its job's page. False where nothing was queued.
    """
    demo = current_app.settings.demo  # type: ignore[attr-defined]
    folder = keys.key_folder()
    if not demo or folder.has_mark_key(round_id) or not folder.has_urn_key(round_id):
        return False
    with writing(), privileged("the demonstration opens its boxes by itself") as session:
        asked = session.scalars(select(Job).where(Job.kind == BY_ITSELF))
        if any(job.arguments.get("round_id") == round_id for job in asked):
            return False
        round = session.get_one(Round, round_id)
        title = _("Open the boxes of %(round)s", round=round.name)
        arguments = {"round_id": round_id}
        session.add(Job(kind=BY_ITSELF, title=title, arguments=arguments, created_at=clock.now()))
    return True


@job_kind(BY_ITSELF, permission=P.BOXES_CLOSE)
def run(context: JobContext) -> None:
    """The demonstration's opening: the key comes from the key folder, never from the job."""
    round_id = int(context.arguments["round_id"])
    if not current_app.settings.demo:  # type: ignore[attr-defined]
        raise JobFailed("Only the demonstration opens its boxes by itself")
    try:
        private_key = keys.key_folder().urn_key(round_id)
        report, grades = open_round_boxes(round_id, private_key=private_key, progress=context.progress)
    except (keys.KeyMissing, Refused) as error:
        raise JobFailed("The boxes could not be opened: the key does not lie here or does not fit") from error
    context.finish({"boxes": report.boxes, "answers": report.opened, "grades": grades})
