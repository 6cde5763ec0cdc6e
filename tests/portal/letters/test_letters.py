"""Letters from the issue to the kept file: NACC's letter, circulars, a province's summary."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from models.dispatch import LetterNumber
from models.job import Job, JobState, Lane
from models.letter import LetterKind
from portal.core.database.session import privileged
from portal.core.errors import Refused
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.letters.offices import REQUIRED
from portal.letters.summaries import SUMMARY
from tests.reports.sample import text_of
from tests.support.letters import OFFICES, ORDER, SETTINGS, Made, Order, made, ordered, set_up
from tests.support.respondents import confirm
from tests.support.world import World

pytestmark = pytest.mark.postgres
LABELS = {
    "name": "ชื่อส่วนราชการ",
    "address": "ที่ตั้ง",
    "number_prefix": "เลขประจำของหนังสือ",
}


def printed(app: Portal, world: World, person: str, order: Order = ORDER) -> Made:
    """The person's office, set up, orders and the worker prints."""
    set_up(world, person)
    job_id = ordered(world, person, order)
    worker.work(app, until_idle=True)
    return made(job_id)


@pytest.mark.parametrize(("person", "name"), [(p, n) for p, kind in OFFICES.items() for n in REQUIRED[kind]])
def test_a_letter_is_refused_with_the_name_of_the_setting_that_is_missing(
    app: Portal, world: World, person: str, name: str
) -> None:
    with app.app_context():
        set_up(world, person, {name: "  "})
        with pytest.raises(Refused) as refused:
            ordered(world, person)
        assert refused.value.message.endswith(f": {LABELS[name]}"), "this one alone"
        with privileged("a test counts") as session:
            assert session.scalar(select(func.count()).select_from(Job)) == 0
            assert session.scalar(select(func.count()).select_from(LetterNumber)) == 0, "no number is lost"


@pytest.mark.parametrize(
    ("person", "kind", "lane"),
    [
        ("nacc", "letters.nacc", Lane.SHORT),
        ("dla", "letters.circulars", Lane.LONG),
        ("province", SUMMARY, Lane.SHORT),
    ],
)
def test_an_order_is_a_job_of_who_ordered(
    app: Portal, world: World, person: str, kind: str, lane: Lane
) -> None:
    with app.app_context():
        set_up(world, person)
        job = made(ordered(world, person)).job
    assert (job.kind, job.lane, job.state) == (kind, lane, JobState.WAITING)
    assert (job.account_id, job.grant_id) == (world.account[person], world.grant[person])


def test_nacc_s_letter_encloses_the_country(app: Portal, world: World, tmp_path: Path) -> None:
    confirm(app, world, "a1", "b1")
    with app.app_context():
        done = printed(app, world, "nacc")
        text = text_of(done.content, tmp_path)
    (letter,) = done.letters
    assert (letter.kind, letter.province_id) == (LetterKind.NACC_TO_DLA, None)
    assert (letter.number, letter.dated) == ("มท 0817.2/1", ORDER.dated)
    assert letter.data == {"references": list(ORDER.references), "urgency": "ด่วนที่สุด"}
    assert "ที่ มท ๐๘๑๗.๒/๑" in text and "๙ พฤศจิกายน ๒๕๖๑" in text
    assert "ลำปาง ๒" in text and "กระบี่ ๒" in text and "หนังสืออ้างถึงทดลอง" in text


def test_every_province_gets_its_circular_and_the_desk_a_zip(
    app: Portal, world: World, tmp_path: Path
) -> None:
    """Every copy carries the one number, and lists the agencies of its own province only."""
    with app.app_context():
        done = printed(app, world, "dla", replace(ORDER, number="12", urgency=""))
        with ZipFile(BytesIO(done.content)) as archive:
            texts = {name: text_of(archive.read(name), tmp_path) for name in archive.namelist()}
    assert {letter.province_id for letter in done.letters} == set(world.province.values())
    assert {letter.number for letter in done.letters} == {"มท 0817.2/ว 12"}
    assert {letter.data["urgency"] for letter in done.letters} == {""}
    assert done.job.result == {"letters": 2} and (done.job.done, done.job.total) == (2, 2)
    known = "มท 0817.2-ว 12 ลงวันที่ 9 พ.ย. 2561"
    assert set(texts) == {f"{known} จังหวัดลำปาง.pdf", f"{known} จังหวัดกระบี่.pdf"}
    lampang = texts[f"{known} จังหวัดลำปาง.pdf"]
    assert "ที่ มท ๐๘๑๗.๒/ว ๑๒" in lampang and "๙ พฤศจิกายน ๒๕๖๑" in lampang
    assert "ด่วน" not in lampang
    assert "เกาะคา" in lampang and "กระบี่" not in lampang


def test_one_province_s_circular_is_its_pdf(app: Portal, world: World) -> None:
    with app.app_context():
        done = printed(app, world, "dla", replace(ORDER, province_ids=(world.province["81"],)))
    (letter,) = done.letters
    assert done.file is not None
    assert done.file.name == "มท 0817.2-ว 1 ลงวันที่ 9 พ.ย. 2561 จังหวัดกระบี่.pdf"
    assert done.file.content_type == "application/pdf"
    assert letter.province_id == world.province["81"] and letter.subject.startswith("ขอความร่วมมือ")
    assert done.file.id != letter.file_id, "the desk's file goes with its job, the letter stays"
    assert done.file.account_id == world.account["dla"]


def test_a_province_s_summary_holds_its_own_agencies_only(app: Portal, world: World, tmp_path: Path) -> None:
    with app.app_context():
        done = printed(app, world, "province")
        text = text_of(done.content, tmp_path)
    (letter,) = done.letters
    assert (letter.kind, letter.province_id) == (LetterKind.PROVINCE_SUMMARY, world.province["52"])
    assert (letter.number, letter.dated) == ("", ORDER.dated)
    assert letter.data == {"prepared_by": "ผู้จัดทำทดลอง", "checked_by": "ผู้ตรวจทดลอง"}
    assert done.file is not None and done.file.province_id == world.province["52"]
    assert "เกาะคา" in text and "ผู้จัดทำทดลอง" in text and "กระบี่" not in text
    assert "ลำปาง" in done.job.title and SETTINGS[OFFICES["province"]]["name"] in text
