"""The summary of a province, as its own staff print it: no letter, and without a number."""

from __future__ import annotations

from models.job import Job, Lane
from models.letter import Letter, LetterKind
from models.letter_office import OfficeKind
from models.round import Round
from models.thai import local_day
from portal.core import clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.letters.figures import province_statuses
from portal.letters.offices import NO_FONT, missing_font, missing_texts, office_of, texts_of
from portal.letters.papers import NO_AGENCIES
from portal.letters.printing import PDF, keep_letter, printed_or_failed
from reports.letter_data import Office, ProvinceSummary

SUMMARY = "letters.summary"


def order_summary(round: Round, *, prepared_by: str, checked_by: str, actor: Actor) -> Job:
    """Queue the summary of the actor's province. Raises Refused where a setting is missing."""
    _province_office(actor.province_id)
    arguments = {
        "round_id": round.id,
        "province_id": actor.province_id,
        "prepared_by": prepared_by,
        "checked_by": checked_by,
    }
    title = _("Summary of %(place)s", place=actor.place)
    return queue.enqueue(SUMMARY, title=title, arguments=arguments, actor=actor)


def _province_office(province_id: int | None) -> Office:
    """The office as its summaries print it. Raises Refused where a setting, or the font, is missing."""
    texts = texts_of(OfficeKind.PROVINCE, province_id)
    missing = missing_texts(OfficeKind.PROVINCE, texts)
    if missing:
        raise Refused(
            "The letter cannot be made before these settings are filled in: %(names)s",
            names=", ".join(_(name) for name in missing),
        )
    if font := missing_font(texts):
        raise Refused(NO_FONT, font=font)
    return office_of(texts)


@job_kind(SUMMARY, permission=P.LETTERS_PROVINCE, lane=Lane.SHORT)
def make_summary(context: JobContext) -> None:
    """Render the summary of one province for its own staff."""
    province_id = int(context.arguments["province_id"])
    round = db.session.get_one(Round, int(context.arguments["round_id"]))
    office = _province_office(province_id)
    statuses = province_statuses(round, [province_id])
    if province_id not in statuses:
        raise JobFailed(NO_AGENCIES)
    today = local_day(clock.now())
    names = [context.arguments[key] for key in ("prepared_by", "checked_by")]
    summary = ProvinceSummary(office, statuses[province_id], today, *names)
    round_id = round.id
    db.session.rollback()
    content = printed_or_failed(summary)
    name = f"สรุปสถานะ จังหวัด{statuses[province_id].province}.pdf"
    row = Letter(
        round_id=round_id,
        province_id=province_id,
        kind=LetterKind.PROVINCE_SUMMARY,
        number="",
        dated=today,
        subject=_("Summary of %(place)s", place=statuses[province_id].province),
        data={key: context.arguments[key] for key in ("prepared_by", "checked_by")},
    )
    with writing(), privileged("keeping a summary") as session:
        keep_letter(session, row, content, name)
        context.keep_file(name, PDF, content, province_id=province_id, session=session)
        context.finish({"letters": 1}, session=session)
