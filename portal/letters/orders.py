"""Letters: ordered at a desk, made by a job, kept with the data that they were made from.

Per kind one job: the circulars of one province or of all (all under one number, in one ZIP), NACC's letter to
DLA, and a province's own summary. A killed job goes on with the provinces that have no letter yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.job import Job, Lane
from models.letter import Letter, LetterKind, StoredFile
from models.round import Round
from models.thai import local_day
from portal.core import clock
from portal.core.access import Actor
from portal.core.access import Permission as P
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.files import stored_file
from portal.core.jobs import queue
from portal.core.jobs.kinds import JobContext, JobFailed, job_kind
from portal.core.texts import _
from portal.letters.figures import country_status, facts_of, province_statuses
from portal.letters.offices import NO_FONT, missing_font, missing_texts, office_of, texts_of
from portal.letters.words.composing import circular_for, nacc_letter_for
from reports.archive import zip_files
from reports.calendar_wording import RoundFacts
from reports.letter_data import Circular, Office, ProvinceStatus, ProvinceSummary
from reports.printing import Paper, RenderingFailed, print_paper, print_papers
from reports.wording import MOST_URGENT

PDF, ZIP = "application/pdf", "application/zip"
CIRCULARS, NACC, SUMMARY = "letters.circulars", "letters.nacc", "letters.summary"
NO_AGENCIES = "This round has no agencies to write about"


@dataclass(frozen=True)
class LetterOrder:
    """What a person enters for a letter. ``province_ids`` None: every province of the round."""

    number: str
    dated: date
    references: tuple[str, ...] = ()
    urgency: str = MOST_URGENT
    province_ids: tuple[int, ...] | None = None

    def arguments(self, round: Round) -> dict[str, Any]:
        """The order as a job keeps it."""
        return {**asdict(self), "dated": self.dated.isoformat(), "round_id": round.id}

    def on_paper(self) -> dict[str, Any]:
        """What of the order is printed, by the names that composing a letter takes."""
        return {
            "number": self.number,
            "dated": self.dated,
            "references": self.references,
            "urgency": self.urgency,
        }

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> LetterOrder:
        """The order that a job keeps."""
        provinces = arguments["province_ids"]
        return cls(
            number=arguments["number"],
            dated=date.fromisoformat(arguments["dated"]),
            references=tuple(arguments["references"]),
            urgency=arguments["urgency"],
            province_ids=None if provinces is None else tuple(provinces),
        )


def order_circulars(round: Round, order: LetterOrder, *, actor: Actor) -> Job:
    """Queue DLA's circulars. Raises Refused where a setting of the office is missing."""
    _office(LetterKind.CIRCULAR)
    return queue.enqueue(
        CIRCULARS, title=_("Circulars to governors"), arguments=order.arguments(round), actor=actor
    )


def order_nacc_letter(round: Round, order: LetterOrder, *, actor: Actor) -> Job:
    """Queue NACC's letter to DLA. Raises Refused where a setting of the office is missing."""
    _office(LetterKind.NACC_TO_DLA)
    return queue.enqueue(NACC, title=_("Letter to DLA"), arguments=order.arguments(round), actor=actor)


def order_summary(round: Round, *, prepared_by: str, checked_by: str, actor: Actor) -> Job:
    """Queue the summary of the actor's province. Raises Refused where a setting is missing."""
    _office(LetterKind.PROVINCE_SUMMARY, actor.province_id)
    arguments = {
        "round_id": round.id,
        "province_id": actor.province_id,
        "prepared_by": prepared_by,
        "checked_by": checked_by,
    }
    title = _("Summary of %(place)s", place=actor.place)
    return queue.enqueue(SUMMARY, title=title, arguments=arguments, actor=actor)


def _office(kind: LetterKind, province_id: int | None = None) -> Office:
    """The office as its letters print it. Raises Refused where a setting, or the font, is missing."""
    texts = texts_of(kind, province_id)
    missing = missing_texts(kind, texts)
    if missing:
        raise Refused(
            "The letter cannot be made before these settings are filled in: %(names)s",
            names=", ".join(_(name) for name in missing),
        )
    if font := missing_font(texts):
        raise Refused(NO_FONT, font=font)
    return office_of(texts)


# -- the jobs --------------------------------------------------------------------------------------------


@job_kind(CIRCULARS, permission=P.LETTERS_DLA)
def make_circulars(context: JobContext) -> None:
    """Render every province's circular, keep each as it is finished, and end in one ZIP (or one PDF)."""
    order = LetterOrder.of(context.arguments)
    round, office = _round(context), _office(LetterKind.CIRCULAR)
    facts, statuses = _facts_of(round), province_statuses(round, order.province_ids)
    if not statuses:
        raise JobFailed(NO_AGENCIES)
    round_id = round.id
    db.session.rollback()  # nothing is held while letters are rendered
    done: dict[str, int] = dict(context.checkpoint.get("letters", {}))
    waiting = {
        str(key): _circular(status, order, facts, office)
        for key, status in statuses.items()
        if str(key) not in done
    }
    context.progress(len(done), len(statuses))
    try:
        for key, content in print_papers(waiting):
            letter = _circular_row(round_id, int(key), waiting[key], order)
            name = f"หนังสือ จังหวัด{statuses[int(key)].province}.pdf"
            with writing(), privileged("keeping a letter") as session:
                done[key] = _keep(session, letter, content, name)
                context.checkpoint["letters"] = done
                context.save(session)  # with the letter: a kill in between would make it twice
            context.progress(len(done), len(statuses), statuses[int(key)].province)
    except RenderingFailed as error:
        raise JobFailed("A letter could not be rendered: start again, the finished ones are kept") from error
    _hand_over(context, statuses, done)


