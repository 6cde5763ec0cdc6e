"""Destroyed keys of tests: a round whose boxes were opened, what people state, and the certificate."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from models.destruction import KeyDestruction
from models.job import Job
from models.round import Round
from portal.ballot.keys import key_folder
from portal.core import audit
from portal.core.database.session import db, privileged
from portal.core.database.session import writing as transaction
from portal.core.downloads import PDF
from portal.core.files import stored_file
from portal.destruction import writing
from reports.destruction_data import DestroyedCopy
from tests.portal.results.test_lists import opened
from tests.support.world import NOW, World, acting_as

STATED = DestroyedCopy(
    True, "ตู้นิรภัยชั้น 3", "แฟลชไดรฟ์หมายเลข 1", "ทุบทำลาย", NOW, "นายทดลอง ถือกุญแจ", "นางทดลอง เป็นพยาน"
)
SECOND = replace(STATED, place="ห้องมั่นคง", medium="แฟลชไดรฟ์หมายเลข 2")


def boxes_opened(world: World) -> None:
    """The boxes were opened: the record says so, and the portal destroyed its keys as opening does."""
    opened(world)
    key_folder().destroy_mark_key(world.round_id)
    key_folder().destroy_urn_key(world.round_id)
    with transaction(), privileged("a test opens the boxes") as session:
        for act in ("round.empty_marks", "round.open_boxes"):
            audit.record(session, act=act, thing="round", row=world.round_id)


def written(world: World, *copies: DestroyedCopy, number: int = 1, reason: str = "") -> int:
    """NACC writes a certificate of an opened round; gives the id of the job that prints it."""
    with acting_as(world.actor("nacc")) as actor:
        round = db.session.get_one(Round, world.round_id)
        writing.write(round, copies, number=number, reason=reason, actor=actor)
        db.session.flush()
        jobs = select(Job.id).where(Job.kind == writing.PRINT).order_by(Job.id.desc())
        job_id: int = db.session.scalars(jobs).first() or 0
        return job_id


def printed() -> None:
    """The one certificate has its file, without a printer."""
    with transaction(), privileged("a test prints") as session:
        file = stored_file("keys.pdf", PDF, b"%PDF-")
        session.add(file)
        session.flush()
        session.scalars(select(KeyDestruction)).one().file_id = file.id


def kept(number: int = 1) -> KeyDestruction:
    """A certificate as it is stored, with its file; detached."""
    with privileged("a test looks") as session:
        found = session.scalars(select(KeyDestruction).where(KeyDestruction.number == number)).one()
        session.refresh(found)
        assert found.file is None or found.file.sha256
        session.expunge_all()
        return found
