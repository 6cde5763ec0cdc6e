"""Letters of tests: an office that is set up, a letter that it issues, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.dispatch import Dispatch
from models.job import Job, JobState
from models.letter import Letter, StoredFile
from models.letter_office import OfficeKind
from models.letter_text import TextKind
from models.round import Round
from portal.core.database.session import db, privileged
from portal.letters import dispatches, drafting, summaries
from portal.letters.offices import REQUIRED, Ways, office_row, save_signatory, save_texts
from tests.support.world import World, acting_as


@dataclass(frozen=True)
class Order:
    """A letter as a test asks for it; ``province_ids`` None: every province."""

    number: str = "ว 1"
    dated: date = date(2018, 11, 9)
    references: tuple[str, ...] = ("หนังสืออ้างถึงทดลอง",)
    urgency: str = "ด่วนที่สุด"
    province_ids: tuple[int, ...] | None = None
    text: tuple[TextKind, int] | None = None
    agency_id: int | None = None


ORDER = Order()
#: whose office each person sits in
OFFICES = {"nacc": OfficeKind.NACC, "dla": OfficeKind.DLA, "province": OfficeKind.PROVINCE}
#: the settings without which the office makes none, filled in
SETTINGS = {
    kind: {name: f"ทดลอง {name}" for name in ("address", *required)} | {"number_prefix": "มท 0817.2"}
    for kind, required in REQUIRED.items()
}
SIGNATORY = "นายทดลอง ลงนาม"


@dataclass(frozen=True)
class Made:
    """A job as it ended, the letters that are kept, and the job's own file."""

    job: Job
    letters: list[Letter]
    file: StoredFile | None

    @property
    def content(self) -> bytes:
        """The bytes of the job's file."""
        assert self.file is not None and self.job.state is JobState.DONE, self.job.message
        return self.file.content


def set_up(
    world: World, person: str, changes: Mapping[str, str] | None = None, *, ways: Ways | None = None
) -> None:
    """The person's office fills in its settings and has one signatory."""
    kind = OFFICES[person]
    with acting_as(world.actor(person)) as actor:
        office = save_texts(
            kind, {**SETTINGS[kind], **(changes or {})}, ways=ways, province_id=actor.province_id
        )
        if not office.signatories:
            save_signatory(office, None, name=SIGNATORY, position="รองอธิบดี ปฏิบัติราชการแทน\nอธิบดีทดลอง")
            db.session.refresh(office)


def drafted(world: World, person: str, order: Order = ORDER, round_id: int = 0) -> int:
    """The person begins a draft; gives its id."""
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, round_id or world.round_id)
        office = office_row(OFFICES[person], actor.province_id)
        signs = office.signatories[0].id if office and office.signatories else None
        draft = drafting.Draft(signs, order.urgency, order.references, order.province_ids, order.text)
        draft = replace(draft, to_agency=order.agency_id)
        return drafting.begin(round, OFFICES[person], draft, actor=actor).id


def issued(world: World, person: str, order: Order = ORDER, round_id: int = 0) -> int:
    """The person writes a letter and issues it; gives the id of the job that makes its copies."""
    dispatch_id = drafted(world, person, order, round_id)
    with acting_as(world.actor(person)) as actor:
        dispatch = db.session.get_one(Dispatch, dispatch_id)
        job = dispatches.issue(
            dispatch, number=order.number, dated=order.dated, ahead=True, actor=actor, seen_version=None
        )
        return job.id


def ordered(world: World, person: str, order: Order = ORDER, round_id: int = 0) -> int:
    """The person issues a letter, or orders the summary of the province; gives the job's id."""
    if person != "province":
        return issued(world, person, order, round_id)
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, round_id or world.round_id)
        names = {"prepared_by": "ผู้จัดทำทดลอง", "checked_by": "ผู้ตรวจทดลอง"}
        return summaries.order_summary(round, **names, actor=actor).id


def made(job_id: int) -> Made:
    """What came of a job."""
    with privileged("a test looks") as session:
        job = session.get_one(Job, job_id)
        session.refresh(job)
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        query = select(StoredFile).where(StoredFile.id == job.file_id).options(undefer(StoredFile.content))
        file = session.scalars(query).one_or_none()
        session.expunge_all()
        return Made(job, letters, file)
