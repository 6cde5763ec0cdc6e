"""Letters of tests: an office that is set up, its order, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import undefer

from models.job import Job, JobState
from models.letter import Letter, LetterKind, StoredFile
from models.round import Round
from portal.core.database.session import db, privileged
from portal.letters import orders
from portal.letters.offices import REQUIRED, save_texts
from portal.letters.orders import LetterOrder
from tests.support.world import World, acting_as

ORDER = LetterOrder("ว 1", date(2018, 11, 9), ("หนังสืออ้างถึงทดลอง",))
#: what each person's office makes
OFFICES = {
    "nacc": LetterKind.NACC_TO_DLA,
    "dla": LetterKind.CIRCULAR,
    "province": LetterKind.PROVINCE_SUMMARY,
}
#: the settings without which the office makes none, filled in
SETTINGS = {
    kind: {name: f"ทดลอง {name}" for name in required} | {"number_prefix": "มท 0817.2"}
    for kind, required in REQUIRED.items()
}


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


def set_up(world: World, person: str, **changes: str) -> None:
    """The person's office fills in its settings."""
    kind = OFFICES[person]
    with acting_as(world.actor(person)) as actor:
        save_texts(kind, SETTINGS[kind] | changes, province_id=actor.province_id)


def ordered(world: World, person: str, order: LetterOrder = ORDER, round_id: int = 0) -> int:
    """The person orders what its office makes; gives the job's id."""
    with acting_as(world.actor(person)) as actor:
        round = db.session.get_one(Round, round_id or world.round_id)
        if person == "nacc":
            return orders.order_nacc_letter(round, order, actor=actor).id
        if person == "dla":
            return orders.order_circulars(round, order, actor=actor).id
        names = {"prepared_by": "ผู้จัดทำทดลอง", "checked_by": "ผู้ตรวจทดลอง"}
        return orders.order_summary(round, **names, actor=actor).id


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