@job_kind(NACC, permission=P.LETTERS_NACC, lane=Lane.SHORT)
def make_nacc_letter(context: JobContext) -> None:
    """Render NACC's letter to DLA with the status of the whole country."""
    order = LetterOrder.of(context.arguments)
    round, office = _round(context), _office(LetterKind.NACC_TO_DLA)
    facts, status = _facts_of(round), country_status(round)
    if not status.rows:
        raise JobFailed(NO_AGENCIES)
    letter = nacc_letter_for(
        status,
        office=office,
        facts=facts,
        **order.on_paper(),
    )
    round_id = round.id
    db.session.rollback()
    content = _printed(letter)
    row = Letter(
        round_id=round_id,
        kind=LetterKind.NACC_TO_DLA,
        number=letter.letter.number,
        dated=order.dated,
        subject=letter.letter.subject,
        data=_plain(order),
    )
    name = "หนังสือถึงกรมส่งเสริมการปกครองท้องถิ่น.pdf"
    with writing(), privileged("keeping a letter") as session:
        _keep(session, row, content, name)
        context.keep_file(name, PDF, content, session=session)
        context.finish({"letters": 1}, session=session)


@job_kind(SUMMARY, permission=P.LETTERS_PROVINCE, lane=Lane.SHORT)
def make_summary(context: JobContext) -> None:
    """Render the summary of one province for its own staff."""
    province_id = int(context.arguments["province_id"])
    round = _round(context)
    office = _office(LetterKind.PROVINCE_SUMMARY, province_id)
    statuses = province_statuses(round, [province_id])
    if province_id not in statuses:
        raise JobFailed(NO_AGENCIES)
    today = local_day(clock.now())
    names = [context.arguments[key] for key in ("prepared_by", "checked_by")]
    summary = ProvinceSummary(office, statuses[province_id], today, *names)
    round_id = round.id
    db.session.rollback()
    content = _printed(summary)
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
    with writing(), privileged("keeping a letter") as session:
        _keep(session, row, content, name)
        context.keep_file(name, PDF, content, province_id=province_id, session=session)
        context.finish({"letters": 1}, session=session)


def _printed(paper: Paper) -> bytes:
    try:
        return print_paper(paper)
    except RenderingFailed as error:
        raise JobFailed("A letter could not be rendered: start again, the finished ones are kept") from error


def _round(context: JobContext) -> Round:
    return db.session.get_one(Round, int(context.arguments["round_id"]))


def _facts_of(round: Round) -> RoundFacts:
    try:
        return facts_of(round)
    except LookupError as error:
        raise JobFailed("The round has no dates for preparation yet: the letter names them") from error


def _circular(status: ProvinceStatus, order: LetterOrder, facts: RoundFacts, office: Office) -> Circular:
    return circular_for(
        status,
        office=office,
        facts=facts,
        **order.on_paper(),
    )


def _circular_row(round_id: int, province_id: int, circular: Circular, order: LetterOrder) -> Letter:
    return Letter(
        round_id=round_id,
        province_id=province_id,
        kind=LetterKind.CIRCULAR,
        number=circular.letter.number,
        dated=order.dated,
        subject=circular.letter.subject,
        data=_plain(order),
    )


def _plain(order: LetterOrder) -> dict[str, Any]:
    """What was entered for a letter, as it is kept beside its bytes."""
    return {"references": list(order.references), "urgency": order.urgency}


def _keep(session: Session, letter: Letter, content: bytes, name: str) -> int:
    """Store a letter and its bytes; gives its id."""
    file = stored_file(name, PDF, content, province_id=letter.province_id)
    session.add(file)
    session.flush()
    letter.file_id, letter.created_at = file.id, clock.now()
    session.add(letter)
    session.flush()
    return letter.id


def _hand_over(context: JobContext, statuses: dict[int, ProvinceStatus], done: dict[str, int]) -> None:
    """The job's own file: the one PDF, or one ZIP of all."""
    with privileged("collecting finished letters") as session:
        query = select(StoredFile).join(Letter, Letter.file_id == StoredFile.id)
        query = query.where(Letter.id.in_(done.values())).options(undefer(StoredFile.content))
        files = [(file.name, file.content) for file in session.scalars(query)]
    one = len(files) == 1 and len(statuses) == 1
    name, kind, content = (
        (files[0][0], PDF, files[0][1]) if one else (_("letters") + ".zip", ZIP, zip_files(files))
    )
    with writing(), privileged("handing letters over") as session:
        context.keep_file(name, kind, content, session=session)
        context.finish({"letters": len(files)}, session=session)
