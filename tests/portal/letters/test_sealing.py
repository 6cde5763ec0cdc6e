"""Letters that are signed as they are made: which key, what is told before, a batch that fails half-way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import KeyFile, KeyToken
from models.dispatch import Dispatch, DispatchState
from models.job import Job, JobState
from models.letter import Letter
from models.letter_office import LetterOffice, OfficeKind, SigningOrder
from models.place import Province
from portal.core.database.session import db, privileged, writing
from portal.core.errors import Refused
from portal.core.jobs import queue, worker
from portal.core.web import Portal
from portal.letters import dispatches, making, papers, sealing
from portal.letters.made_from import unpacked
from portal.letters.offices import Ways
from portal.letters.standing import acts_of, problems
from portal.letters.verifying import Form, Version, genuine
from reports.printing import print_paper
from reports.signature import NotSigned, SignatureFault, SignatureSettings, signing
from tests.reports.signing_keys import DAY, NOW, SIGNATORY, certificate
from tests.reports.test_signing import status_of
from tests.support.letters import ORDER, Made, drafted, made, ordered, set_up
from tests.support.signing import key_of, put_key
from tests.support.world import World, acting_as

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_loop_here")]
BY_KEY = Ways(by_key=True)


@pytest.fixture
def key(app: Portal, tmp_path: Path) -> Iterator[KeyFile]:
    """The key with which DLA signs."""
    file = put_key(tmp_path / "dla.p12")
    with key_of(app, "DLA", file):
        yield file


def body_of(letter: Letter, content: bytes) -> bytes:
    assert letter.body_size is not None
    return content[: letter.body_size]


def contents(job_id: int) -> list[tuple[Letter, bytes]]:
    with privileged("a test looks") as session:
        return [(one, session.get_one(Letter, one.id).file.content) for one in made(job_id).letters]


def issued(app: Portal, world: World, *, one: bool = True) -> int:
    """DLA issues a letter that is signed by key, to one governor or to both; gives the job's id."""
    set_up(world, "dla", ways=BY_KEY)
    return ordered(world, "dla", replace(ORDER, province_ids=(world.province["81"],) if one else None))


def run(app: Portal, job_id: int) -> Made:
    worker.work(app, until_idle=True)
    return made(job_id)


def again(world: World, job_id: int) -> None:
    with acting_as(world.actor("dla")) as actor:
        queue.again(db.session.get_one(Job, job_id), actor=actor)


def test_every_copy_is_signed_and_known_with_and_without_its_signature(
    app: Portal, world: World, key: KeyFile
) -> None:
    with app.app_context():
        job_id = issued(app, world, one=False)
        assert run(app, job_id).job.state is JobState.DONE
        copies = contents(job_id)
        assert len(copies) == 2
        for letter, content in copies:
            status = status_of(content)
            assert status.bottom_line and status.signing_cert.subject.native["common_name"] == SIGNATORY
            body = body_of(letter, content)
            assert hashlib.sha256(body).hexdigest() == letter.body_sha256 and body.endswith(b"%%EOF\n")
            assert letter.public_id is not None
            shown = genuine(letter.public_id)
            assert shown is not None and letter.body_sha256 is not None
            assert shown.versions == (
                Version(Form.SIGNED, hashlib.sha256(content).hexdigest()),
                Version(Form.UNSIGNED, letter.body_sha256),
            )


def test_what_was_signed_is_made_of_the_same_data_to_the_byte(
    app: Portal, world: World, key: KeyFile
) -> None:
    """The body of a signed copy is the paper of its kept data, printed once more."""
    with app.app_context():
        job_id = issued(app, world)
        run(app, job_id)
        ((letter, content),) = contents(job_id)
        with acting_as(world.actor("dla")):
            dispatch = db.session.get_one(Dispatch, letter.dispatch_id)
            assert dispatch.data_file is not None and dispatch.dated is not None
            made_from = unpacked(dispatch.data_file.content)
            (one,) = papers.addressees(made_from)
            paper = papers.numbered(
                made_from, one, number=dispatch.number, dated=dispatch.dated, told_on=dispatch.dated
            )
        assert paper.letter.signature_field
        assert letter.public_id is not None
        address = f"{app.settings.public_url}{making.PUBLIC_PAGE}{letter.public_id}"
        paper = replace(paper, letter=replace(paper.letter, verify_url=address))
        assert print_paper(paper) == body_of(letter, content)


