"""What a round lacks before it can open: each thing by itself, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from models.instrument import InstrumentKind, OitItem
from models.participation import Participation
from models.round import Round, Stage
from portal.ballot import keys
from portal.content import local
from portal.core.database.session import db
from portal.core.errors import Refused
from portal.core.web import Portal
from portal.rounds import setup
from portal.rounds.checks import agencies_taken, checks, content_counts
from portal.rounds.workflow import require_ready
from tests.support.rooms import add_draft
from tests.support.world import World, acting_as

pytestmark = pytest.mark.postgres
Break = Callable[[Round], None]


@pytest.fixture
def ready(app: Portal, world: World) -> Iterator[Round]:
    """A draft that lacks nothing."""
    with app.app_context(), acting_as(world.actor("nacc")):
        round = add_draft(db.session())
        keys.prepare(db.session(), round)
        yield round


def lacking(round: Round) -> dict[str, str]:
    """What the round lacks, in the words that people read."""
    db.session.flush()
    db.session.expire_all()  # rows that a test deletes by statement are gone for it too
    return {
        check.name: Refused(check.reason, **check.values).message for check in checks(round) if not check.ok
    }


def test_a_round_with_everything_may_open(ready: Round) -> None:
    assert lacking(ready) == {}
    require_ready(ready)


def _items_of_some(round: Round) -> None:
    oit = setup.instruments_of(db.session(), round.id)[InstrumentKind.OIT]
    for item in db.session.scalars(select(OitItem).where(OitItem.instrument_id == oit.id)):
        item.kinds = [local.SAO.value, local.PAO.value]


def _no_dates(round: Round) -> None:
    round.windows = [window for window in round.windows if window.stage not in (Stage.IIT, Stage.EIT)]


def _no_items(round: Round) -> None:
    oit = setup.instruments_of(db.session(), round.id)[InstrumentKind.OIT]
    db.session.execute(delete(OitItem).where(OitItem.instrument_id == oit.id))


def _light(round: Round) -> None:
    setup.instruments_of(db.session(), round.id)[InstrumentKind.IIT].weight = Decimal("29.5")


def _heavy(round: Round) -> None:
    setup.instruments_of(db.session(), round.id)[InstrumentKind.OIT].weight = Decimal(50)


def _limited(round: Round) -> None:
    rules = [rule for rule in round.sample_rules if rule.instrument == "eit"]
    rules[-1].upto = 9999


def _graded_from_50(round: Round) -> None:
    round.bands = [band for band in round.bands if band.lower >= 50]


def _nobody(round: Round) -> None:
    db.session.execute(delete(Participation).where(Participation.round_id == round.id))


def _undrilled(round: Round) -> None:
    round.urn_drill_at = None


def _thai_digits(round: Round) -> None:
    round.first_digits = "๑๒๓"


@pytest.mark.parametrize(
    ("name", "break_it", "words"),
    [
        ("windows", _no_dates, "อีก 2 ขั้นยังไม่มีวันที่"),
        ("content", _no_items, "OIT ยังไม่มีข้อคำถามหรือข้อ OIT"),
        ("items", _items_of_some, "ไม่มีข้อ OIT สำหรับเทศบาลตำบล หน่วยงานเหล่านี้จะไม่มีคะแนนรวม"),
        ("weights", _light, "รวมได้ 99.5 ต้องรวมเป็น 100"),
        ("weights", _heavy, "รวมได้ 110 ต้องรวมเป็น 100"),
        ("samples", _limited, "EIT"),
        ("bands", _graded_from_50, "ช่วงเกรดล่างสุดต้องเริ่มที่ 0"),
        ("agencies", _nobody, "นำหน่วยงานจากทะเบียนเข้ารอบ"),
        ("keys", _undrilled, "สร้างกุญแจของกล่องคำตอบและทดสอบกู้คืนก่อน"),
        ("ids", _thai_digits, "หลักแรกของเลขบัตรที่ตั้งไว้ทำให้แบบสำรวจไม่รับเลขของผู้ใดเลย"),
    ],
)
def test_each_thing_that_is_missing_is_named(ready: Round, name: str, break_it: Break, words: str) -> None:
    break_it(ready)
    found = lacking(ready)
    assert name in found
    assert words in found[name]
    with pytest.raises(Refused):
        require_ready(ready)


@pytest.mark.parametrize(("minutes", "ok"), [(29, True), (30, True), (31, False)])
def test_a_grace_time_ends_before_the_stage_that_goes_on_with_it(
    ready: Round, minutes: int, ok: bool
) -> None:
    """OIT ends half an hour before its scoring does: what comes after that could be scored by nobody."""
    ends = {window.stage: window for window in ready.windows}
    ends[Stage.OIT_SCORING].closes_at = ends[Stage.OIT].closes_at + timedelta(minutes=30)
    ready.office_grace_seconds = 60 * minutes
    assert ("grace" not in lacking(ready)) is ok


def test_the_first_thing_that_is_missing_is_the_reason(ready: Round) -> None:
    _undrilled(ready)
    _nobody(ready)
    with pytest.raises(Refused, match="No agency takes part"):
        require_ready(ready)


def test_agencies_without_a_minimum_sample_are_named_and_counted(ready: Round) -> None:
    rules = [row for row in ready.sample_rules if row.instrument == "iit"]
    for row in rules:
        row.agency_kind = local.SUBDISTRICT.value
    found = lacking(ready)
    assert list(found) == ["every_sample"]
    assert "อบต." in found["every_sample"] or "องค์การบริหารส่วนตำบล" in found["every_sample"]
    assert "1 แห่ง" in found["every_sample"]
    assert "IIT" in found["every_sample"]


def test_the_content_is_counted_by_instrument(ready: Round) -> None:
    counted = [(row.instrument.kind.value, row.indicators, row.lines) for row in content_counts(ready)]
    assert counted == [("iit", 5, 30), ("eit", 3, 15), ("oit", 9, 48)]
    assert agencies_taken(ready) == 4
