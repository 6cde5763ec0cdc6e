"""A certificate is printed by a job, once: whoever may read the result gets that very file; signed by key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.certificate import Certificate
from models.job import JobState
from models.letter import StoredFile
from portal.certificates import making, papers, releasing
from portal.certificates.verifying import Form, Version, genuine
from portal.core.database.session import db, privileged
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.letters import printing
from portal.letters.offices import Ways
from reports.printing import RenderingFailed, print_paper
from tests.reports.plain import read
from tests.reports.test_signing import status_of
from tests.support.certificates import (
    DAY,
    one,
    opened_round,
    ordered,
    released,
    signatory_id,
    the_round,
)
from tests.support.letters import Made, made, set_up
from tests.support.signing import key_of, put_key
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_loop_here")]


def run(app: Portal, job_id: int) -> Made:
    worker.work(app, until_idle=True)
    return made(job_id)


def file_of(world: World, agency: str) -> StoredFile | None:
    with acting_as(world.actor("agency_admin")):
        return making.content_of(one(world, agency))


def test_an_agency_prints_its_own_and_its_province_gets_the_same_file(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        released(world)
        assert file_of(world, "a1") is None
        first = run(app, ordered(world, "agency_admin", "a1"))
        printed = one(world, "a1")
        assert printed.file_id is not None and printed.file is not None
        assert hashlib.sha256(first.content).hexdigest() == printed.file.sha256
        second = run(app, ordered(world, "province", "a1"))
        assert second.content == first.content and one(world, "a1").file_id == printed.file_id
        kept = file_of(world, "a1")
        assert kept is not None and kept.content == first.content
        assert kept.name == f"หนังสือรับรอง {printed.number}-2561 เทศบาลตำบลเกาะคา.pdf"
        words = " ".join(read(first.content, tmp_path).split())
        assert f"เลขที่ {thai(printed.number)}/๒๕๖๑" in words and "๑๐๐.๐๐ คะแนน" in words
        assert papers.address_of(printed.public_id) in words


def thai(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def test_what_was_kept_at_the_release_gives_the_same_bytes(app: Portal, world: World) -> None:
    """Settings that change later change no certificate."""
    with app.app_context():
        released(world)
        before = one(world, "a1")
        paper = papers.paper_of(before.release, before.number, before.data, public_id=before.public_id)
        set_up(world, "nacc", {"name": "ชื่ออื่น"})
        assert run(app, ordered(world, "executive", "a1")).content == print_paper(paper)


def test_a_withdrawn_one_is_printed_no_more(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        waiting = ordered(world, "agency_admin", "a1")
        with acting_as(world.actor("nacc")):
            releasing.withdraw(db.session.get_one(Certificate, one(world, "a1").id), "ผิด")
        job = run(app, waiting).job
        assert job.state is JobState.FAILED and "ถูกยกเลิกแล้ว" in job.message
        with pytest.raises(Refused, match="withdrawn"):
            ordered(world, "agency_admin", "a1")
        assert one(world, "a1").file_id is None


def test_another_agency_s_certificate_is_not_there_for_a_job(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        key = one(world, "a1").id
        with acting_as(world.actor("agency_admin_other")) as actor:
            arguments = {"round_id": world.round_id, "certificate_id": key}
            job = queue.enqueue(releasing.PRINT, title="งานทดลอง", arguments=arguments, actor=actor).id
        failed = run(app, job).job
        assert failed.state is JobState.FAILED and "ไม่มีหนังสือรับรองฉบับนี้" in failed.message


def test_a_press_that_fails_is_said_and_nothing_is_kept(
    app: Portal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_paper: object) -> bytes:
        raise RenderingFailed("no")

    monkeypatch.setattr(printing, "print_paper", fail)
    with app.app_context():
        released(world)
        job = run(app, ordered(world, "agency_admin", "a1")).job
        assert job.state is JobState.FAILED and "พิมพ์หนังสือรับรองไม่สำเร็จ" in job.message
        assert one(world, "a1").file_id is None


def test_a_proof_shows_the_longest_name_and_keeps_nothing(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")) as actor:
            job_id = releasing.order_proof(
                the_round(world), signatory_id=signatory_id(), dated=DAY, actor=actor
            ).id
        proof = run(app, job_id)
        words = read(proof.content, tmp_path)
        assert "องค์การบริหารส่วนตำบลท่าผา" in words and "ยังไม่ใช่หนังสือรับรอง" in words
        with privileged("a test counts") as session:
            assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_a_proof_of_what_was_released_meanwhile_fails_in_words(app: Portal, world: World) -> None:
    with app.app_context():
        opened_round(world)
        set_up(world, "nacc")
        with acting_as(world.actor("nacc")) as actor:
            who = signatory_id()
            job_id = releasing.order_proof(the_round(world), signatory_id=who, dated=DAY, actor=actor).id
            releasing.release(the_round(world), signatory_id=who, dated=DAY)
        job = run(app, job_id).job
        assert job.state is JobState.FAILED and "ไปแล้ว" in job.message


def test_it_is_signed_with_the_office_s_key_where_the_office_signs_so(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context(), key_of(app, "NACC", put_key(tmp_path / "nacc.p12")):
        released(world, ways=Ways(by_key=True))
        signed = run(app, ordered(world, "agency_admin", "a1"))
        status = status_of(signed.content)
        assert status.bottom_line
        row = one(world, "a1")
        assert row.body_size is not None and row.body_sha256 is not None
        assert hashlib.sha256(signed.content[: row.body_size]).hexdigest() == row.body_sha256
        shown = genuine(row.public_id)
        assert shown is not None and shown.versions == (
            Version(Form.SIGNED, hashlib.sha256(signed.content).hexdigest()),
            Version(Form.UNSIGNED, row.body_sha256),
        )


def test_without_the_key_nothing_is_kept(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        with key_of(app, "NACC", put_key(tmp_path / "nacc.p12")):
            released(world, ways=Ways(by_key=True))
        job = run(app, ordered(world, "agency_admin", "a1")).job
        assert job.state is JobState.FAILED and one(world, "a1").file_id is None


def test_the_public_page_knows_it_by_its_id_alone(app: Portal, world: World) -> None:
    with app.app_context():
        released(world)
        row = one(world, "a1")
        shown = genuine(row.public_id)
        assert shown is not None and shown.holds and shown.versions == ()
        assert (shown.agency, shown.total, shown.grade) == ("เทศบาลตำบลเกาะคา", "100.00", "AA")
        assert genuine("0" * 32) is None
        run(app, ordered(world, "agency_admin", "a1"))
        shown = genuine(row.public_id)
        assert shown is not None and [one.form for one in shown.versions] == [Form.PRINTED]
        with acting_as(world.actor("nacc")):
            releasing.withdraw(db.session.get_one(Certificate, row.id), "คะแนนผิด")
        shown = genuine(row.public_id)
        assert shown is not None and not shown.holds and shown.reason == "คะแนนผิด"
