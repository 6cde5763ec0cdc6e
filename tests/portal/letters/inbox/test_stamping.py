"""A received letter gets a copy with the stamp of its desk; the letter's own file is not touched."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Pdf
from sqlalchemy import select

from models.delivery import Delivery
from models.dispatch import Dispatch
from models.job import JobState
from models.letter import StoredFile
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.letters import dispatches, printing
from portal.letters.inbox import desk, stamping
from reports.printing import RenderingFailed
from tests.reports.sample import text_of
from tests.support.inbox import PAPER, at_desk, opened, received, sent
from tests.support.letters import Made, made
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_loop_here")]


def copy(app: Portal, world: World, person: str = "province") -> Made:
    with at_desk(world, person) as (delivery, actor):
        job_id = stamping.order(delivery, actor=actor).id
    worker.work(app, until_idle=True)
    return made(job_id)


def test_the_copy_says_office_number_day_and_time(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        sent(world)
        received(world, "province")
        ended = copy(app, world)
        words = text_of(ended.content, tmp_path)
        for word in ("ลำปาง", "๑/๒๕๖๑", "พฤศจิกายน ๒๕๖๑", "น.", "มิใช่ต้นฉบับ"):
            assert word in words, word
        assert ended.file is not None and ended.file.name.endswith("(ลงตรารับ 1-2561).pdf")
        with at_desk(world, "province") as (delivery, _actor):
            assert desk.file_of(delivery).content == PAPER
        with privileged("a test looks") as session:
            letters = select(StoredFile.id).where(StoredFile.sha256 == ended.file.sha256)
            assert list(session.scalars(letters)) == [ended.file.id], "kept with the job alone"


def test_before_the_receipt_there_is_none(app: Portal, world: World) -> None:
    with app.app_context():
        sent(world)
        opened(world, "province")
        with (
            at_desk(world, "province") as (delivery, actor),
            pytest.raises(Refused, match="receive it first"),
        ):
            stamping.order(delivery, actor=actor)


def test_a_letter_of_another_desk_is_not_there_for_the_job(app: Portal, world: World) -> None:
    """Not for a province's neighbour, nor for DLA, which reads all rows."""
    with app.app_context():
        sent(world)
        received(world, "province")
        with at_desk(world, "province") as (delivery, _actor):
            key = delivery.id
        for person in ("province_other", "dla", "agency_admin"):
            with acting_as(world.actor(person)) as actor:
                arguments = {"delivery_id": key}
                job_id = queue.enqueue(stamping.KIND, title="งานทดลอง", arguments=arguments, actor=actor).id
            worker.work(app, until_idle=True)
            ended = made(job_id)
            assert ended.job.state is JobState.FAILED and ended.file is None, person


@pytest.mark.parametrize("fault", ["the stamp", "the letter"])
def test_what_fails_is_said(app: Portal, world: World, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    def fail(_paper: object) -> bytes:
        if fault == "the stamp":
            raise RenderingFailed("no")
        return b"no PDF"

    monkeypatch.setattr(printing, "print_paper", fail)
    with app.app_context():
        sent(world)
        received(world, "province")
        ended = copy(app, world)
        assert ended.job.state is JobState.FAILED and "ตรารับไม่สำเร็จ" in ended.job.message


def test_a_letter_that_was_withdrawn_after_its_receipt_keeps_its_copy(app: Portal, world: World) -> None:
    """The register has the receipt: its paper can be made, as the letter can still be read."""
    with app.app_context():
        letter = sent(world)
        received(world, "province")
        with acting_as(world.actor("dla")) as actor:
            dispatches.withdraw(db.session.get_one(Dispatch, letter), "วันที่ผิด", actor=actor)
        with privileged("a test looks") as session:
            assert session.scalars(select(Delivery.void_at).where(Delivery.receipt_number == 1)).one()
        with Pdf.open(BytesIO(copy(app, world).content)) as pdf:
            assert len(pdf.pages) == 1