def test_without_a_choice_for_it_nothing_is_signed(app: Portal, world: World, key: KeyFile) -> None:
    with app.app_context():
        set_up(world, "dla")
        job_id = ordered(world, "dla", replace(ORDER, province_ids=(world.province["81"],)))
        (letter,) = run(app, job_id).letters
        assert (letter.body_sha256, letter.body_size) == (None, None)
        assert letter.public_id is not None
        shown = genuine(letter.public_id)
        assert shown is not None and [one.form for one in shown.versions] == [Form.ISSUED]


@contextmanager
def told(world: World, dispatch_id: int) -> Iterator[list[str]]:
    with acting_as(world.actor("dla")):
        dispatch = db.session.get_one(Dispatch, dispatch_id)
        yield [one.message for one in problems(dispatch, None)]


def ended(path: Path) -> KeyFile:
    return put_key(path, certificate(ends=NOW - DAY / 2))


def not_begun(path: Path) -> KeyFile:
    return put_key(path, certificate(begins=NOW + DAY))


def for_another_use(path: Path) -> KeyFile:
    return put_key(path, certificate(signs=False))


def nowhere(path: Path) -> KeyFile:
    return KeyFile(path, "none")


def other_words(path: Path) -> KeyFile:
    return replace(put_key(path), passphrase="another")


def no_token(path: Path) -> KeyToken:
    return KeyToken(path, "letters", "signatory", "271828")


@pytest.mark.parametrize(
    ("key_at", "words"),
    [
        (ended, "หมดอายุเมื่อวันที่ 8 พฤศจิกายน 2561"),
        (not_begun, "ยังไม่ถึงวันเริ่มใช้"),
        (for_another_use, "ไม่ได้ออกให้ใช้ลงลายมือชื่อ"),
        (nowhere, "ไม่พบไฟล์กุญแจ"),
        (other_words, "วลีผ่าน"),
        (no_token, "เปิดโมดูล"),
    ],
)
def test_a_key_that_cannot_sign_is_told_before_a_number_is_taken(
    app: Portal, world: World, tmp_path: Path, key_at: Callable[[Path], KeyFile | KeyToken], words: str
) -> None:
    with app.app_context(), key_of(app, "DLA", key_at(tmp_path / "key")):
        set_up(world, "dla", ways=BY_KEY)
        dispatch_id = drafted(world, "dla")
        with told(world, dispatch_id) as problems_told:
            assert any(words in one for one in problems_told), problems_told
        with acting_as(world.actor("dla")) as actor, pytest.raises(Refused) as refused:
            dispatch = db.session.get_one(Dispatch, dispatch_id)
            dispatches.issue(dispatch, number="1", dated=ORDER.dated, actor=actor, seen_version=None)
        assert words in refused.value.message
        with privileged("a test looks") as session:
            assert session.get_one(Dispatch, dispatch_id).state is DispatchState.DRAFT


def test_an_office_without_a_key_is_told_so(app: Portal, world: World) -> None:
    with app.app_context():
        set_up(world, "dla", ways=BY_KEY)
        with told(world, drafted(world, "dla")) as problems_told:
            assert len(problems_told) == 1 and "ยังไม่มีกุญแจลงนามของหน่วยงานนี้" in problems_told[0]


def test_a_key_is_looked_at_again_when_its_file_is_another(app: Portal, world: World, tmp_path: Path) -> None:
    """A renewed key file is seen without a new start; one that ends within a month is told of."""
    path = tmp_path / "dla.p12"
    with app.app_context(), key_of(app, "DLA", ended(path)):
        set_up(world, "dla", ways=BY_KEY)
        with acting_as(world.actor("dla")):
            office = db.session.scalars(select(LetterOffice)).one()
            assert sealing.key_state(office).problem is not None
            put_key(path, certificate(ends=NOW + timedelta(days=20)))
            state = sealing.key_state(office)
            assert state.problem is None and state.soon and state.holder is not None
            assert state.holder.name == SIGNATORY


