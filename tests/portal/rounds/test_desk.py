"""NACC's desk: what may be set on a round, until when, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.instrument import Instrument, Scale
from models.job import Job
from models.participation import Participation
from models.round import CombineRule, Round, RoundState, SampleRule, Window
from portal.ballot import keys
from portal.ballot.box import cast
from portal.core import audit
from portal.core.access import Actor
from portal.core.database.session import db, privileged
from portal.core.errors import NotFound, Refused, Stale, UserError
from portal.core.jobs import worker
from portal.core.web import Portal
from portal.rounds import desk
from portal.rounds.building import steps
from portal.rounds.desk import Settings
from tests.factories.base import rows_in
from tests.factories.places import AgencyFactory
from tests.support.respondents import IIT, LINES, box, citizen_id
from tests.support.rooms import DRAFT, add_draft
from tests.support.world import NOW, World, acting_as

pytestmark = pytest.mark.postgres
WANTED = Settings(
    name="ชื่อใหม่",
    fiscal_year=2569,
    scheme="ITA",
    grace_seconds=60,
    office_grace_seconds=120,
    first_digits="12",
    eit_combine=CombineRule.HALVES,
    detail_threshold=12,
    total_threshold=5,
    demo_wording=False,
)


@pytest.fixture
def nacc(app: Portal, world: World) -> Iterator[Actor]:
    """NACC acts."""
    with app.app_context(), acting_as(world.actor("nacc")) as actor:
        yield actor


@pytest.fixture
def draft(nacc: Actor) -> Round:
    """A draft of the next year with content, windows and agencies, without keys."""
    return add_draft(db.session())


@pytest.fixture
def running(nacc: Actor, world: World) -> Round:
    return db.session.get_one(Round, world.round_id)


def stored(round: Round) -> Settings:
    db.session.refresh(round)
    return Settings(**{name: getattr(round, name) for name in vars(WANTED)})


def test_a_draft_takes_all_its_settings_as_a_step(nacc: Actor, draft: Round) -> None:
    before = stored(draft)
    desk.change_settings(draft, WANTED, actor=nacc, seen_version=draft.version)
    assert stored(draft) == WANTED
    step = steps.last_step(draft)
    assert step is not None and step.act == "round.settings"
    steps.take_back(draft, number=step.number)
    assert stored(draft) == replace(before, name=WANTED.name), "a name is no content, and stays"


def test_an_open_round_keeps_what_was_promised_and_what_decides_results(nacc: Actor, running: Round) -> None:
    before = stored(running)
    desk.change_settings(running, WANTED, actor=nacc, seen_version=running.version)
    changed = {name: getattr(WANTED, name) for name in ("name", "grace_seconds", "office_grace_seconds")}
    assert stored(running) == replace(before, **changed)


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.OPENED])
def test_a_closed_round_takes_no_settings_no_agencies_and_no_rules(
    nacc: Actor, running: Round, state: RoundState
) -> None:
    running.state = state
    db.session.flush()
    with pytest.raises(Refused, match="its settings stay"):
        desk.change_settings(running, WANTED, actor=nacc, seen_version=running.version)
    with pytest.raises(Refused, match="no agency can be added"):
        desk.take_up_agencies(running)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": "การประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2561"}, "name", "มีรอบอื่นใช้ชื่อนี้แล้ว"),
        ({"fiscal_year": 2561}, "fiscal_year", "ปีงบประมาณนี้มีรอบการประเมินอยู่แล้ว"),
        ({"first_digits": "๑๒"}, "first_digits", "ทำให้แบบสำรวจไม่รับเลขของผู้ใดเลย"),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_its_field(
    nacc: Actor, draft: Round, change: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        desk.change_settings(draft, replace(WANTED, **change), actor=nacc, seen_version=draft.version)
    assert refused.value.field == field
    assert words in refused.value.message
    assert stored(draft).name == DRAFT


def test_a_round_keeps_its_own_name_and_year(nacc: Actor, draft: Round) -> None:
    wanted = replace(WANTED, name=draft.name, fiscal_year=draft.fiscal_year)
    desk.change_settings(draft, wanted, actor=nacc, seen_version=draft.version)
    with pytest.raises(Stale):
        desk.change_settings(draft, wanted, actor=nacc, seen_version=draft.version - 1)


@pytest.mark.parametrize("taken", [{"name": DRAFT}, {"fiscal_year": 2562}])
def test_a_new_draft_takes_no_name_or_year_of_another(draft: Round, taken: dict[str, Any]) -> None:
    wanted: dict[str, Any] = {"name": "รอบใหม่", "fiscal_year": 2563, "start": "shipped:2561"}
    with pytest.raises(Refused) as refused:
        desk.make_draft(**(wanted | taken))
    assert [refused.value.field] == list(taken)
    assert desk.make_draft(**wanted).state is RoundState.DRAFT


def test_a_deleted_draft_leaves_nothing_but_its_event(draft: Round, world: World) -> None:
    desk.prepare_keys(draft)
    desk.take_up_agencies(draft)
    db.session.commit()
    gone, name = draft.id, draft.name
    desk.delete_draft(draft)
    db.session.expire_all()
    folder = keys.key_folder()
    assert not folder.has_mark_key(gone) and not folder.has_urn_key(gone)
    assert list(db.session.scalars(select(Round.id))) == [world.round_id]
    db.session.commit()
    with privileged("a test looks") as session:
        for model in (Participation, Instrument, Scale, Window, SampleRule):
            assert session.scalar(select(func.count()).where(model.round_id == gone)) == 0
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "round.delete")).one()
        assert (event.row, event.before["name"]) == (str(gone), name)


def test_a_round_that_was_opened_is_never_deleted(running: Round, world: World) -> None:
    with pytest.raises(Refused, match="only while the round is a draft"):
        desk.delete_draft(running)
    assert keys.key_folder().has_mark_key(world.round_id)


# -- keys, opening, closing ----------------------------------------------------------------------------------


def test_the_keys_of_a_draft_are_made_and_drilled_in_one_act(draft: Round) -> None:
    desk.prepare_keys(draft)
    assert draft.urn_drill_at == NOW
    assert keys.urn_ready(draft)


def test_an_open_round_makes_no_keys_but_may_drill_those_it_has(running: Round) -> None:
    running.urn_drill_at = None
    with pytest.raises(Refused, match="only while the round is a draft"):
        desk.prepare_keys(running)
    desk.drill_key(running)
    assert running.urn_drill_at == NOW


def test_who_does_not_hold_the_private_key_drills_nothing(running: Round) -> None:
    keys.forget_urn_key(running)
    with pytest.raises(Refused) as refused:
        desk.drill_key(running)
    assert "ผู้ถือกุญแจ" in refused.value.message


def opening(round: Round, actor: Actor, *, confirmed: bool = True) -> str:
    """Why the round does not open; "" where it opened."""
    try:
        desk.open_round(round, actor=actor, wording_confirmed=confirmed)
    except UserError as error:
        return error.message_id
    return ""


def test_a_round_that_opens_forgets_its_steps(draft: Round, nacc: Actor) -> None:
    desk.change_settings(draft, WANTED, actor=nacc, seen_version=draft.version)
    desk.prepare_keys(draft)
    assert steps.last_step(draft) is not None
    assert opening(draft, nacc) == ""
    assert steps.last_step(draft) is None


def test_a_round_opens_with_its_keys_and_with_wording_that_somebody_stands_for(
    draft: Round, nacc: Actor
) -> None:
    assert opening(draft, nacc).startswith("Make the keys")
    desk.prepare_keys(draft)
    assert opening(draft, nacc, confirmed=False).startswith("The wording is the demonstration's own")
    assert (draft.state, draft.opened_at) == (RoundState.DRAFT, None)
    assert opening(draft, nacc) == ""
    assert (draft.state, draft.opened_at) == (RoundState.OPEN, NOW)
    assert opening(draft, nacc) != "", "a round opens once"


def test_official_wording_needs_no_tick(draft: Round, nacc: Actor) -> None:
    desk.prepare_keys(draft)
    draft.demo_wording = False
    assert opening(draft, nacc, confirmed=False) == ""


def test_the_other_office_for_the_country_neither_opens_nor_closes(app: Portal, world: World) -> None:
    with app.app_context(), acting_as(world.actor("dla")) as actor:
        round = db.session.get_one(Round, world.round_id)
        with pytest.raises(NotFound):
            desk.open_round(round, actor=actor, wording_confirmed=True)
        with pytest.raises(NotFound):
            desk.close_round(round, actor=actor)


def test_a_round_closes_after_its_surveys_and_queues_the_end_of_its_marks(
    running: Round, nacc: Actor, clock: Any
) -> None:
    with pytest.raises(Refused, match="after the last survey"):
        desk.close_round(running, actor=nacc)
    clock("2019-06-01T10:00:00+07:00")
    job = desk.close_round(running, actor=nacc)
    assert (running.state, running.closed_at.year if running.closed_at else 0) == (RoundState.CLOSED, 2019)
    assert (job.kind, job.arguments) == ("round.empty_marks", {"round_id": running.id})
    acts = set(db.session.scalars(select(AuditEvent.act)))
    assert "round.close" in acts
    with pytest.raises(Refused):
        desk.close_round(running, actor=nacc)
    assert len(db.session.scalars(select(Job)).all()) == 1


def test_the_end_of_the_marks_is_told_with_their_number(app: Portal, world: World, clock: Any) -> None:
    with app.app_context():
        for number in range(3):
            cast(box(world), citizen_id(number), bytes([1]) * LINES[IIT])
        clock("2019-06-01T10:00:00+07:00")
        with acting_as(world.actor("nacc")) as actor:
            desk.close_round(db.session.get_one(Round, world.round_id), actor=actor)
        worker.work(app, until_idle=True)
        with acting_as(world.actor("nacc")):
            job = db.session.scalars(select(Job)).one()
            event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "round.empty_marks")).one()
            assert job.result["words"] == "ลบเครื่องหมายกันตอบซ้ำ 3 รายการ และทำลายกุญแจแล้ว"
            assert event.after == {"marks": 3, "key_destroyed": True}


def test_the_agencies_of_an_open_round_are_taken_up_once_more_and_only_new_ones_come(running: Round) -> None:
    assert desk.take_up_agencies(running) == 0
    with audit.unrecorded(db.session()), rows_in(db.session()):
        AgencyFactory()
    assert desk.take_up_agencies(running) == 1
