"""Long work as its person sees it: the list, a job's progress, stopping, starting again, the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy import select

from models.job import Job, JobState
from models.letter import StoredFile
from portal.core.access import Permission as P
from portal.core.access import can, requires, the_actor
from portal.core.database.session import db
from portal.core.downloads import attachment
from portal.core.errors import NotFound
from portal.core.files import pieces
from portal.core.jobs import periodic, queue
from portal.core.jobs.kinds import handled_by, may_handle
from portal.core.lookup import get_or_404, one_or_404
from portal.core.texts import lazy

blueprint = Blueprint("jobs", __name__)
PAGE = 50
#: the page from which a person starts a kind of job, and to which the way back leads
STARTED_AT = {
    "letters.circulars": "dispatches.circulars",
    "letters.circular_proof": "dispatches.circulars",
    "letters.nacc": "dispatches.nacc",
    "letters.nacc_proof": "dispatches.nacc",
    "letters.province": "dispatches.province",
    "letters.province_proof": "dispatches.province",
    "letters.summary": "letters.summary",
    "links.poster": "links.show",
    "links.posters": "posters.order",
    "certificates.proof": "certificate_release.release",
    "certificates.print": "results.show",
    "destruction.print": "destruction.show",
    "chasing.mails": "chasing.show",
    "chasing.extend": "extensions.index",
    "assessors.distribute": "sharing.index",
    "personal.print": "personal_keeping.show",
    "certificates.province": "certificate_batches.show",
}
#: what is done by the clock, in words
DUTIES = {
    "preparation.deadline": lazy("Note which agencies missed the deadline of preparation"),
    "surveys.count": lazy("Count answers for the agencies' own screens, each quarter of an hour"),
    "rounds.open_by_themselves": lazy("Open the boxes of closed rounds (demonstration only)"),
    "register.changes": lazy("Make confirmed changes of agencies on their day"),
    "status.look_ahead": lazy("Add up the days that are over, and forecast who will miss what"),
    "files.clear": lazy("Delete uploads that were not imported"),
    "record.anchor": lazy("Sign the heads of the record's chains, outside the database"),
    "slips.clear": lazy("Delete files of slips that were not fetched within a day"),
    "kept_forms.clear": lazy("Delete forms that were kept for a new sign-in and not asked for"),
    "sent_forms.clear": lazy("Forget that forms were sent, some hours after"),
    "chasing.remind": lazy("Write reminders to agencies by the rules that are on"),
    "chasing.post": lazy("Send the e-mails of the outbox, again where a server wanted them later"),
    "chasing.clear": lazy("Delete addresses and texts of reminders after 90 days"),
    "sessions.clear": lazy("Delete ended sign-ins and codes"),
    "jobs.clear": lazy("Delete finished jobs and their files after 90 days"),
    "personal.copies": lazy("Delete copies of rosters from before a correction or removal"),
    "personal.erase": lazy("Erase the personal data of rosters that are kept no longer"),
    "ballot.compact": lazy("Clear what deleted ballot marks leave in the database's file"),
}


@blueprint.get("/jobs")
@requires(P.JOBS_READ)
def index() -> Any:
    """The newest jobs of the person, and in the country's offices of all who may do the same."""
    mine = select(Job).where(handled_by(the_actor()))
    jobs = db.session.scalars(mine.order_by(Job.id.desc()).limit(PAGE)).all()
    duties = _duties() if can(the_actor(), P.RECORD_READ) else []
    return render_template("jobs/index.html", jobs=jobs, JobState=JobState, duties=duties)


def _duties() -> list[tuple[Any, datetime | None]]:
    """What the system does by the clock, and when it did so last."""
    ran = periodic.last_runs()
    return [(words, ran.get(name)) for name, words in DUTIES.items()]


@blueprint.get("/jobs/<int:job_id>")
@requires(P.JOBS_READ)
def show(job_id: int) -> Any:
    """One job; htmx asks for the inner part alone while it runs."""
    job = _job(job_id)
    part = "jobs/progress.html" if request.headers.get("HX-Request") else "jobs/show.html"
    return render_template(
        part,
        job=job,
        JobState=JobState,
        running=job.state.is_open,
        back=_started_at(job),
    )


def _job(job_id: int) -> Job:
    """A job that this person may see, stop, start again and open. Raises NotFound."""
    job = get_or_404(Job, job_id)
    if not may_handle(the_actor(), job):
        raise NotFound
    return job


def _started_at(job: Job) -> str | None:
    if delivery := job.arguments.get("delivery_id"):
        return url_for("inbox.show", delivery_id=delivery)
    endpoint, round_id = STARTED_AT.get(job.kind), job.arguments.get("round_id") or job.arguments.get("round")
    return url_for(endpoint, round_id=round_id) if endpoint and round_id else None


@blueprint.post("/jobs/<int:job_id>/stop")
@requires(P.JOBS_READ)
def stop(job_id: int) -> Any:
    """Ask the job to stop."""
    queue.cancel(_job(job_id))
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.post("/jobs/<int:job_id>/again")
@requires(P.JOBS_READ)
def again(job_id: int) -> Any:
    """Start a failed or stopped job again."""
    queue.again(_job(job_id), actor=the_actor())
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.get("/jobs/<int:job_id>/file")
@requires(P.JOBS_READ)
def file(job_id: int) -> Any:
    """The file that the job made, never held whole."""
    job = _job(job_id)
    stored: StoredFile = one_or_404(select(StoredFile).where(StoredFile.id == job.file_id))
    plain = f"{job.kind.replace('.', '-')}-{job.id}"
    parts = pieces(current_app._get_current_object(), stored)  # type: ignore[attr-defined]
    answer = attachment(parts, stored.content_type, stored.name, plain=plain)
    answer.content_length = stored.size
    return answer