def test_a_province_s_key_is_found_by_its_code(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("nacc")):
        place = db.session.get_one(Province, world.province["52"])
        office = LetterOffice(kind=OfficeKind.PROVINCE, province_id=place.id, texts={})
        assert sealing.key_name(office) == "PROVINCE_52"
        assert sealing.key_name(LetterOffice(kind=OfficeKind.NACC, texts={})) == "NACC"


def test_a_signature_stands_behind_the_number_never_before_it() -> None:
    with pytest.raises(ValueError, match="number first"):
        Ways(SigningOrder.SIGN_FIRST, by_key=True)


@contextmanager
def failing(after: int, settings: SignatureSettings, at: datetime) -> Iterator[Callable[[bytes], bytes]]:
    """A signer that loses its time stamps after some letters."""
    with signing(settings, at) as sign:
        left = after

        def sign_some(pdf: bytes) -> bytes:
            nonlocal left
            if left == 0:
                raise NotSigned(SignatureFault.NO_TIME_STAMP, "no answer")
            left -= 1
            return sign(pdf)

        yield sign_some


@pytest.mark.long
def test_a_batch_whose_signer_fails_goes_on_where_it_was(
    app: Portal, world: World, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The finished copy is signed and stays; there is no copy without its signature; sending has to wait."""
    with app.app_context():
        job_id = issued(app, world, one=False)
        with monkeypatch.context() as patch:
            patch.setattr(sealing, "signing", lambda settings, at: failing(1, settings, at))
            failed = run(app, job_id)
        assert failed.job.state is JobState.FAILED and "ประทับเวลา" in failed.job.message
        (first,) = failed.letters
        assert first.body_sha256 is not None
        with acting_as(world.actor("dla")) as actor:
            dispatch = db.session.get_one(Dispatch, first.dispatch_id)
            assert dispatch.state is DispatchState.ISSUED
            closed = acts_of(dispatch, actor=actor)["send"]
            assert closed is not None and "เริ่มใหม่" in closed.message
        again(world, job_id)
        done = run(app, job_id)
        assert done.job.state is JobState.DONE and done.letters[0].id == first.id
        assert all(status_of(content).bottom_line for _letter, content in contents(job_id))
        assert len(done.letters) == 2


def test_a_key_that_goes_after_the_number_was_given_is_said_by_the_job(
    app: Portal, world: World, key: KeyFile
) -> None:
    with app.app_context():
        job_id = issued(app, world)
        content = key.path.read_bytes()
        key.path.unlink()
        failed = run(app, job_id)
        assert failed.job.state is JobState.FAILED and "ไม่พบไฟล์กุญแจ" in failed.job.message
        assert failed.letters == []
        key.path.write_bytes(content)
        again(world, job_id)
        assert run(app, job_id).job.state is JobState.DONE


def test_a_key_that_was_taken_out_of_the_settings_is_said_by_the_job(
    app: Portal, world: World, tmp_path: Path
) -> None:
    with app.app_context():
        with key_of(app, "DLA", put_key(tmp_path / "dla.p12")):
            job_id = issued(app, world)
        failed = run(app, job_id)
        assert failed.job.state is JobState.FAILED and "ยังไม่มีกุญแจ" in failed.job.message


def test_what_the_office_chooses_later_changes_no_letter_that_was_issued(
    app: Portal, world: World, key: KeyFile
) -> None:
    with app.app_context():
        job_id = issued(app, world)
        with writing(), privileged("the office signs by hand now") as session:
            session.scalars(select(LetterOffice)).one().by_key = False
        run(app, job_id)
        ((_letter, content),) = contents(job_id)
        assert status_of(content).bottom_line
