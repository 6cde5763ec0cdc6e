"""Opening the boxes of a closed round, computing its results, and marking it opened.

With the private key this is an act of its holder on the command line; only the embedded demonstration, which
keeps the key itself, opens by itself once the marks are gone.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.job import Job
from models.round import Round
from portal.ballot import keys
from portal.ballot.opening import Opening, nothing_sealed, open_boxes, opened_in_all
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
Told = Callable[[Session, Opening, dict[str, int]], None]


def open_round_boxes(
    round_id: int, *, private_key: bytes | None, progress: Progress | None = None, told: Told | None = None
) -> tuple[Opening, dict[str, int]]:
    """Open every box, compute the results, and mark the round opened; gives both reports.

    ``private_key`` None: the one of the key folder. ``told`` is called in the transaction that marks the
    round opened. May be killed and run again; the report is of all runs together. Raises Refused while the
    round is not closed or marks are left, and for a foreign key; KeyMissing. Answers that cannot be read stay
    set aside and are counted in the report.
    """
    _open(round_id, private_key, progress)
    report, grades = opened_in_all(round_id), compute_results(round_id)
    after = {"boxes": report.boxes, "answers": report.opened, "set_aside": report.set_aside}
    with acting(SYSTEM_ACTOR) as actor:
        session, round = db.session(), db.session.get_one(Round, round_id)
        fire(ROUND, round, "open_boxes", actor=actor)
        audit.record(session, act="round.open_boxes", thing="round", row=round_id, after=after)
        if told is not None:
            told(session, report, grades)
    return report, grades


def _open(round_id: int, private_key: bytes | None, progress: Progress | None) -> None:
    try:
        key = private_key or keys.key_folder().urn_key(round_id)
    except keys.KeyMissing:
        if nothing_sealed(round_id):
            return  # a run before opened all and destroyed the key, and was killed before the scores
        raise
    open_boxes(round_id, private_key=key, progress=progress)


def opens_by_itself(round_id: int) -> bool:
    """True in demonstration mode where the private key lies here: then nobody types the command."""
    demo: bool = current_app.settings.demo  # type: ignore[attr-defined]
    return demo and keys.key_folder().has_urn_key(round_id)


def open_by_itself(round_id: int) -> bool:
    """Queue the opening in demonstration mode, once the marks are gone and where the key lies here.

    Once per round: a failed opening is started again on its job's page. False where nothing was queued.
    """
    if not opens_by_itself(round_id) or keys.key_folder().has_mark_key(round_id):
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

    def keep(session: Session, report: Opening, grades: dict[str, int]) -> None:
        result = {"boxes": report.boxes, "answers": report.opened, "grades": grades}
        context.finish(result, session=session)

    try:
        open_round_boxes(round_id, private_key=None, progress=context.progress, told=keep)
    except (keys.KeyMissing, Refused) as error:
        raise JobFailed("The boxes could not be opened: the key does not lie here or does not fit") from error
